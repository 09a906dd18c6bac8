// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import lazaret.explore.Ending;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Fn;
import lazaret.lab.Judged;
import lazaret.lab.Lab;
import lazaret.lab.Plan;
import lazaret.lab.Scenario;
import lazaret.lab.Space;
import lazaret.lab.Stage;

/**
 * By what a device has ATS again that let a flush time out.
 *
 * @param flr    by a function level reset that worked
 * @param rebind by unbinding and binding its driver and attaching it again, if it has got well by itself
 */
public record Recovery(boolean flr, boolean rebind) {
    private static final int RUNS = 10;
    private static final int STEPS = 300_000;

    /** A dead device, and one way back. */
    private record WayBack(boolean flr) implements Scenario {
        @Override
        public String line() {
            return "a device is dead and well again";
        }

        @Override
        public void stage(Lab lab) {
            Fn nic = lab.endpoint("nic", "01:00.0");
            Space space = lab.domain(nic);
            space.map(0x1000);
            nic.warm(0x1000).neverAnswersAtcInv();
            lab.cpu("cpu0", () -> {
                lab.free(space.unmap(0x1000));
                lab.sleep(10 * lab.atcTimeoutUs());
                if (flr) {
                    lab.check(nic.reset().ok(), "the reset works");
                } else {
                    rebind(nic, space, lab);
                }
                lab.check(nic.hasAts(), "the device has ATS");
            });
        }

        private static void rebind(Fn nic, Space space, Lab lab) {
            nic.getsWell();
            nic.detach();
            nic.unbind();
            lab.check(nic.bind().ok(), "the driver can be bound again");
            lab.check(nic.attach(space).ok(), "the device can be attached again");
        }
    }

    static Recovery of(SmmuDesign design) {
        return new Recovery(leadsBack(design, true), leadsBack(design, false));
    }

    private static boolean leadsBack(SmmuDesign design, boolean flr) {
        Stage stage = Stage.of(new WayBack(flr), design);
        Plan plan = Plan.hunt(RUNS, 1);
        for (int i = 0; i < RUNS; i++) {
            Judged judged = stage.run(plan.schedule(i).chance(plan.seed(i), Bout.DECISIONS), STEPS);
            if (!(judged.ending() instanceof Ending.Rest) || judged.violations().stream()
                    .anyMatch(v -> v.what().contains("the scenario expected: "))) {
                return false;
            }
        }
        return true;
    }

    /** For a table. */
    public String text() {
        if (flr) {
            return rebind ? "FLR, rebind" : "FLR";
        }
        return rebind ? "rebind" : "not";
    }
}
