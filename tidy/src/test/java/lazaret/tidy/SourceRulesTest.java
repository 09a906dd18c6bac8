// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceRulesTest {
    @Test
    void aMethodHas60Lines() {
        assertThat(SourceRules.check(method(60))).isEmpty();
        assertThat(SourceRules.check(method(61))).singleElement()
                .hasToString("method  A.java:4  run has 61 lines, at most 60");
    }

    @Test
    void aDocCommentIsNotTheMethod() {
        var source = Source.of("A.java", "class A {\n/**\n" + " * x\n".repeat(80) + " */\nvoid run() { } }");
        assertThat(SourceRules.check(source)).isEmpty();
    }

    @Test
    void aFieldIsCalledAsTheManualCallsIt() {
        assertThat(SourceRules.check(table("S1CTXPTR", "S1ContextPtr"))).singleElement()
                .hasToString("field  A.java:2  S1CTXPTR is called \"S1ContextPtr\"");
        assertThat(SourceRules.check(table("S1CTXPTR", "S1ContextPtr".replace("ontext", "tx")))).isEmpty();
        assertThat(SourceRules.check(table("STE_CONFIG", "SteConfig"))).isEmpty();
        assertThat(SourceRules.check(table("A_TAG", "AT"))).hasSize(1);
    }

    @Test
    void aModuleTellsWhatItIs() {
        assertThat(SourceRules.check(Source.of("module-info.java", "module lazaret.a { }"))).singleElement()
                .extracting(Finding::rule).isEqualTo("module");
        var told = Source.of("module-info.java", "/** An A. */\nmodule lazaret.a { }");
        assertThat(SourceRules.check(told)).isEmpty();
    }

    private static Source method(int lines) {
        String body = "x();\n".repeat(lines - 2);
        return Source.of("A.java", "class A {\n/** Runs. */\n\nvoid run() {\n" + body + "}\n}\n");
    }

    private static Source table(String constant, String name) {
        return Source.of("A.java", """
                class A {
                    public static final Field %s = STE.bits("%s", 0, 51, 6);
                }
                """.formatted(constant, name));
    }
}
