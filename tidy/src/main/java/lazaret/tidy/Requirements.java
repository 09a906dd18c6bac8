// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lazaret.tidy.Tags.Tag;

/** The numbered rules of the kernel code and, from the {@code @req} tags, the places where they live. */
record Requirements(Map<String, Rule> rules) {
    /** @param missing why it has no place, or what of it has none; empty if nothing is missing */
    record Rule(String weight, String text, String missing) { }

    private static final Pattern LINE = Pattern.compile("(R\\d+) ([MSO]) ([^|]*[^| ])(?: \\| (.+))?");

    static Requirements parse(String text) {
        var rules = new LinkedHashMap<String, Rule>();
        for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException("no rule: " + line);
            }
            String missing = parts.group(4) == null ? "" : parts.group(4);
            rules.put(parts.group(1), new Rule(parts.group(2), parts.group(3), missing));
        }
        return new Requirements(rules);
    }

    /** Tags of rules that nobody knows, and rules without a place that do not say why. */
    List<Finding> check(List<Source> sources) {
        var places = places(sources);
        var found = new ArrayList<Finding>();
        places.forEach((number, where) -> {
            if (!rules.containsKey(number)) {
                found.add(new Finding("req", where.first(), number + " is no rule of requirements.txt"));
            }
        });
        rules.forEach((number, rule) -> {
            if (!places.containsKey(number) && rule.missing().isEmpty()) {
                found.add(new Finding("req", number, "has no place and does not say why"));
            }
        });
        return found;
    }

    /** {@code docs/requirements-map.md}: from a rule to its places, and back. */
    String map(List<Source> sources) {
        var places = places(sources);
        var text = new StringBuilder("""
                <!-- Made by tidy from the @req tags and its requirements.txt. Do not edit;
                ./mvnw verify -Dtidy.rewrite=true writes it. -->
                # Where the rules live

                M: must, S: should, O: may.

                | rule | | in short | where |
                |---|---|---|---|
                """);
        rules.forEach((number, rule) -> {
            if (places.containsKey(number)) {
                text.append(row(number, rule, code(places.get(number))));
            }
        });
        text.append("""

                ## Not yet, or not all

                | rule | | in short | what is missing |
                |---|---|---|---|
                """);
        rules.forEach((number, rule) -> text.append(rule.missing().isEmpty() ? ""
                : row(number, rule, rule.missing())));
        text.append("\n## By place\n\n| where | rules |\n|---|---|\n");
        byPlace(places).forEach((where, numbers) -> text.append("| `").append(where).append("` | ")
                .append(String.join(", ", numbers)).append(" |\n"));
        return text.toString();
    }

    private static String row(String number, Rule rule, String last) {
        return "| " + String.join(" | ", number, rule.weight(), rule.text(), last) + " |\n";
    }

    private static String code(TreeSet<String> where) {
        return "`" + String.join("`, `", where) + "`";
    }

    private static Map<String, TreeSet<String>> places(List<Source> sources) {
        var places = new TreeMap<String, TreeSet<String>>(Comparator.comparingInt(Requirements::number)
                .thenComparing(Comparator.naturalOrder()));
        for (Source source : sources) {
            for (Tag tag : Tags.in(source, "req")) {
                for (String number : tag.value().split("[\\s,]+")) {
                    places.computeIfAbsent(number, _ -> new TreeSet<>()).add(tag.where());
                }
            }
        }
        return places;
    }

    private static Map<String, List<String>> byPlace(Map<String, TreeSet<String>> places) {
        var back = new TreeMap<String, List<String>>();
        places.forEach((number, where) -> where.forEach(place ->
                back.computeIfAbsent(place, _ -> new ArrayList<>()).add(number)));
        return back;
    }

    private static int number(String rule) {
        return rule.matches("R\\d+") ? Integer.parseInt(rule.substring(1)) : Integer.MAX_VALUE;
    }
}
