// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.machine.Footprint;
import lazaret.machine.Mix;

/**
 * What happened before what in a run, and what only came earlier by accident. A step follows the one before
 * it of its strand, the one that started its strand, and every earlier one whose footprint conflicts with
 * its own. Steps are counted from 0.
 */
public final class Causes {
    /**
     * One step.
     *
     * @param touched what it touched, and what decided whether it could be taken
     * @param starter the step in which its strand was started; −1 for boot
     */
    public record Step(String strand, String lane, Footprint touched, int starter) { }

    private final List<Step> steps;
    /** For each step all that happened before it. */
    private final List<BitSet> past = new ArrayList<>();
    /** For each step those of its past that no other step stands between. */
    private final List<List<Integer>> direct = new ArrayList<>();

    Causes(List<Step> steps) {
        this.steps = List.copyOf(steps);
        Map<String, Integer> latest = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            link(i, latest.getOrDefault(steps.get(i).strand(), steps.get(i).starter()));
            latest.put(steps.get(i).strand(), i);
        }
    }

    private void link(int step, int before) {
        var all = new BitSet();
        var near = new ArrayList<Integer>();
        for (int i = step - 1; i >= 0; i--) {
            boolean follows = i == before || steps.get(i).touched().conflicts(steps.get(step).touched());
            if (follows && !all.get(i)) {
                near.add(i);
                all.or(past.get(i));
                all.set(i);
            }
        }
        past.add(all);
        direct.add(List.copyOf(near));
    }

    public List<Step> steps() {
        return steps;
    }

    /** Did {@code step} need {@code earlier} to be what it was? */
    public boolean before(int earlier, int step) {
        return past.get(step).get(earlier);
    }

    /** What {@code step} followed at once, the latest first. */
    public List<Integer> direct(int step) {
        return direct.get(step);
    }

    /** {@code step} and everything that happened before it. */
    public BitSet cone(int step) {
        var cone = (BitSet) past.get(step).clone();
        cone.set(step);
        return cone;
    }

    /** How many steps of each strand happened before each step: for logs with vector clocks. */
    public Map<String, Integer> clock(int step) {
        Map<String, Integer> clock = new LinkedHashMap<>();
        cone(step).stream().forEach(i -> clock.merge(steps.get(i).strand(), 1, Integer::sum));
        return clock;
    }

    /**
     * The same run in another order of its independent steps: whoever stepped last goes on as long as it can,
     * then the strand that stepped first in this run.
     *
     * @param within only these steps
     * @return steps of this run, in the new order
     */
    public int[] together(BitSet within) {
        var done = new BitSet();
        int[] order = new int[within.cardinality()];
        String lane = "";
        for (int n = 0; n < order.length; n++) {
            int next = ready(within, done, lane);
            order[n] = next;
            lane = steps.get(next).lane();
            done.set(next);
        }
        return order;
    }

    /** A step whose past is done: the first of {@code lane} if there is one, else the first. */
    private int ready(BitSet within, BitSet done, String lane) {
        int first = -1;
        for (int i = within.nextSetBit(0); i >= 0; i = within.nextSetBit(i + 1)) {
            if (!done.get(i) && free(i, within, done)) {
                if (steps.get(i).lane().equals(lane)) {
                    return i;
                }
                first = first < 0 ? i : first;
            }
        }
        return first;
    }

    private boolean free(int step, BitSet within, BitSet done) {
        return direct.get(step).stream().allMatch(i -> done.get(i) || !within.get(i));
    }

    /**
     * A hash that all orders of the same events have in common: of the strands of {@code within}, each step
     * as early as its past allows and those that are as early in order of their names.
     */
    public long trace(BitSet within) {
        int[] depth = new int[steps.size()];
        List<List<String>> layers = new ArrayList<>();
        for (int i = within.nextSetBit(0); i >= 0; i = within.nextSetBit(i + 1)) {
            for (int before : direct.get(i)) {
                depth[i] = Math.max(depth[i], within.get(before) ? depth[before] + 1 : 0);
            }
            while (layers.size() <= depth[i]) {
                layers.add(new ArrayList<>());
            }
            layers.get(depth[i]).add(steps.get(i).strand());
        }
        long hash = 0;
        for (List<String> layer : layers) {
            String[] names = layer.toArray(String[]::new);
            Arrays.sort(names);
            hash = Mix.of(hash, Mix.of(String.join("\n", names)));
        }
        return hash;
    }
}
