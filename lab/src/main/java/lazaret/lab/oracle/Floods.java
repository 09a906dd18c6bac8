// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;
import lazaret.machine.Word;

/** The other half of P13: a device that is refused as often as it tries does not fill the kernel's log. */
final class Floods implements Watch {
    /** Microseconds, from an event that is told. */
    private static final long TIME = 5_000_000;
    /** Twice what a driver tells that holds back: where its times meet, both count. */
    private static final int MOST = 20;
    private static final long NEVER = -1;

    private final Machine machine;
    private final Consumer<Violation> report;
    private final Word begin;
    private final Word told;

    Floods(Machine machine, Consumer<Violation> report) {
        this.machine = machine;
        this.report = report;
        begin = new Word(machine.undo(), NEVER);
        told = new Word(machine.undo());
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.EventTold.class, this::told));
    }

    private void told(IommuEntry.EventTold event) {
        long now = machine.clock().now();
        if (begin.get() == NEVER || now - begin.get() > TIME) {
            begin.set(now);
            told.set(0);
        }
        if (told.add(1) == MOST + 1) {
            report.accept(new Violation(Property.P13, "sid 0x" + Integer.toHexString(event.sid()),
                    "the driver tells of more than " + MOST + " events within five seconds", null, event));
        }
    }
}
