// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Mix;

/**
 * Every run with at most so many preemptions. One is a switch to other software, an interrupt too, while the
 * software that stepped last could go on. Hardware and time step for nothing, and so do decisions inside a
 * step.
 *
 * <p>A state is left when it was met with the same software before it and as much spent. Steps sleep only
 * as long as no software is switched: between two switches the order of independent steps changes neither
 * who may go on nor what it costs. Across a switch it may, so there everybody is awake again.
 */
final class Bounded implements Engine {
    private final int most;
    private final States states;
    private final Names names;
    private boolean beyond;

    Bounded(int most, States states, Names names) {
        this.most = most;
        this.states = states;
        this.names = names;
    }

    @Override
    public boolean wantsFootprints() {
        return true;
    }

    @Override
    public boolean wantsKeys() {
        return true;
    }

    @Override
    public int arrive(Path path, Node node) {
        follow(path.before(), node);
        long near = near(node);
        boolean free = node.placeOf(node.software) < 0 || node.cost < most;
        beyond |= !free && near != node.all();
        long asleep = node.sleep.mask(node) & near;
        node.todo = (free ? node.all() : near) & ~asleep;
        node.todo &= states.meet(Mix.of(Mix.of(node.key, node.software), node.cost), asleep);
        int stay = node.placeOf(node.software);
        return stay >= 0 && (node.todo & 1L << stay) != 0 ? stay : again(path, node);
    }

    /** What the step of {@code before} makes of what was spent, who steps last, and who sleeps. */
    private void follow(Node before, Node node) {
        boolean switched = isSoftware(before.chosen) && before.chosen != before.software;
        node.software = switched ? before.chosen : before.software;
        node.cost = before.cost + (switched && before.placeOf(before.software) >= 0 ? 1 : 0);
        if (!switched) {
            node.sleep.inherit(before.sleep, before.chosen, before.latest);
        }
    }

    /** Hardware, and the software that stepped last: by place, whom to let step is no switch. */
    private long near(Node node) {
        long near = 0;
        for (int i = 0; i < node.n; i++) {
            if (node.enabled[i] == node.software || !isSoftware(node.enabled[i])) {
                near |= 1L << i;
            }
        }
        return near;
    }

    /** Nobody has stepped before the first node. */
    private boolean isSoftware(int code) {
        return code >= 0 && names.strand(code) instanceof Task;
    }

    @Override
    public void stepped(Path path) {
        // the next node asks for it
    }

    @Override
    public int again(Path path, Node node) {
        return node.todo == 0 ? -1 : Long.numberOfTrailingZeros(node.todo);
    }

    @Override
    public boolean prunesRetries() {
        return false;
    }

    @Override
    public long states() {
        return states.size();
    }

    @Override
    public boolean beyond() {
        return beyond;
    }
}
