// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.List;
import lazaret.kernel.Errno;
import lazaret.machine.Entry;

/** Facts that core and driver tell the oracle. */
public sealed interface IommuEntry extends Entry {
    record Mapped(String domain, long iova, long pa, long size) implements IommuEntry {
        @Override
        public String text() {
            return "map " + domain + " " + hex(iova) + "→" + hex(pa) + " size=" + hex(size);
        }
    }

    /** The descriptors are cleared, nothing is flushed. */
    record Unmapped(String domain, long iova, long pa, long size) implements IommuEntry {
        @Override
        public String text() {
            return "unmap " + domain + " " + hex(iova) + "→" + hex(pa) + " size=" + hex(size);
        }
    }

    /** @param last inclusive */
    record FlushBegin(String domain, long start, long last) implements IommuEntry {
        @Override
        public String text() {
            return "flush " + domain + " " + hex(start) + "–" + hex(last);
        }
    }

    /** The flush returned to its caller. */
    record FlushEnd(String domain, long start, long last) implements IommuEntry {
        @Override
        public String text() {
            return "flush of " + domain + " " + hex(start) + "–" + hex(last) + " returns";
        }
    }

    /** From here on there is a {@code domain} that is a guest's stage 1 over {@code parent}. */
    record Nested(String domain, String parent) implements IommuEntry {
        @Override
        public String text() {
            return domain + " stands over " + parent;
        }
    }

    /** The driver begins to point the hardware at {@code domain}. {@link Attached} says where it ended. */
    record Attaching(String device, List<Integer> sids, String domain) implements IommuEntry {
        @Override
        public String text() {
            return device + " moves to " + domain;
        }
    }

    /** The hardware points at {@code domain} now. */
    record Attached(String device, List<Integer> sids, String domain) implements IommuEntry {
        @Override
        public String text() {
            return device + " attached to " + domain;
        }
    }

    /** The driver begins to change what a PASID points at. {@link PasidAttached} says where it ended. */
    record PasidAttaching(String device, List<Integer> sids, int pasid) implements IommuEntry {
        @Override
        public String text() {
            return device + " PASID " + hex(pasid) + " moves";
        }
    }

    /** The PASID's hardware points at {@code domain} now; empty: at nothing, all of it is refused. */
    record PasidAttached(String device, List<Integer> sids, int pasid, String domain) implements IommuEntry {
        @Override
        public String text() {
            return device + " PASID " + hex(pasid)
                    + (domain.isEmpty() ? " is attached to nothing" : " attached to " + domain);
        }
    }

    /** The logical domain of the device: where the hardware points at unless the device is blocked. */
    record Chosen(String device, List<Integer> sids, String domain, Kind kind) implements IommuEntry {
        /** What a domain does with DMA. Without ATS: it translates, and a guest will not have ATS there. */
        public enum Kind { TRANSLATES, WITHOUT_ATS, PASSES, REFUSES }

        /** Does it have page tables, and nothing against ATS? */
        public boolean translates() {
            return kind == Kind.TRANSLATES;
        }

        @Override
        public String text() {
            return "domain of " + device + " is " + domain;
        }
    }

    /** Nobody uses the domain any more: its tables are about to be freed. */
    record DomainFreed(String domain) implements IommuEntry {
        @Override
        public String text() {
            return "free " + domain;
        }
    }

    /** Hardware refuses ATS traffic of the stream from here on. */
    record Fenced(int sid) implements IommuEntry {
        @Override
        public String text() {
            return "fence sid=" + hex(sid);
        }
    }

    /** Software sends no more ATC_INV to the stream. */
    record Muted(int sid) implements IommuEntry {
        @Override
        public String text() {
            return "mute sid=" + hex(sid);
        }
    }

    record Unmuted(int sid) implements IommuEntry {
        @Override
        public String text() {
            return "unmute sid=" + hex(sid);
        }
    }

    /** Software holds the device for broken: a worker will take it out of service. */
    record Condemned(String device, List<Integer> sids) implements IommuEntry {
        @Override
        public String text() {
            return device + " is reported as broken";
        }
    }

    /** The outermost announcement of a reset took effect: the device is blocked. */
    record ResetPrepared(String device) implements IommuEntry {
        @Override
        public String text() {
            return device + " prepared for reset";
        }
    }

    /** The outermost level of a reset ended with {@code result}. */
    record ResetDone(String device, Errno result) implements IommuEntry {
        @Override
        public String text() {
            return device + " reset done: " + result;
        }
    }

    record BlockedChanged(String device, BlockReason from, BlockReason to) implements IommuEntry {
        @Override
        public String text() {
            return device + " blocked " + from + "→" + to;
        }
    }

    /** The core holds the device in a group from here on. */
    record Probed(String device, List<Integer> sids, String group) implements IommuEntry {
        @Override
        public String text() {
            return device + " added to " + group;
        }
    }

    /** The core has forgotten the device. */
    record Released(String device, List<Integer> sids) implements IommuEntry {
        @Override
        public String text() {
            return device + " released";
        }
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** The driver prints one event of the SMMU. */
    record EventTold(String smmu, int sid) implements IommuEntry {
        @Override
        public String text() {
            return smmu + " tells of an event of sid=" + hex(sid);
        }
    }
}
