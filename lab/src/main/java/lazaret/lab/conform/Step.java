// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import lazaret.machine.Field;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Ste;

/** One line of a case: something that is changed in a {@link Scene}, or something that is done in it. */
public sealed interface Step {
    /** In memory or, before the SMMU is switched on, in a register. */
    sealed interface Change extends Step {
        void in(Scene scene);
    }

    /** It comes to something. The SMMU is on then, unless it was switched off. */
    sealed interface Act extends Step {
        Seen in(Scene scene);
    }

    String text();

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** One field of the stream's STE. */
    record InSte(Field field, long value) implements Change {
        @Override
        public void in(Scene scene) {
            scene.ste(field, value);
        }

        @Override
        public String text() {
            return "STE." + field.name() + " = " + hex(value);
        }
    }

    /** One field of its CD. */
    record InCd(Field field, long value) implements Change {
        @Override
        public void in(Scene scene) {
            scene.cd(field, value);
        }

        @Override
        public String text() {
            return "CD." + field.name() + " = " + hex(value);
        }
    }

    /** A descriptor. */
    record InTable(Place place, long word) implements Change {
        /** Which: of the page or of the hole, at its last level or above. */
        public enum Place { PAGE_L3, HOLE_L3, HOLE_L2, BLOCK_L2, BLOCK_L1 }

        @Override
        public void in(Scene scene) {
            switch (place) {
                case PAGE_L3 -> scene.page(word);
                case HOLE_L3 -> scene.hole(word);
                case HOLE_L2 -> scene.holeTable(word);
                case BLOCK_L2 -> scene.level2(2, word);
                case BLOCK_L1 -> scene.level1(0x42, word);
            }
        }

        @Override
        public String text() {
            return "descriptor " + place + " = " + hex(word);
        }
    }

    /** A stage 2 whose tables lead everywhere, or nowhere. */
    record Stage2(Ste.Config config, boolean full) implements Change {
        @Override
        public void in(Scene scene) {
            scene.config(config);
            scene.stage2(full);
        }

        @Override
        public String text() {
            return "STE.Config = " + config + ", stage 2 of 39 bits that maps "
                    + (full ? "memory" : "nothing");
        }
    }

    /** A stream table of two levels. */
    record TwoLevels(int span) implements Change {
        @Override
        public void in(Scene scene) {
            scene.twoLevels(span);
        }

        @Override
        public String text() {
            return "stream table of two levels, span " + span;
        }
    }

    /** The event queue has 2<sup>log2</sup> entries. */
    record EventQueueOf(int log2) implements Change {
        @Override
        public void in(Scene scene) {
            scene.eventQueue(log2);
        }

        @Override
        public String text() {
            return "event queue of " + (1 << log2);
        }
    }

    /** Traffic is aborted while the SMMU is off. */
    record AbortWhileOff() implements Change {
        @Override
        public void in(Scene scene) {
            scene.disable();
            scene.abortAll();
        }

        @Override
        public String text() {
            return "CR0.SMMUEN = 0, GBPA.ABORT = 1";
        }
    }

    /** The SMMU is switched off, its stream table becomes linear, and it is on again with nothing cached. */
    record BackToLinear() implements Change {
        @Override
        public void in(Scene scene) {
            scene.disable();
            scene.oneLevel();
            scene.enable();
            scene.command(new Command.CfgiAll().w0(), new Command.CfgiAll().w1());
        }

        @Override
        public String text() {
            return "off, STRTAB_BASE_CFG.FMT = 0 and a linear table, on, CFGI_ALL";
        }
    }

    /** A command, and what became of it. */
    record Commands(long w0, long w1) implements Act {
        @Override
        public Seen in(Scene scene) {
            return scene.command(w0, w1);
        }

        @Override
        public String text() {
            return "command " + Command.decode(w0, w1).text() + " (" + hex(w0) + " " + hex(w1) + ")";
        }
    }

    /** The command queue is where there is no memory. */
    record CommandsFromNowhere() implements Act {
        @Override
        public Seen in(Scene scene) {
            return scene.commandsFromNowhere();
        }

        @Override
        public String text() {
            return "a command from a queue where there is no memory";
        }
    }

    /** A write of the device. */
    record Writes(long iova) implements Act {
        @Override
        public Seen in(Scene scene) {
            return scene.writes(iova);
        }

        @Override
        public String text() {
            return "write to " + hex(iova);
        }
    }

    /** A read of the device. */
    record Reads(long iova) implements Act {
        @Override
        public Seen in(Scene scene) {
            return scene.reads(iova);
        }

        @Override
        public String text() {
            return "read from " + hex(iova);
        }
    }

    /** Four writes to where nothing is mapped, of which nobody takes the records. */
    record FourFaults() implements Act {
        @Override
        public Seen in(Scene scene) {
            return scene.fourFaults();
        }

        @Override
        public String text() {
            return "four writes to where nothing is mapped";
        }
    }
}
