// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What an exploration said.
 *
 * @param outcome     upheld, finding or inconclusive
 * @param complete    was every run made?
 * @param property    what was broken, or null
 * @param what        and how, or null
 * @param executions  runs made, those of the sample among them
 * @param preemptions of the counterexample: how often it departs from the default schedule; -1 without one
 * @param seconds     from the start of the process to the end of the search
 * @param told        seconds until the counterexample had been made plain, explained and kept, too
 * @param replay      file of the counterexample, or null
 */
public record Trial(String outcome, boolean complete, String property, String what, long executions,
        int preemptions, double seconds, double told, String replay) {
    /**
     * @param json as {@code lazaret explore --json} prints it
     * @param told how long that took
     */
    static Trial of(String json, double told) {
        Map<String, String> said = scalars(json);
        long runs = Long.parseLong(said.get("sampled")) + Long.parseLong(said.get("runs"));
        return new Trial(said.get("outcome"), Boolean.parseBoolean(said.get("complete")),
                said.get("finding.violation.property"), said.get("finding.violation.what"), runs,
                Math.min(preemptions(said, "cost"), preemptions(said, "original")),
                Double.parseDouble(said.get("seconds")), told, said.get("replay"));
    }

    public boolean found() {
        return outcome.equals("finding");
    }

    private static int preemptions(Map<String, String> said, String which) {
        String departures = said.get("finding." + which + ".departures");
        return departures == null ? -1 : Integer.parseInt(departures)
                - Integer.parseInt(said.get("finding." + which + ".faultChoices"));
    }

    /** Words, numbers and texts by the way to them, as {@code finding.cost.steps}; the first of each. */
    private static Map<String, String> scalars(String json) {
        Map<String, String> all = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            collect(parser, "", all);
        }
        return all;
    }

    private static void collect(JsonParser parser, String way, Map<String, String> all) {
        for (JsonToken token = parser.nextToken(); !token.isStructEnd(); token = parser.nextToken()) {
            if (token == JsonToken.PROPERTY_NAME) {
                continue;
            }
            String name = parser.currentName();
            String here = name == null ? way : way + name;
            if (token.isStructStart()) {
                collect(parser, here + ".", all);
            } else {
                all.putIfAbsent(here, parser.getString());
            }
        }
    }
}
