// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Knob;
import lazaret.smmuv3.hw.SmmuParams.Absent;
import lazaret.smmuv3.hw.SmmuParams.AtcReport;
import lazaret.smmuv3.hw.SmmuParams.Caches;
import lazaret.smmuv3.hw.SmmuParams.ReservedBits;

/** Everything about an SMMU that can be chosen; {@link SmmuParams} says how. */
public final class Knobs {
    private static final String SWITCH = "false, true";

    private Knobs() { }

    /** All of them: parameters first, then liberties. */
    public static List<Knob> all() {
        var knobs = new ArrayList<>(parameters());
        for (Liberty liberty : Liberty.values()) {
            String standard = Boolean.toString(SmmuParams.USUAL.takes(liberty));
            knobs.add(new Knob(liberty.name(), liberty.line(), SWITCH, standard, liberty.section(),
                    "LibertyTest." + liberty.matters()));
        }
        return List.copyOf(knobs);
    }

    private static List<Knob> parameters() {
        return List.of(
                knob("caches", "what it remembers of configuration and translations", names(Caches.values()),
                        SmmuParams::caches, "IHI0070 3.21",
                        "IotlbTest.a_cleared_descriptor_is_used_until_invalidated"),
                knob("lateInvalidations", "invalidated entries may be used until a CMD_SYNC has completed",
                        SWITCH, SmmuParams::lateInvalidations, "IHI0070 4.7",
                        "ConfigCacheTest.after_cfgi_the_old_ste_may_be_used_until_a_sync_has_completed"),
                knob("atcTimeoutUs", "patience with an unanswered invalidate request", "microseconds",
                        SmmuParams::atcTimeoutUs, "IHI0070 3.9.1", "AtcInvalidationsTest."
                        + "requests_have_their_own_deadlines_and_time_goes_to_the_earliest"),
                knob("atcReport", "how a time-out comes back", names(AtcReport.values()),
                        SmmuParams::atcReport, "IHI0070 4.7", "AtcInvalidationsTest."
                        + "reported_while_pending_every_sync_fails_until_the_function_answers"),
                knob("atcReports", "how often, with REPORT_REPEATEDLY", "1 or more", SmmuParams::atcReports,
                        "IHI0070 4.7", "LibertyTest.a_time_out_may_be_reported_more_than_once"),
                knob("absent", "an invalidate request to a function that is not there",
                        names(Absent.values()), SmmuParams::absent, "IHI0070 3.9.1", "AtcInvalidationsTest."
                        + "a_request_to_a_function_that_is_gone_is_silence_or_unsupported_as_the_root_is"),
                knob("reservedBits", "reserved bits set in a command", names(ReservedBits.values()),
                        SmmuParams::reservedBits, "IHI0070 4.1",
                        "CommandQueueTest.reserved_bits_are_ignored_or_illegal_as_the_parameter_says"),
                knob("cmdqFreezesAt", "a fault: the engine stops without a word after so many commands",
                        "a number, -1 for never", SmmuParams::cmdqFreezesAt, "",
                        "CommandQueueTest.a_frozen_engine_stops_without_an_error"),
                knob("IDR0.MSI", "a CMD_SYNC may end with a message to memory", "0, 1",
                        p -> p.idr().get(Idr0.MSI), "IHI0070 4.7",
                        "CommandQueueTest.an_smmu_without_msi_sends_no_message"));
    }

    private static Knob knob(String name, String line, String values, Function<SmmuParams, Object> now,
            String section, String matters) {
        return new Knob(name, line, values, String.valueOf(now.apply(SmmuParams.USUAL)), section, matters);
    }

    private static String names(Enum<?>[] values) {
        return String.join(", ", Arrays.stream(values).map(Enum::name).toList());
    }
}
