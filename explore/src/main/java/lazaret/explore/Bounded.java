// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Mix;

/**
 * Every run that departs from the plainest one by at most so many delays. Left alone, whoever runs goes on,
 * and after it the next in order; a delay passes over one that could have stepped. No other reduction than
 * leaving a state that was met with the same strand running and as much spent: so the bound means what it
 * says.
 */
final class Bounded implements Engine {
    private final int delays;
    private final Visited visited = new Visited();

    Bounded(int delays) {
        this.delays = delays;
    }

    @Override
    public boolean wantsFootprints() {
        return false;
    }

    @Override
    public boolean wantsKeys() {
        return true;
    }

    @Override
    public int arrive(Path path, Node node) {
        Node before = path.before();
        node.cost = before.cost + Math.max(0, before.place);
        if (visited.find(Mix.of(Mix.of(node.key, before.chosen), node.cost))) {
            return -1;
        }
        int places = Math.min(node.n, delays - node.cost + 1);
        node.todo = node.all() & (places == Long.SIZE ? -1 : (1L << places) - 1);
        return again(path, node);
    }

    @Override
    public void stepped(Path path) {
        // what it touched makes no difference
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
        return visited.size();
    }
}
