// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Version of the architecture: minor 2 is SMMUv3.2.
 *
 * @spec IHI0070 6.3
 */
public final class Aidr {
    public static final Layout AIDR = new Layout("AIDR", 1);

    public static final Field MINOR = AIDR.bits("Minor", 0, 3, 0);
    public static final Field MAJOR = AIDR.bits("Major", 0, 7, 4);

    private Aidr() {
    }
}
