// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.machine.Strand;
import lazaret.pcie.At;
import lazaret.pcie.AtsEntry;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import lazaret.pcie.hw.EndpointFaults.Answers;
import lazaret.pcie.hw.EndpointFaults.Defect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of an endpoint and a root that keeps changing its mind about four pages: once the root
 * has taken in an invalidate completion, nothing that was translated before the request may come out of the
 * link or be unanswered.
 */
class ObligationsTest {
    private static final int RUNS = 400;
    private static final int ACTIONS = 1500;
    private static final int PAGES = 4;

    /** A completion on its way down, which may not pass the invalidations sent before it. */
    private record Down(DownTlp tlp, int after) { }

    /** A read the root has not answered yet. */
    private record Reading(int page, int version) { }

    private record Asked(int page, int version) { }

    private final Rig rig = new Rig();
    private final int[] version = new int[PAGES];
    private final int[] floor = new int[PAGES];
    private final Asked[] asked = new Asked[32];
    private final Deque<DownTlp> posted = new ArrayDeque<>();
    private final Deque<Down> completions = new ArrayDeque<>();
    private final List<Reading> reading = new ArrayList<>();
    private int delivered;
    private int sent;
    private int violations;
    private int answered;
    private int translatedWrites;

    ObligationsTest() {
        rig.machine.log().silence();
        rig.nic.program().write(0x0008, 1).write(0x1008, 2).read(0x2008).write(0x3008, 3).repeat(1000);
        rig.nic.program().read(0x0010).write(0x2010, 4).write(0x1010, 5).read(0x3010).repeat(1000);
    }

    @Test
    void a_sound_endpoint_keeps_them_all() {
        explore(NONE);

        assertThat(violations).isZero();
        assertThat(answered).isEqualTo(sent).isGreaterThan(RUNS * 10);
        assertThat(translatedWrites).isGreaterThan(RUNS * 10);
    }

    @Test
    void so_does_one_behind_a_slow_switch_or_slow_itself() {
        explore(NONE.postedWritesHeld(3));
        explore(NONE.answersLate(3));

        assertThat(violations).isZero();
        assertThat(answered).isEqualTo(sent);
    }

    @ParameterizedTest
    @EnumSource(value = Defect.class, names = {"ACK_WITHOUT_INVALIDATE", "INSTALLS_STALE_COMPLETIONS",
        "COMPLETION_OVERTAKES_WRITES"})
    void each_defect_is_seen(Defect defect) {
        explore(NONE.with(defect));

        assertThat(violations).isPositive();
    }

    @Test
    void one_that_never_answers_promises_nothing_and_breaks_nothing() {
        explore(NONE.answers(Answers.NEVER));

        assertThat(answered).isZero();
        assertThat(violations).isZero();
    }

    private void explore(EndpointFaults faults) {
        rig.nic.becomes(faults);
        rig.nic.ring();
        rig.machine.undo().mark();
        for (int seed = 0; seed < RUNS; seed++) {
            rig.machine.undo().rollback();
            start();
            var random = new SplittableRandom(seed);
            for (int i = 0; i < ACTIONS; i++) {
                act(random.nextInt(40), random);
            }
            drain();
        }
    }

    private void start() {
        rig.root.clear();
        posted.clear();
        completions.clear();
        reading.clear();
        delivered = 0;
        for (int p = 0; p < PAGES; p++) {
            version[p] = 0;
            floor[p] = 0;
        }
        for (int i = 0; i < asked.length; i++) {
            asked[i] = null;
        }
    }

    private void act(int what, SplittableRandom random) {
        switch (what) {
            case 0 -> change(random.nextInt(PAGES));
            case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 -> takeUp();
            case 11, 12, 13 -> deliverPosted();
            case 14, 15, 16, 17, 18, 19, 20, 21 -> deliverCompletion();
            default -> step(random);
        }
    }

    private void step(SplittableRandom random) {
        var able = new ArrayList<Strand>(rig.machine.hardware());
        able.removeIf(strand -> !strand.enabled());
        if (rig.machine.clock().enabled()) {
            able.add(rig.machine.clock());
        }
        if (!able.isEmpty()) {
            able.get(random.nextInt(able.size())).step();
        }
    }

    /** No more changes: everything else comes to its end. */
    private void drain() {
        for (int i = 0; i < 400; i++) {
            while (!posted.isEmpty()) {
                deliverPosted();
            }
            takeUp();
            deliverCompletion();
            for (String name : new String[] {"ats", "fabric"}) {
                if (rig.enabled(name)) {
                    rig.step(name);
                }
            }
            if (rig.machine.clock().enabled()) {
                rig.machine.clock().step();
            }
        }
    }

    private void change(int page) {
        int itag = 0;
        while (itag < asked.length && asked[itag] != null) {
            itag++;
        }
        if (itag == asked.length) {
            return;
        }
        version[page]++;
        asked[itag] = new Asked(page, version[page]);
        long body = AtsSpan.encode((long) page << 12, 0);
        posted.add(new DownTlp.InvalidateRequest(itag, Pasid.NONE, false, body));
        sent++;
    }

    private void deliverPosted() {
        if (!posted.isEmpty()) {
            rig.nic.receive(posted.remove());
            delivered++;
        }
    }

    private void deliverCompletion() {
        if (!completions.isEmpty() && completions.peek().after() <= delivered) {
            DownTlp tlp = completions.remove().tlp();
            if (tlp instanceof DownTlp.ReadCompletion) {
                reading.removeFirst();
            }
            rig.nic.receive(tlp);
        }
    }

    private void takeUp() {
        if (rig.root.isEmpty()) {
            return;
        }
        int before = delivered + posted.size();
        switch (rig.root.take()) {
            case Tlp.TranslationRequest(_, _, _, _, _, long address, int tag) -> {
                int page = (int) (address >>> 12);
                long entry = AtsEntry.encode((long) version[page] << 20 | address, 0, Rig.RW);
                var done = new DownTlp.TranslationCompletion(CplStatus.SC, tag, entry);
                completions.add(new Down(done, before));
            }
            case Tlp.MemWrite(_, At at, _, long address, _, long iova) -> {
                check(at, address, iova);
                translatedWrites++;
            }
            case Tlp.MemRead(_, At at, _, long address, int tag, long iova) -> {
                check(at, address, iova);
                reading.add(new Reading((int) (iova >>> 12), (int) (address >>> 20)));
                completions.add(new Down(new DownTlp.ReadCompletion(CplStatus.SC, tag, 0), before));
            }
            case Tlp.InvalidateCompletion(_, int itags, _) -> retire(Integer.numberOfTrailingZeros(itags));
            case Tlp.PageRequest _ -> throw new AssertionError("nobody asked for pages");
        }
    }

    private void check(At at, long address, long iova) {
        int page = (int) (iova >>> 12);
        assertThat(at).isEqualTo(At.TRANSLATED);
        assertThat(address & 0xf_ffff).isEqualTo(iova);
        if (address >>> 20 < floor[page]) {
            violations++;
        }
    }

    private void retire(int itag) {
        Asked done = asked[itag];
        asked[itag] = null;
        floor[done.page()] = Math.max(floor[done.page()], done.version());
        for (Reading read : reading) {
            if (read.page() == done.page() && read.version() < done.version()) {
                violations++;
            }
        }
        answered++;
    }
}
