// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The time-out of one device's ATC_INV is reported at a SYNC, and the SYNC does not say whose it was. One
 * batch holds a dead and a healthy device; meanwhile another CPU flushes a domain that has nothing to do with
 * either. (R. Murphy, 6 March 2026.)
 */
public final class CerrorOnNextSyncMixedBatch implements Scenario {
    @Override
    public String line() {
        return "one batch invalidates a dead and a healthy device while another CPU flushes a third one's "
                + "domain";
    }

    @Override
    public void stage(Lab lab) {
        Fn dead = lab.endpoint("dead", "01:00.0");
        Fn good = lab.endpoint("good", "02:00.0");
        Fn other = lab.endpoint("other", "03:00.0");
        Space shared = lab.domain(dead, good);
        Space alone = lab.domain(other);
        shared.map(0x1000);
        alone.map(0x5000);
        dead.warm(0x1000);
        good.warm(0x1000);
        other.warm(0x5000);
        dead.neverAnswersAtcInv();
        dead.writes(0x1000, 0xbad, 1);
        other.writes(0x5000, 0x600d, 1);

        lab.cpu("cpu0", () -> {
            lab.free(shared.unmap(0x1000));
            lab.check(good.hasAts(), "the healthy device of the batch has ATS");
        });
        lab.cpu("cpu1", () -> {
            lab.free(alone.unmap(0x5000));
            lab.check(other.hasAts(), "the device of the other domain has ATS");
        });
    }
}
