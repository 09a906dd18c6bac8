// SPDX-License-Identifier: Apache-2.0
/**
 * Runs strands under every order somebody asks for and writes down what was decided. Knows no IOMMU: it is
 * proved on toy programs and used on the real ones.
 */
module lazaret.explore {
    requires transitive lazaret.machine;

    exports lazaret.explore;

    opens lazaret.explore to lazaret.machine;
}
