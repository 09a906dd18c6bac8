// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import lazaret.smmuv3.Knob;
import lazaret.smmuv3.hw.Knobs;

/** What can be chosen about the hardware models, for those who may not see the models themselves. */
public final class HardwareKnobs {
    private HardwareKnobs() { }

    public static List<Knob> all() {
        return Knobs.all();
    }
}
