// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.story;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import lazaret.machine.Entry;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Strand;

/** Writes a run's whole log down, and sums it up in a digest that is equal for equal runs in every JVM. */
public final class Story implements Log.Listener {
    private static final long PRIME = 0x100000001b3L;
    private static final long BASIS = 0xcbf29ce484222325L;

    private final Machine machine;
    private final IntSupplier step;
    private final AddressMap map;
    private final List<Moment> moments = new ArrayList<>();
    private long digest = BASIS;

    /**
     * @param step tells how many steps the run has taken
     * @param map  tells what lies at an address
     */
    public Story(Machine machine, IntSupplier step, AddressMap map) {
        this.machine = machine;
        this.step = step;
        this.map = map;
    }

    @Override
    public void on(Entry entry) {
        Strand who = machine.strands().current();
        String text = map.tell(entry);
        moments.add(new Moment(step.getAsInt(), machine.clock().now(), who.lane(), who.name(), entry, text));
        mix(who.name());
        mix(entry.text());
        digest = (digest ^ machine.clock().now()) * PRIME;
    }

    public List<Moment> moments() {
        return List.copyOf(moments);
    }

    /** FNV-1a over strand, text and time of every entry. */
    public long digest() {
        return digest;
    }

    private void mix(String text) {
        for (int i = 0; i < text.length(); i++) {
            digest = (digest ^ text.charAt(i)) * PRIME;
        }
    }
}
