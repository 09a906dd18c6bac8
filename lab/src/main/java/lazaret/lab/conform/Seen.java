// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import lazaret.smmuv3.Event;
import lazaret.smmuv3.EventId;
import lazaret.smmuv3.Evt;

/**
 * What came of a scenario.
 *
 * @param what  {@code lands}, {@code lands at 0x…} where it was not to land, an event, what became of a
 *              command, or what the specimen says of an access that left no trace
 * @param event the record, or null
 * @param told  there was an interrupt
 */
public record Seen(String what, Event event, boolean told) {
    /** An event in short: {@code F_TRANSLATION s1 IN}. */
    public static String what(Event event) {
        EventId id = event.id();
        if (id == null) {
            return event.text();
        }
        boolean staged = id.fields().contains(Evt.CLASS);
        return id + (staged ? (Evt.S2.test(event.w1()) ? " s2 " : " s1 ") + Evt.CLASS.show(event.w1()) : "");
    }
}
