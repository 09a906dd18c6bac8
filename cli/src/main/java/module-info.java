// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: run, explore, compare, museum, replay, list, explain, inspect, decode, logs, conform.
 * Turns arguments into calls of the lab and what it says into text, JSON and an exit code.
 */
module lazaret.cli {
    requires info.picocli;
    requires java.compiler;
    requires lazaret.inspect;
    requires lazaret.lab;
    requires lazaret.qemu;
    requires tools.jackson.core;

    opens lazaret.cli to info.picocli;
}
