// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lazaret.iommu.IommuEntry;
import lazaret.lab.story.Moment;
import lazaret.machine.Frame;
import lazaret.machine.Machine;
import lazaret.pcie.AtsEntry;
import lazaret.pcie.Pasid;
import lazaret.pcie.hw.Endpoint;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * What lies in queue, tables, caches and memory, decoded for people. Looks at memory and hardware, never at
 * the driver; changes nothing.
 */
final class Look {
    private static final String NOTHING = "–";
    private static final int SHOWN = 12;

    private final Machine machine;
    private final Silicon silicon;
    private final List<Endpoint> endpoints;
    private final Set<Long> iovas = new LinkedHashSet<>();
    private final Set<Long> frames = new LinkedHashSet<>();
    private final int start;

    /** @param moments the run that will be looked at, told before: what it is about is what is shown */
    Look(Machine machine, Silicon silicon, List<Endpoint> endpoints, List<Moment> moments) {
        this.machine = machine;
        this.silicon = silicon;
        this.endpoints = endpoints;
        moments.forEach(m -> concerns(m));
        start = prod();
    }

    private void concerns(Moment moment) {
        switch (moment.entry()) {
            case IommuEntry.Unmapped u -> concerns(u.iova(), u.pa());
            case IommuEntry.Mapped m -> concerns(m.iova(), m.pa());
            case SmmuEntry.DmaLanded d -> concerns(d.iova(), d.pa());
            default -> { }
        }
    }

    private void concerns(long iova, long pa) {
        iovas.add(iova & -Frame.SIZE);
        frames.add(pa & -Frame.SIZE);
    }

    /** Panel and row, joined by a tab, and what stands there. */
    Map<String, String> now() {
        var state = new LinkedHashMap<String, String>();
        queue(state);
        silicon.streams().forEach(sid -> stream(state, sid));
        endpoints.forEach(e -> cache(state, e));
        tables(state);
        for (long pa : frames) {
            Frame frame = machine.ram().frame(pa);
            state.put("memory\t" + hex(pa), frame.owner() + ", epoch " + frame.epoch());
        }
        return state;
    }

    private void queue(Map<String, String> state) {
        int cons = (int) silicon.chip().register(Reg.CMDQ_CONS);
        int error = CmdqCons.ERR.getInt(cons);
        state.put("command queue\tPROD", hex(prod()));
        state.put("command queue\tCONS", hex(CmdqCons.RD.getInt(cons))
                + (error == 0 ? "" : " " + CmdqCons.ERR.show(cons)));
        int gerror = (int) silicon.chip().register(Reg.GERROR);
        int gerrorn = (int) silicon.chip().register(Reg.GERRORN);
        boolean open = Gerror.CMDQ_ERR.test(gerror ^ gerrorn);
        state.put("command queue\tGERROR.CMDQ_ERR", open ? "active: the queue stands still" : "not active");
        int size = silicon.cmdqSize();
        int written = distance(start, prod(), size);
        int read = distance(start, CmdqCons.RD.getInt(cons), size);
        for (int i = Math.max(0, written - SHOWN); i < written; i++) {
            int slot = start + i & 2 * size - 1;
            state.put("command queue\t" + hex(slot), command(slot & size - 1) + (i < read ? " ✓"
                    : i == read && open ? " ✗" : ""));
        }
    }

    private String command(int slot) {
        long at = silicon.cmdqBase() + 16L * slot;
        return Command.decode(machine.ram().load(at), machine.ram().load(at + 8)).text();
    }

    private void stream(Map<String, String> state, int sid) {
        String panel = "stream " + hex(sid) + "\t";
        long ste = silicon.ste(sid);
        for (var field : List.of(Ste.V, Ste.CONFIG, Ste.EATS)) {
            state.put(panel + "STE." + field.name(),
                    ste < 0 ? NOTHING : field.show(machine.ram().load(ste + 8L * field.word())));
        }
        state.put(panel + "ATS traffic", silicon.refusesAts(sid) ? "refused" : "let through");
        state.put(panel + "ATC_INV unanswered", Integer.toString(silicon.outstanding(sid)));
    }

    private void cache(Map<String, String> state, Endpoint endpoint) {
        for (long iova : iovas) {
            long entry = endpoint.atcEntry(Pasid.NONE, iova);
            state.put("ATC of " + endpoint.name() + "\t" + hex(iova),
                    AtsEntry.denies(entry) ? NOTHING : "→ " + hex(AtsEntry.translate(entry, iova)));
        }
    }

    private void tables(Map<String, String> state) {
        for (long iova : iovas) {
            for (int sid : silicon.streams()) {
                long pa = silicon.walk(sid, iova, true);
                state.put("page tables\tsid " + hex(sid) + " " + hex(iova),
                        pa < 0 ? NOTHING : "→ " + hex(pa));
            }
        }
    }

    private int prod() {
        return (int) silicon.chip().register(Reg.CMDQ_PROD) & 2 * silicon.cmdqSize() - 1;
    }

    private static int distance(int from, int to, int size) {
        return to - from & 2 * size - 1;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
