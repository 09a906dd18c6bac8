// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

/**
 * A scenario asks for what makes no sense: its author's mistake, neither a finding nor a bug of Lazaret.
 * Comes out at whoever runs the stage.
 */
public final class Misuse extends RuntimeException {
    Misuse(String what) {
        super(what);
    }
}
