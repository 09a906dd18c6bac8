// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long something may take: {@code 30s}, {@code 10m}, {@code 2h}. */
record Budget(Duration time) {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})(s|m|h)");

    static final class Converter implements ITypeConverter<Budget> {
        @Override
        public Budget convert(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new TypeConversionException("\"" + text + "\" is no time; write 30s, 10m or 2h");
            }
            long n = Long.parseLong(form.group(1));
            return new Budget(switch (form.group(2)) {
                case "s" -> Duration.ofSeconds(n);
                case "m" -> Duration.ofMinutes(n);
                default -> Duration.ofHours(n);
            });
        }
    }
}
