// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.List;
import lazaret.machine.Field;
import lazaret.machine.Unmodelled;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.Idr3;
import lazaret.smmuv3.Idr5;

/**
 * What an SMMU is, how it is broken, and how far it goes in what the architecture leaves open.
 *
 * @param idr               what its identification registers say
 * @param aidr              architecture version: 2 is SMMUv3.2
 * @param atcTimeoutUs      microseconds after which an unanswered invalidate request is given up
 * @param atcReport         how that is reported
 * @param atcReports        with {@link AtcReport#REPORT_REPEATEDLY} how often
 * @param cmdqFreezesAt     a fault: the command engine stops without a word after so many commands, counted
 *                          from the start of the machine; {@link #NEVER}. See also {@link Smmu#freezeAfter}
 * @param caches            what caches may do
 * @param lateInvalidations invalidated entries may still be used until a CMD_SYNC has completed
 * @param reservedBits      what becomes of a command with reserved bits set
 * @param absent            what becomes of an invalidate request to a function that is not there
 * @param liberties         {@link Liberty}s, one bit each by ordinal
 */
public record SmmuParams(Idr idr, int aidr, long atcTimeoutUs, AtcReport atcReport, int atcReports,
        long cmdqFreezesAt, Caches caches, boolean lateInvalidations, ReservedBits reservedBits,
        Absent absent, int liberties) {
    /** Of {@link #cmdqFreezesAt}: no command is the last one. */
    public static final long NEVER = -1;

    /** How the time-out of an invalidate request comes back to software, if so as CERROR_ATC_INV_SYNC. */
    public enum AtcReport {
        /** One CMD_SYNC fails, then the request is forgotten: the same CMD_SYNC, retried, succeeds. */
        REPORT_ONCE,
        /** As {@link #REPORT_ONCE}, but as many CMD_SYNCs fail as {@link SmmuParams#atcReports} says. */
        REPORT_REPEATEDLY,
        /** Each CMD_SYNC fails until the function answers after all or is reset. */
        REPORT_WHILE_PENDING,
        /** No error; a CMD_SYNC that waits for the request never completes. */
        NEVER_COMPLETES
    }

    /** What the SMMU remembers of configuration and translations. */
    public enum Caches {
        /** Nothing. */
        NONE,
        /**
         * What it has read, until told to forget. Where memory says something else by now, a choice decides
         * each time whether the entry happens to be gone.
         */
        STALE,
        /**
         * As {@link #STALE} with each of these choices made: an entry is there until told to forget it or
         * until another needs its room. Faster, for memory is not compared.
         */
        KEPT
    }

    /** Reserved bits set in a command. */
    public enum ReservedBits {
        /** They do not matter. */
        IGNORE,
        /** The command is illegal. */
        ILL
    }

    /** An invalidate request to a function that is not there. */
    public enum Absent {
        /** Silence, and so a time-out. */
        SILENT,
        /** The root knows and ends the request at once. For a CMD_SYNC that is an answer like any other. */
        UNSUPPORTED
    }

    private static final List<Field> NOT_MODELLED = List.of(
            Idr0.BTM, Idr0.ATOS, Idr0.VATOS, Idr0.RME_IMPL,
            Idr1.QUEUES_PRESET, Idr1.TABLES_PRESET, Idr1.ECMDQ,
            Idr3.MPAM, Idr3.DPT, Idr3.PASIDTT, Idr3.S2PI, Idr3.S2PO);

    /**
     * Stage 1, ATS, 16 bits of stream id, 48-bit addresses, 4 KiB granule; nothing broken, and as unkind as
     * allowed.
     */
    public static final SmmuParams USUAL = new SmmuParams(usual(), 2, 100_000, AtcReport.REPORT_ONCE, 1,
            NEVER, Caches.STALE, true, ReservedBits.IGNORE, Absent.SILENT, 0);

    /** @throws Unmodelled if an identification register promises what this model does not have */
    public SmmuParams {
        for (Field feature : NOT_MODELLED) {
            if (idr.has(feature)) {
                throw new Unmodelled("an SMMU with " + feature.layout().name() + "." + feature.name());
            }
        }
        if (atcTimeoutUs <= 0 || atcReports <= 0) {
            throw new IllegalArgumentException("an ATC time-out of " + atcTimeoutUs + " us, told "
                    + atcReports + " times");
        }
    }

    /** With one field of an identification register different. */
    public SmmuParams with(Field field, long value) {
        return with(idr.with(field, value));
    }

    /** With other identification registers. */
    public SmmuParams with(Idr registers) {
        return new SmmuParams(registers, aidr, atcTimeoutUs, atcReport, atcReports,
                cmdqFreezesAt, caches, lateInvalidations, reservedBits, absent, liberties);
    }

    public SmmuParams with(AtcReport report) {
        return new SmmuParams(idr, aidr, atcTimeoutUs, report, atcReports, cmdqFreezesAt, caches,
                lateInvalidations, reservedBits, absent, liberties);
    }

    public SmmuParams with(ReservedBits policy) {
        return new SmmuParams(idr, aidr, atcTimeoutUs, atcReport, atcReports, cmdqFreezesAt, caches,
                lateInvalidations, policy, absent, liberties);
    }

    public SmmuParams with(Absent policy) {
        return new SmmuParams(idr, aidr, atcTimeoutUs, atcReport, atcReports, cmdqFreezesAt, caches,
                lateInvalidations, reservedBits, policy, liberties);
    }

    /** It takes this liberty too. */
    public SmmuParams with(Liberty liberty) {
        return new SmmuParams(idr, aidr, atcTimeoutUs, atcReport, atcReports, cmdqFreezesAt, caches,
                lateInvalidations, reservedBits, absent, liberties | 1 << liberty.ordinal());
    }

    /** A time-out is reported so many times: {@link AtcReport#REPORT_REPEATEDLY}. */
    public SmmuParams reportsAtc(int times) {
        return new SmmuParams(idr, aidr, atcTimeoutUs, AtcReport.REPORT_REPEATEDLY, times, cmdqFreezesAt,
                caches, lateInvalidations, reservedBits, absent, liberties);
    }

    /** @param us see {@link #atcTimeoutUs} */
    public SmmuParams withAtcTimeout(long us) {
        return new SmmuParams(idr, aidr, us, atcReport, atcReports, cmdqFreezesAt, caches,
                lateInvalidations, reservedBits, absent, liberties);
    }

    /** @param commands see {@link #cmdqFreezesAt} */
    public SmmuParams withFreeze(long commands) {
        return new SmmuParams(idr, aidr, atcTimeoutUs, atcReport, atcReports, commands, caches,
                lateInvalidations, reservedBits, absent, liberties);
    }

    /** As kind as hardware can be: nothing is cached, and invalidations happen at once. */
    public SmmuParams coherent() {
        return new SmmuParams(idr, aidr, atcTimeoutUs, atcReport, atcReports, cmdqFreezesAt, Caches.NONE,
                false, reservedBits, absent, liberties);
    }

    /** No choice is left about cached entries: {@link Caches#KEPT}, and invalidations happen at once. */
    public SmmuParams steady() {
        return new SmmuParams(idr, aidr, atcTimeoutUs, atcReport, atcReports, cmdqFreezesAt, Caches.KEPT,
                false, reservedBits, absent, liberties);
    }

    /** Invalidations happen at once, not only with the next CMD_SYNC. */
    public SmmuParams prompt() {
        return new SmmuParams(idr, aidr, atcTimeoutUs, atcReport, atcReports, cmdqFreezesAt, caches,
                false, reservedBits, absent, liberties);
    }

    public boolean takes(Liberty liberty) {
        return (liberties >>> liberty.ordinal() & 1) != 0;
    }

    boolean has(Field feature) {
        return idr.has(feature);
    }

    private static Idr usual() {
        return Idr.NOTHING
                .with(Idr0.S1P, 1).with(Idr0.TTF, 2).with(Idr0.COHACC, 1).with(Idr0.ATS, 1)
                .with(Idr0.NS1ATS, 1).with(Idr0.ASID16, 1).with(Idr0.MSI, 1).with(Idr0.CD2L, 1)
                .with(Idr0.TTENDIAN, 2).with(Idr0.ATSRECERR, 1)
                .with(Idr0.STALL_MODEL, 1).with(Idr0.ST_LEVEL, 1)
                .with(Idr1.SIDSIZE, 16).with(Idr1.SSIDSIZE, 10).with(Idr1.CMDQS, 10).with(Idr1.EVENTQS, 10)
                .with(Idr3.HAD, 1).with(Idr3.RIL, 1)
                .with(Idr5.OAS, 5).with(Idr5.GRAN4K, 1);
    }
}
