// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedTest {
    private static final Finding HERE = new Finding("line", "a/A.java:7", "120 characters");
    private static final Finding THERE = new Finding("line", "a/B.java:7", "120 characters");

    @Test
    void anExceptionTakesOutItsFindingAndNoOther() {
        var allowed = Allowed.parse("# why\n\nline a/A.java: the golden text of a log\n");
        assertThat(allowed.without("line", List.of(HERE, THERE))).containsExactly(THERE);
    }

    @Test
    void anExceptionNobodyNeedsIsAFinding() {
        var allowed = Allowed.parse("line a/A.java: the golden text of a log\nban x.Y: it measures\n");
        assertThat(allowed.without("line", List.of())).extracting(Finding::rule).containsExactly("allowed");
    }

    @Test
    void anExceptionHasAReason() {
        assertThatThrownBy(() -> Allowed.parse("line a/A.java: ")).hasMessageContaining("without a reason");
    }
}
