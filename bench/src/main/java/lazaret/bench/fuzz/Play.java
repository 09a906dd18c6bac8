// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.fuzz;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lazaret.machine.Alone;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Unmodelled;
import lazaret.pcie.Config;
import lazaret.pcie.hw.DownPort;
import lazaret.pcie.hw.Endpoint;
import lazaret.pcie.hw.EndpointFaults;
import lazaret.smmuv3.Op;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;

/**
 * Does what an input says, one action after the other, and then looks whether the hardware is as it must be:
 * it comes to rest, it answered nothing twice, and a stream whose ATS traffic it says it refuses does not get
 * a translated write through. Anything thrown but {@link Unmodelled} is a defect.
 */
public final class Play implements Function<byte[], String> {
    private static final int LIMIT = 50_000;
    private static final int ROOM = 200_000;
    private static final int FRAMES = 4096;
    private static final long TARGET = World.DATA + 0x5_0018;
    private static final Reg[] REGS = Reg.values();
    private static final Op[] OPS = Op.values();

    private final Map<World.Start, World> worlds = new EnumMap<>(World.Start.class);
    private World world;
    private Machine machine;
    private Bytes in;
    private int steps;

    @Override
    public String apply(byte[] input) {
        in = new Bytes(input);
        begin(in.of(World.Start.values()));
        try {
            while (in.more() && steps < LIMIT) {
                act();
            }
            settle();
            judge();
            return "rest";
        } catch (Unmodelled refused) {
            return refused.getMessage();
        } finally {
            world.machine.undo().rollback();
        }
    }

    private void begin(World.Start start) {
        world = worlds.get(start);
        if (world == null || world.machine.ram().frames() > FRAMES) {
            world = new World(start);
            worlds.put(start, world);
        }
        machine = world.machine;
        machine.enter(new Alone(machine), (n, why) -> in.below(n));
        world.wild.begin();
        steps = 0;
    }

    private void act() {
        switch (in.below(21)) {
            case 0 -> world.smmu.mmio().write32(in.of(REGS).offset(), (int) in.word());
            case 1 -> wide(in.of(REGS));
            case 2 -> world.smmu.mmio().write32(in.below(Reg.SPACE) & ~3, (int) in.word());
            case 3 -> world.smmu.mmio().read32(in.below(Reg.SPACE) & ~3);
            case 4 -> machine.ram().store(World.address(in.next(), in.next()), in.word());
            case 5 -> flip(World.address(in.next(), in.next()));
            case 6 -> flip(World.STRTAB + 64L * World.SIDS.get(in.below(3)) + 8 * in.below(4));
            case 7 -> flip(World.CDS + 8 * in.below(32));
            case 8, 9, 10 -> command();
            case 11 -> world.smmu.mmio().write32(Reg.CMDQ_PROD.offset(), (int) in.word());
            case 12, 13 -> world.wild.sends(in);
            case 14 -> device(in.of(new Endpoint[] {world.nic, world.gpu, world.virtual}));
            case 15 -> run();
            case 16 -> settle();
            case 17 -> pass();
            case 18 -> acknowledge();
            case 19 -> port(in.next() % 2 == 0 ? world.left : world.right);
            default -> rare(in.next());
        }
    }

    private void wide(Reg reg) {
        if (reg.bits() == 64) {
            world.smmu.mmio().write64(reg.offset(), in.word());
        } else {
            world.smmu.mmio().read32(reg.offset());
        }
    }

    private void flip(long at) {
        machine.ram().store(at, machine.ram().load(at) ^ in.word());
    }

    /** A command that is nearly sound goes into the queue, and is told of. */
    private void command() {
        Op op = in.of(OPS);
        int prod = world.smmu.mmio().read32(Reg.CMDQ_PROD.offset());
        var queue = new Queue(World.CMDQ_LOG2);
        long at = queue.slot(World.CMDQ, prod, Queue.COMMAND);
        int form = in.next();
        long sid = (form & 1) == 0 ? (long) World.SIDS.get((form >>> 1) % 3) << 32 : in.word() & ~0xffL;
        long more = (form & 8) == 0 ? 0 : in.word();
        machine.ram().store(at, op.code() | sid | (form & 16) << 7);
        machine.ram().store(at + 8, more);
        world.smmu.mmio().write32(Reg.CMDQ_PROD.offset(), queue.inc(prod));
    }

    private void device(Endpoint device) {
        int what = in.next();
        switch (what % 12) {
            case 0 -> device.ring();
            case 1 -> device.config().write16(in.next() * 2, (int) in.word() & 0xffff);
            case 2 -> device.config().write32(in.next() * 4, (int) in.word());
            case 3 -> device.config().read32(in.below(Config.SIZE) & ~3);
            case 4 -> device.becomes(faults());
            case 5 -> device.hotReset();
            case 6 -> device.linkDown();
            case 7 -> device.linkUp();
            case 8 -> device.die();
            case 9 -> device.mend();
            case 10 -> device.release();
            default -> device.config().write16(0x58, 1 << 15);
        }
    }

    private void port(DownPort port) {
        switch (in.below(10)) {
            case 0 -> port.config().write16(in.next() * 2, (int) in.word() & 0xffff);
            case 1 -> port.config().write32(in.below(0x120) & ~3, (int) in.word());
            case 2 -> port.config().read32(in.below(Config.SIZE) & ~3);
            case 3 -> port.linkFails(in.of(DownPort.Event.values()));
            case 4 -> port.linkRecovers();
            case 5 -> port.pulledOut();
            case 6 -> port.error(port == world.left ? world.nic : world.gpu, in.next() % 2 == 0);
            case 7 -> world.above.holdsBack(in.next());
            case 8 -> world.above.release();
            default -> port.config().write16(0x116, in.next());
        }
    }

    private EndpointFaults faults() {
        int bits = in.next();
        EndpointFaults faults = EndpointFaults.NONE.flr(in.of(EndpointFaults.Flr.values()));
        EndpointFaults.Answers how = in.of(EndpointFaults.Answers.values());
        faults = how == EndpointFaults.Answers.LATE ? faults.answersLate(1 + in.next() * 1000L)
                : faults.answers(how);
        faults = (bits & 1) == 0 ? faults : faults.incurable();
        faults = (bits & 2) == 0 ? faults : faults.silentWithAtsOff();
        faults = (bits & 4) == 0 ? faults : faults.postedWritesHeld(in.next() * 100L);
        faults = (bits & 8) == 0 ? faults : faults.diesAt(in.next() % 4);
        for (EndpointFaults.Defect defect : EndpointFaults.Defect.values()) {
            faults = (bits & 16) != 0 && in.next() % 2 == 1 ? faults.with(defect) : faults;
        }
        return faults;
    }

    private void acknowledge() {
        var mmio = world.smmu.mmio();
        switch (in.below(4)) {
            case 0 -> mmio.write32(Reg.GERRORN.offset(), mmio.read32(Reg.GERROR.offset()));
            case 1 -> mmio.write32(Reg.EVENTQ_CONS.offset(), mmio.read32(Reg.EVENTQ_PROD.offset()));
            case 2 -> mmio.write32(Reg.PRIQ_CONS.offset(), mmio.read32(Reg.PRIQ_PROD.offset()));
            default -> mmio.write32(Reg.CR0.offset(), in.next());
        }
    }

    private void rare(int what) {
        switch (what % 16) {
            case 0 -> world.smmu.fail();
            case 1 -> world.smmu.freezeAfter(in.next());
            case 2 -> world.smmu.functionReset(World.SIDS.get(in.below(3)));
            case 3 -> world.wild.toggle();
            case 4 -> world.nic.remove();
            default -> settle();
        }
    }

    // Time and steps.

    private void run() {
        List<Strand> all = machine.hardware();
        Strand one = all.get(in.below(all.size()));
        for (int left = 1 + in.next() % 8; left > 0 && one.enabled(); left--) {
            step(one);
        }
    }

    private void settle() {
        while (stepAny()) {
            if (steps > LIMIT) {
                throw new IllegalStateException("hardware does not come to rest");
            }
        }
    }

    private boolean stepAny() {
        List<Strand> all = machine.hardware();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).enabled()) {
                step(all.get(i));
                return true;
            }
        }
        return false;
    }

    private void step(Strand one) {
        steps++;
        one.step();
        if (machine.undo().size() > ROOM) {
            throw new IllegalStateException("changed more than " + ROOM + " cells");
        }
    }

    private void pass() {
        if (machine.clock().enabled()) {
            machine.clock().step();
        }
    }

    // What must be so.

    private void judge() {
        if (world.wild.overfed()) {
            throw new IllegalStateException("more answers than requests");
        }
        for (int sid : World.SIDS) {
            int waits = world.smmu.outstanding(sid);
            if (waits < 0 || waits > 32) {
                throw new IllegalStateException("outstanding: " + waits);
            }
        }
        if (world.smmu.refusesAts(World.WILD)) {
            long mark = machine.ram().load(TARGET) + 1;
            world.wild.forges(TARGET, mark);
            settle();
            if (machine.ram().load(TARGET) == mark) {
                throw new IllegalStateException("a refused stream has written");
            }
        }
    }
}
