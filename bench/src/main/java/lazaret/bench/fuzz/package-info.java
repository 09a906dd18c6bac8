// SPDX-License-Identifier: Apache-2.0
/** Fuzzing of the hardware models, guided by which lines and branches of them an input reaches. */
package lazaret.bench.fuzz;
