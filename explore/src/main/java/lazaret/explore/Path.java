// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;

/** The run being explored as its decisions, from the start. Node 0 is boot, which nobody chose. */
final class Path {
    private Node[] nodes = new Node[64];
    private int length;

    Path() {
        push().begin(0);
    }

    int length() {
        return length;
    }

    Node get(int index) {
        return nodes[index];
    }

    Node last() {
        return nodes[length - 1];
    }

    /** The one before the last. */
    Node before() {
        return nodes[length - 2];
    }

    Node push() {
        if (length == nodes.length) {
            nodes = Arrays.copyOf(nodes, length * 2);
        }
        if (nodes[length] == null) {
            nodes[length] = new Node();
        }
        return nodes[length++];
    }

    void cut(int newLength) {
        length = newLength;
    }
}
