// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Device;
import lazaret.iommu.Domain;
import lazaret.kernel.Errno;
import lazaret.kernel.Guarded;
import lazaret.kernel.Held;
import lazaret.kernel.Spinlock;
import lazaret.smmuv3.Command;

/**
 * The SMMU that a guest takes for its own: its stream ids, what it writes into its stream table, and what it
 * wants invalidated. Its commands are for the guest's own devices and its own VMID, whatever they say.
 *
 * @kernel arm_vsmmu
 * @req R132
 */
public final class Vsmmu {
    /**
     * @param number as the guest calls it
     * @param sid    as hardware does
     * @param master released, perhaps: not to be looked into before the VM's array says that it is there
     */
    record Stream(int number, int sid, Master master) { }

    private final VmDomain vm;
    private final Spinlock lock;
    /** Guarded by lock. */
    private final Guarded<List<Stream>> streams;

    Vsmmu(VmDomain vm) {
        this.vm = vm;
        lock = new Spinlock(vm.smmu().kernel(), "vsmmu_lock");
        streams = new Guarded<>(vm.smmu().kernel(), "vsmmu.streams", lock, vm.life(), List.of());
    }

    VmDomain vm() {
        return vm;
    }

    /**
     * From now on the guest knows {@code dev} by the stream id {@code number}. EEXIST if it has one of that
     * number already. Before {@code dev} is released, the guest {@linkplain #takes loses} it.
     *
     * @kernel iommufd_vdevice_alloc_ioctl
     */
    public Errno gives(Device dev, int number) {
        try (Held _ = lock.irqsave()) {
            List<Stream> more = new ArrayList<>(streams.get());
            if (more.stream().anyMatch(s -> s.number() == number)) {
                return Errno.EEXIST;
            }
            Master master = SmmuDevice.master(dev);
            more.add(new Stream(number, master.sid(), master));
            streams.set(List.copyOf(more));
            return Errno.OK;
        }
    }

    /** The guest has no device of that number any more. */
    public void takes(int number) {
        try (Held _ = lock.irqsave()) {
            List<Stream> fewer = new ArrayList<>(streams.get());
            fewer.removeIf(s -> s.number() == number);
            streams.set(List.copyOf(fewer));
        }
    }

    /** Null: the guest has no device of that number. */
    Stream find(int number) {
        try (Held _ = lock.irqsave()) {
            for (Stream stream : streams.get()) {
                if (stream.number() == number) {
                    return stream;
                }
            }
            return null;
        }
    }

    /**
     * A domain that is what the guest has written into an entry of its stream table; null without memory, or
     * if a guest may not write that.
     *
     * @param w0 the first word of it; no others are the guest's business but
     * @param w1 the second one
     * @kernel arm_vsmmu_alloc_domain_nested
     */
    public Domain.Nested allocNested(long w0, long w1) {
        var guest = new GuestSte(w0, w1);
        int number = guest.validate().ok() ? vm.smmu().allocNest() : 0;
        return number == 0 ? null : new NestedDomain(vm, number, guest);
    }

    /**
     * Does what the guest's command queue says, through the host's. Stops at the first command that is not
     * done: one that a guest may not send, one for a device that it does not have, one whose effect is not
     * confirmed. A device that does not answer is contained before the guest is told.
     *
     * @return how many are done; if not all, the next one is where it failed
     * @kernel arm_vsmmu_cache_invalidate
     */
    public int invalidate(List<Command> commands) {
        return new GuestBatch(this).run(commands);
    }
}
