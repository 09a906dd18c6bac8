// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import lazaret.lab.story.Moment;

/**
 * Something that was told of a run, so that it can be found again in another run and in another build.
 *
 * @param lane who did it
 * @param text what, with addresses left out: where things lie differs between runs
 * @param nth  the how manieth time, from 1
 */
public record Event(String lane, String text, int nth) {
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{5,}");

    /** The events of a run, in order; for moments that are not told there is null. */
    static List<Event> of(List<Moment> moments) {
        var times = new LinkedHashMap<String, Integer>();
        var events = new ArrayList<Event>();
        for (Moment m : moments) {
            events.add(m.text() == null ? null : of(m, times));
        }
        return events;
    }

    private static Event of(Moment moment, Map<String, Integer> times) {
        String text = ADDRESS.matcher(moment.text()).replaceAll("…").replace('"', '\'');
        return new Event(moment.lane(), text, times.merge(moment.lane() + ": " + text, 1, Integer::sum));
    }

    @Override
    public String toString() {
        return lane + ": " + text + (nth == 1 ? "" : " (time " + nth + ")");
    }
}
