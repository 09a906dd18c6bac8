// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextRulesTest {
    private static final String HEAD = TextRules.LICENCE + "\n";

    @Test
    void aCleanFileIsClean() {
        String text = HEAD + "package a;\n\n/** An A. */\nclass A { }\n";
        assertThat(TextRules.java("A.java", text)).isEmpty();
        assertThat(TextRules.handWritten("A.java", text)).isEmpty();
        assertThat(TextRules.anyText("A.java", text)).isEmpty();
    }

    @Test
    void everyJavaFileBeginsWithTheLicence() {
        assertThat(rules(TextRules.java("A.java", "package a;\n"))).containsExactly("licence A.java");
        assertThat(rules(TextRules.java("A.java", "\n" + HEAD))).containsExactly("licence A.java");
    }

    @Test
    void aLineHas110CharactersAndAnArrowIsOneOfThem() {
        assertThat(TextRules.java("A.java", HEAD + "→".repeat(110) + "\n")).isEmpty();
        String tooLong = HEAD + "→".repeat(111) + "\n";
        assertThat(rules(TextRules.java("A.java", tooLong))).containsExactly("line A.java:2");
    }

    @Test
    void aFileHas500LinesATable800() {
        String table = HEAD + "public static final Layout STE = new Layout(\"STE\", 8);\n";
        assertThat(TextRules.java("A.java", HEAD + "x\n".repeat(499))).isEmpty();
        assertThat(rules(TextRules.java("A.java", HEAD + "x\n".repeat(500)))).containsExactly("file A.java");
        assertThat(TextRules.java("A.java", table + "x\n".repeat(798))).isEmpty();
        assertThat(rules(TextRules.java("A.java", table + "x\n".repeat(799)))).containsExactly("file A.java");
    }

    @Test
    void aLooseEndHasAnIssue() {
        String word = "TO" + "DO";
        assertThat(TextRules.java("A.java", HEAD + "// " + word + " #12: PRI\n")).isEmpty();
        for (String line : List.of("// " + word + ": PRI\n", "// FIX" + "ME\n")) {
            assertThat(rules(TextRules.java("A.java", HEAD + line))).containsExactly("todo A.java:2");
        }
    }

    @Test
    void noTabsNoTrailingBlanksAndALastLineThatEnds() {
        assertThat(rules(TextRules.handWritten("a.md", "x\n\ty\n"))).containsExactly("tab a.md:2");
        assertThat(rules(TextRules.handWritten("a.md", "x \n"))).containsExactly("blank a.md:1");
        assertThat(rules(TextRules.handWritten("a.md", "x"))).containsExactly("blank a.md");
        assertThat(TextRules.handWritten("a.md", "")).isEmpty();
    }

    @Test
    void noFileNamesARegistry() {
        String address = String.join(".", "https://Repo", "Maven", "apache", "org") + "/maven2";
        assertThat(rules(TextRules.anyText("pom.xml", address))).containsExactly("registry pom.xml");
    }

    @Test
    void noFileIsLargerThan200Kilobytes() {
        assertThat(TextRules.size("a.bin", 200_000)).isEmpty();
        assertThat(rules(TextRules.size("a.bin", 200_001))).containsExactly("size a.bin");
    }

    private static List<String> rules(List<Finding> found) {
        return found.stream().map(finding -> finding.rule() + " " + finding.where()).toList();
    }
}
