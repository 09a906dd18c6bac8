// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.List;
import lazaret.machine.Coded;
import lazaret.machine.Field;
import lazaret.machine.Unmodelled;
import lazaret.smmuv3.Aidr;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.Idr3;
import lazaret.smmuv3.Idr5;

/**
 * What an SMMU can do, how it is broken, and how far it goes in what the architecture leaves open.
 *
 * @param idr0              identification registers, with the fields of {@link Idr0} and its neighbours
 * @param idr1              sizes
 * @param idr3              later features
 * @param idr5              addresses
 * @param aidr              architecture version
 * @param atcTimeoutUs      microseconds after which an unanswered invalidate request is given up
 * @param atcReport         how such a time-out is reported
 * @param cmdqFreezesAt     a fault: the command engine stops without a word after so many commands, counted from the
 *                          start of the machine; {@link #NEVER}
 * @param staleCaches       caches may go on using what memory no longer says, until told to forget
 * @param lateInvalidations invalidated entries may still be used until a CMD_SYNC has completed
 * @param reservedBits      what becomes of a command with reserved bits set
 * @param absent            what becomes of an invalidate request to a function that is not there
 */
public record SmmuParams(int idr0, int idr1, int idr3, int idr5, int aidr, long atcTimeoutUs, AtcReport atcReport,
        long cmdqFreezesAt, boolean staleCaches, boolean lateInvalidations, ReservedBits reservedBits, Absent absent) {
    /** No command is the last one. */
    public static final long NEVER = -1;

    /** How the time-out of an invalidate request comes back to software, all of it with CERROR_ATC_INV_SYNC. */
    public enum AtcReport {
        /** One CMD_SYNC fails, then the request is forgotten: the same CMD_SYNC, retried, succeeds. */
        REPORT_ONCE,
        /** Each CMD_SYNC fails until the function answers after all or is reset. */
        REPORT_WHILE_PENDING,
        /** No error; a CMD_SYNC that waits for the request never completes. */
        NEVER_COMPLETES
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
        /** The root knows, and ends the request at once: it counts as answered. */
        UNSUPPORTED
    }

    /** Stage 1, ATS, 16 bits of stream id, 48-bit addresses, 4 KiB granule, nothing broken, as unkind as allowed. */
    public static final SmmuParams USUAL = new SmmuParams(usualIdr0(), usualIdr1(), usualIdr3(), usualIdr5(), 2,
            100_000, AtcReport.REPORT_ONCE, NEVER, true, true, ReservedBits.IGNORE, Absent.SILENT);

    private static final List<Field> ABSENT_FEATURES = List.of(
            Idr0.BTM, Idr0.ATOS, Idr0.PRI, Idr0.VMW, Idr0.VATOS, Idr0.RME_IMPL,
            Idr1.QUEUES_PRESET, Idr1.TABLES_PRESET, Idr1.ECMDQ,
            Idr3.MPAM, Idr3.DPT, Idr3.PASIDTT, Idr3.THE);

    /** @throws Unmodelled if an identification register promises what this model does not have */
    public SmmuParams {
        if (ABSENT_FEATURES != null) {                          // null while USUAL is made
            int[] idr = {idr0, idr1, idr3, idr5, aidr};
            for (Field feature : ABSENT_FEATURES) {
                if (feature.test(idr[index(feature)])) {
                    throw new Unmodelled(feature.layout().name() + "." + feature.name());
                }
            }
        }
        if (atcTimeoutUs <= 0) {
            throw new IllegalArgumentException("time-out of " + atcTimeoutUs + " us");
        }
    }

    /** These parameters with one field of an identification register replaced. */
    public SmmuParams with(Field field, long value) {
        int[] idr = {idr0, idr1, idr3, idr5, aidr};
        int at = index(field);
        idr[at] = (int) field.put(idr[at], value);
        return new SmmuParams(idr[0], idr[1], idr[2], idr[3], idr[4], atcTimeoutUs, atcReport, cmdqFreezesAt,
                staleCaches, lateInvalidations, reservedBits, absent);
    }

    public SmmuParams with(AtcReport report) {
        return new SmmuParams(idr0, idr1, idr3, idr5, aidr, atcTimeoutUs, report, cmdqFreezesAt, staleCaches,
                lateInvalidations, reservedBits, absent);
    }

    public SmmuParams with(ReservedBits policy) {
        return new SmmuParams(idr0, idr1, idr3, idr5, aidr, atcTimeoutUs, atcReport, cmdqFreezesAt, staleCaches,
                lateInvalidations, policy, absent);
    }

    public SmmuParams with(Absent policy) {
        return new SmmuParams(idr0, idr1, idr3, idr5, aidr, atcTimeoutUs, atcReport, cmdqFreezesAt, staleCaches,
                lateInvalidations, reservedBits, policy);
    }

    public SmmuParams withAtcTimeout(long us) {
        return new SmmuParams(idr0, idr1, idr3, idr5, aidr, us, atcReport, cmdqFreezesAt, staleCaches,
                lateInvalidations, reservedBits, absent);
    }

    /** See {@link #cmdqFreezesAt}. */
    public SmmuParams withFreeze(long commands) {
        return new SmmuParams(idr0, idr1, idr3, idr5, aidr, atcTimeoutUs, atcReport, commands, staleCaches,
                lateInvalidations, reservedBits, absent);
    }

    /** As kind as hardware can be: caches are never stale, and invalidations happen at once. */
    public SmmuParams coherent() {
        return new SmmuParams(idr0, idr1, idr3, idr5, aidr, atcTimeoutUs, atcReport, cmdqFreezesAt, false, false,
                reservedBits, absent);
    }

    /** The value of a field of an identification register. */
    public int get(Field field) {
        return field.getInt(switch (index(field)) {
            case 0 -> idr0;
            case 1 -> idr1;
            case 2 -> idr3;
            case 3 -> idr5;
            default -> aidr;
        });
    }

    public boolean has(Field feature) {
        return get(feature) != 0;
    }

    private static int index(Field field) {
        int at = List.of(Idr0.IDR0, Idr1.IDR1, Idr3.IDR3, Idr5.IDR5, Aidr.AIDR).indexOf(field.layout());
        if (at < 0) {
            throw new IllegalArgumentException(field.name() + " is no field of an identification register");
        }
        return at;
    }

    private static int usualIdr0() {
        Coded littleEndian = () -> 2;
        Coded only64 = () -> 2;
        Coded terminateOnly = () -> 1;
        return (int) (Idr0.S1P.mask() | Idr0.COHACC.mask() | Idr0.ATS.mask() | Idr0.NS1ATS.mask() | Idr0.ASID16.mask()
                | Idr0.MSI.mask() | Idr0.CD2L.mask() | Idr0.ATSRECERR.mask() | Idr0.TTF.prep(only64)
                | Idr0.TTENDIAN.prep(littleEndian) | Idr0.STALL_MODEL.prep(terminateOnly) | Idr0.ST_LEVEL.prep(1));
    }

    private static int usualIdr1() {
        return (int) (Idr1.SIDSIZE.prep(16) | Idr1.SSIDSIZE.prep(10) | Idr1.CMDQS.prep(10) | Idr1.EVENTQS.prep(10));
    }

    private static int usualIdr3() {
        return (int) (Idr3.HAD.mask() | Idr3.RIL.mask());
    }

    private static int usualIdr5() {
        return (int) (Idr5.OAS.prep(5) | Idr5.GRAN4K.mask());
    }
}
