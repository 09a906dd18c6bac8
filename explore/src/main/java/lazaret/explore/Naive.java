// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

/** Every run, none left out: what the reductions are measured against. */
final class Naive implements Engine {
    @Override
    public boolean wantsFootprints() {
        return false;
    }

    @Override
    public boolean wantsKeys() {
        return false;
    }

    @Override
    public int arrive(Path path, Node node) {
        node.todo = node.all();
        return again(path, node);
    }

    @Override
    public void stepped(Path path) {
        throw new IllegalStateException("nobody asked for footprints");
    }

    @Override
    public int again(Path path, Node node) {
        return node.todo == 0 ? -1 : Long.numberOfTrailingZeros(node.todo);
    }

    @Override
    public boolean prunesRetries() {
        return false;
    }
}
