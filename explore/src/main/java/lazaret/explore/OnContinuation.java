// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/** A coroutine on the JDK's own continuation: about a tenth of a microsecond a switch, no thread. */
final class OnContinuation extends Continuation implements Coroutine {
    private static final ContinuationScope SCOPE = new ContinuationScope("lazaret");

    OnContinuation(Runnable body) {
        super(SCOPE, body);
    }

    @Override
    public void resume() {
        run();
    }

    @Override
    public void pause() {
        Continuation.yield(SCOPE);
    }

    @Override
    public boolean done() {
        return isDone();
    }

    @Override
    public void abandon() {
        // a suspended continuation is plain garbage
    }

    @Override
    protected void onPinned(Pinned reason) {
        throw new IllegalStateException("code under test reached a scheduling point while pinned: " + reason
                + "; it uses a class initialiser or native code that the explorer cannot suspend");
    }
}
