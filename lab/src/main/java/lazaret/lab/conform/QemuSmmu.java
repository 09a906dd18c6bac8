// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import java.util.SortedSet;
import java.util.TreeSet;
import lazaret.machine.Frame;
import lazaret.machine.Mmio;
import lazaret.qemu.Board;
import lazaret.qemu.Edu;
import lazaret.qemu.Qtest;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.StreamTable;
import lazaret.smmuv3.StrtabBaseCfg;

/** QEMU's SMMUv3, or anybody's who answers as QEMU does. */
public final class QemuSmmu implements Specimen {
    private static final long RING = FREE;
    private static final int RING_LOG2 = 2;

    private final Board board;
    private final Qtest memory;
    private final Mmio registers;
    private final Edu edu;
    private final Idr idr;
    private final SortedSet<Long> touched = new TreeSet<>();
    /** A stream table of two levels stays one; only a new process forgets it. */
    private boolean tainted;

    /** @param board switched on, closed with this */
    public QemuSmmu(Board board) {
        this.board = board;
        memory = board.memory();
        registers = board.smmu();
        edu = board.function(SID);
        idr = new Idr(id(Reg.IDR0), id(Reg.IDR1), id(Reg.IDR3), id(Reg.IDR5));
        board.mark();
    }

    private long id(Reg reg) {
        return Integer.toUnsignedLong(registers.read32(reg.offset()));
    }

    @Override
    public String name() {
        return "QEMU " + board.version();
    }

    @Override
    public String version() {
        return board.version();
    }

    @Override
    public Idr idr() {
        return idr;
    }

    @Override
    public void reset() {
        if (tainted) {
            board.rewind();
            tainted = false;
        } else {
            forget();
        }
        touched.forEach(page -> memory.clear(page, Frame.SIZE));
        touched.clear();
        for (Line line : Line.values()) {
            takeInterrupt(line);
        }
    }

    /** Off, with nothing cached and no error active. */
    private void forget() {
        write(Reg.CR0, 0);
        write(Reg.IRQ_CTRL, 0);
        write(Reg.GERRORN, read(Reg.GERROR));
        store(RING, 4, 31, 0x30, 0);                    // CFGI_ALL, TLBI_NSNH_ALL
        write(Reg.CMDQ_BASE, RING | RING_LOG2);
        write(Reg.CMDQ_PROD, 0);
        write(Reg.CMDQ_CONS, 0);
        write(Reg.CR0, Cr0.CMDQEN.mask());
        write(Reg.CMDQ_PROD, 2);
        write(Reg.CR0, 0);
        for (Reg reg : new Reg[] {Reg.CMDQ_PROD, Reg.CMDQ_CONS, Reg.EVENTQ_PROD, Reg.EVENTQ_CONS, Reg.CR2}) {
            write(reg, 0);
        }
    }

    @Override
    public void store(long pa, long... words) {
        for (int i = 0; i < words.length; i++) {
            touch(pa + 8L * i);
            memory.store(pa + 8L * i, words[i]);
        }
    }

    private void touch(long pa) {
        touched.add(pa & -Frame.SIZE);
    }

    @Override
    public long[] load(long... places) {
        for (long pa : places) {
            touch(pa);
        }
        return memory.load(places);
    }

    @Override
    public void write(Reg reg, long value) {
        if (reg == Reg.STRTAB_BASE_CFG) {
            tainted |= StrtabBaseCfg.FMT.getInt(value) == StreamTable.Fmt.TWO_LEVEL.code();
        }
        if (reg.bits() == Long.SIZE) {
            registers.write64(reg.offset(), value);
        } else {
            registers.write32(reg.offset(), (int) value);
        }
    }

    @Override
    public int read(Reg reg) {
        return registers.read32(reg.offset());
    }

    @Override
    public int dmaWrite(long iova) {
        return edu.write(iova);
    }

    @Override
    public void dmaRead(long iova) {
        edu.read(iova);
    }

    @Override
    public String lost() {
        return "nothing";
    }

    @Override
    public boolean takeInterrupt(Line line) {
        memory.settle();
        return board.takeInterrupt(switch (line) {
            case EVENTQ -> Board.Line.EVENTQ;
            case CMD_SYNC -> Board.Line.CMD_SYNC;
            case GERROR -> Board.Line.GERROR;
        });
    }

    @Override
    public void close() {
        board.close();
    }
}
