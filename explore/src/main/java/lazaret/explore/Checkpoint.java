// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Where an exploration is written down, so that another process goes on with it if this one is killed.
 *
 * @param file     replaced each time, whole or not at all; gone when the exploration is complete
 * @param settings what must be the same to go on: the program, how it is explored, the build
 * @param due      is it time to write? Asked between runs
 * @param resumes  go on with what the file says, or begin
 */
public record Checkpoint(Path file, String settings, BooleanSupplier due, boolean resumes) {
    /** The file is none, cannot be written, was changed, or tells of an exploration with other settings. */
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }
}
