// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

/** How loud a kernel message is. */
public enum Level {
    ERR, WARN, NOTICE, INFO, DEBUG
}
