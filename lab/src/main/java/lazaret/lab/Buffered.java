// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

/** A scenario on CPUs with store buffers. */
public record Buffered(Scenario of) implements Scenario {
    /** How its name ends. */
    public static final String SUFFIX = "+store-buffer";
    /** Two are enough to overtake one another. */
    private static final int STORES = 2;

    @Override
    public String name() {
        return of.name() + SUFFIX;
    }

    @Override
    public String line() {
        return of.line();
    }

    @Override
    public void stage(Lab lab) {
        lab.storeBuffers(STORES);
        of.stage(lab);
    }
}
