// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import lazaret.lab.conform.OurSmmu;
import lazaret.lab.conform.Specimen;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Reg;

/** An SMMU with a mistake: it takes invalidations of the TLB by address for a SYNC. */
record Deaf(OurSmmu inside) implements Specimen {
    private static final long TLBI_NH_VA = 0x12;
    private static final long SYNC = 0x46;

    @Override
    public String name() {
        return "deaf";
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public Idr idr() {
        return inside.idr();
    }

    @Override
    public void reset() {
        inside.reset();
    }

    @Override
    public void store(long pa, long... words) {
        if (words.length == 2 && (words[0] & 0xff) == TLBI_NH_VA) {
            inside.store(pa, SYNC, 0);
        } else {
            inside.store(pa, words);
        }
    }

    @Override
    public long[] load(long... places) {
        return inside.load(places);
    }

    @Override
    public void write(Reg reg, long value) {
        inside.write(reg, value);
    }

    @Override
    public int read(Reg reg) {
        return inside.read(reg);
    }

    @Override
    public int dmaWrite(long iova) {
        return inside.dmaWrite(iova);
    }

    @Override
    public void dmaRead(long iova) {
        inside.dmaRead(iova);
    }

    @Override
    public String lost() {
        return inside.lost();
    }

    @Override
    public boolean takeInterrupt(Line line) {
        return inside.takeInterrupt(line);
    }

    @Override
    public void close() {
        inside.close();
    }
}
