// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import lazaret.tidy.Tags.Tag;

/** The documents that are made from the sources and never written by hand. */
final class Documents {
    private static final String MADE = """
            <!-- Made by tidy from the %s tags. Do not edit; ./mvnw verify -Dtidy.rewrite=true writes it. -->
            """;

    private Documents() { }

    /** {@code docs/kernel-map.md}: where to find what the kernel calls so. */
    static String kernelMap(List<Source> sources) {
        var places = new TreeMap<String, TreeSet<String>>();
        for (Tag tag : tags(sources, "kernel")) {
            for (String symbol : tag.value().split("[\\s,]+")) {
                places.computeIfAbsent(symbol, _ -> new TreeSet<>()).add(tag.where());
            }
        }
        var text = new StringBuilder(MADE.formatted("@kernel"));
        text.append("# Where the kernel's names are\n\n| Linux | Lazaret |\n|---|---|\n");
        places.forEach((symbol, where) -> text.append("| `").append(symbol).append("` | `")
                .append(String.join("`, `", where)).append("` |\n"));
        return text.toString();
    }

    /**
     * {@code docs/model-coverage.md}: which sections of which manual are here, and what of them is refused.
     */
    static String coverage(List<Source> sources) {
        Map<String, List<Tag>> manuals = new TreeMap<>();
        for (Tag tag : tags(sources, "spec")) {
            manuals.computeIfAbsent(tag.value().split("\\s+")[0], _ -> new ArrayList<>()).add(tag);
        }
        var text = new StringBuilder(MADE.formatted("@spec"));
        text.append("""
                # What is modelled of which manual

                The last column holds the fields declared as tags: known and not modelled. Reading one is
                fine; who would have to act on a value other than zero refuses, and the run is inconclusive.
                """);
        manuals.forEach((manual, tags) -> {
            text.append("\n## ").append(manual).append("\n\n");
            text.append("| section | Lazaret | refused |\n|---|---|---|\n");
            tags.sort(Comparator.comparing((Tag tag) -> sortable(section(tag))).thenComparing(Tag::where));
            for (Tag tag : tags) {
                text.append("| ").append(section(tag)).append(" | `").append(tag.where()).append("` | ")
                        .append(String.join(", ", tag.tagged())).append(" |\n");
            }
        });
        return text.toString();
    }

    private static List<Tag> tags(List<Source> sources, String name) {
        return sources.stream().flatMap(source -> Tags.in(source, name).stream()).toList();
    }

    private static String section(Tag tag) {
        String[] parts = tag.value().split("\\s+", 2);
        return parts.length < 2 ? "" : parts[1];
    }

    /** Section numbers in the order of the manual: 6.3.9 before 6.3.10. */
    private static String sortable(String section) {
        var text = new StringBuilder();
        for (String part : section.split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)")) {
            text.append(part.matches("\\d+") ? "0".repeat(Math.max(0, 6 - part.length())) + part : part);
        }
        return text.toString();
    }
}
