// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings of the same form with other granules and stages, made here from the walks of the vectors. */
class GranuleTest {
    private static final long CD = 0x2000;
    private static final long VA = 0x3f12_3456_789cL;

    @TempDir
    private Path folder;

    private final Map<Long, long[]> pages = new LinkedHashMap<>();

    private void put(long at, long... words) {
        for (int i = 0; i < words.length; i++) {
            long there = at + 8L * i;
            pages.computeIfAbsent(there & -4096, _ -> new long[512])[(int) (there & 4095) >>> 3] = words[i];
        }
    }

    /** One stream, 5, in a linear table. */
    private void ste(long... words) {
        put(0x1000 + 64 * 5, words);
    }

    private Recording recording() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(pages.size() * 4096).order(ByteOrder.LITTLE_ENDIAN);
        List<String> addresses = new ArrayList<>();
        pages.forEach((address, words) -> {
            addresses.add("\"0x" + Long.toHexString(address) + '"');
            for (long word : words) {
                bytes.putLong(word);
            }
        });
        Files.write(folder.resolve("pages.bin"), bytes.array());
        Files.writeString(folder.resolve("meta.json"), """
                {"regs": {"IDR0": "0x0d44101b", "IDR1": "0x02730010", "IDR3": "0x1414", "IDR5": "0x75",
                  "CR0": "0xd", "CR2": "0x2", "STRTAB_BASE": "0x1000", "STRTAB_BASE_CFG": "0x5"},
                 "page_size": 4096, "pages": [%s]}
                """.formatted(String.join(", ", addresses)));
        return Recording.open(folder);
    }

    private String ends(long va) throws IOException {
        Recording recording = recording();
        Path tuples = Files.writeString(folder.resolve("t.jsonl"),
                "{\"sid\": 5, \"iova\": \"0x%x\", \"acc\": \"W\", \"pa\": \"0x0\"}".formatted(va));
        Comparison result = Comparison.of(recording, Query.read(tuples));
        return result.mismatches().getFirst().trail().end();
    }

    @Test
    void sixteen_kilobytes() throws IOException {
        ste(CD | 0xb, 0xd4);
        put(CD, 0x0001_e205_c000_3591L, 0x9_0D00_0000L, 0, 0xff);
        put(0x9_0D00_1F88L, 0x9_0D00_4003L);
        put(0x9_0D00_48D0L, 0x9_0D00_8003L);
        put(0x9_0D00_8AC8L, 0x8_AA55_CF47L);

        assertThat(ends(VA)).isEqualTo("pa 0x8aa55f89c");
    }

    @Test
    void a_table_that_was_not_recorded_ends_in_an_abort_that_names_it() throws IOException {
        ste(CD | 0xb, 0xd4);
        put(CD, 0x0001_e205_c000_3591L, 0x9_0D00_0000L, 0, 0xff);
        put(0x9_0D00_1F88L, 0x9_0D00_4003L);

        assertThat(ends(VA)).startsWith("F_WALK_EABT").contains("0x90d0048d0");
    }

    @Test
    void both_stages() throws IOException {
        ste(0x4000_0000L | 0xf, 0xd4, 0x044d_3558_0000_0009L, 0x9_0A00_0000L);
        put(0x9_0A00_0008L, 0x9_0A02_0003L);                    // IPA 0x40000000 …
        put(0x9_0A02_0000L, 0x9_4000_07fdL);                    // … in blocks of 2 MiB to 0x940000000 …
        put(0x9_0A02_0008L, 0x9_4020_07fdL);
        put(0x9_4000_0000L, 0x0001_e205_c000_3519L, 0x4008_0000L, 0, 0xff);
        put(0x9_4008_0F60L, 0x4008_1003L);
        put(0x9_4008_1488L, 0x4008_2003L);
        put(0x9_4008_2A28L, 0x4034_5F47L);

        assertThat(ends(0x7b_1234_5abcL)).isEqualTo("pa 0x940345abc");
        assertThat(ends(0x7b_1235_5abcL)).startsWith("F_TRANSLATION").contains(" s1 IN");
    }
}
