// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownCommandsTest {
    private static final long W0 = 0x0007_0000_0000_0012L;
    private static final long W1 = 0x1234_5001L;

    private final KnownCommands known = new KnownCommands();

    @Test
    void whatWasLearntIsFound() {
        assertThat(known.find(W0, W1)).isNull();
        KnownCommands.Known learnt = known.learn(W0, W1, Command.decode(W0, W1), true);
        assertThat(known.find(W0, W1)).isSameAs(learnt);
        assertThat(learnt.legal()).isTrue();
    }

    @Test
    void oneBitMakesAnotherCommand() {
        known.learn(W0, W1, Command.decode(W0, W1), true);
        for (int bit = 0; bit < 64; bit++) {
            assertThat(known.find(W0 ^ 1L << bit, W1)).as("bit %d of word 0", bit).isNull();
            assertThat(known.find(W0, W1 ^ 1L << bit)).as("bit %d of word 1", bit).isNull();
        }
        assertThat(known.find(0, 0)).isNull();
    }

    @Test
    void manyCommandsAreNotTakenForEachOther() {
        for (long page = 0; page < 1000; page++) {
            long w1 = page << 12 | 1;
            known.learn(W0, w1, Command.decode(W0, w1), page % 2 == 0);
            assertThat(known.find(W0, w1).command()).isEqualTo(Command.decode(W0, w1));
        }
        int kept = 0;
        for (long page = 0; page < 1000; page++) {
            KnownCommands.Known found = known.find(W0, page << 12 | 1);
            if (found != null) {
                assertThat(found.legal()).isEqualTo(page % 2 == 0);
                kept++;
            }
        }
        assertThat(kept).isBetween(1, 64);
    }
}
