// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

/** What an incident means for memory. From harmless to worst. */
public enum Verdict {
    /** Nothing went wrong, or only what hardware corrects by itself. */
    BENIGN("benign", "nothing that concerns memory"),
    /** Something went wrong and was refused or recovered; no line speaks of a flush that was lost. */
    SAFE("safe", "what went wrong was refused or recovered; no line speaks of a lost flush"),
    /** A device left or does not come back: whatever is flushed there from now on is not answered. */
    DEVICE_GONE("device gone", "a device is gone: a flush that needs its answer times out from here on"),
    /** A flush may have returned without its effect; the log does not say. */
    LOST_FLUSH_POSSIBLE("lost-flush possible",
            "a flush may have returned before it had its effect; pages that were freed may still be reached"),
    /** The queue that flushes go through stands: none has an effect, those that return are lost. */
    QUEUE_STOPPED("queue stopped",
            "the queue that all flushes go through stands; whoever gives up waiting loses his flush"),
    /** An invalidation was not answered, and hardware or kernel said so. */
    LOST_FLUSH_CERTAIN("lost-flush certain",
            "an invalidation had no effect, and this driver tells nobody who waits for it");

    private final String text;
    private final String meaning;

    Verdict(String text, String meaning) {
        this.text = text;
        this.meaning = meaning;
    }

    /** As it is printed. */
    public String text() {
        return text;
    }

    public String meaning() {
        return meaning;
    }
}
