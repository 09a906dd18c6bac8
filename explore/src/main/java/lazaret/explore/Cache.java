// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

/**
 * Every state once, every commuting pair of steps in one order where possible. A state met again is left at
 * once, except for what slept when it was met before and does not sleep now (Godefroid). Who sleeps is
 * remembered by place among the enabled strands, which are the same in the same state.
 */
final class Cache implements Engine {
    private final States states;

    Cache(States states) {
        this.states = states;
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
    public boolean wantsPersistent() {
        return true;
    }

    @Override
    public int arrive(Path path, Node node) {
        Node before = path.before();
        node.sleep.inherit(before.sleep, before.chosen, before.latest);
        long asleep = node.sleep.mask(node) & node.need;
        node.todo = node.all() & node.need & ~asleep;
        node.todo &= states.meet(node.key, asleep);
        int stay = node.placeOf(before.chosen);
        return stay >= 0 && (node.todo & 1L << stay) != 0 ? stay : again(path, node);
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
}
