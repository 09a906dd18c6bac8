// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.SplittableRandom;

/**
 * Random runs, none like another: at each decision anybody, or whoever is first in an order that changes now
 * and then, so that some are held up for long. What a search learns from them it need not find out by
 * beginning again.
 */
final class Sampler implements Engine {
    private static final int ORDERS = 4;
    private static final int PATIENCE = 200;

    private final Names names;
    private SplittableRandom random = new SplittableRandom(0);
    private boolean ordered;
    private long order;

    Sampler(Names names) {
        this.names = names;
    }

    /** The next run is the one of this number. */
    void begin(int run) {
        random = new SplittableRandom(run);
        ordered = run % ORDERS != 0;
        order = random.nextLong();
    }

    @Override
    public boolean wantsFootprints() {
        return true;
    }

    @Override
    public boolean wantsKeys() {
        return false;
    }

    @Override
    public boolean everyPoint() {
        return true;
    }

    @Override
    public int first(int n) {
        return random.nextInt(n);
    }

    @Override
    public int arrive(Path path, Node node) {
        if (!ordered) {
            return random.nextInt(node.n);
        }
        if (random.nextInt(PATIENCE) == 0) {
            order = random.nextLong();
        }
        int best = 0;
        for (int i = 1; i < node.n; i++) {
            best = rank(node.enabled[i]) < rank(node.enabled[best]) ? i : best;
        }
        return best;
    }

    private long rank(int code) {
        return (names.kin(code) ^ order) * order;
    }

    @Override
    public void stepped(Path path) {
        // the next node asks for it
    }

    @Override
    public int again(Path path, Node node) {
        return -1;
    }

    @Override
    public boolean prunesRetries() {
        return false;
    }
}
