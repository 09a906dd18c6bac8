// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.nio.file.Path;

/** A file is not what it should be; the message says which, where in it, and what was expected. */
public final class BadInput extends RuntimeException {
    /** The file as a whole. */
    public BadInput(Path file, String expected) {
        super(file + ": expected " + expected);
    }

    /** @param line from 1 */
    public BadInput(Path file, int line, String expected) {
        super(file + ":" + line + ": expected " + expected);
    }
}
