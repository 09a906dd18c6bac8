// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import lazaret.smmuv3.Event;
import lazaret.smmuv3.EventId;
import lazaret.smmuv3.Evt;

/**
 * What came of a scenario.
 *
 * @param what  {@code lands}, {@code passes} (to where the page is not), {@code aborts}, an event, or what
 *              became of a command
 * @param event the record, or null
 * @param told  there was an interrupt
 */
record Seen(String what, Event event, boolean told) {
    /** An event in short: {@code F_TRANSLATION s1 IN}. */
    static String what(Event event) {
        EventId id = event.id();
        boolean staged = id.fields().contains(Evt.CLASS);
        return id + (staged ? (Evt.S2.test(event.w1()) ? " s2 " : " s1 ") + Evt.CLASS.show(event.w1()) : "");
    }
}
