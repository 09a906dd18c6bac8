// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.machine.Field;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Ste;

/**
 * Makes cases: a few things that are not as they should be, then accesses, commands and more changes. Case
 * {@code n} of a seed is always the same one.
 */
final class Generator {
    private static final long[] IOVAS = {Scene.IOVA, Scene.IOVA, Scene.IOVA + 8, Scene.HOLE, Scene.HOLE,
        Scene.PAGE, 0x10_0040_1238L, 0x10_8430_0008L, Scene.UNMAPPED, 0x80_0000_0000L, 1L << 48,
        0xffff_ff80_0000_0000L, 0xab00_0010_0020_0000L};
    /** Where descriptors may lead: what a block there covers is nobody's. */
    private static final long[] OUTPUTS = {Scene.PAGE, Scene.OTHER_PAGE, Scene.BLOCK, Scene.NOWHERE,
        0xffff_ffff_f000L, 1L << 44};
    private static final int RW = 0xf47;
    /** Where CD and tables may be: nowhere, or too far. */
    private static final long[] ELSEWHERE = {Scene.NOWHERE, 1L << 44, 1L << 47, 0xf_0000_0000_0000L};
    /** Fields that hold an address: anything else there would lead into what belongs to the specimen. */
    private static final List<Field> ADDRESSES = List.of(Ste.S1CONTEXTPTR, Ste.S2TTB, Cd.TTB0, Cd.TTB1,
            Ste.VMSPTR);
    private static final int[] OPCODES = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x10, 0x11, 0x12,
        0x13, 0x18, 0x1a, 0x20, 0x21, 0x22, 0x23, 0x28, 0x2a, 0x30, 0x40, 0x41, 0x44, 0x45, 0x46, 0x70, 0x99};
    private static final int MOST_CHANGES = 3;
    private static final int MOST_ACTS = 4;

    private final SplittableRandom random;

    private Generator(long seed) {
        random = new SplittableRandom(seed);
    }

    static Case of(long seed, long n) {
        return new Generator(seed * 0x9E37_79B9_7F4A_7C15L + n).make();
    }

    private Case make() {
        var steps = new ArrayList<Step>();
        boolean linear = random.nextInt(80) != 0;
        if (!linear) {
            steps.add(new Step.TwoLevels(random.nextInt(9)));
        }
        for (int i = random.nextInt(MOST_CHANGES + 1); i > 0; i--) {
            steps.add(random.nextInt(12) == 0 ? rareChange() : change());
        }
        if (random.nextInt(6) == 0) {
            stale(steps);
        } else {
            usual(steps, linear);
        }
        if (random.nextInt(40) == 0) {
            steps.add(new Step.CommandsFromNowhere());
        }
        return new Case(steps);
    }

    private void usual(List<Step> steps, boolean linear) {
        for (int i = 1 + random.nextInt(MOST_ACTS); i > 0; i--) {
            if (random.nextInt(5) == 0) {
                steps.add(random.nextInt(linear ? 12 : 2) == 0 ? lateChange(linear) : change());
            }
            steps.add(act());
        }
    }

    /** The same access twice, and in between what may have been cached changes; it is forgotten, or not. */
    private void stale(List<Step> steps) {
        var access = new Step.Writes(random.nextInt(4) == 0 ? Scene.HOLE : Scene.IOVA);
        steps.add(access);
        steps.add(random.nextInt(2) == 0 ? change()
                : new Step.InTable(Step.InTable.Place.PAGE_L3, descriptor()));
        steps.add(random.nextInt(3) == 0 ? command() : invalidation());
        steps.add(access);
    }

    private Step change() {
        return switch (random.nextInt(3)) {
            case 0 -> {
                Field field = any(Ste.STE.fields());
                yield new Step.InSte(field, value(field));
            }
            case 1 -> {
                Field field = any(Cd.CD.fields());
                yield new Step.InCd(field, value(field));
            }
            default -> new Step.InTable(any(List.of(Step.InTable.Place.values())), descriptor());
        };
    }

    private Step rareChange() {
        return random.nextBoolean() ? new Step.EventQueueOf(1)
                : new Step.Stage2(any(List.of(Ste.Config.S2_TRANS, Ste.Config.NESTED)), random.nextBoolean());
    }

    private static Step lateChange(boolean linear) {
        return linear ? new Step.AbortWhileOff() : new Step.BackToLinear();
    }

    private Step act() {
        int kind = random.nextInt(40);
        if (kind == 0) {
            return new Step.FourFaults();
        }
        if (kind < 15) {
            return command();
        }
        long iova = IOVAS[random.nextInt(IOVAS.length)];
        return kind < 32 ? new Step.Writes(iova) : new Step.Reads(iova);
    }

    private Step command() {
        long opcode = OPCODES[random.nextInt(OPCODES.length)];
        long sid = random.nextInt(4) == 0 ? random.nextInt(64) : Specimen.SID;
        return switch (random.nextInt(4)) {
            case 0, 1 -> invalidation();
            case 2 -> new Step.Commands(opcode | random.nextInt(4) << 12 | sid << 32, random.nextInt(64));
            default -> new Step.Commands(opcode | sid << 32, 0);
        };
    }

    /** Of much, so that changes before it count. */
    private Step invalidation() {
        Command command = any(List.of(new Command.CfgiAll(), new Command.CfgiSte(Specimen.SID, true),
                new Command.TlbiNsnhAll()));
        return random.nextInt(3) == 0 ? new Step.Commands(0x12 | 1L << 48, Scene.IOVA | 1)
                : new Step.Commands(command.w0(), command.w1());
    }

    private long value(Field field) {
        if (ADDRESSES.contains(field)) {
            return ELSEWHERE[random.nextInt(ELSEWHERE.length)] >>> field.lsb();
        }
        long most = field.mask() >>> field.lsb();
        return switch (random.nextInt(4)) {
            case 0 -> most;
            case 1 -> 1;
            case 2 -> 0;
            default -> random.nextLong() & most;
        };
    }

    private long descriptor() {
        long word = OUTPUTS[random.nextInt(OUTPUTS.length)] | (random.nextInt(3) == 0 ? RW & ~2 : RW);
        int kind = random.nextInt(6);
        if (kind == 0) {
            return word & ~1;
        }
        if (kind == 1) {
            return word & ~0xffcL;
        }
        return kind == 2 ? word : word ^ attribute();
    }

    /** One bit of a descriptor that is no part of the address. */
    private long attribute() {
        if (random.nextBoolean()) {
            return 1L << 6 + random.nextInt(5);         // AP, SH, AF
        }
        int bit = random.nextInt(12 + 14);
        return 1L << (bit < 12 ? bit : 50 + bit - 12);
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
