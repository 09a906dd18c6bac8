// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.kernel.Errno;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Legality;
import lazaret.smmuv3.Ste;
import org.junit.jupiter.api.Test;

class GuestSteTest {
    private static final long TABLE = 0x4008_0000L;

    private static long[] host(Ste.Eats eats) {
        return Stes.s2(0x9_0A00_0000L, 9, 5, eats);
    }

    private static GuestSte asks(Ste.Eats eats) {
        long[] s1 = Stes.s1(TABLE, eats, true);
        return new GuestSte(s1[0], s1[1]);
    }

    private static Ste.Eats eats(GuestSte guest, Ste.Eats host) {
        return Ste.of(guest.over(host(host))).eats();
    }

    @Test
    void the_guests_stage_1_stands_over_the_hosts_stage_2() {
        Ste ste = Ste.of(asks(Ste.Eats.TRANS).over(host(Ste.Eats.TRANS)));

        assertThat(ste.config()).isEqualTo(Ste.Config.NESTED);
        assertThat(ste.s1ContextPtr()).isEqualTo(TABLE);
        assertThat(ste.s1Dss()).isEqualTo(Ste.S1Dss.SSID0);
        assertThat(ste.get(Ste.S2VMID)).isEqualTo(9);
        assertThat(Ste.S2TTB.in(ste.w3())).isEqualTo(0x9_0A00_0000L);
        assertThat(ste.get(Ste.SHCFG)).isEqualTo(Ste.ShCfg.INCOMING.code());
    }

    @Test
    void hardware_with_both_stages_and_ats_takes_the_entries() {
        Idr idr = new Idr(0x0d44_101bL | Idr0.ATS.mask(), 0x0273_0010L, 0x1414, 0x74);
        long[] s2 = Stes.s2(0x9_0A00_0000L, 9, 4, Ste.Eats.TRANS);
        long[] s1 = Stes.s1(TABLE, Ste.Eats.TRANS, false);

        assertThat(Legality.ste(Ste.of(s2), idr)).isEqualTo(Legality.LEGAL);
        assertThat(Legality.ste(Ste.of(new GuestSte(s1[0], s1[1]).over(s2)), idr)).isEqualTo(Legality.LEGAL);
    }

    @Test
    void ats_takes_both() {
        assertThat(eats(asks(Ste.Eats.TRANS), Ste.Eats.TRANS)).isEqualTo(Ste.Eats.TRANS);
        assertThat(eats(asks(Ste.Eats.TRANS), Ste.Eats.ABT)).isEqualTo(Ste.Eats.ABT);
        assertThat(eats(asks(Ste.Eats.ABT), Ste.Eats.TRANS)).isEqualTo(Ste.Eats.ABT);
    }

    @Test
    void a_guest_that_bypasses_its_stage_1_does_not_lift_the_fence_either() {
        var bypass = new GuestSte(Stes.bypass()[0], Ste.EATS.prep(Ste.Eats.TRANS));

        assertThat(bypass.validate()).isEqualTo(Errno.OK);
        assertThat(bypass.over(host(Ste.Eats.ABT))).containsExactly(host(Ste.Eats.ABT));
        assertThat(bypass.over(host(Ste.Eats.TRANS))).containsExactly(host(Ste.Eats.TRANS));
    }

    @Test
    void an_entry_that_aborts_or_is_not_valid_refuses_all() {
        assertThat(new GuestSte(Stes.abort()[0], 0).over(host(Ste.Eats.TRANS))).containsExactly(Stes.abort());
        assertThat(new GuestSte(0, -1).validate()).isEqualTo(Errno.OK);
        assertThat(new GuestSte(0, -1).over(host(Ste.Eats.TRANS))).containsExactly(Stes.abort());
    }

    @Test
    void a_guest_says_nothing_about_stage_2_nor_of_split_ats() {
        assertThat(asks(Ste.Eats.TRANS).validate()).isEqualTo(Errno.OK);
        assertThat(asks(Ste.Eats.S1CHK).validate()).isEqualTo(Errno.EIO);
        assertThat(asks(Ste.Eats.DPT).validate()).isEqualTo(Errno.EIO);
        assertThat(new GuestSte(host(Ste.Eats.ABT)[0], 0).validate()).isEqualTo(Errno.EIO);
        assertThat(new GuestSte(Stes.abort()[0], Ste.S2FWB.prep(1)).validate()).isEqualTo(Errno.EIO);
        assertThat(new GuestSte(Stes.abort()[0], Ste.STRW.prep(Ste.Strw.EL2)).validate())
                .isEqualTo(Errno.EIO);
    }
}
