// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

/**
 * What the architecture lets an SMMU do and few do; none is taken unless {@link SmmuParams#with(Liberty)}
 * says so. Liberties that most take are parameters of their own.
 *
 * @spec IHI0070 3.21
 */
public enum Liberty {
    /** An invalidated entry that memory still agrees with is as good as fetched again at once. */
    PREFETCHES("IHI0070 3.21", "a_page_may_be_fetched_again_between_its_invalidation_and_its_change",
            "fetches again at once what it was told to forget"),
    /** Invalidation of something invalidates everything of its kind. */
    OVER_INVALIDATES("IHI0070 3.21", "an_invalidation_may_reach_further_than_it_says",
            "forgets everything where it was told to forget something"),
    /** With STE.MEV, and for broken configuration always. */
    MERGES_EVENTS("IHI0070 7.3", "events_may_be_merged_where_the_stream_allows_it",
            "writes one record for events in a row that say the same"),
    /** Address bits of a translated access that no memory has: dropped, where others refuse the access. */
    TRUNCATES_ADDRESSES("IHI0070 3.9", "address_bits_that_do_not_exist_may_be_dropped",
            "drops address bits that do not exist from translated accesses"),
    /** What CR0 asks for has its effect a step before CR0ACK says so. */
    ENABLES_BEFORE_ACK("IHI0070 6.3", "an_enable_may_have_its_effect_before_software_reads_so",
            "an enable has its effect before it is acknowledged"),
    /** Words of an STE or CD, one after the other; what software changes meanwhile is seen in part. */
    READS_IN_ANY_ORDER("IHI0070 3.21.3", "an_entry_that_changes_while_it_is_read_may_be_seen_as_it_was",
            "reads the words of an entry in any order"),
    /**
     * Commands between CONS and PROD, some steps before their turn; an error or CMDQEN=0 drops what was read.
     * CMDQ_CONS says later that they were consumed, though not later than a CMD_SYNC.
     */
    FETCHES_AHEAD("IHI0070 3.5", "a_command_that_was_read_before_its_turn_is_executed_as_it_was",
            "reads commands before their turn, and moves CMDQ_CONS in jumps"),
    /** Not later than the next complete CMD_SYNC: those of stalled transactions are not held back. */
    HOLDS_EVENTS("IHI0070 4.7", "a_record_may_come_late_but_not_after_a_sync",
            "writes records of refused transactions some time later"),
    /** Of the contiguous group of a leaf, whatever its other descriptors say. */
    WIDENS_ENTRIES("IHI0070 3.17", "one_page_of_a_contiguous_group_may_stand_for_all",
            "remembers a contiguous group as one translation"),
    /** All the words it needs; then nothing happens between them. Functional models do so, and are faster. */
    CHECKS_AT_ONCE("IHI0070 15.1", "a_transaction_may_be_checked_in_one_step",
            "checks a transaction in one step");

    private final String section;
    private final String matters;
    private final String line;

    Liberty(String section, String matters, String line) {
        this.section = section;
        this.matters = matters;
        this.line = line;
    }

    /** In words. */
    public String line() {
        return line;
    }

    /** Where the manual leaves it open. */
    String section() {
        return section;
    }

    /** Name of the test in which it makes a difference. */
    String matters() {
        return matters;
    }
}
