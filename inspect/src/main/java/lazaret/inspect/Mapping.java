// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

/**
 * A range of addresses of a stream that goes somewhere.
 *
 * @param input    first address as the device says it
 * @param output   first physical address it goes to
 * @param log2size of the range in bytes
 * @param write    writes go there too, if need be after hardware has marked the descriptor dirty
 * @param privileged only privileged transactions get there
 */
public record Mapping(long input, long output, int log2size, boolean read, boolean write,
        boolean privileged) {
    public long size() {
        return 1L << log2size;
    }

    /** Does it lead to {@code pa}? */
    public boolean reaches(long pa) {
        return Long.compareUnsigned(pa - output, size()) < 0;
    }

    /** The address from which {@code pa} is reached. */
    public long from(long pa) {
        return input + (pa - output);
    }

    /** {@code rw}, {@code r-}, with {@code priv}. */
    public String rights() {
        return (read ? "r" : "-") + (write ? "w" : "-") + (privileged ? " priv" : "");
    }

    /** {@code 0x1000…0x1fff → 0x80001000 rw}. */
    public String text() {
        return hex(input) + "…" + hex(input + size() - 1) + " → " + hex(output) + " " + rights();
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
