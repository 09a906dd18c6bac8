// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lazaret.machine.Field;
import lazaret.machine.Layout;

/** The vector files, and the SMMU they are about. */
final class Vectors {
    static final Idr IDR = Idr.NOTHING
            .with(Idr0.S1P, 1).with(Idr0.S2P, 1).with(Idr0.TTF, 2).with(Idr0.ATS, 1).with(Idr0.PRI, 1)
            .with(Idr0.HTTU, 2).with(Idr0.ASID16, 1).with(Idr0.VMID16, 1).with(Idr0.CD2L, 1)
            .with(Idr0.ST_LEVEL, 1).with(Idr0.HYP, 1).with(Idr0.ATSRECERR, 1)
            .with(Idr1.SIDSIZE, 16).with(Idr1.SSIDSIZE, 10)
            .with(Idr3.XNX, 1).with(Idr3.RIL, 1)
            .with(Idr5.OAS, 5).with(Idr5.GRAN4K, 1).with(Idr5.GRAN16K, 1).with(Idr5.GRAN64K, 1);

    private static final List<Layout> ID_REGISTERS = List.of(Idr0.IDR0, Idr1.IDR1, Idr3.IDR3, Idr5.IDR5);

    private Vectors() { }

    /** The lines of a file that say something, split at blanks. */
    static List<String[]> lines(String file) {
        try (var in = new BufferedReader(new InputStreamReader(
                Vectors.class.getResourceAsStream("/" + file), StandardCharsets.UTF_8))) {
            return in.lines().filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.trim().split("\\s+")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long hex(String number) {
        return Long.parseUnsignedLong(number, 16);
    }

    /** {@link #IDR} with {@code NAME=value} changed, if that names a field of an ID register. */
    static Idr idr(String difference) {
        for (Layout register : ID_REGISTERS) {
            for (Field field : register.fields()) {
                if (difference.startsWith(field.name() + "=")) {
                    return IDR.with(field, value(difference));
                }
            }
        }
        return IDR;
    }

    static long value(String assignment) {
        return hex(assignment.substring(assignment.indexOf('=') + 1));
    }

    static Field field(Layout layout, String name) {
        return layout.fields().stream().filter(f -> f.name().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError(layout.name() + " has no " + name));
    }
}
