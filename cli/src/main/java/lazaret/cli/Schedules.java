// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import lazaret.explore.Schedule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The schedules that runs of a sample are made by, in turn, as said on the command line. */
record Schedules(List<Schedule> all) {
    static final String USUAL = "random,pct";
    static final String HELP = "random: every step equally likely; pct: priorities that change at a few "
            + "random steps; pos: steps that race are reordered; surw: every order in which something shared "
            + "is touched equally likely; straight: none of it.";

    /** {@code random,pct} to schedules. */
    static final class Converter implements ITypeConverter<Schedules> {
        @Override
        public Schedules convert(String said) {
            return new Schedules(Arrays.stream(said.split(",")).map(Converter::one).toList());
        }

        private static Schedule one(String name) {
            return Arrays.stream(Schedule.values())
                    .filter(s -> s.name().equalsIgnoreCase(name.strip())).findFirst()
                    .orElseThrow(() -> new TypeConversionException("there is no schedule \"" + name
                            + "\"; there are " + String.join(", ", Arrays.stream(Schedule.values())
                                    .map(s -> s.name().toLowerCase(Locale.ROOT)).toList())));
        }
    }
}
