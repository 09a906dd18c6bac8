// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The reset of a quarantined device fails: it does not come back within 60 s, and Linux gives up. Then
 * somebody attaches it. What its ATC holds nobody knows. (J. Gunthorpe and N. Chen on passing the result to
 * done; the log line is real.)
 */
public final class FlrFailsThenAttach implements Scenario {
    @Override
    public String line() {
        return "the FLR of a quarantined device fails, then somebody attaches it: it must stay shut";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        Space second = lab.domain();
        space.map(0x1000);
        second.map(0x1000);
        nic.warm(0x1000);
        nic.neverAnswersAtcInv();
        nic.flrFails();
        nic.writes(0x1000, 0xbad, 2);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            lab.check(nic.reset().failed(), "the FLR fails");
            lab.note("replace", nic.replace(second));
            lab.free(second.unmap(0x1000));
        });
    }
}
