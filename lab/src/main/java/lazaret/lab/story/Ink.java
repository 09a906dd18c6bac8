// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.story;

/** How words get emphasis: colours on a terminal, nothing elsewhere. */
public enum Ink {
    PLAIN("", "", "", ""),
    ANSI("\u001b[1m", "\u001b[31;1m", "\u001b[2m", "\u001b[0m");

    private final String bold;
    private final String alarm;
    private final String faint;
    private final String off;

    Ink(String bold, String alarm, String faint, String off) {
        this.bold = bold;
        this.alarm = alarm;
        this.faint = faint;
        this.off = off;
    }

    public String bold(String text) {
        return bold + text + off;
    }

    public String alarm(String text) {
        return alarm + text + off;
    }

    public String faint(String text) {
        return faint + text + off;
    }
}
