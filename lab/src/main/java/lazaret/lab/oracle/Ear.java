// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lazaret.machine.Entry;

/**
 * Whoever hears of one kind of entry of the machine's log.
 *
 * @param type a record: of a whole family nobody hears
 */
record Ear<E extends Entry>(Class<E> type, Consumer<? super E> hears) {
    static <E extends Record & Entry> Ear<E> of(Class<E> type, Consumer<? super E> hears) {
        return new Ear<>(type, hears);
    }

    /** By kind of entry, those of {@code all} that hear of it, in their order. */
    static Map<Class<?>, Ear<?>[]> of(List<Ear<?>> all) {
        var byType = new IdentityHashMap<Class<?>, Ear<?>[]>();
        for (Ear<?> one : all) {
            byType.computeIfAbsent(one.type,
                    type -> all.stream().filter(ear -> ear.type == type).toArray(Ear<?>[]::new));
        }
        return byType;
    }

    @SuppressWarnings("unchecked")      // an ear is told of its own type alone
    void tell(Entry entry) {
        hears.accept((E) entry);
    }
}
