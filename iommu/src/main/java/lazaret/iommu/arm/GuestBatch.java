// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Held;
import lazaret.machine.Unmodelled;
import lazaret.smmuv3.AtcSpan;
import lazaret.smmuv3.Command;

/**
 * Invalidations that a guest wants of its SMMU, done through the host's command queue. The guest's stream ids
 * and its VMID are replaced by those that hardware knows. A device that does not answer the guest is
 * contained as one that does not answer the host, before the guest is told.
 *
 * <p>One command after the other, each with a SYNC. A device is asked as flushes of the VM's memory ask it:
 * it does not leave the VM while somebody waits for its answer, and nobody who attaches devices has to wait
 * for it but who takes this one away.
 *
 * @kernel arm_vsmmu_cache_invalidate
 */
record GuestBatch(Vsmmu vsmmu) {
    /** See {@link Vsmmu#invalidate}. */
    int run(List<Command> commands) {
        int done = 0;
        while (done < commands.size() && runs(commands.get(done))) {
            done++;
        }
        return done;
    }

    private boolean runs(Command command) {
        return smmu().kernel().forgets().test(() -> one(command));
    }

    /** @kernel arm_vsmmu_convert_user_cmd */
    private boolean one(Command command) {
        return switch (command) {
            case Command.TlbiNhAll _, Command.TlbiNsnhAll _ -> host(new Command.TlbiNhAll(vmid()));
            case Command.TlbiNhAsid c -> host(new Command.TlbiNhAsid(vmid(), c.asid()));
            case Command.TlbiNhVa c ->
                host(new Command.TlbiNhVa(vmid(), c.asid(), c.address(), c.leaf(), c.range()));
            case Command.TlbiNhVaa c -> host(new Command.TlbiNhVaa(vmid(), c.address(), c.leaf(), c.range()));
            case Command.CfgiCd c -> {
                Vsmmu.Stream stream = vsmmu.find(c.sid());
                yield stream != null && host(new Command.CfgiCd(stream.sid(), c.ssid(), c.leaf()));
            }
            case Command.CfgiCdAll c -> {
                Vsmmu.Stream stream = vsmmu.find(c.sid());
                yield stream != null && host(new Command.CfgiCdAll(stream.sid()));
            }
            case Command.AtcInv c -> atc(c);
            case Command.PrefetchConfig _, Command.PrefetchAddr _, Command.CfgiSte _, Command.CfgiSteRange _,
                 Command.CfgiAll _, Command.CfgiVmsPidm _, Command.TlbiEl2All _, Command.TlbiEl2Asid _,
                 Command.TlbiEl2Va _, Command.TlbiEl2Vaa _, Command.TlbiS12Vmall _, Command.TlbiS2Ipa _,
                 Command.PriResp _, Command.Resume _, Command.StallTerm _, Command.Sync _,
                 Command.Dpti _, Command.Illegal _ -> false;
        };
    }

    private boolean host(Command command) {
        return smmu().cmdq().submit(List.of(command)).consumed();
    }

    private boolean atc(Command.AtcInv command) {
        if (command.global()) {
            throw new Unmodelled("ATC_INV of a guest for all PASIDs");
        }
        Vsmmu.Stream stream = vsmmu.find(command.sid());
        if (stream == null || command.size() > AtcSpan.ALL) {
            return false;
        }
        int ssid = command.ssv() ? command.ssid() : Cds.NO_PASID;
        var span = new AtcSpan(command.address(), command.size());
        try (Held _ = smmu().kernel().rcu().readLock()) {
            return asks(new AtcTarget(stream.master(), ssid), span);
        }
    }

    /** A device without ATS in this VM is not asked; that it forgot is not known. @req R67 */
    private boolean asks(AtcTarget target, AtcSpan span) {
        Invs invs = vsmmu.vm().invs();
        if (!invs.hasAts()) {
            return false;
        }
        try (Held _ = vsmmu.vm().atsLock().read()) {
            return invs.asks(target.master()) && smmu().atc().guest(target, span);
        }
    }

    private int vmid() {
        return vsmmu.vm().vmid();
    }

    private SmmuDevice smmu() {
        return vsmmu.vm().smmu();
    }
}
