// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

/**
 * What must hold. The numbers and names are those of docs/ORACLE.md, which is made from this table.
 */
public enum Property {
    P1("containment",
            "After a flush returned, no DMA reaches a frame that was mapped only through the flushed range, "
                    + "even if the frame has a new owner.",
            "Every DMA at the moment it lands in memory, with the IOVA the function meant; mappings and "
            + "flushes of every "
                    + "domain; frame epochs; where no mapping explains a DMA, the pure walk of the tables "
                    + "in memory.",
            "Nothing about DMA to a frame that is still mapped in the same domain, or that the stack keeps "
            + "from everybody but its old owner, nor about devices that never used the IOMMU. Nothing about "
            + "what a guest does to its own memory with its own stage 1."),
    P2("fence before return",
            "If a flush returns and a device of its domain gave no positive answer for the flushed range, "
            + "the hardware "
                    + "already refuses ATS traffic of that device.",
            "ATC_INV, its answer or time-out as the hardware model reports them; at the return of a flush "
            + "the STE in memory "
                    + "and every cached copy of it.",
            "That the device is fenced for good (P5), or that untranslated DMA stops."),
    P3("precision",
            "A device that answered all its ATC invalidations keeps ATS and its domain.",
            "Fences and reports to the core, against time-outs of the same stream since its last reset.",
            "Devices that share a requester id, and runs in which the command queue itself stopped."),
    P4("bounded",
            "Every flush returns, within a bound that depends on the number of devices in the call and the "
            + "hardware "
                    + "time-out only; a broken device costs a bounded number of time-outs in all.",
            "Hardware time-outs met between the begin and the end of each flush, and per stream since its "
            + "last reset; flushes "
                    + "that never return, because they wait for ever or go on for ever.",
            "Time in seconds: a CPU may be held up by others. The driver's own poll limit. How long "
            + "interrupts are off."),
    P5("sticky",
            "From the fence until a successful reset or the release of the device nothing re-opens its STE.",
            "Every store into a stream table entry of a fenced stream.",
            "That the fence is effective (P2)."),
    P6("restorable",
            "After a successful reset the domain, ATS and the invalidation entries are those that the "
            + "logical state asks for.",
            "The moment at which the core lets a device out: where its hardware points, its ATS control, "
            + "whether the hardware serves it.",
            "Anything about PASIDs, PRI and what a driver restores itself. The invalidation entries show "
            + "only when a flush misses one (P2)."),
    P7("agreement",
            "At rest core, driver, tables in memory and cached configuration agree; what the stack itself "
            + "warns of is a disagreement.",
            "Warnings of the stack (warn_on), at any time. At rest, for each stream: mute against what the "
            + "hardware serves; the device's ATS control against what the hardware serves; each mapping "
            + "against the pure walk.",
            "Anything about arrays of invalidations and other state of the driver; anything while software "
            + "runs; agreement on streams that let time-outs pass, where only the mute is looked at."),
    P8("memory safety",
            "No use after free and no double free of a kernel object or page; no exception escapes the "
            + "stack.",
            "Touches of poisoned objects and frames by software; exceptions that escape a strand.",
            "Leaks. Writes by devices (P1)."),
    P9("context",
            "Nothing sleeps, allocates with GFP_KERNEL or takes a mutex in atomic context; locks are "
            + "released by their "
                    + "owner and taken in one order; nothing deadlocks.",
            "Every lock operation, sleep and allocation with the context of its strand; the lock-order "
            + "graph of boot and the run; software that waits for ever, or goes on for ever without "
            + "waiting.",
            "Orders of locks that no run took. Two orders that go against each other in different runs: "
            + "those make the campaign inconclusive and are told with both runs."),
    P10("no-fail teardown",
            "Detach, free and release cannot be refused; afterwards no hardware structure names what was "
            + "freed.",
            "When a domain is freed: who is attached to it, and who belongs to it. When a device moves on: "
            + "whether its hardware stays behind. When a device is released: the pure walk, and whether "
            + "its ATS traffic is refused.",
            "Pages of tables: a use of those is P8, or a DMA that P1 sees."),
    P11("attribution",
            "An ATC error reaches exactly the threads whose ATC_INV it covers.",
            "Who wrote each ATC_INV and each SYNC, by the stores into the queue; at which SYNC the queue "
            + "stops; who fences; whose flushes return.",
            "Designs in which a worker fences for the thread that asked. Fences once the engine stopped "
            + "without a word."),
    P12("queue integrity",
            "Every published command is executed once; no slot is rewritten before it was consumed.",
            "Every store into the command queue and every fetch of a command.",
            "The order of commands, and what they say (P2, P14). A queue that stopped without a word."),
    P13("recoverability",
            "From every fault state an operator has a way back, and meanwhile the log is not flooded.",
            "When a run has come to rest with a device fenced or blocked: the device is made well, and an "
            + "operator resets it, once, with nobody else about. The reset has to work, and the device has "
            + "to have ATS again. At any time: how many events of the SMMU the driver tells of in five "
            + "seconds, 20 at most.",
            "Ways back other than a reset. Runs that do not come to rest. Other lines of the log."),
    P14("ordering",
            "PTE, TLBI and its SYNC, ATC_INV and its SYNC, reuse: in this order. ATS on after the STE lets "
            + "it through, off before the STE stops to.",
            "By strand: commands as they are fetched and SYNCs as they complete; pages as they are freed; "
            + "where a device is attached that a flush asks; the device's ATS control; every store that "
            + "clears EATS.",
            "That the TLBI covers the range (P1 shows). The order of stores within tables. Who fences a "
            + "suspect clears EATS first. A flush of a domain that nobody is attached to, when it "
            + "begins or since.");

    private final String title;
    private final String statement;
    private final String watches;
    private final String noClaim;

    Property(String title, String statement, String watches, String noClaim) {
        this.title = title;
        this.statement = statement;
        this.watches = watches;
        this.noClaim = noClaim;
    }

    /** Two words for a headline. */
    public String title() {
        return title;
    }

    public String statement() {
        return statement;
    }

    /** What the oracle looks at to judge it. */
    public String watches() {
        return watches;
    }

    /** What it does not claim. */
    public String noClaim() {
        return noClaim;
    }
}
