// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.explore.Causes;
import lazaret.lab.Counterexample;
import lazaret.lab.story.Moment;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A run in the formats of other people's viewers. Virtual time stands still most of the time, so a step is
 * drawn as ten microseconds; the true time is in its arguments.
 */
final class Traces {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int STEP_US = 10;

    private final Counterexample example;
    private final List<Causes.Step> steps;
    private final Map<Integer, List<Moment>> moments = new LinkedHashMap<>();

    private Traces(Counterexample example) {
        this.example = example;
        steps = example.causes().steps();
        for (Moment m : example.finding().moments()) {
            if (m.text() != null) {
                moments.computeIfAbsent(m.step() - 1, _ -> new ArrayList<>()).add(m);
            }
        }
    }

    /** For ui.perfetto.dev: a track for each strand, a slice for each turn, in it one for each step. */
    static String perfetto(Counterexample example) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            new Traces(example).perfetto(json);
        }
        return text.append('\n').toString();
    }

    /**
     * For ShiViz, with vector clocks; the expression to parse it with is its default,
     * {@code (?<host>\S*) (?<clock>{.*})\n(?<event>.*)}.
     */
    static String shiviz(Counterexample example) {
        var traces = new Traces(example);
        var out = new StringBuilder();
        for (int i = 0; i < traces.steps.size(); i++) {
            out.append(host(traces.steps.get(i).strand())).append(" {");
            String separator = "";
            for (var entry : example.causes().clock(i).entrySet()) {
                out.append(separator).append('"').append(host(entry.getKey())).append("\":")
                        .append(entry.getValue());
                separator = ", ";
            }
            out.append("}\n").append(traces.text(i)).append('\n');
        }
        return out.toString();
    }

    private void perfetto(JsonGenerator json) {
        json.writeStartObject();
        json.writeArrayPropertyStart("traceEvents");
        List<String> strands = steps.stream().map(Causes.Step::strand).distinct().toList();
        for (String strand : strands) {
            json.writeStartObject();
            head(json, "M", "thread_name", strands.indexOf(strand));
            json.writeName("args");
            json.writeStartObject();
            json.writeStringProperty("name", strand);
            json.writeEndObject();
            json.writeEndObject();
        }
        for (int i = 0; i < steps.size(); i++) {
            int track = strands.indexOf(steps.get(i).strand());
            if (i == 0 || !steps.get(i).strand().equals(steps.get(i - 1).strand())) {
                slice(json, i, turn(i) * STEP_US, steps.get(i).lane(), track);
            }
            slice(json, i, STEP_US, text(i), track);
            flows(json, i, track, strands);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** How many steps in a row the strand takes from here. */
    private int turn(int from) {
        int to = from;
        while (to < steps.size() && steps.get(to).strand().equals(steps.get(from).strand())) {
            to++;
        }
        return to - from;
    }

    private void slice(JsonGenerator json, int step, int duration, String name, int track) {
        json.writeStartObject();
        head(json, "X", name, track);
        json.writeNumberProperty("ts", step * STEP_US);
        json.writeNumberProperty("dur", duration);
        json.writeName("args");
        json.writeStartObject();
        json.writeNumberProperty("step", step + 1);
        moments.getOrDefault(step, List.of()).stream().findFirst().ifPresent(m ->
                json.writeNumberProperty("virtual time us", m.time()));
        json.writeEndObject();
        json.writeEndObject();
    }

    /** An arrow from each step of another strand that this one followed. */
    private void flows(JsonGenerator json, int step, int track, List<String> strands) {
        for (int from : example.causes().direct(step)) {
            if (!steps.get(from).strand().equals(steps.get(step).strand())) {
                flow(json, "s", from, strands.indexOf(steps.get(from).strand()), from * STEP_US + 1, step);
                flow(json, "f", from, track, step * STEP_US + 1, step);
            }
        }
    }

    private void flow(JsonGenerator json, String phase, int from, int track, int at, int to) {
        json.writeStartObject();
        head(json, phase, "before", track);
        json.writeStringProperty("cat", "before");
        json.writeNumberProperty("id", from * steps.size() + to);
        json.writeNumberProperty("ts", at);
        json.writeStringProperty("bp", "e");
        json.writeEndObject();
    }

    private static void head(JsonGenerator json, String phase, String name, int track) {
        json.writeStringProperty("ph", phase);
        json.writeStringProperty("name", name);
        json.writeNumberProperty("pid", 1);
        json.writeNumberProperty("tid", track + 1);
    }

    private String text(int step) {
        List<Moment> told = moments.getOrDefault(step, List.of());
        return told.isEmpty() ? "step " + (step + 1)
                : String.join("; ", told.stream().map(Moment::text).toList());
    }

    private static String host(String strand) {
        return strand.replace(' ', '_');
    }
}
