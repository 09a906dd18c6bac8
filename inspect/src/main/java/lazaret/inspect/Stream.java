// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.List;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Ste;

/**
 * A stream of a recorded machine, and everything it can reach.
 *
 * @param contexts its context descriptors, if stage 1 translates
 * @param mappings of its only address space if stage 1 does not translate
 * @param missing  tables that the recording does not hold
 * @param remark   what cannot be told, or empty
 */
public record Stream(int sid, Ste ste, List<Context> contexts, List<Mapping> mappings, int missing,
        String remark) {
    /**
     * One address space of it.
     *
     * @param ssid     its index
     * @param mappings to physical addresses, through both stages where there are two
     */
    public record Context(int ssid, Cd cd, List<Mapping> mappings) { }

    /** Does it reach all of memory without translation? */
    public boolean bypass() {
        return ste.valid() && ste.config() == Ste.Config.BYPASS;
    }

    /** All mappings there are. */
    public List<Mapping> all() {
        return ste.config().stage1() ? contexts.stream().flatMap(c -> c.mappings().stream()).toList()
                : mappings;
    }

    /** {@code 0x100 (01:00.0)}: with the function, if stream ids are requester ids. */
    public String name() {
        String hex = "0x" + Integer.toHexString(sid);
        return sid >>> 16 == 0 ? hex + " (" + new lazaret.pcie.Bdf(sid) + " if it is a requester id)" : hex;
    }
}
