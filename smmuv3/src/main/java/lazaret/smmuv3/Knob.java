// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * Something that an SMMU may do in more than one way, or may be broken in.
 *
 * @param name     as {@code hw.SmmuParams} calls it
 * @param line     what it is about
 * @param values   what there is to choose from
 * @param standard what the usual SMMU does
 * @param section  where the manual leaves it open; empty where that is a fault, which it does not
 * @param matters  a test in which it makes a difference: class and method
 */
public record Knob(String name, String line, String values, String standard, String section, String matters) {
}
