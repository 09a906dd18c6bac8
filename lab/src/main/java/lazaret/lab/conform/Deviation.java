// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import java.util.List;
import java.util.function.Predicate;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.EventId;
import lazaret.smmuv3.Evt;
import lazaret.smmuv3.Ste;

/**
 * A way in which QEMU's SMMUv3 is not what the architecture says, where that is said, and in which versions
 * it was seen. The verdict is that QEMU is wrong, but for {@link #GRANULE}; where we were, we were mended.
 */
public enum Deviation {
    CLASS("IHI0070 7.3", "7", true,
            "Faults of an address are of class IN; the field is left 0, which reads as CD.",
            d -> d.bothRecord() && d.differsIn(Evt.CLASS.mask())
                    && Evt.CLASS.get(d.theirs().event().w1()) == 0),
    SILENT("IHI0070 3.4", "7", false,
            "The access is dropped without an event: addresses of more than 48 bits, before or after "
            + "translation, are not looked at, so tagged ones do not work either.",
            d -> d.theirs().event() == null && !d.theirs().what().startsWith("lands")
                    ? d.iova() >>> 48 != 0 || d.oursIs(EventId.F_ADDR_SIZE)
                    : d.oursIs(EventId.F_ADDR_SIZE) && d.theirsIs(EventId.F_PERMISSION)),
    ACCESS_FLAG("DDI0487 D8.5", "7", false,
            "The access flag is not looked at.",
            d -> d.oursIs(EventId.F_ACCESS) && !d.theirsIs(EventId.F_ACCESS)),
    PRIVILEGE("DDI0487 D8.4", "", false,
            "AP[1]=0 means privileged accesses only; PCIe without PASID is unprivileged.",
            d -> d.oursIs(EventId.F_PERMISSION) && d.theirs().event() == null
                    && d.hasDescriptor(Deviation::privileged)),
    TABLE_TOO_FAR("IHI0070 3.4", "", false,
            "A table descriptor beyond the output size is F_ADDR_SIZE; here it is followed, and the "
            + "fetch fails.",
            d -> d.oursIs(EventId.F_ADDR_SIZE) && d.theirsIs(EventId.F_WALK_EABT)),
    CD_ADDRESS("IHI0070 7.3", "", true,
            "The address of the fetch stands in word 3 of the record; here it is in word 2 or missing.",
            d -> d.oursIs(EventId.F_CD_FETCH) && d.theirsIs(EventId.F_CD_FETCH)
                    && d.theirs().event().w3() == 0),
    CD_TOO_FAR("IHI0070 3.4", "", false,
            "A CD pointer beyond the output size makes the STE illegal; here it is cut off or followed.",
            d -> d.oursIs(EventId.C_BAD_STE) && d.changes(Ste.S1CONTEXTPTR)),
    TABLE_PERMISSION("DDI0487 D8.4", "", false,
            "What a table descriptor forbids counts when the walk has come to its end; here the walk ends "
            + "there.",
            d -> d.ours().event() != null && d.theirsIs(EventId.F_PERMISSION)
                    && d.hasDescriptor(Deviation::restricts)),
    S1CDMAX("IHI0070 5.2", "", false,
            "Without substreams (IDR1.SSIDSIZE=0) S1CDMax does not count.",
            d -> d.theirsIs(EventId.C_BAD_STE) && d.changes(Ste.S1CDMAX)),
    SPAN("IHI0070 3.3.2", "", false,
            "A stream that the level-1 descriptor does not reach is C_BAD_STREAMID.",
            d -> d.oursIs(EventId.C_BAD_STREAMID) && d.theirsIs(EventId.C_BAD_STE)
                    && d.what().has(Step.TwoLevels.class)),
    SPAN_REACH("IHI0070 5.1", "", false,
            "A level-1 descriptor of span n covers 2^(n-1) entries; here it covers 2^n.",
            d -> d.oursIs(EventId.C_BAD_STREAMID) && !d.theirsIs(EventId.C_BAD_STREAMID)
                    && d.what().has(Step.TwoLevels.class)),
    STICKY("IHI0070 6.3", "", false,
            "STRTAB_BASE_CFG.FMT can be changed while the SMMU is off; here it stays 2-level until "
            + "the machine is reset.",
            d -> d.what().has(Step.TwoLevels.class) && d.what().has(Step.BackToLinear.class)),
    GBPA("IHI0070 6.3", "7", false,
            "There is no GBPA: traffic is not aborted while the SMMU is off.",
            d -> d.what().has(Step.AbortWhileOff.class) && d.ours().what().equals("aborts")),
    NO_OVERFLOW("IHI0070 3.5.4", "", false,
            "A full event queue toggles OVFLG; here GERROR.EVENTQ_ABT_ERR becomes active.",
            d -> d.ours().what().equals("overflow") && d.theirs().what().equals("GERROR 4")),
    RESERVED_CS("IHI0070 4.7", "", true,
            "A CMD_SYNC with CS=3 is illegal; here it is taken as CS=1.",
            d -> d.act() instanceof Step.Commands c && (c.w0() & 0x30ff) == 0x3046 && d.taken()),
    TAKEN("IHI0070 4.1", "", true,
            "A command of what the identification registers do not promise, or of another security "
            + "state, is CERROR_ILL; here it is taken and does nothing.",
            d -> d.act() instanceof Step.Commands && d.taken()),
    GRANULE("IHI0070 3.17", "", false,
            "What was cached before TG0 changed may be used until a TLBI, or not; here entries of another "
            + "granule are never used.",
            d -> d.changesLate(Cd.TG0) && d.ours().what().startsWith("lands")),
    CD_READ("IHI0070 7.3", "10 11", true,
            "RnW is that of the transaction, also when the fetch of its CD faulted.",
            d -> d.bothRecord() && d.differsIn(Evt.RNW.mask())),
    IPA_BITS("IHI0070 7.3", "10 11", true,
            "The IPA is recorded from bit 12 on; here its low bits are there too, and are those of "
            + "the address.",
            d -> d.bothRecord() && d.ours().event().w3() == (d.theirs().event().w3() & ~0xfffL));

    private final String section;
    private final String versions;
    private final boolean goesOn;
    private final String why;
    private final Predicate<Difference> explains;

    /**
     * @param versions first numbers of the versions that have it; all of them if empty
     * @param goesOn   afterwards both are in the same state, and can be compared further
     */
    Deviation(String section, String versions, boolean goesOn, String why, Predicate<Difference> explains) {
        this.section = section;
        this.versions = versions;
        this.goesOn = goesOn;
        this.why = why;
        this.explains = explains;
    }

    /** AP[1]=0. */
    private static boolean privileged(long page) {
        return (page & 1 << 6) == 0;
    }

    /** APTable is not 0. */
    private static boolean restricts(long table) {
        return (table >>> 61 & 3) != 0;
    }

    public String section() {
        return section;
    }

    public String why() {
        return why;
    }

    /** Who is wrong: {@code theirs}, or {@code unspecified} when nobody is. */
    public String verdict() {
        return this == GRANULE ? "unspecified" : "theirs";
    }

    boolean goesOn() {
        return goesOn;
    }

    /** Do they know it of this version, {@code 7.2.22}? */
    public boolean knownOf(String version) {
        String major = version.split("\\.")[0];
        return !version.isEmpty()
                && (versions.isEmpty() || List.of(versions.split(" ")).contains(major));
    }

    /** The one that is known of {@code version} and explains {@code what}, or null. */
    static Deviation of(String version, Difference what) {
        for (Deviation each : values()) {
            if (each.knownOf(version) && each.explains.test(what)) {
                return each;
            }
        }
        return null;
    }
}
