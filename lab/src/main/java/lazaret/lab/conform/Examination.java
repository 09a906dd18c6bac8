// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lazaret.machine.Chance;
import lazaret.machine.Unmodelled;

/**
 * Puts the same cases to our model and to another SMMU. What the architecture leaves open is no difference:
 * where they differ, our model is asked again and may choose otherwise.
 */
public final class Examination {
    private static final int CHOICES = 12;

    /** A difference in a case, and whether it can be compared further. */
    private record Found(Difference difference, Deviation why) { }

    private final OurSmmu ours;
    private final Specimen theirs;
    private final long seed;
    private final Map<Deviation, Difference> known = new EnumMap<>(Deviation.class);
    private final Map<Deviation, Integer> often = new EnumMap<>(Deviation.class);
    private final List<Difference> unexplained = new ArrayList<>();
    private int cases;
    private int refused;
    private long ourNanos;
    private long theirNanos;
    private int ourAnswers;
    private int theirAnswers;

    public Examination(Specimen theirs, long seed) {
        this.theirs = theirs;
        this.seed = seed;
        ours = new OurSmmu(theirs.idr());
    }

    /** Looks at one more case. */
    public void next() {
        Case next = Generator.of(seed, cases++);
        try {
            for (Found found : examine(next)) {
                note(found);
            }
        } catch (Unmodelled _) {
            refused++;
        }
    }

    /** Who is examined. */
    public Specimen theirs() {
        return theirs;
    }

    public int cases() {
        return cases;
    }

    /** Cases of which our model says that it does not model them. */
    public int refused() {
        return refused;
    }

    /** How many cases our model answers in a second of its own time, those for shrinking among them. */
    public long ourPace() {
        return pace(ourAnswers, ourNanos);
    }

    /** The same of the other. */
    public long theirPace() {
        return pace(theirAnswers, theirNanos);
    }

    private static long pace(int answers, long nanos) {
        return nanos == 0 ? 0 : answers * 1_000_000_000L / nanos;
    }

    /** A minimal case of each deviation that was met. */
    public Map<Deviation, Difference> known() {
        return known;
    }

    /** How many cases showed it. */
    public int often(Deviation deviation) {
        return often.getOrDefault(deviation, 0);
    }

    /** Minimal cases of what nothing explains. */
    public List<Difference> unexplained() {
        return unexplained;
    }

    private void note(Found found) {
        if (found.why == null) {
            Found least = shrink(found);
            if (least.why == null) {
                unexplained.add(least.difference);
                return;
            }
            found = least;
        }
        often.merge(found.why, 1, Integer::sum);
        if (!known.containsKey(found.why)) {
            known.put(found.why, shrink(found).difference);
        }
    }

    /** What differs, in order; behind what cannot be compared further nothing. */
    private List<Found> examine(Case one) {
        List<Seen> here = answers(one, OurSmmu.KEEPS);
        long start = System.nanoTime();
        List<Seen> there = one.on(theirs);
        theirNanos += System.nanoTime() - start;
        theirAnswers++;
        List<Found> found = compare(one, here, there);
        for (int i = 0; i < CHOICES && open(found); i++) {
            var random = new SplittableRandom(i);
            Chance chance = i == 0 ? Chance.FIRST : (n, _) -> random.nextInt(n);
            List<Found> other = compare(one, answers(one, chance), there);
            found = open(other) ? found : other;
        }
        return open(found) ? aloud(one, found) : found;
    }

    /** Looks for why among what is known of faults that are recorded, if nobody can see which these were. */
    private List<Found> aloud(Case one, List<Found> found) {
        Case recorded = one.recorded();
        Difference last = found.getLast().difference;
        if (recorded.equals(one) || last.ours().event() != null) {
            return found;
        }
        int act = last.what().acts() - 1;
        Seen ours = answers(recorded, OurSmmu.KEEPS).get(act);
        Deviation why = Deviation.of(theirs.version(), new Difference(last.what(), ours, last.theirs()));
        var explained = new ArrayList<>(found.subList(0, found.size() - 1));
        explained.add(new Found(last, why));
        return explained;
    }

    private static boolean open(List<Found> found) {
        return found.stream().anyMatch(f -> f.why == null);
    }

    private List<Seen> answers(Case one, Chance chance) {
        long start = System.nanoTime();
        ours.chooses(chance);
        List<Seen> seen = one.on(ours);
        ourNanos += System.nanoTime() - start;
        ourAnswers++;
        return seen;
    }

    private List<Found> compare(Case one, List<Seen> here, List<Seen> there) {
        var found = new ArrayList<Found>();
        for (int i = 0; i < here.size(); i++) {
            if (!Difference.same(here.get(i), there.get(i))) {
                var difference = new Difference(one.upTo(i), here.get(i), there.get(i));
                Deviation why = Deviation.of(theirs.version(), difference);
                found.add(new Found(difference, why));
                if (why == null || !why.goesOn()) {
                    break;
                }
            }
        }
        return found;
    }

    /** The same with as few steps as possible. */
    private Found shrink(Found found) {
        for (int i = found.difference.what().steps().size() - 2; i >= 0; i--) {
            Case fewer = found.difference.what().without(i);
            Deviation why = found.why;
            Found still = examine(fewer).stream()
                    .filter(f -> f.why == why && f.difference.what().steps().size() == fewer.steps().size())
                    .findFirst().orElse(null);
            found = still == null ? found : still;
        }
        return found;
    }
}
