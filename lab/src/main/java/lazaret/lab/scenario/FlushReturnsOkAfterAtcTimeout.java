// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * The case the project exists for. A NIC keeps a translation and no longer answers ATC invalidations. A CPU
 * unmaps the page, frees it and it becomes somebody else's; later a packet comes in and the NIC writes once
 * more. A GPU in the same domain is healthy and must not notice. At the end, when what the time-out raised
 * has been handled, an operator comes and an FLR brings the NIC back; a reset that does not wait for that is
 * {@link RestoreOverwritesNewerQuarantine}. (Mails of March 2026 on linux-iommu, "Quarantine device upon
 * ATC invalidation timeout".)
 */
public final class FlushReturnsOkAfterAtcTimeout implements Scenario {
    @Override
    public String line() {
        return "a NIC stops answering ATC invalidations, its page is unmapped, freed and reused; a GPU "
                + "shares the domain";
    }

    @Override
    public void stage(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Fn gpu = lab.endpoint("gpu", "02:00.0");
        Space space = lab.domain(nic, gpu);
        space.map(0x1000);
        space.map(0x2000);
        nic.warm(0x1000);
        gpu.warm(0x2000);
        nic.neverAnswersAtcInv();
        nic.writes(0x1000, 0xbad, 1).after(2 * lab.atcTimeoutUs()).writes(0x1000, 0xbad, 1);
        gpu.writes(0x2000, 0x600d, 2);

        lab.cpu("cpu0", () -> {
            lab.free(space.unmap(0x1000));
            long page = lab.page("page cache");
            lab.write(page, 0xcafe);
            lab.check(gpu.hasAts(), "the GPU has ATS");
            lab.quiesce();
            lab.sleep(10 * lab.atcTimeoutUs());
            lab.check(nic.reset().ok(), "the FLR works");
            lab.check(nic.hasAts(), "the NIC has ATS again");
        });
    }
}
