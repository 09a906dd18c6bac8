// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.UseAfterFree;
import lazaret.machine.Access;
import lazaret.machine.Log;
import lazaret.machine.Word;

/**
 * Whether a kernel object is still there. Its methods {@link #touch} it; what touches it after {@link
 * #free} is reported.
 */
public final class Lifetime {
    private final Kernel kernel;
    private final String object;
    private final long id;
    private final Word freed;

    /** @param object what it is, for people: {@code group 0000:01:00.0} */
    public Lifetime(Kernel kernel, String object) {
        this.kernel = kernel;
        this.object = object;
        id = kernel.newId();
        freed = new Word(kernel.machine().undo());
    }

    /** The object is being used. Not a scheduling point. */
    public void touch() {
        if (freed.test()) {
            report(false);
        }
    }

    /** The object goes away. */
    public void free() {
        kernel.point(Access.WRITE, id);
        if (freed.test()) {
            report(true);
        }
        freed.set(true);
    }

    public boolean alive() {
        return !freed.test();
    }

    private void report(boolean twice) {
        Log log = kernel.machine().log();
        if (log.hears()) {
            log.add(new UseAfterFree(object, twice));
        }
    }

    @Override
    public String toString() {
        return object;
    }
}
