// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The house rules, kept by the whole repository. Each rule's own test shows what it refuses. */
class RepositoryTest {
    private static final Repo REPO = Repo.here();
    private static Allowed allowed;
    private static Requirements requirements;
    private static List<Source> sources;
    private static List<ClassModel> classes;

    @BeforeAll
    static void readEverythingOnce() throws IOException {
        allowed = Allowed.parse(resource("allowed.txt"));
        requirements = Requirements.parse(resource("requirements.txt"));
        var texts = new LinkedHashMap<String, String>();
        REPO.javaFiles().forEach(file -> texts.put(REPO.name(file), Repo.text(file)));
        sources = Source.parse(texts);
        classes = REPO.modules().stream().flatMap(module -> REPO.classModels(module).stream()).toList();
    }

    @Test
    void licenceLinesFilesAndLooseEnds() {
        var found = new ArrayList<Finding>();
        REPO.javaFiles().forEach(file -> found.addAll(TextRules.java(REPO.name(file), Repo.text(file))));
        for (String rule : List.of("licence", "line", "file", "todo")) {
            kept(rule, found.stream().filter(finding -> finding.rule().equals(rule)).toList());
        }
    }

    @Test
    void tabsAndBlanks() {
        var found = new ArrayList<Finding>();
        for (Path file : REPO.files()) {
            String name = REPO.name(file);
            if (name.matches(".*\\.(java|md|xml|editorconfig)|mvnw|lazaret|\\.ci/\\w+|\\.mvn/find-jdk")) {
                found.addAll(TextRules.handWritten(name, Repo.text(file)));
            }
        }
        kept("tab", found);
        kept("blank", found);
    }

    @Test
    void sizesAndRegistries() throws IOException {
        var sizes = new ArrayList<Finding>();
        var registries = new ArrayList<Finding>();
        for (Path file : REPO.files()) {
            sizes.addAll(TextRules.size(REPO.name(file), Files.size(file)));
            String anyBytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            registries.addAll(TextRules.anyText(REPO.name(file), anyBytes));
        }
        kept("size", sizes);
        kept("registry", registries);
    }

    @Test
    void methodsFieldsAndModuleComments() {
        var found = sources.stream().flatMap(source -> SourceRules.check(source).stream()).toList();
        for (String rule : List.of("method", "field", "module")) {
            kept(rule, found.stream().filter(finding -> finding.rule().equals(rule)).toList());
        }
    }

    @Test
    void arrows() {
        String descriptor = "/src/main/java/module-info.java";
        var descriptors = sources.stream().filter(source -> source.name().endsWith(descriptor)).toList();
        assertThat(descriptors).extracting(Source::name).containsExactlyInAnyOrderElementsOf(
                REPO.javaModules().stream().map(module -> module + descriptor).toList());
        kept("arrow", descriptors.stream().flatMap(source -> Arrows.check(source).stream()).toList());
    }

    @Test
    void noModuleIsEmpty() {
        assertThat(REPO.modules()).allSatisfy(module ->
                assertThat(REPO.classModels(module)).as(module).anyMatch(model -> !model.isModuleInfo()));
    }

    @Test
    void packagesAreLayers() {
        kept("cycle", Cycles.check(classes));
    }

    @Test
    void nothingBannedWhereRunsMustRepeat() {
        kept("ban", Bans.MODULES.stream().flatMap(module -> REPO.classModels(module).stream())
                .flatMap(model -> Bans.check(model).stream()).toList());
    }

    @Test
    void noAnswerIsIgnored() {
        kept("errno", everywhere(Results::check, _ -> true));
    }

    @Test
    void noStaticChanges() {
        kept("static", everywhere(State::statics, model -> !Names.of(model).contains(".jmh_generated.")));
    }

    @Test
    void modelledStateLivesInCells() {
        kept("state", everywhere(State::cells, State::isModelled));
    }

    @Test
    void kernelMap() throws IOException {
        upToDate("docs/kernel-map.md", Documents.kernelMap(shipped()));
    }

    @Test
    void modelCoverage() throws IOException {
        upToDate("docs/model-coverage.md", Documents.coverage(shipped()));
    }

    @Test
    void requirementsMap() throws IOException {
        kept("req", requirements.check(shipped()));
        upToDate("docs/requirements-map.md", requirements.map(shipped()));
    }

    private static String resource(String name) throws IOException {
        try (var text = RepositoryTest.class.getResourceAsStream(name)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Source> shipped() {
        return sources.stream().filter(source -> source.name().contains("/src/main/"))
                .filter(source -> !source.name().startsWith("tidy/")).toList();
    }

    private static List<Finding> everywhere(Function<ClassModel, List<Finding>> rule,
            Predicate<ClassModel> where) {
        return classes.stream().filter(where).flatMap(model -> rule.apply(model).stream()).toList();
    }

    private static void kept(String rule, List<Finding> found) {
        var own = found.stream().filter(finding -> finding.rule().equals(rule)).toList();
        var left = allowed.without(rule, own);
        assertThat(left).as("house rule: " + rule)
                .withFailMessage(() -> left.stream().map(Finding::toString).collect(Collectors.joining("\n")))
                .isEmpty();
    }

    private static void upToDate(String name, String wanted) throws IOException {
        Path file = REPO.root().resolve(name);
        if (Boolean.getBoolean("tidy.rewrite")) {
            Files.writeString(file, wanted);
        }
        assertThat(file).as("rewrite it with ./mvnw verify -Dtidy.rewrite=true").exists().hasContent(wanted);
    }
}
