// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

/** The user gave us something we cannot use; the message is one clear line that says what to do. */
final class Refusal extends RuntimeException {
    Refusal(String message) {
        super(message);
    }
}
