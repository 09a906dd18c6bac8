// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import lazaret.machine.Footprint;

/** Writes down what is known of a path, so that another search, in another JVM too, can go on with it. */
record Scribe(DataOutput out, Names names) {
    /** Reads it. */
    record Reader(DataInput in, Names names) {
        int strand() throws IOException {
            String name = in.readUTF();
            return name.isEmpty() ? -1 : names.code(name);
        }

        int[] strands() throws IOException {
            int[] codes = new int[in.readInt()];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = strand();
            }
            return codes;
        }

        boolean yes() throws IOException {
            return in.readBoolean();
        }

        long number() throws IOException {
            return in.readLong();
        }

        int[] ints() throws IOException {
            int[] some = new int[in.readInt()];
            for (int i = 0; i < some.length; i++) {
                some[i] = in.readInt();
            }
            return some;
        }

        long[] numbers() throws IOException {
            long[] some = new long[in.readInt()];
            for (int i = 0; i < some.length; i++) {
                some[i] = in.readLong();
            }
            return some;
        }

        Footprint print() throws IOException {
            return in.readBoolean() ? Footprint.of(numbers(), numbers(), numbers(), numbers()) : null;
        }
    }

    /** By name, which means the same everywhere; −1 is nobody. */
    void strand(int code) throws IOException {
        out.writeUTF(code < 0 ? "" : names.name(code));
    }

    void strands(int[] codes, int n) throws IOException {
        out.writeInt(n);
        for (int i = 0; i < n; i++) {
            strand(codes[i]);
        }
    }

    void yes(boolean what) throws IOException {
        out.writeBoolean(what);
    }

    void number(long what) throws IOException {
        out.writeLong(what);
    }

    void ints(int[] some, int n) throws IOException {
        out.writeInt(n);
        for (int i = 0; i < n; i++) {
            out.writeInt(some[i]);
        }
    }

    void numbers(long[] some) throws IOException {
        out.writeInt(some.length);
        for (long one : some) {
            out.writeLong(one);
        }
    }

    /** @param print or null */
    void print(Footprint print) throws IOException {
        out.writeBoolean(print != null);
        if (print == null) {
            return;
        }
        out.writeInt(print.reads());
        for (int i = 0; i < print.reads(); i++) {
            out.writeLong(print.read(i));
        }
        out.writeInt(print.reads());
        for (int i = 0; i < print.reads(); i++) {
            out.writeLong(print.valueRead(i));
        }
        out.writeInt(print.writes());
        for (int i = 0; i < print.writes(); i++) {
            out.writeLong(print.write(i));
        }
        out.writeInt(print.writes());
        for (int i = 0; i < print.writes(); i++) {
            out.writeLong(print.valueReplaced(i));
        }
    }
}
