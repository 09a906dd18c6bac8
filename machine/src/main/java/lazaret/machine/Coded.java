// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/** An enum constant that stands for the value of a bit-field. */
public interface Coded {
    /** The field's value, as the manual encodes it. */
    int code();
}
