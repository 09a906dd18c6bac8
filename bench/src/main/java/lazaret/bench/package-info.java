// SPDX-License-Identifier: Apache-2.0
/** What Lazaret costs, measured. Never shipped; run by {@code bench/run}, results in RESULTS.md. */
package lazaret.bench;
