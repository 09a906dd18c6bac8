// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Alone;
import lazaret.machine.Chance;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.pcie.AtsEntry;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.Command;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PmCap;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;

/** One endpoint named nic at 01:00.0 under a {@link HandPlayedRoot}, a bus master with ATS enabled. */
final class Rig {
    static final long RW = AtsEntry.R.mask() | AtsEntry.W.mask();
    static final int DEVCTL = 0x50 + ExpressCap.DEVCTL;
    static final int PMCSR = 0x90 + PmCap.PMCSR;
    static final int AF = 0x98;
    static final int PASID_CTRL = 0x130 + PasidCap.CTRL;
    static final int ATS_CTRL = 0x110 + AtsCap.CTRL;

    final Machine machine = new Machine();
    final HandPlayedRoot root = new HandPlayedRoot();
    final Endpoint nic;
    final List<Entry> log = new ArrayList<>();

    Rig() {
        this(EndpointFaults.NONE);
    }

    Rig(EndpointFaults faults) {
        this(EndpointParams.USUAL, faults);
    }

    Rig(EndpointParams params, EndpointFaults faults) {
        nic = new Endpoint(machine, "nic", Bdf.parse("01:00.0"), params, faults);
        nic.connect(root);
        machine.log().listen(log::add, true);
        busMaster(true);
        ats(true);
        log.clear();
    }

    void busMaster(boolean on) {
        nic.config().write16(Config.COMMAND, (int) Command.BME.prep(on));
    }

    void ats(boolean on) {
        nic.config().write16(ATS_CTRL, (int) AtsCap.ENABLE.prep(on));
    }

    void flr() {
        nic.config().write16(DEVCTL, (int) ExpressCap.BCR_FLR.mask());
    }

    /** Runs everything until it rests, without letting time pass. */
    void settle() {
        new Alone(machine).settle();
    }

    /** Runs everything for so many µs. */
    void pass(long us) {
        var alarm = machine.clock().alarm("test");
        alarm.arm(us);
        new Alone(machine).await(alarm::due);
        settle();
    }

    void choose(Chance chance) {
        machine.enter(new Alone(machine), chance);
    }

    /** Lets the strand {@code nic <name>} take one step, which it must be able to. */
    void step(String name) {
        Strand strand = strand(name);
        assertThat(strand.enabled()).as("nic " + name + " may step").isTrue();
        strand.step();
    }

    boolean enabled(String name) {
        return strand(name).enabled();
    }

    Strand strand(String name) {
        for (Strand strand : machine.hardware()) {
            if (strand.name().equals("nic " + name)) {
                return strand;
            }
        }
        throw new AssertionError("no strand nic " + name);
    }

    /** Asks the endpoint to forget the page at {@code iova}. */
    void invalidate(int itag, long iova) {
        nic.receive(new DownTlp.InvalidateRequest(itag, Pasid.NONE, false, AtsSpan.encode(iova, 0)));
    }

    /** Takes a translation request and answers: its page is at {@code pa}, with those flags. */
    void translate(long pa, long flags) {
        var asked = root.take(Tlp.TranslationRequest.class);
        long entry = AtsEntry.encode(pa, 0, flags);
        nic.receive(new DownTlp.TranslationCompletion(CplStatus.SC, asked.tag(), entry));
    }

    /** Makes the ATC hold {@code iova} → {@code pa}, read and write. */
    void cache(long iova, long pa) {
        nic.fill(Pasid.NONE, iova, AtsEntry.encode(pa, 0, RW), false);
    }

    /** Takes a read and answers it. */
    void answerRead(long data) {
        var read = root.take(Tlp.MemRead.class);
        nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, read.tag(), data));
    }

    boolean holds(long iova) {
        return nic.atcEntry(Pasid.NONE, iova) != 0;
    }

    boolean logged(String text) {
        return log.stream().anyMatch(entry -> entry.text().contains(text));
    }
}
