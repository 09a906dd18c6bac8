// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

/**
 * The slow half of an interrupt handler: it may sleep and take mutexes. Whoever wakes it while it waits for
 * its turn wakes it once; woken while it runs, it runs once more. Part of the wiring.
 *
 * @kernel request_threaded_irq
 */
public final class IrqThread {
    private final Workqueue queue;
    private final Work work;

    /** @param name for people, also a place in the lock order */
    public IrqThread(Kernel kernel, String name, Cpu cpu, Runnable body) {
        queue = new Workqueue(kernel, "irq/" + name, cpu);
        work = new Work(kernel, "irq/" + name, body);
    }

    /** From the fast half. @kernel __irq_wake_thread */
    public void wake() {
        queue.queue(work);
    }
}
