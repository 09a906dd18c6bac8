// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The questions on which designs that contain a device inside the flush differ, and that can be answered one
 * by one. Written behind a design's name: {@code minimumX,isolate=wholeBatch,mute=none}.
 *
 * @req R129
 */
public record Axes(Isolate isolate, Mute mute, Done done, Block block, Escalate escalate) {
    /** Of several that were asked together and did not all answer, who is to blame? */
    public enum Isolate {
        /** Each is asked again, alone. */
        RETRY,
        /** All of them. */
        WHOLE_BATCH,
        /** Nobody is ever asked together with others. */
        ONE_DEVICE_PER_BATCH
    }

    /** How does software leave out a device that is fenced? */
    public enum Mute {
        /** It is marked itself: no ATC_INV goes to it, whoever wants to send one. */
        BY_TYPE,
        /** Its entries are taken out of what flushes look at; an attach or detach of it still asks it. */
        BY_UNREF,
        /** It does not. */
        NONE
    }

    /** Does the end of a reset look at whether the reset worked? */
    public enum Done { RESULT_AWARE, RESULT_BLIND }

    /** Whom does the core ask whether a device is blocked: the device, or its group? */
    public enum Block { PER_DEVICE, PER_GROUP }

    /** The command queue stands still: nothing can be invalidated, no fence made effective. What then? */
    public enum Escalate {
        /** A line in the log. */
        NONE,
        /** The flush waits until the queue moves. */
        WAIT,
        /** The flush returns, and its pages are given to nobody else any more. */
        HOLD,
        /** The SMMU is switched off and refuses everything, of every device. */
        GBPA,
        /** The ports above the domain's devices are contained, with all that is below them. */
        DPC,
        /** As HOLD and GBPA. */
        HOLD_GBPA,
        /** As HOLD and DPC. */
        HOLD_DPC,
        /** Another command queue takes the fence. */
        SECOND_QUEUE
    }

    /** What every design does unless it is told otherwise. */
    public static final Axes USUAL =
            new Axes(Isolate.RETRY, Mute.BY_TYPE, Done.RESULT_AWARE, Block.PER_DEVICE, Escalate.NONE);

    public Axes with(Isolate next) {
        return new Axes(next, mute, done, block, escalate);
    }

    public Axes with(Mute next) {
        return new Axes(isolate, next, done, block, escalate);
    }

    public Axes with(Done next) {
        return new Axes(isolate, mute, next, block, escalate);
    }

    public Axes with(Block next) {
        return new Axes(isolate, mute, done, next, escalate);
    }

    public Axes with(Escalate next) {
        return new Axes(isolate, mute, done, block, next);
    }

    /** This with one answer changed as {@code isolate=wholeBatch} says; null if that says nothing. */
    Axes with(String answer) {
        for (Isolate i : Isolate.values()) {
            if (says(answer, "isolate", i)) {
                return with(i);
            }
        }
        for (Mute m : Mute.values()) {
            if (says(answer, "mute", m)) {
                return with(m);
            }
        }
        for (Done d : Done.values()) {
            if (says(answer, "done", d)) {
                return with(d);
            }
        }
        for (Block b : Block.values()) {
            if (says(answer, "block", b)) {
                return with(b);
            }
        }
        for (Escalate e : Escalate.values()) {
            if (says(answer, "escalate", e)) {
                return with(e);
            }
        }
        return null;
    }

    /** What differs from {@code usual}, as it is written behind a name; empty if nothing does. */
    String besides(Axes usual) {
        List<String> parts = new ArrayList<>();
        parts.add(isolate == usual.isolate ? "" : text("isolate", isolate));
        parts.add(mute == usual.mute ? "" : text("mute", mute));
        parts.add(done == usual.done ? "" : text("done", done));
        parts.add(block == usual.block ? "" : text("block", block));
        parts.add(escalate == usual.escalate ? "" : text("escalate", escalate));
        parts.removeIf(String::isEmpty);
        return parts.isEmpty() ? "" : "," + String.join(",", parts);
    }

    private static boolean says(String answer, String axis, Enum<?> value) {
        return answer.equalsIgnoreCase(text(axis, value));
    }

    private static String text(String axis, Enum<?> value) {
        StringBuilder camel = new StringBuilder();
        for (String word : value.name().split("_")) {
            camel.append(camel.isEmpty() ? word.toLowerCase(Locale.ROOT)
                    : word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT));
        }
        return axis + "=" + camel;
    }
}
