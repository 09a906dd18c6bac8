// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Guarded;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Spinlock;
import lazaret.kernel.Work;
import lazaret.kernel.Workqueue;

/**
 * Page requests of devices, from the driver's interrupt to the answer. Who is asked is looked up in the
 * interrupt, under no lock; the domain is used later, by the worker. So whoever takes a domain from a PASID
 * and may free it has to {@link #drain} in between.
 *
 * @kernel iommu_report_device_fault iopf_queue
 * @req R90
 */
public final class Iopf {
    /** A domain that can bring in pages on demand. Sleeps. */
    public interface Handler {
        /** Says whether the page is there now. */
        boolean fault(long address);
    }

    /**
     * A device asks for a page.
     *
     * @param group by which the device recognises the answer
     */
    public record Request(Device dev, int pasid, int group, long address) { }

    private record Waiting(Request request, Domain domain) { }

    private final Workqueue worker;
    private final Work work;
    private final Spinlock lock;
    /** Guarded by lock. In the order in which they came. */
    private final Guarded<List<Waiting>> waiting;

    Iopf(Kernel kernel, Workqueue worker) {
        this.worker = worker;
        work = new Work(kernel, "iopf", this::handle);
        lock = new Spinlock(kernel, "iopf_queue lock");
        waiting = new Guarded<>(kernel, "iopf_queue", lock, new Lifetime(kernel, "iopf"), List.of());
    }

    /** Any context. What nobody can handle is answered at once. */
    public void report(Request request) {
        Group group = request.dev().group();
        Domain domain = group == null ? null : group.pasids().pasids().find(request.pasid());
        if (!(domain instanceof Handler)) {
            answer(request, false);
            return;
        }
        try (Held _ = lock.irqsave()) {
            List<Waiting> more = new ArrayList<>(waiting.get());
            more.add(new Waiting(request, domain));
            waiting.set(List.copyOf(more));
        }
        worker.queue(work);
    }

    private void handle() {
        for (Waiting next = take(); next != null; next = take()) {
            next.domain().life().touch();
            boolean there = next.domain() instanceof Handler handler
                    && handler.fault(next.request().address());
            answer(next.request(), there);
        }
    }

    private Waiting take() {
        try (Held _ = lock.irqsave()) {
            List<Waiting> now = waiting.get();
            if (now.isEmpty()) {
                return null;
            }
            waiting.set(List.copyOf(now.subList(1, now.size())));
            return now.getFirst();
        }
    }

    private static void answer(Request request, boolean there) {
        request.dev().iommu().ops().respond(request, there);
    }

    /**
     * When this returns no request of {@code dev} is under way that was looked up before. Sleeps; the worker
     * must not want what the caller holds.
     *
     * @kernel iopf_queue_flush_dev
     */
    void drain(Device dev) {
        dev.iommu().ops().drainRequests();
        work.flush();
    }
}
