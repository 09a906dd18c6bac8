// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;
import lazaret.iommu.arm.AtcRound;
import lazaret.iommu.arm.Master;
import lazaret.iommu.design.MinimumX;

/**
 * Clears whoever answers when asked again, at once: it may be the late answer to what was asked first, and
 * the device stays one answer behind from then on.
 */
public final class BelievesFirstAnswer extends MinimumX implements Planted {
    @Override
    public String name() {
        return PREFIX + "believesFirstAnswer";
    }

    @Override
    public String inOneLine() {
        return "clears all suspects when each gives some answer, late ones included";
    }

    @Override
    public List<String> breaks() {
        return List.of("P1");
    }

    @Override
    public List<Master> culprits(AtcRound round) {
        return round.asked().size() == 1 || !round.drained() ? round.asked() : round.silent();
    }
}
