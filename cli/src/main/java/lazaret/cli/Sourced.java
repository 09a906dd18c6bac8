// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Chip;
import lazaret.lab.Scenario;
import lazaret.lab.Stage;
import lazaret.machine.Unmodelled;
import lazaret.qemu.QemuFailure;

/**
 * A scenario and where it came from.
 *
 * @param file the user's own file, or null for the library's
 */
record Sourced(Scenario scenario, Path file) {
    /** Wires and boots it. What a user's own file does wrong there is the user's to mend, not a crash. */
    Stage stage(SmmuDesign design) {
        return stage(() -> Stage.of(scenario, design));
    }

    /** The same on an SMMU of the caller's, which may refuse what it cannot do. */
    Stage stage(SmmuDesign design, Chip.Maker chips) {
        return stage(() -> Stage.of(scenario, design, chips));
    }

    private Stage stage(Supplier<Stage> made) {
        if (file == null) {
            return made.get();
        }
        try {
            return made.get();
        } catch (Unmodelled | QemuFailure refusal) {
            throw refusal;
        } catch (RuntimeException failure) {
            throw new Refusal(file + where(failure) + ": " + failure.getMessage());
        }
    }

    /** Its name, and for a user's own file what is in it. */
    String identity() {
        try {
            return file == null ? scenario.name()
                    : scenario.name() + " " + Integer.toHexString(Files.readString(file).hashCode());
        } catch (IOException failure) {
            throw new Refusal(file + ": " + failure.getMessage());
        }
    }

    /** Which line of a user's own file led there, as {@code MyScenario.java:12}; null if none did. */
    static String line(Throwable failure) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getFileName() != null && frame.getModuleName() == null
                    && !frame.getClassName().startsWith("lazaret.")) {
                return frame.getFileName() + ":" + frame.getLineNumber();
            }
        }
        return null;
    }

    private String where(RuntimeException failure) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (file.getFileName().toString().equals(frame.getFileName())) {
                return ":" + frame.getLineNumber();
            }
        }
        return "";
    }
}
