// SPDX-License-Identifier: Apache-2.0
/**
 * What real machines leave behind: recordings of their tables, read and walked; raw words, decoded; kernel
 * logs,
 * told apart into incidents. It runs nothing and knows no stack and no model.
 */
module lazaret.inspect {
    requires transitive lazaret.machine;
    requires transitive lazaret.smmuv3;
    requires tools.jackson.core;

    exports lazaret.inspect;
    exports lazaret.inspect.log;
}
