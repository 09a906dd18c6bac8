// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AfCap;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.CapHeader;
import lazaret.pcie.Config.Command;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.ExtCapHeader;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PmCap;
import lazaret.pcie.Config.PriCap;
import lazaret.pcie.Config.Status;
import lazaret.pcie.ConfigSpace;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.PcieEntry;
import org.junit.jupiter.api.Test;

class ConfigRegistersTest {
    private final Rig rig = new Rig();
    private final ConfigSpace config = rig.nic.config();

    @Test
    void capabilities_are_found_by_walking_both_lists() {
        assertThat(Status.CAP_LIST.test(config.read16(Config.STATUS))).isTrue();
        assertThat(capabilities(config))
                .containsExactly(Config.VENDOR_CAP, ExpressCap.ID, PmCap.ID, AfCap.ID);
        assertThat(extended(config))
                .containsExactly(Config.VENDOR_EXT_CAP, AtsCap.ID, PriCap.ID, PasidCap.ID);
    }

    @Test
    void a_function_shows_only_the_capabilities_it_has() {
        var plain = new Rig(EndpointParams.USUAL.withoutAts().withoutFlr(), EndpointFaults.NONE).nic.config();

        assertThat(extended(plain)).containsExactly(Config.VENDOR_EXT_CAP, PasidCap.ID);
        int express = find(plain, ExpressCap.ID);
        assertThat(ExpressCap.FLR.test(plain.read32(express + ExpressCap.DEVCAP))).isFalse();
    }

    @Test
    void a_queue_of_thirty_two_is_coded_as_zero() {
        assertThat(AtsCap.QDEP.get(config.read16(findExtended(config, AtsCap.ID) + AtsCap.CAP))).isZero();
        var five = EndpointParams.USUAL.queue(5).withoutPri().pasidBits(0);
        var other = new Rig(five, EndpointFaults.NONE).nic.config();
        assertThat(AtsCap.QDEP.get(other.read16(findExtended(other, AtsCap.ID) + AtsCap.CAP))).isEqualTo(5);
    }

    @Test
    void command_keeps_what_was_written_and_only_defined_bits() {
        config.write16(Config.COMMAND, 0xffff);

        long all = Command.IO.mask() | Command.MEM.mask() | Command.BME.mask() | Command.INTX_DIS.mask();
        assertThat(config.read16(Config.COMMAND)).isEqualTo((int) all);
        assertThat(Status.CAP_LIST.test(config.read16(Config.STATUS))).isTrue();
    }

    @Test
    void sixteen_bits_are_written_without_touching_the_other_half() {
        int pri = findExtended(config, PriCap.ID);
        rig.nic.receive(new DownTlp.PrgResponse(1, 0, Pasid.NONE));
        config.write16(pri + PriCap.CTRL, (int) PriCap.ENABLE.mask());
        assertThat(PriCap.UPRGI.test(config.read16(pri + PriCap.STATUS))).isTrue();

        config.write16(pri + PriCap.STATUS, (int) PriCap.UPRGI.mask());
        assertThat(PriCap.UPRGI.test(config.read16(pri + PriCap.STATUS))).isFalse();
        assertThat(PriCap.ENABLE.test(config.read16(pri + PriCap.CTRL))).isTrue();
    }

    @Test
    void pri_says_stopped_while_it_is_off() {
        int pri = findExtended(config, PriCap.ID);
        assertThat(PriCap.STOPPED.test(config.read16(pri + PriCap.STATUS))).isTrue();
        config.write16(pri + PriCap.CTRL, (int) PriCap.ENABLE.mask());
        assertThat(PriCap.STOPPED.test(config.read16(pri + PriCap.STATUS))).isFalse();
        rig.nic.receive(new DownTlp.PrgResponse(1, 0, Pasid.NONE));
        config.write16(pri + PriCap.CTRL, (int) PriCap.RESET.mask());
        assertThat(config.read16(pri + PriCap.STATUS)).isEqualTo((int) PriCap.STOPPED.mask());
    }

    @Test
    void identity_and_capability_headers_are_read_only() {
        var random = new SplittableRandom(4);
        int vendor = config.read32(Config.VENDOR_ID);
        List<Integer> before = extended(config);
        for (int offset = 0; offset < Config.SIZE; offset += 4) {
            if (offset != Rig.DEVCTL && offset != Rig.PMCSR && offset != Rig.AF + AfCap.CTRL) {
                config.write32(offset, random.nextInt());
            }
        }

        assertThat(config.read32(Config.VENDOR_ID)).isEqualTo(vendor);
        assertThat(extended(config)).isEqualTo(before);
        assertThat(capabilities(config))
                .containsExactly(Config.VENDOR_CAP, ExpressCap.ID, PmCap.ID, AfCap.ID);
        assertThat(config.read32(Config.SIZE - 4)).isZero();
    }

    @Test
    void switching_ats_is_noticed_once() {
        rig.ats(true);
        assertThat(rig.log).isEmpty();
        rig.ats(false);
        rig.ats(false);
        assertThat(rig.log).containsExactly(new PcieEntry.AtsControl(0x100, false));
    }

    @Test
    void ats_keeps_its_smallest_unit_when_it_is_disabled() {
        config.write16(Rig.ATS_CTRL, (int) (AtsCap.ENABLE.mask() | AtsCap.STU.prep(4)));
        config.write16(Rig.ATS_CTRL, (int) AtsCap.STU.prep(4));

        assertThat(config.read16(Rig.ATS_CTRL)).isEqualTo(4);
        assertThat(rig.nic.stu()).isEqualTo(4);
    }

    @Test
    void the_reset_bit_reads_zero_and_a_reset_clears_what_software_wrote() {
        config.write32(Config.BAR0, 0xfee0_0000);
        config.write16(Rig.ATS_CTRL, (int) (AtsCap.ENABLE.mask() | AtsCap.STU.prep(2)));
        config.write16(Rig.DEVCTL, (int) (ExpressCap.BCR_FLR.mask() | ExpressCap.PAYLOAD.prep(1)));
        rig.pass(EndpointParams.FLR_US);

        assertThat(config.read16(Rig.DEVCTL)).isZero();
        assertThat(config.read16(Config.COMMAND)).isZero();
        assertThat(config.read16(Rig.ATS_CTRL)).isZero();
        assertThat(config.read32(Config.BAR0)).isZero();
        assertThat(extended(config)).contains(AtsCap.ID);
    }

    @Test
    void a_function_without_flr_ignores_the_bit() {
        var plain = new Rig(EndpointParams.USUAL.withoutFlr(), EndpointFaults.NONE);
        plain.flr();

        assertThat(plain.nic.ready()).isTrue();
        assertThat(plain.log).isEmpty();
    }

    @Test
    void offsets_must_be_aligned_and_inside() {
        assertThatIllegalArgumentException().isThrownBy(() -> config.read32(2));
        assertThatIllegalArgumentException().isThrownBy(() -> config.write16(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> config.read32(Config.SIZE));
        assertThatIllegalArgumentException().isThrownBy(() -> config.write32(-4, 0));
    }

    @Test
    void parts_of_a_register_read_as_they_lie_in_it() {
        int word = config.read32(Config.VENDOR_ID);

        assertThat(config.read16(Config.VENDOR_ID)).isEqualTo(word & 0xffff);
        assertThat(config.read16(Config.DEVICE_ID)).isEqualTo(word >>> 16);
        assertThat(config.read8(Config.DEVICE_ID)).isEqualTo(word >>> 16 & 0xff);
        assertThat(config.read8(Config.DEVICE_ID + 1)).isEqualTo(word >>> 24);
    }

    private static List<Integer> capabilities(ConfigSpace config) {
        var found = new ArrayList<Integer>();
        int at = config.read8(Config.CAP_POINTER);
        while (at != 0) {
            found.add(CapHeader.ID.getInt(config.read16(at)));
            at = CapHeader.NEXT.getInt(config.read16(at));
        }
        return found;
    }

    private static List<Integer> extended(ConfigSpace config) {
        var found = new ArrayList<Integer>();
        for (int at = Config.EXT_CAPS; at != 0; at = ExtCapHeader.NEXT.getInt(config.read32(at))) {
            found.add(ExtCapHeader.ID.getInt(config.read32(at)));
        }
        return found;
    }

    private static int find(ConfigSpace config, int id) {
        int at = config.read8(Config.CAP_POINTER);
        while (CapHeader.ID.get(config.read16(at)) != id) {
            at = CapHeader.NEXT.getInt(config.read16(at));
        }
        return at;
    }

    private static int findExtended(ConfigSpace config, int id) {
        int at = Config.EXT_CAPS;
        while (ExtCapHeader.ID.get(config.read32(at)) != id) {
            at = ExtCapHeader.NEXT.getInt(config.read32(at));
        }
        return at;
    }
}
