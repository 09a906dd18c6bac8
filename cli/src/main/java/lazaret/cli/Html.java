// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lazaret.explore.Causes;
import lazaret.lab.Constraint;
import lazaret.lab.Counterexample;
import lazaret.lab.Explained;
import lazaret.lab.Film;
import lazaret.lab.Neighbours;
import lazaret.lab.Odds;
import lazaret.lab.Stage;
import lazaret.lab.Teller;
import lazaret.lab.oracle.Violation;
import lazaret.lab.story.Line;
import lazaret.lab.story.Moment;
import lazaret.lab.story.Swimlanes;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A finding as one page that needs nothing else: no network, no file beside it. */
final class Html {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final String scenario;
    private final String design;
    private final Explained explained;
    private final Counterexample example;
    private final JsonGenerator json;
    private final Set<Integer> told = new LinkedHashSet<>();

    private Html(String scenario, String design, Explained explained, JsonGenerator json) {
        this.scenario = scenario;
        this.design = design;
        this.explained = explained;
        this.example = explained.example();
        this.json = json;
    }

    /** @param line the run as a replay line */
    static String page(Stage stage, Explained explained, Film film, Odds odds, String line) {
        var data = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), data)) {
            new Html(stage.scenario().name(), stage.design().name(), explained, json).write(film, odds, line);
        }
        return resource("story.html").replace("/*CSS*/", resource("story.css"))
                .replace("/*JS*/", resource("story.js"))
                .replace("/*DATA*/", data.toString().replace("<", "\\u003c"));
    }

    private void write(Film film, Odds odds, String line) {
        Violation v = example.finding().violation();
        json.writeStartObject();
        json.writeStringProperty("scenario", scenario);
        json.writeStringProperty("design", design);
        json.writeStringProperty("property", v.property().name());
        json.writeStringProperty("headline", v.headline());
        json.writeStringProperty("statement", v.property() + " " + v.property().title() + ": "
                + v.property().statement());
        json.writeStringProperty("made", "Made by lazaret " + Build.VERSION + " (commit " + Build.commit()
                + ").");
        facts(line);
        orders();
        strings("lanes", lanes());
        lines();
        arrows();
        strings("steps", example.causes().steps().stream().map(Causes.Step::strand).toList());
        pictures(film);
        passing();
        curve(odds);
        json.writeEndObject();
    }

    private void facts(String line) {
        json.writeArrayPropertyStart("facts");
        pair("run", Text.cost(example.cost()));
        if (!example.cost().equals(example.original())) {
            pair("made from", Text.cost(example.original()));
        }
        pair("replay", line);
        json.writeEndArray();
    }

    private void orders() {
        json.writeStringProperty("beside", Text.beside(explained));
        json.writeArrayPropertyStart("orders");
        for (Constraint c : explained.constraints()) {
            pair(explained.words(c.first()), explained.words(c.then()));
        }
        json.writeEndArray();
    }

    /** Those that act, in the stage's order. */
    private List<String> lanes() {
        var acting = new LinkedHashSet<String>();
        Teller.lines(example.finding()).forEach(l -> acting.add(l.moment().lane()));
        var lanes = new LinkedHashSet<>(example.finding().lanes());
        lanes.retainAll(acting);
        lanes.addAll(acting);
        return List.copyOf(lanes);
    }

    private void lines() {
        var parts = new ArrayList<Moment>();
        Teller.lines(example).stream().filter(l -> l.folded() == 0).forEach(l -> parts.add(l.moment()));
        json.writeArrayPropertyStart("lines");
        for (Line line : Teller.lines(example.finding())) {
            boolean part = parts.contains(line.moment());
            if (part) {
                told.add(line.moment().step() - 1);
            }
            json.writeStartObject();
            json.writeNumberProperty("step", line.moment().step());
            json.writeStringProperty("time", Swimlanes.time(line.moment().time()));
            json.writeStringProperty("lane", line.moment().lane());
            json.writeStringProperty("text", line.text());
            json.writeNumberProperty("mark", line.mark());
            json.writeBooleanProperty("part", part);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** What happened before what among the steps that are told, without what follows from the rest. */
    private void arrows() {
        Causes causes = example.causes();
        List<Integer> steps = told.stream().filter(s -> s >= 0).toList();
        json.writeArrayPropertyStart("arrows");
        for (int to : steps) {
            for (int from : steps) {
                boolean lanes = from < to && !causes.steps().get(from).lane().equals(
                        causes.steps().get(to).lane());
                if (lanes && causes.before(from, to) && steps.stream().noneMatch(between ->
                        from < between && between < to && causes.before(from, between)
                                && causes.before(between, to))) {
                    json.writeStartArray();
                    json.writeNumber(from + 1);
                    json.writeNumber(to + 1);
                    json.writeEndArray();
                }
            }
        }
        json.writeEndArray();
    }

    private void pictures(Film film) {
        Map<String, String> before = film.pictures().getFirst();
        json.writeName("first");
        state(before);
        json.writeArrayPropertyStart("changes");
        for (Map<String, String> now : film.pictures().subList(1, film.pictures().size())) {
            var changed = new LinkedHashMap<String, String>();
            now.forEach(changed::put);
            changed.entrySet().removeAll(before.entrySet());
            before.keySet().stream().filter(k -> !now.containsKey(k)).forEach(k -> changed.put(k, null));
            state(changed);
            before = now;
        }
        json.writeEndArray();
    }

    private void state(Map<String, String> state) {
        json.writeStartObject();
        state.forEach((key, value) -> {
            if (value == null) {
                json.writeNullProperty(key);
            } else {
                json.writeStringProperty(key, value);
            }
        });
        json.writeEndObject();
    }

    private void passing() {
        Neighbours.Neighbour nearest = explained.neighbours().nearestPassing();
        if (nearest == null) {
            return;
        }
        json.writeArrayPropertyStart("passing");
        for (int i = 0; i < nearest.moments().size(); i++) {
            Moment moment = nearest.moments().get(i);
            if (moment.text() != null) {
                json.writeStartObject();
                json.writeStringProperty("lane", moment.lane());
                json.writeStringProperty("text", moment.text());
                json.writeBooleanProperty("same", i < nearest.shared());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private void curve(Odds odds) {
        json.writeStringProperty("late", Text.late(example, odds));
        json.writeArrayPropertyStart("curve");
        for (Odds.Point point : odds.points()) {
            json.writeStartArray();
            json.writeNumber(point.step());
            json.writeNumber(point.share());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private void strings(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private void pair(String first, String second) {
        json.writeStartArray();
        json.writeString(first);
        json.writeString(second);
        json.writeEndArray();
    }

    private static String resource(String name) {
        try (InputStream in = Html.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
