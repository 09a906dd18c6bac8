// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.machine.Entry;

/** Who hears of which entries of the machine's log: in the order in which they asked, and of no others. */
final class Ears {
    private record Ear(Class<? extends Entry> type, Consumer<? super Entry> hears) { }

    private final List<Ear> all = new ArrayList<>();
    private final ClassValue<Ear[]> byType = new ClassValue<>() {
        @Override
        protected Ear[] computeValue(Class<?> type) {
            return all.stream().filter(ear -> ear.type() == type).toArray(Ear[]::new);
        }
    };

    /** @param type a record: of a whole family nobody hears */
    @SuppressWarnings("unchecked")      // an ear is told of its own type alone
    <E extends Record & Entry> void hear(Class<E> type, Consumer<? super E> hears) {
        all.add(new Ear(type, (Consumer<? super Entry>) hears));
    }

    void tell(Entry entry) {
        for (Ear ear : byType.get(entry.getClass())) {
            ear.hears().accept(entry);
        }
    }
}
