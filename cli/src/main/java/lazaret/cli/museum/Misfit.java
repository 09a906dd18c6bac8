// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

/** A piece of the museum that cannot be shown: its patch no longer fits, or its card is not as it must be. */
public final class Misfit extends RuntimeException {
    Misfit(String message) {
        super(message);
    }
}
