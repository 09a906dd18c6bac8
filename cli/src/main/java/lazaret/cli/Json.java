// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.StringWriter;
import java.util.List;
import lazaret.explore.Cost;
import lazaret.explore.Departure;
import lazaret.explore.Explored;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Counterexample;
import lazaret.lab.Explained;
import lazaret.lab.Exploration;
import lazaret.lab.Finding;
import lazaret.lab.Report;
import lazaret.lab.Scenario;
import lazaret.lab.Teller;
import lazaret.lab.conform.Deviation;
import lazaret.lab.conform.Difference;
import lazaret.lab.conform.Examination;
import lazaret.lab.oracle.Violation;
import lazaret.lab.story.Line;
import lazaret.lab.story.Moment;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The same as {@link Text}, as data. Field names are part of the interface: they change only with a line in
 * CHANGELOG.
 */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() { }

    static String list(List<Scenario> scenarios, List<SmmuDesign> designs) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("scenarios");
            scenarios.forEach(s -> named(json, s.name(), s.line()));
            json.writeEndArray();
            json.writeArrayPropertyStart("designs");
            designs.forEach(d -> named(json, d.name(), d.inOneLine()));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    static String report(Report report) {
        return report(report, null, null, null);
    }

    /**
     * @param explained the run to show, or null
     * @param line      it as a replay line
     * @param replay    path of the replay file
     */
    static String report(Report report, Explained explained, String line, String replay) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("version", Build.VERSION);
            json.writeStringProperty("commit", Build.commit());
            json.writeStringProperty("scenario", report.scenario());
            json.writeStringProperty("design", report.design());
            json.writeStringProperty("outcome", report.outcome().name().toLowerCase(java.util.Locale.ROOT));
            json.writeNumberProperty("seed", report.plan().seed());
            json.writeNumberProperty("runs", report.runs());
            json.writeNumberProperty("steps", report.steps());
            json.writeNumberProperty("broken", report.broken());
            json.writeStringProperty("digest", hex(report.digest()));
            json.writeArrayPropertyStart("inconclusive");
            report.unknowns().forEach(json::writeString);
            json.writeEndArray();
            if (explained != null) {
                json.writeBooleanProperty("expected", report.expected());
                json.writeName("finding");
                finding(json, explained);
                json.writeStringProperty("replayLine", line);
                json.writeStringProperty("replay", replay);
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    /**
     * @param seconds   from the start of the JVM to the end of the search, or 0 when nobody wants to know
     * @param explained the run to show, or null; {@code line} and {@code replay} as for {@link #report}
     */
    static String exploration(Exploration what, double seconds, Explained explained, String line,
            String replay) {
        Explored explored = what.explored();
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("version", Build.VERSION);
            json.writeStringProperty("commit", Build.commit());
            json.writeStringProperty("scenario", what.scenario());
            json.writeStringProperty("design", what.design());
            json.writeStringProperty("engine", what.method() == null ? "SAMPLE" : what.method().name());
            json.writeStringProperty("outcome", what.outcome().name().toLowerCase(java.util.Locale.ROOT));
            json.writeBooleanProperty("complete", what.complete());
            if (seconds != 0) {
                json.writeNumberProperty("seconds", seconds);
            }
            json.writeNumberProperty("sampled", what.sampled());
            json.writeNumberProperty("runs", explored.runs());
            json.writeNumberProperty("states", explored.states());
            json.writeNumberProperty("endStates", explored.endStates().length);
            json.writeNumberProperty("steps", explored.steps());
            json.writeNumberProperty("omissionProbability", explored.omission());
            json.writeStringProperty("digest", hex(explored.digest()));
            json.writeArrayPropertyStart("bounded");
            what.bounded().forEach(within -> bounded(json, within));
            json.writeEndArray();
            json.writeArrayPropertyStart("inconclusive");
            what.unknowns().forEach(json::writeString);
            json.writeEndArray();
            json.writeArrayPropertyStart("found");
            what.findings().forEach(f -> violation(json, f.violation()));
            json.writeEndArray();
            if (explained != null) {
                json.writeName("finding");
                finding(json, explained);
                json.writeStringProperty("replayLine", line);
                json.writeStringProperty("replay", replay);
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void bounded(JsonGenerator json, Exploration.Within within) {
        json.writeStartObject();
        json.writeNumberProperty("preemptions", within.preemptions());
        json.writeBooleanProperty("complete", within.explored().complete());
        json.writeBooleanProperty("beyond", within.explored().beyond());
        json.writeNumberProperty("runs", within.explored().runs());
        json.writeNumberProperty("states", within.explored().states());
        json.writeNumberProperty("endStates", within.explored().endStates().length);
        json.writeEndObject();
    }

    private static void finding(JsonGenerator json, Explained explained) {
        Counterexample example = explained.example();
        Finding finding = example.finding();
        json.writeStartObject();
        json.writeName("violation");
        violation(json, finding.violation());
        json.writeArrayPropertyStart("violations");
        finding.judged().violations().forEach(v -> violation(json, v));
        json.writeEndArray();
        json.writeStringProperty("origin", finding.origin());
        json.writeName("cost");
        cost(json, example.cost());
        json.writeName("original");
        cost(json, example.original());
        json.writeStringProperty("digest", hex(finding.digest()));
        json.writeArrayPropertyStart("lines");
        Teller.lines(example).forEach(l -> line(json, l));
        json.writeEndArray();
        json.writeArrayPropertyStart("constraints");
        explained.constraints().forEach(c -> json.writeString(explained.words(c.first()) + " before "
                + explained.words(c.then())));
        json.writeEndArray();
        json.writeStringProperty("trace", hex(example.trace()));
        json.writeArrayPropertyStart("departures");
        example.departures().stream().map(Departure::line).forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void cost(JsonGenerator json, Cost cost) {
        json.writeStartObject();
        json.writeNumberProperty("steps", cost.steps());
        json.writeNumberProperty("switches", cost.handovers());
        json.writeNumberProperty("timePasses", cost.passes());
        json.writeNumberProperty("faultChoices", cost.picks());
        json.writeNumberProperty("departures", cost.departures());
        json.writeEndObject();
    }

    private static void violation(JsonGenerator json, Violation v) {
        json.writeStartObject();
        json.writeStringProperty("property", v.property().name());
        json.writeStringProperty("title", v.property().title());
        json.writeStringProperty("resource", v.resource());
        json.writeStringProperty("what", v.what());
        json.writeEndObject();
    }

    private static void line(JsonGenerator json, Line line) {
        Moment m = line.moment();
        json.writeStartObject();
        json.writeNumberProperty("step", m.step());
        json.writeNumberProperty("timeUs", m.time());
        json.writeStringProperty("lane", m.lane());
        json.writeStringProperty("strand", m.strand());
        json.writeStringProperty("text", line.text());
        if (line.folded() != 0) {
            json.writeNumberProperty("folded", line.folded());
        }
        if (line.mark() != 0) {
            json.writeNumberProperty("mark", line.mark());
        }
        json.writeEndObject();
    }

    /** What an examination of another SMMU came to. */
    static String conform(Examination exam, long seed) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("examined", exam.theirs().name());
            json.writeNumberProperty("seed", seed);
            json.writeNumberProperty("cases", exam.cases());
            json.writeNumberProperty("notModelled", exam.refused());
            json.writeNumberProperty("ourCasesPerSecond", exam.ourPace());
            json.writeNumberProperty("theirCasesPerSecond", exam.theirPace());
            json.writeArrayPropertyStart("unexplained");
            exam.unexplained().forEach(each -> difference(json, each, null, 1));
            json.writeEndArray();
            json.writeArrayPropertyStart("deviations");
            exam.known().forEach((why, each) -> difference(json, each, why, exam.often(why)));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void difference(JsonGenerator json, Difference each, Deviation why, int cases) {
        json.writeStartObject();
        if (why != null) {
            json.writeStringProperty("name", why.name());
            json.writeStringProperty("section", why.section());
            json.writeStringProperty("verdict", why.verdict());
            json.writeStringProperty("why", why.why());
        }
        json.writeNumberProperty("cases", cases);
        json.writeArrayPropertyStart("case");
        each.what().steps().forEach(step -> json.writeString(step.text()));
        json.writeEndArray();
        json.writeStringProperty("ours", Difference.answer(each.ours()));
        json.writeStringProperty("theirs", Difference.answer(each.theirs()));
        json.writeEndObject();
    }

    private static void named(JsonGenerator json, String name, String line) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("line", line);
        json.writeEndObject();
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
