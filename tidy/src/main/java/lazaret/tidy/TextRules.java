// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What can be seen in a text without understanding it. */
final class TextRules {
    static final int LONGEST_LINE = 110;
    static final int LONGEST_FILE = 500;
    /** A file that declares a layout is a table, transcribed in the manual's order, and may be longer. */
    static final int LONGEST_TABLE = 800;
    static final int LARGEST_FILE = 200_000;
    static final String LICENCE = "// SPDX-License-Identifier: Apache-2.0";

    private static final Pattern LAYOUT = Pattern.compile("static final Layout \\w+ = new Layout\\(");
    private static final Pattern LOOSE_END =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b(?!.*#\\d)");

    /** Put together here, because this file is searched for them as well. */
    private static final List<String> REGISTRIES = List.of(
            host("repo", "maven", "apache", "org"), host("repo1", "maven", "org"),
            host("search", "maven", "org"), host("central", "sonatype", "com"),
            host("oss", "sonatype", "org"), host("plugins", "gradle", "org"),
            host("jcenter", "bintray", "com"), host("jitpack", "io"),
            host("registry", "npmjs", "org"), host("pypi", "org"), host("files", "pythonhosted", "org"),
            host("crates", "io"), host("proxy", "golang", "org"), host("deb", "debian", "org"));

    private TextRules() { }

    private static String host(String... parts) {
        return String.join(".", parts);
    }

    /** For every text of ours, whatever its language. */
    static List<Finding> anyText(String name, String text) {
        var found = new ArrayList<Finding>();
        String small = text.toLowerCase(Locale.ROOT);
        for (String host : REGISTRIES) {
            if (small.contains(host)) {
                found.add(new Finding("registry", name, "names " + host + "; see docs/decisions/0003"));
            }
        }
        return found;
    }

    /** For what is written by hand: sources, scripts, documents. */
    static List<Finding> handWritten(String name, String text) {
        var found = new ArrayList<Finding>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String where = name + ":" + (i + 1);
            if (lines[i].indexOf('\t') >= 0) {
                found.add(new Finding("tab", where, "a tab"));
            }
            if (!lines[i].equals(lines[i].stripTrailing())) {
                found.add(new Finding("blank", where, "trailing blanks"));
            }
        }
        if (!text.isEmpty() && !text.endsWith("\n")) {
            found.add(new Finding("blank", name, "the last line does not end"));
        }
        return found;
    }

    static List<Finding> java(String name, String text) {
        var found = new ArrayList<Finding>();
        if (!text.startsWith(LICENCE + "\n")) {
            found.add(new Finding("licence", name, "does not begin with " + LICENCE));
        }
        List<String> lines = text.lines().toList();
        int most = LAYOUT.matcher(text).find() ? LONGEST_TABLE : LONGEST_FILE;
        if (lines.size() > most) {
            found.add(new Finding("file", name, lines.size() + " lines, at most " + most));
        }
        for (int i = 0; i < lines.size(); i++) {
            String where = name + ":" + (i + 1);
            int length = lines.get(i).codePointCount(0, lines.get(i).length());
            if (length > LONGEST_LINE) {
                found.add(new Finding("line", where, length + " characters, at most " + LONGEST_LINE));
            }
            if (LOOSE_END.matcher(lines.get(i)).find()) {
                found.add(new Finding("todo", where, "a loose end without the number of its issue (#12)"));
            }
        }
        return found;
    }

    static List<Finding> size(String name, long bytes) {
        return bytes <= LARGEST_FILE ? List.of() : List.of(new Finding("size", name, bytes + " bytes"));
    }
}
