// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

/** QEMU is not there, died, hangs, or is not what it should be. Says which, for people. */
public final class QemuFailure extends RuntimeException {
    public QemuFailure(String what) {
        super(what);
    }

    QemuFailure(String what, Exception cause) {
        super(what + ": " + cause.getMessage(), cause);
    }
}
