// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Setup.CD;
import static lazaret.smmuv3.Setup.CDTAB;
import static lazaret.smmuv3.Setup.FETCH;
import static lazaret.smmuv3.Setup.L0;
import static lazaret.smmuv3.Setup.L1;
import static lazaret.smmuv3.Setup.L2;
import static lazaret.smmuv3.Setup.L3;
import static lazaret.smmuv3.Setup.PA;
import static lazaret.smmuv3.Setup.PRIV_FETCH;
import static lazaret.smmuv3.Setup.PRIV_READ;
import static lazaret.smmuv3.Setup.PRIV_WRITE;
import static lazaret.smmuv3.Setup.SID;
import static lazaret.smmuv3.Setup.STE;
import static lazaret.smmuv3.Setup.STRTAB;
import static lazaret.smmuv3.Setup.VA;
import static lazaret.smmuv3.Setup.aborted;
import static lazaret.smmuv3.Setup.fault;
import static lazaret.smmuv3.Setup.fetch;
import static lazaret.smmuv3.Setup.origin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Unmodelled;
import org.junit.jupiter.api.Test;

/** Stage-1 tables, and the walk as a state machine. Tests named after a vector begin with its number. */
class WalkTest {
    private static final long RO_PAGE = 0x8_AA55_DFC7L;
    private static final long PRIV_PAGE = 0x8_AA55_DF07L;
    private static final long PRIV_RO_PAGE = 0x8_AA55_DF87L;

    private final Setup setup = new Setup();

    @Test
    void w1_a_page_is_translated() {
        var done = setup.whole(AccessType.WRITE, VA);

        assertThat(done.outcome()).isEqualTo(new Outcome.Translated(PA, done.translation()));
        Rights rights = new Rights(new Rights.Mode(true, true, true), new Rights.Mode(true, true, false));
        var leaf = new Translation.Leaf(L3, 0x8_AA55_DF47L, 12, false);
        assertThat(done.translation()).isEqualTo(
                new Translation(0x7F12_3456_7000L, 0x8_AA55_D000L, 12, rights, false, 0xff, leaf, null));
    }

    @Test
    void w4_there_are_no_blocks_at_level_0() {
        setup.memory.store(L0, 0x100_0000_0F45L);

        assertThat(setup.read(VA)).isEqualTo(notMapped(AccessType.READ));
    }

    @Test
    void w6_a_read_only_page_refuses_a_write() {
        setup.memory.store(L3, RO_PAGE);

        assertThat(goesTo(setup.read(VA))).isEqualTo(PA);
        Event event = ((Outcome.Refused) setup.write(VA)).event();
        assertThat(new long[] {event.w0(), event.w1(), event.w2(), event.w3()})
                .containsExactly(0x0000_0100_0000_0013L, 0x0000_0200_0000_0000L, 0x0000_7F12_3456_789CL, 0);
    }

    @Test
    void w8_a_clear_access_flag_is_a_fault_unless_nobody_cares() {
        setup.memory.store(L3, 0x8_AA55_DB47L);

        assertThat(setup.read(VA)).isEqualTo(
                aborted(new Event.FAccess(origin(), fault(AccessType.READ, VA))));
        setup.cd(Cd.AFFD, 1);
        assertThat(goesTo(setup.read(VA))).isEqualTo(PA);
    }

    @Test
    void w10_an_output_address_beyond_ips_is_a_fault_at_whatever_level() {
        Outcome tooBig = aborted(new Event.FAddrSize(origin(), fault(AccessType.READ, VA)));
        setup.cd(Cd.IPS, 2);

        setup.memory.store(L3, 0x100_0000_0F47L);
        assertThat(setup.read(VA)).isEqualTo(tooBig);
        setup.memory.store(L1, 0x100_0000_1003L);
        assertThat(setup.read(VA)).isEqualTo(tooBig);
    }

    @Test
    void w26_the_contiguous_bit_changes_nothing() {
        setup.memory.store(L3, 0x0010_0008_AA55_0F47L);

        assertThat(goesTo(setup.read(VA))).isEqualTo(0x8_AA55_089CL);
    }

    @Test
    void a_walk_reads_the_words_that_matter_in_order() {
        var wanted = new ArrayList<Long>();
        Walk walk = Walk.start(setup.regs(), Transaction.untranslated(SID, AccessType.READ, VA));
        while (!walk.done()) {
            if (!walk.unknown()) {
                wanted.add(walk.wants());
                walk.feed(setup.memory.load(walk.wants()));
            }
        }

        long ste = STRTAB + SID * 64;
        assertThat(wanted).containsExactly(ste, ste + 8, ste + 16,
                CDTAB, CDTAB + 8, CDTAB + 16, CDTAB + 24, L0, L1, L2, L3);
    }

    @Test
    void what_was_found_can_be_used_again() {
        Regs regs = setup.regs();
        var read = Transaction.untranslated(SID, AccessType.READ, VA);
        var first = Walk.whole(setup.memory, regs, read);

        Walk walk = Walk.start(regs, read);
        assertThat(walk.needs()).isEqualTo(Walk.Need.STE);
        walk.known(first.ste());
        assertThat(walk.needs()).isEqualTo(Walk.Need.CD);
        assertThat(walk.cdIndex()).isZero();
        walk.known(first.cd());
        assertThat(walk.needs()).isEqualTo(Walk.Need.TRANSLATION);
        assertThat(first.translation().covers(walk.va())).isTrue();
        assertThat(walk.known(first.translation())).isTrue();
        assertThat(walk.end()).isEqualTo(first);
    }

    @Test
    void a_remembered_translation_still_has_to_permit() {
        setup.memory.store(L3, RO_PAGE);
        var found = setup.whole(AccessType.READ, VA);

        Walk walk = Walk.start(setup.regs(), Transaction.untranslated(SID, AccessType.WRITE, VA))
                .known(found.ste()).known(found.cd());

        assertThat(walk.known(found.translation())).isTrue();
        assertThat(walk.outcome()).isEqualTo(refused(AccessType.WRITE));
    }

    @Test
    void what_a_refused_walk_found_out_about_the_page_is_not_to_be_remembered() {
        setup.memory.store(L3, RO_PAGE);

        var done = setup.whole(AccessType.WRITE, VA);

        assertThat(done.cd()).isEqualTo(CD);
        assertThat(done.translation()).isNull();
    }

    @Test
    void a_walk_that_is_not_asked_for_something_refuses_it() {
        Walk walk = Walk.start(setup.regs(), Transaction.untranslated(SID, AccessType.READ, VA));

        assertThatThrownBy(() -> walk.known(CD)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(walk::outcome).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> walk.known(STE).known(CD).known(STE))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_abort_on_a_descriptor_is_recorded_with_its_address() {
        Walk walk = Walk.start(setup.regs(), Transaction.untranslated(SID, AccessType.WRITE, VA));
        while (walk.wants() != L2) {
            walk.step(setup.memory);
        }

        assertThat(walk.abort().outcome()).isEqualTo(aborted(new Event.FWalkEabt(origin(), fetch(L2),
                AccessType.WRITE, false, Evt.Class.TT, VA)));
    }

    @Test
    void an_invalid_descriptor_ends_the_walk_at_each_level() {
        for (long at : List.of(L3, L2, L1, L0)) {
            setup.memory.store(at, 0);
            assertThat(setup.write(VA)).isEqualTo(notMapped(AccessType.WRITE));
            setup.memory.store(at, 2);
            assertThat(setup.write(VA)).isEqualTo(notMapped(AccessType.WRITE));
        }
    }

    @Test
    void type_1_is_reserved_at_the_last_level() {
        setup.memory.store(L3, 0x8_AA55_DF45L);

        assertThat(setup.read(VA)).isEqualTo(notMapped(AccessType.READ));
    }

    @Test
    void blocks_map_2_mib_and_1_gib() {
        setup.memory.store(L2, 0x8_C000_0F45L);
        assertThat(goesTo(setup.read(VA))).isEqualTo(0x8_C000_0000L + (VA & 0x1f_ffff));

        setup.memory.store(L1, 0x8_C000_0F45L);
        assertThat(goesTo(setup.read(VA))).isEqualTo(0x8_C000_0000L + (VA & 0x3fff_ffff));
    }

    @Test
    void the_input_size_says_where_to_start() {
        setup.cd(CDTAB, CD.with(Cd.T0SZ, 25).with(Cd.TTB0, 0x9_0B00_1000L >> 4));
        setup.memory.store(0x9_0B00_1000L + 8 * 0x48, 0x9_0B00_2003L);
        assertThat(goesTo(setup.read(VA & 0x7f_ffff_ffffL))).isEqualTo(PA);

        setup.cd(CDTAB, CD.with(Cd.T0SZ, 39).with(Cd.TTB0, 0x9_0B00_2D00L >> 4));
        assertThat(goesTo(setup.read(VA & 0x1ff_ffff & ~0xe0_0000 | 2 << 21))).isEqualTo(PA);
    }

    @Test
    void the_first_table_may_be_small_but_is_aligned_to_64_bytes() {
        setup.cd(CDTAB, CD.with(Cd.T0SZ, 24).with(Cd.TTB0, 0x9_0B00_4070L >> 4));
        setup.memory.store(0x9_0B00_4040L + 8, 0x9_0B00_1003L);

        assertThat(goesTo(setup.read(VA & 0x7f_ffff_ffffL | 1L << 39))).isEqualTo(PA);
    }

    @Test
    void the_first_table_is_aligned_to_its_size() {
        setup.cd(CDTAB, CD.with(Cd.TTB0, 0x9_0B00_0FF0L >> 4));

        assertThat(goesTo(setup.read(VA))).isEqualTo(PA);
    }

    @Test
    void an_address_outside_both_halves_is_not_mapped() {
        long outside = VA | 1L << 48;

        assertThat(setup.read(outside)).isEqualTo(
                aborted(new Event.FTranslation(origin(), fault(AccessType.READ, outside))));
    }

    @Test
    void a_tag_does_not_count_where_tbi_says_so() {
        long tagged = VA | 0x5aL << 56;
        assertThat(setup.read(tagged)).isEqualTo(
                aborted(new Event.FTranslation(origin(), fault(AccessType.READ, tagged))));

        setup.cd(Cd.TBI0, 1);
        assertThat(goesTo(setup.read(tagged))).isEqualTo(PA);
    }

    @Test
    void the_upper_half_has_its_own_table() {
        long upper = VA | 0xffff_0000_0000_0000L;
        assertThat(setup.read(upper)).as("EPD1").isEqualTo(
                aborted(new Event.FTranslation(origin(), fault(AccessType.READ, upper))));

        setup.cd(CDTAB, CD.with(Cd.EPD0, 1).with(Cd.EPD1, 0).with(Cd.T1SZ, 16).with(Cd.TG1, 2)
                .with(Cd.TTB1, 0x9_0B00_0000L >> 4));
        assertThat(goesTo(setup.read(upper))).isEqualTo(PA);
        assertThat(setup.read(VA)).as("EPD0").isEqualTo(notMapped(AccessType.READ));
    }

    @Test
    void tables_take_permissions_away_unless_told_not_to() {
        setup.memory.store(L1, 0x9_0B00_2003L | Pte.APTABLE.prep(2));
        assertThat(setup.write(VA)).isEqualTo(refused(AccessType.WRITE));
        assertThat(goesTo(setup.read(VA))).isEqualTo(PA);

        setup.memory.store(L2, 0x9_0B00_3003L | Pte.APTABLE.prep(1));
        assertThat(setup.read(VA)).isEqualTo(refused(AccessType.READ));

        setup.cd(Cd.HAD0, 1);
        assertThat(setup.read(VA)).as("reserved without IDR3.HAD").isEqualTo(refused(AccessType.READ));
        setup.idr = setup.idr.with(Idr3.HAD, 1);
        assertThat(goesTo(setup.write(VA))).isEqualTo(PA);
    }

    @Test
    void execution_is_refused_by_page_and_table() {
        assertThat(goesTo(setup.run(FETCH, VA))).isEqualTo(PA);

        setup.memory.store(L3, 0x8_AA55_DF47L | Pte.UXN.mask());
        assertThat(setup.run(FETCH, VA)).isEqualTo(refused(FETCH));

        setup.memory.store(L3, PRIV_PAGE);
        assertThat(goesTo(setup.run(PRIV_FETCH, VA))).isEqualTo(PA);
        setup.memory.store(L0, 0x9_0B00_1003L | Pte.PXNTABLE.mask());
        assertThat(setup.run(PRIV_FETCH, VA)).isEqualTo(refused(PRIV_FETCH));
        setup.memory.store(L0, 0x9_0B00_1003L | Pte.UXNTABLE.mask());
        assertThat(setup.run(FETCH, VA)).isEqualTo(refused(FETCH));
    }

    @Test
    void what_the_unprivileged_may_write_the_privileged_may_not_execute() {
        assertThat(setup.run(PRIV_FETCH, VA)).isEqualTo(refused(PRIV_FETCH));
    }

    @Test
    void wxn_refuses_to_execute_what_can_be_written() {
        setup.cd(Cd.WXN, 1);
        assertThat(setup.run(FETCH, VA)).isEqualTo(refused(FETCH));

        setup.memory.store(L3, RO_PAGE);
        assertThat(goesTo(setup.run(FETCH, VA))).isEqualTo(PA);
        setup.memory.store(L3, PRIV_PAGE);
        assertThat(setup.run(PRIV_FETCH, VA)).isEqualTo(refused(PRIV_FETCH));
    }

    @Test
    void the_four_codes_of_ap_mean_what_they_should() {
        assertThat(rights(0x8_AA55_DF47L)).isEqualTo("unpriv rwx priv rw-");
        assertThat(rights(PRIV_PAGE)).isEqualTo("unpriv --x priv rwx");
        assertThat(rights(RO_PAGE)).isEqualTo("unpriv r-x priv r-x");
        assertThat(rights(PRIV_RO_PAGE)).isEqualTo("unpriv --x priv r-x");
    }

    @Test
    void pan_keeps_the_privileged_from_unprivileged_data() {
        setup.cd(Cd.PAN, 1);
        assertThat(setup.run(PRIV_READ, VA)).isEqualTo(refused(PRIV_READ));
        assertThat(setup.run(PRIV_WRITE, VA)).isEqualTo(refused(PRIV_WRITE));
        assertThat(goesTo(setup.read(VA))).isEqualTo(PA);

        setup.memory.store(L3, PRIV_PAGE);
        assertThat(goesTo(setup.run(PRIV_READ, VA))).isEqualTo(PA);
        setup.cd(CDTAB, CD.with(Cd.PAN, 1).with(Cd.EPAN, 1));
        assertThat(goesTo(setup.run(PRIV_READ, VA))).as("without IDR3.EPAN").isEqualTo(PA);
        setup.idr = setup.idr.with(Idr3.EPAN, 1);
        assertThat(setup.run(PRIV_READ, VA)).isEqualTo(refused(PRIV_READ));
    }

    @Test
    void the_ste_overrides_what_an_access_is() {
        setup.memory.store(L3, PRIV_PAGE);
        assertThat(setup.read(VA)).isEqualTo(refused(AccessType.READ));
        setup.ste(Ste.PRIVCFG, 3);
        assertThat(setup.read(VA)).as("without IDR1.ATTR_PERMS_OVR").isEqualTo(refused(AccessType.READ));
        setup.idr = setup.idr.with(Idr1.ATTR_PERMS_OVR, 1);
        assertThat(goesTo(setup.read(VA))).isEqualTo(PA);
        setup.ste(Ste.PRIVCFG, 2);
        assertThat(setup.run(PRIV_READ, VA)).isEqualTo(refused(AccessType.READ));

        setup.ste(Ste.INSTCFG, 3);
        assertThat(goesTo(setup.read(VA))).as("unprivileged execution").isEqualTo(PA);
        assertThat(setup.write(VA)).as("writes are data").isEqualTo(refused(AccessType.WRITE));
        setup.ste(Ste.INSTCFG, 2);
        assertThat(setup.run(FETCH, VA)).isEqualTo(refused(AccessType.READ));
    }

    @Test
    void a_hypervisor_of_the_old_kind_has_one_half_and_no_privileges() {
        setup.ste(Ste.STRW, 2);
        setup.memory.store(L3, PRIV_PAGE);
        assertThat(goesTo(setup.write(VA))).isEqualTo(PA);
        assertThat(rights(PRIV_PAGE)).isEqualTo("unpriv rwx priv rwx");

        long upper = VA | 0xffff_0000_0000_0000L;
        setup.cd(CDTAB, CD.with(Cd.EPD1, 0).with(Cd.T1SZ, 16).with(Cd.TG1, 2)
                .with(Cd.TTB1, 0x9_0B00_0000L >> 4));
        assertThat(setup.read(upper)).isEqualTo(
                aborted(new Event.FTranslation(origin(), fault(AccessType.READ, upper))));

        setup.cr2(Cr2.E2H, Cr2.RECINVSID);
        assertThat(goesTo(setup.run(PRIV_READ, upper))).isEqualTo(PA);
        assertThat(setup.write(VA)).isEqualTo(refused(AccessType.WRITE));
    }

    @Test
    void a_hypervisor_of_the_old_kind_executes_what_is_neither_xn_nor_writable_under_wxn() {
        setup.ste(Ste.STRW, 2);
        assertThat(rights(0x8_AA55_DF47L | Pte.PXN.mask())).isEqualTo("unpriv rwx priv rwx");
        assertThat(rights(RO_PAGE | Pte.UXN.mask())).isEqualTo("unpriv r-- priv r--");
        setup.cd(Cd.WXN, 1);
        assertThat(rights(PRIV_PAGE)).isEqualTo("unpriv rw- priv rw-");
        assertThat(rights(RO_PAGE)).isEqualTo("unpriv r-x priv r-x");
        setup.memory.store(L1, 0x9_0B00_2003L | Pte.UXNTABLE.mask());
        assertThat(rights(RO_PAGE)).isEqualTo("unpriv r-- priv r--");
    }

    @Test
    void the_cd_says_what_a_fault_looks_like() {
        setup.memory.store(L3, 0);
        Event event = new Event.FTranslation(origin(), fault(AccessType.READ, VA));

        setup.cd(Cd.R, 0);
        assertThat(setup.read(VA)).isEqualTo(new Outcome.Refused(null, true));
        setup.cd(Cd.A, 0);
        assertThat(setup.read(VA)).isEqualTo(new Outcome.Refused(event, false));
        setup.cd(CDTAB, CD.with(Cd.A, 0).with(Cd.R, 0));
        assertThat(setup.read(VA)).isEqualTo(new Outcome.Refused(null, false));
        setup.cd(Cd.S, 1);
        assertThat(setup.read(VA)).isEqualTo(new Outcome.Stalled(event));
    }

    @Test
    void e0pd_hides_a_half_from_the_unprivileged() {
        setup.cd(Cd.E0PD0, 1);
        assertThat(goesTo(setup.read(VA))).as("reserved without IDR3.E0PD").isEqualTo(PA);
        setup.idr = setup.idr.with(Idr3.E0PD, 1);
        assertThat(setup.read(VA)).isEqualTo(notMapped(AccessType.READ));
        assertThat(goesTo(setup.run(PRIV_READ, VA))).isEqualTo(PA);
        setup.ste(Ste.STRW, 2);
        assertThat(goesTo(setup.read(VA))).as("one half only").isEqualTo(PA);
    }

    @Test
    void a_global_entry_and_its_attributes_are_seen() {
        setup.memory.store(L3, 0x8_AA55_D74BL);

        var found = setup.whole(AccessType.READ, VA);

        assertThat(found.translation().global()).isTrue();
        assertThat(found.translation().attr()).isEqualTo(0x04);
    }

    private String rights(long page) {
        setup.memory.store(L3, page);
        return setup.whole(PRIV_READ, VA).translation().rights().toString();
    }

    private static long goesTo(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Translated.class);
        return ((Outcome.Translated) outcome).pa();
    }

    private static Outcome refused(AccessType access) {
        return aborted(new Event.FPermission(origin(), fault(access, VA), false));
    }

    private static Outcome notMapped(AccessType access) {
        return aborted(new Event.FTranslation(origin(), fault(access, VA)));
    }
}
