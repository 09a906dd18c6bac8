// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.machine.Mix;
import lazaret.machine.Strand;
import lazaret.machine.Trace;
import lazaret.machine.Witness;

/** Small numbers for strands, the same in all runs of a search: software comes and goes, names last. */
final class Names {
    private final Map<String, Integer> codes = new LinkedHashMap<>();
    private final List<String> names = new ArrayList<>();
    /** Who has this code in the present run. */
    private Strand[] strands = new Strand[64];
    private Witness[] witnesses = new Witness[64];
    private int[] births = new int[64];
    private long[] kins = new long[64];
    private long[] ranks = new long[64];
    private final List<Integer> hardware = new ArrayList<>();

    int code(String name) {
        Integer code = codes.get(name);
        if (code == null) {
            code = names.size();
            codes.put(name, code);
            names.add(name);
            kins = Arrays.copyOf(kins, Math.max(kins.length, code + 1));
            kins[code] = Sharing.kin(name);
            ranks = Arrays.copyOf(ranks, kins.length);
            ranks[code] = Mix.of(name);
            if (code == strands.length) {
                strands = Arrays.copyOf(strands, code * 2);
                witnesses = Arrays.copyOf(witnesses, code * 2);
                births = Arrays.copyOf(births, code * 2);
            }
        }
        return code;
    }

    int size() {
        return names.size();
    }

    String name(int code) {
        return names.get(code);
    }

    /** See {@link Sharing#kin}. */
    long kin(int code) {
        return kins[code];
    }

    /** The same in every search. */
    long rank(int code) {
        return ranks[code];
    }

    Strand strand(int code) {
        return strands[code];
    }

    Witness witness(int code) {
        return witnesses[code];
    }

    void present(int code, Strand strand, Witness witness) {
        strands[code] = strand;
        witnesses[code] = witness;
    }

    /** Which node's step started the strand of this code. */
    int birth(int code) {
        return births[code];
    }

    void bornAt(int code, int node) {
        births[code] = node;
    }

    List<Integer> hardware() {
        return hardware;
    }

    /** A run begins with this hardware. */
    void begin(List<Strand> strands, Strand time) {
        hardware.clear();
        for (int i = 0; i < strands.size(); i++) {
            hardware(strands.get(i));
        }
        hardware(time);
    }

    /** The code of hardware; it may have come into being during the run. */
    int hardware(Strand strand) {
        for (int i = 0; i < hardware.size(); i++) {
            if (strands[hardware.get(i)] == strand) {
                return hardware.get(i);
            }
        }
        int code = code(strand.name());
        present(code, strand, Trace.fresh(strand.name()));
        bornAt(code, 0);
        hardware.add(code);
        return code;
    }
}
