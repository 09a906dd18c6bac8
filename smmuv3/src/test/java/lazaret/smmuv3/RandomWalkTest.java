// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.machine.Field;
import lazaret.machine.Memory;
import lazaret.machine.Unmodelled;
import lazaret.pcie.At;
import lazaret.pcie.Pasid;
import org.junit.jupiter.api.Test;

/** Walks through nonsense: each ends, in one of the ways there are, and soon. */
class RandomWalkTest {
    private static final int WALKS = 60_000;
    /** STE, CD and its level-1 descriptor, four levels of both stages for each, and marks. */
    private static final int LONGEST = 120;
    private static final List<Field> FEATURES = List.of(Idr0.S1P, Idr0.S2P, Idr0.HYP, Idr0.ATS, Idr0.NS1ATS,
            Idr0.ASID16, Idr0.VMID16, Idr0.CD2L, Idr0.TERM_MODEL, Idr3.XNX, Idr3.STT, Idr3.HAD, Idr3.E0PD,
            Idr3.EPAN, Idr3.FWB, Idr5.GRAN4K, Idr5.GRAN16K, Idr5.GRAN64K);

    private final SplittableRandom random = new SplittableRandom(1970);

    /** Memory whose words look like what the walk expects to find there, more or less. */
    private final class Nonsense implements Memory {
        private final long salt = random.nextLong();

        @Override
        public long load(long pa) {
            var word = new SplittableRandom(pa ^ salt);
            long any = word.nextLong();
            long low = any & ~0xffffL | (any & 0xfff | 3) & 0xffff;
            return switch (word.nextInt(8)) {
                case 0 -> any;
                case 1 -> 0;
                default -> low & 0x00ff_003f_ffff_ffffL;        // a descriptor within reach
            };
        }

        @Override
        public void store(long pa, long word) {
            throw new AssertionError("a walk for the record stores nothing");
        }

        @Override
        public boolean backs(long pa) {
            return pa >= 0 && pa < 1L << 40;
        }
    }

    @Test
    void every_walk_ends() {
        var ends = new EnumMap<At, Integer>(At.class);
        int unmodelled = 0;
        for (int i = 0; i < WALKS; i++) {
            try {
                Transaction tx = transaction();
                end(tx);
                ends.merge(tx.at(), 1, Integer::sum);
            } catch (Unmodelled refused) {
                unmodelled++;
            }
        }
        assertThat(unmodelled).isLessThan(WALKS / 3);
        assertThat(ends).hasSize(3).allSatisfy((at, count) -> assertThat(count).isGreaterThan(WALKS / 10));
    }

    @Test
    void a_walk_that_was_paused_ends_as_one_that_was_not() {
        int paused = 0;
        for (int i = 0; i < WALKS; i++) {
            Memory memory = new Nonsense();
            try {
                Walk walk = Walk.start(regs(), transaction());
                for (int steps = random.nextInt(8); steps > 0 && !walk.done(); steps--) {
                    further(walk, memory);
                }
                if (!walk.done()) {
                    Walk other = new Walk();
                    other.resume(Paused.of(walk));
                    assertThat(Paused.of(other)).isEqualTo(Paused.of(walk));
                    assertThat(finished(other, memory)).isEqualTo(finished(walk, memory));
                    paused++;
                }
            } catch (Unmodelled refused) {
                // the same in both
            }
        }
        assertThat(paused).isGreaterThan(WALKS / 10);
    }

    private void further(Walk walk, Memory memory) {
        switch (walk.needs()) {
            case STE -> walk.known(ste());
            case CD -> walk.known(cd());
            case TRANSLATION, STAGE2, NOTHING -> walk.step(memory);
        }
    }

    private static Walk.Done finished(Walk walk, Memory memory) {
        while (!walk.done()) {
            walk.step(memory);
        }
        return walk.end();
    }

    private void end(Transaction tx) {
        Walk walk = Walk.start(regs(), tx);
        Memory memory = new Nonsense();
        int steps = 0;
        while (!walk.done()) {
            walk = switch (walk.needs()) {
                case STE -> walk.known(ste());
                case CD -> random.nextInt(4) > 0 ? walk.known(cd()) : walk.step(memory);
                case TRANSLATION, STAGE2, NOTHING -> walk.step(memory);
            };
            assertThat(steps++).isLessThan(LONGEST);
        }
        switch (walk.outcome()) {
            case Outcome.Translated t -> assertThat(t.by()).isNotNull();
            case Outcome.Answered a -> assertThat(tx.at()).isEqualTo(At.TRANSLATION_REQUEST);
            case Outcome.Refused r -> assertThat(tx.at()).isNotEqualTo(At.TRANSLATION_REQUEST);
            case Outcome.Stalled s -> assertThat(Event.stalled(s.event(), 7).w1() & 0xffff).isEqualTo(7);
        }
    }

    private Transaction transaction() {
        At at = At.values()[random.nextInt(3)];
        int pasid = random.nextInt(4) == 0 ? random.nextInt(1 << 10) : Pasid.NONE;
        long iova = random.nextLong() >> random.nextInt(64);
        var type = new AccessType(random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
        return new Transaction(0x100, pasid, at, type, iova);
    }

    private Regs regs() {
        Idr idr = Vectors.IDR.with(Idr0.TTENDIAN, random.nextInt(8) == 0 ? 0 : 2)
                .with(Idr0.HTTU, random.nextInt(3)).with(Idr0.STALL_MODEL, random.nextInt(3))
                .with(Idr5.OAS, random.nextInt(7)).with(Idr1.SSIDSIZE, random.nextInt(11));
        for (Field feature : FEATURES) {
            if (random.nextInt(10) == 0) {
                idr = idr.with(feature, 1 - idr.get(feature));
            }
        }
        long cr0 = Cr0.SMMUEN.prep(true) | Cr0.ATSCHK.prep(random.nextInt(8) > 0);
        long cr2 = random.nextLong() & 0xf;
        return new Regs(idr, cr0, cr2, 0, 0x8_8000_0000L, StrtabBaseCfg.LOG2SIZE.prep(16));
    }

    private Ste ste() {
        Ste ste = Ste.of(0x4008_0001L, 0x1000_0000L, 0x044D_3558_0000_0009L, 0x9_0A00_0000L, 0, 0, 0, 0)
                .with(Ste.CONFIG, random.nextInt(3) == 0 ? random.nextInt(8) : 5 + random.nextInt(3));
        ste = random.nextInt(3) == 0 ? ste.with(Ste.S1CDMAX, random.nextInt(12)) : ste;
        return Ste.of(flipped(ste.words()));
    }

    private Cd cd() {
        Cd cd = Setup.CD.with(Cd.TG0, random.nextInt(3)).with(Cd.T0SZ, 16 + random.nextInt(24))
                .with(Cd.EPD1, random.nextInt(2)).with(Cd.TG1, 1 + random.nextInt(3))
                .with(Cd.T1SZ, 16 + random.nextInt(24));
        return Cd.of(flipped(cd.words()));
    }

    private long[] flipped(long[] words) {
        for (int n = random.nextInt(4); n > 0; n--) {
            words[random.nextInt(4)] ^= 1L << random.nextInt(64);
        }
        return words;
    }
}
