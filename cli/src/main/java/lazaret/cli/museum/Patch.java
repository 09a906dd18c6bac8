// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A change of files in the form of {@code diff -u}: as much of that form as changes of existing files need.
 * Files neither come nor go.
 *
 * @param files hunks by the name of the file they change, in the order in which they stand there
 */
record Patch(Map<String, List<Hunk>> files) {
    private static final Pattern FILE = Pattern.compile("\\+\\+\\+ b/(\\S+).*");
    private static final Pattern HUNK = Pattern.compile("@@ -(\\d+)(?:,\\d+)? \\+\\d+(?:,\\d+)? @@.*");

    /** @throws Misfit when that is no patch */
    static Patch parse(String text) {
        Map<String, List<Hunk>> files = new LinkedHashMap<>();
        List<Hunk> hunks = null;
        Hunk open = null;
        for (String line : text.lines().toList()) {
            Matcher file = FILE.matcher(line);
            Matcher hunk = HUNK.matcher(line);
            if (file.matches()) {
                hunks = files.computeIfAbsent(file.group(1), _ -> new ArrayList<>());
                open = null;
            } else if (hunk.matches() && hunks != null) {
                open = new Hunk(hunks.size() + 1, Integer.parseInt(hunk.group(1)) - 1, new ArrayList<>(),
                        new ArrayList<>());
                hunks.add(open);
            } else if (!line.startsWith("--- ")) {
                take(line, open);
            }
        }
        if (files.isEmpty()) {
            throw new Misfit("no file is changed");
        }
        return new Patch(files);
    }

    private static void take(String line, Hunk open) {
        char sign = line.isEmpty() ? ' ' : line.charAt(0);
        if (open == null || " -+".indexOf(sign) < 0) {
            throw new Misfit("no line of a patch: " + line);
        }
        String rest = line.isEmpty() ? line : line.substring(1);
        if (sign != '+') {
            open.before().add(rest);
        }
        if (sign != '-') {
            open.after().add(rest);
        }
    }

    /**
     * The files as they are with the change.
     *
     * @param source text of a file by its name
     * @throws Misfit when a hunk does not fit
     */
    Map<String, String> apply(Function<String, String> source) {
        Map<String, String> changed = new LinkedHashMap<>();
        files.forEach((file, hunks) -> {
            List<String> lines = new ArrayList<>(source.apply(file).lines().toList());
            int from = 0;
            for (Hunk hunk : hunks) {
                from = hunk.apply(lines, from, file);
            }
            changed.put(file, String.join("\n", lines) + "\n");
        });
        return changed;
    }
}
