// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines of a file that become other lines.
 *
 * @param number of it in its file, from 1
 * @param line   where the lines were when the patch was made, from 0
 * @param before what has to be there, context included
 * @param after  what is there afterwards
 */
record Hunk(int number, int line, List<String> before, List<String> after) {
    /**
     * Puts the change in. Code above may have grown since: the lines may stand elsewhere, but unchanged and
     * in one place only, so that the bug is never planted somewhere else.
     *
     * @return the line behind the change
     * @throws Misfit when there is no such place
     */
    int apply(List<String> lines, int from, String file) {
        int at = fits(lines, line) && line >= from ? line : only(lines, from, file);
        List<String> place = lines.subList(at, at + before.size());
        place.clear();
        place.addAll(after);
        return at + after.size();
    }

    private int only(List<String> lines, int from, String file) {
        List<Integer> places = new ArrayList<>();
        for (int at = from; at + before.size() <= lines.size(); at++) {
            if (fits(lines, at)) {
                places.add(at);
            }
        }
        if (places.size() != 1) {
            throw new Misfit(file + ", hunk " + number + " (line " + (line + 1) + "): "
                    + (places.isEmpty() ? "no such lines any more" : "fits in " + places.size() + " places"));
        }
        return places.getFirst();
    }

    private boolean fits(List<String> lines, int at) {
        return at >= 0 && at + before.size() <= lines.size()
                && lines.subList(at, at + before.size()).equals(before);
    }
}
