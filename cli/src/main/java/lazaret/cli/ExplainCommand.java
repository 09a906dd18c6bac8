// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import lazaret.lab.oracle.Property;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret explain P1}: a property in words. */
@Command(name = "explain", mixinStandardHelpOptions = true,
        description = "What a property says, what it watches, and what it does not claim.")
final class ExplainCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "PROPERTY",
            description = "P1 … P14; without one, a line for each.")
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
        Property property = find();
        out.println(property + " " + property.title());
        out.println(Text.paragraph("Says", property.statement()));
        out.println(Text.paragraph("Watches", property.watches()));
        out.println(Text.paragraph("Does not claim", property.noClaim()));
        return Exit.UPHELD;
    }

    private Property find() {
        for (Property p : Property.values()) {
            if (p.name().equals(name.toUpperCase(Locale.ROOT)) || p.title().equalsIgnoreCase(name)) {
                return p;
            }
        }
        throw new Refusal("there is no property \"" + name + "\"; lazaret explain lists them");
    }
}
