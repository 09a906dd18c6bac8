// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import lazaret.machine.Footprint;

/**
 * One run of every class of runs that differ only in the order of steps which commute: source sets and sleep
 * sets. It keeps no states, so nothing is ever merged by mistake; where many orders lead to one state it is
 * the slower one.
 *
 * <p>After each step it looks back for steps that conflict with it and are not ordered before it by what lies
 * between. Such a race is reversed: where the earlier one was taken, somebody who begins the other order is
 * put on the list. A step that made this strand able to run at all cannot be put behind it; the race is then
 * with whatever made it unable, so the look back goes on.
 */
final class Dpor implements Engine {
    private final Names names;
    /** Steps before the one at hand, all of them, and without those that enabled it. */
    private int[] before = new int[8];
    private int[] seen = new int[8];
    private final Wants wants = new Wants();

    Dpor(Names names) {
        this.names = names;
    }

    @Override
    public boolean wantsFootprints() {
        return true;
    }

    @Override
    public boolean wantsBlocked() {
        return true;
    }

    @Override
    public boolean wantsKeys() {
        return false;
    }

    @Override
    public int arrive(Path path, Node node) {
        Node last = path.before();
        node.sleep.inherit(last.sleep, last.chosen, last.latest);
        long awake = node.all() & ~node.sleep.mask(node);
        int stay = node.placeOf(last.chosen);
        node.todo = stay >= 0 && (awake & 1L << stay) != 0 ? 1L << stay : Long.lowestOneBit(awake);
        return again(path, node);
    }

    @Override
    public int again(Path path, Node node) {
        long next = node.todo & ~node.sleep.mask(node);
        return next == 0 ? -1 : Long.numberOfTrailingZeros(next);
    }

    /**
     * Who could step before the last step and cannot after it never says what it would have touched: it must
     * have its turn before.
     */
    @Override
    public void enabled(Path path, Node after) {
        Node last = path.last();
        for (int i = 0; i < last.n; i++) {
            if (last.enabled[i] != last.chosen && after.placeOf(last.enabled[i]) < 0) {
                last.todo |= 1L << i & ~last.done;
            }
        }
    }

    @Override
    public boolean prunesRetries() {
        return true;
    }

    @Override
    public void stepped(Path path) {
        int at = path.length() - 1;
        Node node = path.get(at);
        Node last = path.get(at - 1);
        makeRoom();
        node.latestOf = copied(last.latestOf, node.latestOf);
        if (last.chosen >= 0) {
            node.latestOf[last.chosen] = at - 1;
        }
        scan(path, at, node.chosen, node.asked, node.latest);
        before[node.chosen] = at;
        node.clock = copied(before, node.clock);
    }

    /** {@code from}, in {@code into} if that has room. */
    private int[] copied(int[] from, int[] into) {
        if (into.length < before.length) {
            return Arrays.copyOf(from, before.length);
        }
        System.arraycopy(from, 0, into, 0, from.length);
        Arrays.fill(into, from.length, into.length, 0);
        return into;
    }

    /** A strand that cannot step might have, had those before been in another order. */
    @Override
    public void blocked(Path path, int code, Footprint asked) {
        scan(path, path.length(), code, null, asked);
    }

    /**
     * Looks for races of the step at {@code at}.
     *
     * @param asked what it depended on that it was enabled; null if it is not
     */
    private void scan(Path path, int at, int code, Footprint asked, Footprint print) {
        reset();
        wants.begin(asked == null ? Footprint.NOTHING : asked);
        int birth = names.birth(code);
        boolean waits = true;               // is it as far as it was at the node looked at?
        for (int i = at - 1; i > 0; i--) {
            Node earlier = path.get(i);
            wants.back(earlier.latest);
            if (seen[earlier.chosen] >= i) {
                continue;
            }
            if (earlier.chosen == code || i == birth) {
                waits = false;
                join(before, earlier.clock);
                join(seen, earlier.clock);
                if (isAllSeen(earlier)) {
                    return;
                }
            } else if (earlier.latest.conflicts(print)) {
                reverse(path, i, at, code);
                join(before, earlier.clock);
                if (waits ? earlier.placeOf(code) >= 0 : asked != null && wants.same()) {
                    join(seen, earlier.clock);
                    if (isAllSeen(earlier)) {
                        return;
                    }
                }
            }
        }
    }

    /** Is nothing left to be found before this step? */
    private boolean isAllSeen(Node step) {
        for (int i = 0; i < step.latestOf.length; i++) {
            if (step.latestOf[i] > seen[i]) {
                return false;
            }
        }
        return true;
    }

    private void makeRoom() {
        int size = names.size();
        if (before.length < size) {
            before = new int[size * 2];
            seen = new int[size * 2];
        }
    }

    private void reset() {
        makeRoom();
        Arrays.fill(before, 0);
        Arrays.fill(seen, 0);
    }

    private static void join(int[] into, int[] clock) {
        for (int i = 0; i < clock.length; i++) {
            into[i] = Math.max(into[i], clock[i]);
        }
    }

    /**
     * The step at {@code i} races with that of {@code code} at {@code last}: somebody must begin the other
     * order at {@code i}. Nobody can if the later step comes first in it and is not enabled.
     */
    private void reverse(Path path, int i, int last, int code) {
        Node node = path.get(i);
        if ((node.done | node.todo) == node.all()) {
            return;
        }
        long initials = initials(path, i, last, code);
        if ((initials & (node.done | node.todo)) == 0) {
            int place = node.placeOf(code);
            boolean itself = place >= 0 && (initials & 1L << place) != 0;
            node.todo |= itself ? 1L << place : Long.lowestOneBit(initials);
        }
    }

    /**
     * Who, of those enabled at {@code i}, can begin a run in which all that does not depend on the step at
     * {@code i} comes first and then the step of {@code code} at {@code last}.
     */
    private long initials(Path path, int i, int last, int code) {
        Node node = path.get(i);
        long initials = 0;
        long begun = 0;
        int[] independent = new int[last - i];
        int count = 0;
        for (int k = i + 1; k < last; k++) {
            Node later = path.get(k);
            if (later.precedes(node.chosen, i)) {
                continue;                               // it depends on the step at i
            }
            int place = node.placeOf(later.chosen);
            if (place >= 0 && (begun & 1L << place) == 0) {
                begun |= 1L << place;
                initials |= first(path, later, independent, count) ? 1L << place : 0;
            }
            independent[count++] = k;
        }
        int place = node.placeOf(code);
        if (place >= 0 && (begun & 1L << place) == 0) {
            initials |= free(path, independent, count) ? 1L << place : 0;
        }
        return initials;
    }

    private static boolean first(Path path, Node later, int[] independent, int count) {
        for (int j = 0; j < count; j++) {
            if (later.precedes(path.get(independent[j]).chosen, independent[j])) {
                return false;
            }
        }
        return true;
    }

    /** The same for the step at hand, whose clock is in the making. */
    private boolean free(Path path, int[] independent, int count) {
        for (int j = 0; j < count; j++) {
            if (seen[path.get(independent[j]).chosen] >= independent[j]) {
                return false;
            }
        }
        return true;
    }
}
