// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PatchTest {
    private static final String CHANGE = """
            --- a/x/A.java
            +++ b/x/A.java
            @@ -2,3 +2,3 @@
             two
            -three
            +THREE
             four
            """;

    private static String changed(String source) {
        return Patch.parse(CHANGE).apply(_ -> source).get("x/A.java");
    }

    @Test
    void lines_change_where_the_patch_says() {
        assertThat(changed("one\ntwo\nthree\nfour\n")).isEqualTo("one\ntwo\nTHREE\nfour\n");
    }

    @Test
    void a_change_is_found_again_where_lines_came_above_it() {
        assertThat(changed("a\nb\none\ntwo\nthree\nfour\n")).isEqualTo("a\nb\none\ntwo\nTHREE\nfour\n");
    }

    @Test
    void a_second_hunk_looks_behind_the_first() {
        String both = CHANGE + "@@ -6,1 +6,2 @@\n two\n+more\n";

        assertThat(Patch.parse(both).apply(_ -> "one\ntwo\nthree\nfour\n\ntwo\n").get("x/A.java"))
                .isEqualTo("one\ntwo\nTHREE\nfour\n\ntwo\nmore\n");
    }

    @Test
    void lines_that_are_gone_are_named_with_file_and_hunk() {
        assertThatThrownBy(() -> changed("one\ntwo\n3\nfour\n")).isInstanceOf(Misfit.class)
                .hasMessage("x/A.java, hunk 1 (line 2): no such lines any more");
    }

    @Test
    void lines_that_stand_in_two_places_are_not_guessed() {
        String twice = "a\ntwo\nthree\nfour\ntwo\nthree\nfour\n";

        assertThat(changed(twice)).startsWith("a\ntwo\nTHREE\nfour\ntwo\nthree");
        assertThatThrownBy(() -> changed("a\n" + twice)).hasMessageContaining("fits in 2 places");
    }

    @Test
    void an_empty_line_of_a_patch_is_an_empty_line_of_the_file() {
        String patch = "--- a/x/A.java\n+++ b/x/A.java\n@@ -1,2 +1,2 @@\n-one\n+ONE\n\n";

        assertThat(Patch.parse(patch).apply(_ -> "one\n\ntwo\n").get("x/A.java")).isEqualTo("ONE\n\ntwo\n");
    }

    @Test
    void what_is_no_patch_is_refused() {
        assertThatThrownBy(() -> Patch.parse("hello\n")).isInstanceOf(Misfit.class);
        assertThatThrownBy(() -> Patch.parse("")).hasMessage("no file is changed");
    }
}
