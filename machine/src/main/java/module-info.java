// SPDX-License-Identifier: Apache-2.0
/**
 * What every model stands on: bit-fields, memory of words, MMIO, interrupts, virtual time, and the two
 * notions through which anything may be undetermined: {@link lazaret.machine.Chance} and
 * {@link lazaret.machine.Strand}.
 */
module lazaret.machine {
    exports lazaret.machine;
}
