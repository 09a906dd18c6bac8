// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.machine.Strand;
import lazaret.machine.Unmodelled;
import lazaret.pcie.At;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr3;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.TlbRange;
import org.junit.jupiter.api.Test;

/** The whole: containment, what the oracle may believe, and roll-back. */
class SmmuTest {
    private static final Command CFGI = new Command.CfgiSte(Rig.SID, true);
    private static final Command TLBI = new Command.TlbiNhVa(0, 7, Rig.PAGE, true, TlbRange.NONE);

    private Rig rig = Rig.on();

    // Containment.

    /** Vector T11. */
    @Test
    void after_the_first_successful_sync_behind_the_fence_no_translated_write_lands() {
        rig.function.writesTranslated(Rig.PA, 1);
        rig.settle();
        rig.always(1);
        rig.issue(Rig.atcInv(Rig.SID, Rig.PAGE, 0), SYNC);
        rig.wait(1);
        assertThat(rig.error()).isEqualTo(3);

        rig.ste(Rig.SID, Rig.S5);
        rig.append(CFGI, SYNC);
        rig.publish();
        rig.function.writesTranslated(Rig.PA, 2);
        rig.run(Rig.PORT);                                      // past its check, not landed
        rig.write(Reg.GERRORN, rig.read(Reg.GERROR));
        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(3);                    // the second SYNC waits for it

        rig.run(Rig.LANDING);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(2);
        rig.run(Rig.CMDQ_STRAND);
        assertThat(rig.cons()).isEqualTo(4);

        rig.function.writesTranslated(Rig.PA, 3);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(2);
        assertThat(rig.smmu.refusesAts(Rig.SID)).isTrue();
    }

    // What the oracle may believe.

    private boolean refuses() {
        return rig.smmu.refusesAts(Rig.SID);
    }

    @Test
    void the_fence_holds_when_memory_cache_and_pipeline_agree() {
        assertThat(refuses()).isFalse();

        rig.function.writesTranslated(Rig.PA, 1);
        rig.settle();
        rig.ste(Rig.SID, Rig.S5);
        assertThat(refuses()).isFalse();                        // cached

        rig.issue(CFGI);
        assertThat(refuses()).isFalse();                        // may still be used

        rig.issue(SYNC);
        assertThat(refuses()).isTrue();

        rig.function.writesTranslated(Rig.PA, 2);
        assertThat(refuses()).isTrue();                         // will be refused
    }

    @Test
    void a_write_that_has_passed_its_check_or_will_breaks_the_fence_until_it_has_landed() {
        rig.function.writesTranslated(Rig.PA, 1);
        rig.step(Rig.PORT);
        rig.step(Rig.PORT);
        rig.ste(Rig.SID, Rig.S5);
        assertThat(refuses()).isTrue();                         // EATS is not read yet

        rig.ste(Rig.SID, Rig.S4);
        rig.step(Rig.PORT);
        rig.ste(Rig.SID, Rig.S5);
        rig.append(CFGI, SYNC);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);
        assertThat(refuses()).isFalse();

        rig.run(Rig.PORT);
        assertThat(refuses()).isFalse();

        rig.run(Rig.LANDING);
        assertThat(refuses()).isTrue();
    }

    @Test
    void what_was_refused_behind_something_slow_does_not_count() {
        rig.ste(Rig.SID, Rig.S5);
        rig.function.writes(Rig.IOVA, 1);
        rig.function.writesTranslated(Rig.PA, 2);
        rig.run(Rig.PORT);
        assertThat(rig.can(Rig.LANDING)).isTrue();

        assertThat(refuses()).isTrue();
    }

    @Test
    void an_ste_that_is_being_fetched_counts() {
        rig.function.writes(Rig.IOVA, 1);
        rig.step(Rig.PORT);
        rig.step(Rig.PORT);
        rig.step(Rig.PORT);                                     // has read word 1, with EATS=TRANS
        rig.ste(Rig.SID, Rig.S5);
        assertThat(refuses()).isFalse();

        rig.append(CFGI);
        rig.publish();
        rig.run(Rig.CMDQ_STRAND);
        assertThat(refuses()).isTrue();                         // it will not be remembered
    }

    @Test
    void a_level_1_descriptor_that_is_cached_counts() {
        rig.enable(0);
        rig.write(Reg.STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 16);
        rig.enable(Rig.ALL_ON);
        rig.put(Rig.STRTAB + 8, 0x40009);
        rig.put(0x40000, Rig.S4);
        rig.function.writesTranslated(Rig.PA, 1);
        rig.settle();
        rig.put(Rig.STRTAB + 8, 0);
        rig.issue(CFGI, SYNC);
        assertThat(refuses()).isFalse();

        rig.issue(new Command.CfgiSte(Rig.SID, false), SYNC);
        assertThat(refuses()).isTrue();
    }

    @Test
    void aborting_invalid_and_missing_stes_refuse() {
        rig.ste(Rig.SID, Rig.S1);
        assertThat(refuses()).isTrue();
        rig.ste(Rig.SID, Rig.S2);
        assertThat(refuses()).isTrue();
        rig.ste(Rig.SID, Rig.S3);
        assertThat(refuses()).isTrue();
        rig.ste(Rig.SID, Rig.S4);
        rig.enable(Rig.ALL_ON & ~Rig.ATSCHK);
        assertThat(refuses()).isFalse();
        rig.ste(Rig.SID, Rig.S5);
        assertThat(refuses()).isFalse();
        rig.enable(0);
        assertThat(refuses()).isTrue();
        rig.write(Reg.STRTAB_BASE_CFG, 8);
        rig.enable(Rig.ALL_ON);
        assertThat(refuses()).isTrue();
    }

    @Test
    void asking_changes_nothing() {
        rig.asksNobody();
        rig.log.clear();
        rig.machine.undo().mark();
        refuses();
        rig.smmu.outstanding(Rig.SID);

        assertThat(rig.machine.undo().size()).isZero();
        assertThat(rig.log).isEmpty();
    }

    // Wiring.

    @Test
    void features_that_are_not_modelled_cannot_be_promised() {
        assertThatThrownBy(() -> SmmuParams.USUAL.with(Idr0.ATOS, 1))
                .isInstanceOf(Unmodelled.class).hasMessageContaining("IDR0.ATOS");
        assertThatThrownBy(() -> SmmuParams.USUAL.with(Idr3.MPAM, 1)).isInstanceOf(Unmodelled.class);
        assertThatThrownBy(() -> SmmuParams.USUAL.withAtcTimeout(0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void two_functions_cannot_have_one_stream() {
        assertThatThrownBy(() -> rig.smmu.connect(rig.function, Rig.SID))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("two functions have sid 0x100");
        assertThatThrownBy(() -> rig.smmu.outstanding(5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void all_its_strands_are_prompt_and_in_one_lane() {
        assertThat(rig.machine.hardware()).allMatch(Strand::prompt).allMatch(s -> s.lane().equals("smmu"));
    }

    // Roll-back.

    /** A run in which everything happens, in an order and with choices that only {@code seed} decides. */
    private List<String> adventure(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> told = new ArrayList<>();
        rig.decides((n, why) -> random.nextInt(n));
        rig.log.clear();
        for (int i = 0; i < 400; i++) {
            act(random.nextInt(14), random);
            steps(random.nextInt(6), random);
        }
        rig.settle();
        rig.log.forEach(e -> told.add(rig.machine.clock().now() + " " + e.text()));
        rig.function.received.forEach(t -> told.add(t.toString()));
        rig.function.received.clear();
        rig.other.received.clear();
        told.add(String.valueOf(rig.ram.load(Rig.PA)) + rig.events());
        return told;
    }

    private void act(int what, SplittableRandom random) {
        switch (what) {
            case 0 -> rig.function.writes(Rig.IOVA, random.nextInt());
            case 1 -> rig.function.writesTranslated(Rig.PA, random.nextInt());
            case 2 -> rig.function.asks(Rig.PAGE);
            case 3 -> rig.function.reads(Rig.IOVA);
            case 4 -> rig.ste(Rig.SID, random.nextBoolean() ? Rig.S4 : Rig.S5);
            case 5 -> rig.put(Rig.LEAF_AT, random.nextBoolean() ? Rig.LEAF : Rig.LEAF_RO);
            case 6 -> command(CFGI);
            case 7 -> command(TLBI);
            case 8 -> command(Rig.atcInv(Rig.SID, Rig.PAGE, 0));
            case 9 -> command(SYNC);
            case 10 -> rig.function.answers(random.nextInt(3));
            case 11 -> rig.write(Reg.GERRORN, rig.read(Reg.GERROR));
            case 12 -> rig.write(Reg.EVENTQ_CONS, rig.read(Reg.EVENTQ_PROD));
            default -> {
                if (rig.machine.clock().enabled()) {
                    rig.machine.clock().step();
                }
            }
        }
    }

    private void command(Command command) {
        int room = rig.read(Reg.CMDQ_PROD) - rig.cons() & 31;
        if (room < 14) {
            rig.put(Rig.CMDQ + 16L * (rig.read(Reg.CMDQ_PROD) & 15), command.w0(), command.w1());
            rig.write(Reg.CMDQ_PROD, rig.read(Reg.CMDQ_PROD) + 1 & 31);
        }
    }

    private void steps(int n, SplittableRandom random) {
        for (int i = 0; i < n; i++) {
            List<Strand> able = rig.machine.hardware().stream().filter(Strand::enabled).toList();
            if (!able.isEmpty()) {
                able.get(random.nextInt(able.size())).step();
            }
        }
    }

    @Test
    void rolled_back_it_does_the_same_again() {
        rig.machine.undo().mark();
        for (long seed = 1; seed <= 20; seed++) {
            List<String> first = adventure(seed);
            rig.machine.undo().rollback();
            adventure(seed + 1000);
            rig.machine.undo().rollback();
            List<String> again = adventure(seed);
            rig.machine.undo().rollback();

            assertThat(again).isEqualTo(first);
            assertThat(first).hasSizeGreaterThan(200);
        }
    }

    /**
     * Whatever happens: an SMMU that says it refuses ATS lets no translated write land until software changes
     * something.
     */
    @Test
    void the_fence_is_never_claimed_wrongly() {
        int claims = 0;
        rig.machine.undo().mark();
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            rig.decides((n, why) -> random.nextInt(n));
            for (int i = 0; i < 60; i++) {
                act(random.nextInt(14), random);
                steps(random.nextInt(6), random);
                if (refuses()) {
                    claims++;
                    rig.log.clear();
                    rig.function.writesTranslated(Rig.PA, 0xbad);
                    steps(random.nextInt(4), random);
                    rig.function.asks(Rig.PAGE);
                    steps(20, random);
                    assertThat(rig.entries(SmmuEntry.DmaLanded.class)).as("seed %d", seed)
                            .noneMatch(e -> e.at() == At.TRANSLATED);
                }
            }
            rig.machine.undo().rollback();
        }
        assertThat(claims).isGreaterThan(1000);
    }

    @Test
    void random_words_and_registers_never_break_it() {
        endures();
    }

    @Test
    void nor_do_they_break_one_that_takes_every_liberty() {
        rig = Rig.on(p -> {
            SmmuParams all = p;
            for (Liberty liberty : Liberty.values()) {
                all = all.with(liberty);
            }
            return all;
        });
        endures();
    }

    /** Nonsense from software may be refused as not modelled; it never breaks the model. */
    private void endures() {
        Reg[] registers = Reg.values();
        int refused = 0;
        rig.machine.undo().mark();
        for (long seed = 1; seed <= 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            rig.decides((n, why) -> random.nextInt(n));
            try {
                for (int i = 0; i < 40; i++) {
                    nonsense(registers[random.nextInt(registers.length)], random);
                    act(random.nextInt(14), random);
                    steps(10, random);
                }
            } catch (Unmodelled _) {
                refused++;
            }
            rig.machine.undo().rollback();
        }
        assertThat(refused).isLessThan(250);
    }

    private void nonsense(Reg reg, SplittableRandom random) {
        long word = random.nextLong();
        switch (random.nextInt(8)) {
            case 0 -> rig.write(reg, (int) word);
            case 1 -> rig.mmio.write32(reg.offset() + reg.bits() / 8 - 4, (int) word);
            case 2 -> rig.put(Rig.CMDQ + 8 * random.nextInt(32), word);
            case 3 -> rig.put(Rig.CMDQ + 16 * random.nextInt(16), word & 0xffff_0fff_0000_0077L);
            case 4 -> rig.put(Rig.STRTAB + 64L * Rig.SID + 8 * random.nextInt(3), word & random.nextLong());
            case 5 -> rig.put(Rig.CD + 8 * random.nextInt(2), Rig.C1[0] ^ 1L << random.nextInt(64));
            case 6 -> rig.put(Rig.LEAF_AT, Rig.LEAF ^ 1L << random.nextInt(64));
            default -> rig.write(Reg.CR0, (int) word & Rig.ALL_ON | Rig.SMMUEN);
        }
    }

    @Test
    void in_service_failure_mode_ats_is_refused_as_soon_as_what_passed_has_landed() {
        Rig rig = Rig.on();
        rig.function.writesTranslated(Rig.PA, 1);
        rig.run(Rig.PORT);
        rig.smmu.fail();
        assertThat(rig.smmu.refusesAts(Rig.SID)).isFalse();

        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
        assertThat(rig.smmu.refusesAts(Rig.SID)).isTrue();
    }

    /** Found by fuzzing. */
    @Test
    void an_ste_that_is_cached_lets_ats_through_although_the_table_is_gone() {
        Rig rig = Rig.on();
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.enable(0);
        rig.write64(Reg.STRTAB_BASE, 0x000f_ffff_ffff_ffc0L);
        rig.enable(Rig.ALL_ON);
        assertThat(rig.smmu.refusesAts(Rig.SID)).isFalse();
        rig.function.writesTranslated(Rig.PA, 2);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(2);

        rig.issue(new Command.CfgiAll(), SYNC);
        assertThat(rig.smmu.refusesAts(Rig.SID)).isTrue();
    }
}
