// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import lazaret.machine.Memory;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Regs;
import lazaret.smmuv3.Ste;

/** What differs between the tables of two recordings of one machine. */
public final class TableDiff {
    private TableDiff() { }

    /** One line for each difference: entries, contexts, mappings that are gone and that are new. */
    public static List<String> of(Memory before, Regs regsBefore, Memory after, Regs regsAfter) {
        var lines = new ArrayList<String>();
        entries(Streams.entries(before, regsBefore), Streams.entries(after, regsAfter), lines);
        Map<Integer, Stream> then = bySid(Streams.of(before, regsBefore));
        Map<Integer, Stream> now = bySid(Streams.of(after, regsAfter));
        var sids = new TreeSet<Integer>(Integer::compareUnsigned);
        sids.addAll(then.keySet());
        sids.addAll(now.keySet());
        for (int sid : sids) {
            String name = "sid 0x" + Integer.toHexString(sid);
            contexts(name, contexts(then.get(sid)), contexts(now.get(sid)), lines);
            mappings(name, then.get(sid), now.get(sid), lines);
        }
        return List.copyOf(lines);
    }

    private static Map<Integer, Stream> bySid(List<Stream> streams) {
        var all = new LinkedHashMap<Integer, Stream>();
        streams.forEach(s -> all.put(s.sid(), s));
        return all;
    }

    private static void entries(TreeMap<Integer, Ste> before, TreeMap<Integer, Ste> after,
            List<String> lines) {
        var sids = new TreeSet<Integer>(Integer::compareUnsigned);
        sids.addAll(before.keySet());
        sids.addAll(after.keySet());
        for (int sid : sids) {
            Ste then = before.getOrDefault(sid, Ste.of(0, 0, 0, 0, 0, 0, 0, 0));
            Ste now = after.getOrDefault(sid, Ste.of(0, 0, 0, 0, 0, 0, 0, 0));
            if (!then.equals(now)) {
                lines.add("sid 0x" + Integer.toHexString(sid) + ": " + Ste.STE.diff(then.words(),
                        now.words()));
            }
        }
    }

    private static Map<Integer, Cd> contexts(Stream stream) {
        var all = new TreeMap<Integer, Cd>();
        if (stream != null) {
            stream.contexts().forEach(c -> all.put(c.ssid(), c.cd()));
        }
        return all;
    }

    private static void contexts(String name, Map<Integer, Cd> then, Map<Integer, Cd> now,
            List<String> lines) {
        var ssids = new TreeSet<Integer>(then.keySet());
        ssids.addAll(now.keySet());
        for (int ssid : ssids) {
            Cd one = then.getOrDefault(ssid, Cd.of(0, 0, 0, 0, 0, 0, 0, 0));
            Cd two = now.getOrDefault(ssid, Cd.of(0, 0, 0, 0, 0, 0, 0, 0));
            if (!one.equals(two)) {
                lines.add(name + " ssid " + ssid + ": " + Cd.CD.diff(one.words(), two.words()));
            }
        }
    }

    private static void mappings(String name, Stream then, Stream now, List<String> lines) {
        var before = new TreeSet<String>(then == null ? List.of() : then.all().stream().map(Mapping::text)
                .toList());
        var after = new TreeSet<String>(now == null ? List.of() : now.all().stream().map(Mapping::text)
                .toList());
        before.stream().filter(m -> !after.contains(m)).forEach(m -> lines.add(name + " - " + m));
        after.stream().filter(m -> !before.contains(m)).forEach(m -> lines.add(name + " + " + m));
    }
}
