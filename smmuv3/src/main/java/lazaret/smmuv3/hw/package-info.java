// SPDX-License-Identifier: Apache-2.0
/** The SMMU itself: registers, command engine, caches, ports. Software never sees this package. */
package lazaret.smmuv3.hw;
