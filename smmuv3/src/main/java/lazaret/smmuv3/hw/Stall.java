// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Ref;
import lazaret.machine.Undo;
import lazaret.machine.Word;

/**
 * What has become of a port's oldest transaction, where that stalls. The ones behind it wait with it. One
 * whose record does not fit into the event queue is translated again when there is room, so an invalidation
 * in between is honoured.
 *
 * @spec IHI0070 3.12.2
 */
final class Stall {
    /** What is to happen with the transaction. */
    enum State {
        /** It does not stall. */
        NONE,
        /** It waits until it can be recorded. */
        UNRECORDED,
        /** It waits for software. */
        RECORDED,
        /** It begins again. */
        RETRIED,
        /** It ends with an abort. */
        ABORTED,
        /** It ends as if nothing were wrong: reads give zero, writes are ignored. */
        IGNORED
    }

    private final EventQueue events;
    private final Ref<State> state;
    private final Word stag;

    Stall(Undo undo, EventQueue events) {
        this.events = events;
        state = new Ref<>(undo, State.NONE);
        stag = new Word(undo);
    }

    State state() {
        return state.get();
    }

    /** May the port go on? */
    boolean ready() {
        return switch (state.get()) {
            case NONE, RETRIED, ABORTED, IGNORED -> true;
            case UNRECORDED -> events.hasRoom();
            case RECORDED -> false;
        };
    }

    /** The transaction stalls: recorded under that name, or not yet. */
    void begins(int name) {
        stag.set(name);
        state.set(name == EventQueue.NO_ROOM ? State.UNRECORDED : State.RECORDED);
    }

    void ends() {
        state.set(State.NONE);
    }

    /** Software has read the record with that name and decided. */
    void resume(int name, State next) {
        if (state.get() == State.RECORDED && stag.get() == name) {
            state.set(next);
        }
    }

    /** Whatever waits ends with an abort. */
    void terminate() {
        if (state.get() == State.RECORDED || state.get() == State.UNRECORDED) {
            state.set(State.ABORTED);
        }
    }
}
