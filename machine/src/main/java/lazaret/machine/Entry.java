// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/** One thing that happened, as a typed value. Each module declares its own entries as records. */
public interface Entry {
    /**
     * One line for people, in the field's words: {@code STE{EATS TRANS→ABT}}, {@code ATC_INV sid=0x100 …}.
     */
    String text();
}
