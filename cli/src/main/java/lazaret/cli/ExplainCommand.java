// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import lazaret.lab.HardwareKnobs;
import lazaret.lab.oracle.Property;
import lazaret.smmuv3.Knob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret explain P1}: a property in words. {@code explain hardware}: what an SMMU may choose. */
@Command(name = "explain", mixinStandardHelpOptions = true,
        description = "What a property says, what it watches, and what it does not claim; or what hardware"
                + " may choose, and where that matters.",
        footer = {"", "Exit codes: 0 shown, 64 wrong input.", "",
                "Examples:", "  lazaret explain P1", "  lazaret explain hardware"})
final class ExplainCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "WHAT",
            description = "P1 … P14, or hardware; without one, a line for each property.")
    private String name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        if (name == null) {
            Arrays.stream(Property.values()).forEach(p -> out.println(Text.entry(p + " " + p.title(),
                    p.statement())));
            return Exit.UPHELD;
        }
        if (name.equalsIgnoreCase("hardware")) {
            HardwareKnobs.all().forEach(knob -> out.println(text(knob)));
            return Exit.UPHELD;
        }
        Property property = find();
        out.println(property + " " + property.title());
        out.println(Text.paragraph("Says", property.statement()));
        out.println(Text.paragraph("Watches", property.watches()));
        out.println(Text.paragraph("Does not claim", property.noClaim()));
        return Exit.UPHELD;
    }

    private static String text(Knob knob) {
        String section = knob.section().isEmpty() ? "not architected" : knob.section();
        String choice = knob.standard() + " (of: " + knob.values() + ")";
        return Text.entry(knob.name() + ": " + choice,
                knob.line() + "; " + section + "; matters in " + knob.matters());
    }

    private Property find() {
        for (Property p : Property.values()) {
            if (p.name().equals(name.toUpperCase(Locale.ROOT)) || p.title().equalsIgnoreCase(name)) {
                return p;
            }
        }
        throw new Refusal("there is no property \"" + name
                + "\"; lazaret explain lists them, and there is hardware");
    }
}
