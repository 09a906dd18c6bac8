// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

/** A way in which QEMU's SMMUv3 is not what the architecture says, and where that is said. */
enum Deviation {
    CLASS("IHI0070 7.3",
            "Faults of an address are of class IN; the field is left 0, which reads as CD."),
    SILENT("IHI0070 3.4",
            "The access is dropped without an event: addresses of more than 48 bits, before or after "
            + "translation, are not looked at, so tagged ones do not work either."),
    ACCESS_FLAG("DDI0487 D8.5",
            "The access flag is not looked at."),
    PRIVILEGE("DDI0487 D8.4",
            "AP[1]=0 means privileged accesses only; PCIe without PASID is unprivileged."),
    TABLE_TOO_FAR("IHI0070 3.4",
            "A table descriptor beyond the output size is F_ADDR_SIZE; here it is followed, and the "
            + "fetch fails."),
    CD_ADDRESS("IHI0070 7.3",
            "The address of the fetch stands in word 3 of the record; here it is in word 2."),
    S1CDMAX("IHI0070 5.2",
            "Without substreams (IDR1.SSIDSIZE=0) S1CDMax does not count."),
    SPAN("IHI0070 3.3.2",
            "A stream that the level-1 descriptor does not reach is C_BAD_STREAMID."),
    STICKY("IHI0070 6.3",
            "STRTAB_BASE_CFG.FMT can be changed while the SMMU is off; here it stays 2-level until "
            + "the machine is reset."),
    GBPA("IHI0070 6.3",
            "There is no GBPA: traffic is not aborted while the SMMU is off."),
    NO_OVERFLOW("IHI0070 3.5.4",
            "A full event queue toggles OVFLG; here GERROR.EVENTQ_ABT_ERR becomes active."),
    RESERVED_CS("IHI0070 4.7",
            "A CMD_SYNC with CS=3 is illegal; here it is taken as CS=1."),
    TAKEN("IHI0070 4.1",
            "A command of what the identification registers do not promise, or of another security "
            + "state, is CERROR_ILL; here it is taken and does nothing."),
    CD_READ("IHI0070 7.3",
            "RnW is that of the transaction, also when the fetch of its CD faulted."),
    IPA_BITS("IHI0070 7.3",
            "The IPA is recorded from bit 12 on; here its low bits are there too, and are those of "
            + "the address.");

    private final String section;
    private final String why;

    Deviation(String section, String why) {
        this.section = section;
        this.why = why;
    }

    String section() {
        return section;
    }

    String why() {
        return why;
    }
}
