// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.List;
import java.util.stream.Stream;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Unmodelled;
import lazaret.machine.Words;
import lazaret.pcie.At;
import lazaret.pcie.Bdf;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;

/**
 * A bridge to conventional PCI. That bus knows no requester ids: everything from below carries the one of the
 * secondary bus, device 0, so the root cannot tell the functions apart, and none of them can have ATS. The
 * bridge remembers who asked for what.
 */
public final class ConventionalBridge {
    /** Requests from below that it can have on their way. */
    private static final int TAGS = 32;

    private final int alias;
    private final Ref<RootPort> root;
    private final List<Ref<Endpoint>> askers;
    private final Words tags;

    /**
     * @param secondary the bus below
     * @param root      connects to the root what it is given and returns where that sends to
     */
    public ConventionalBridge(Machine machine, int secondary,
            java.util.function.Function<Function, RootPort> root) {
        alias = Bdf.of(secondary, 0, 0).rid();
        askers = Stream.generate(() -> new Ref<Endpoint>(machine.undo(), null)).limit(TAGS).toList();
        tags = new Words(machine.undo(), TAGS);
        this.root = new Ref<>(machine.undo(), root.apply(new Below()));
    }

    /** The requester id, and stream, of everything below. */
    public int alias() {
        return alias;
    }

    /** Puts a function below. While the machine is wired. */
    public void plug(Endpoint function) {
        function.connect(new Above(function));
    }

    private Tlp aliased(Endpoint from, Tlp tlp) {
        return switch (tlp) {
            case Tlp.MemWrite w when w.at() == At.UNTRANSLATED ->
                new Tlp.MemWrite(alias, w.at(), Pasid.NONE, w.address(), w.data(), w.iova());
            case Tlp.MemRead r when r.at() == At.UNTRANSLATED ->
                new Tlp.MemRead(alias, r.at(), Pasid.NONE, r.address(), tag(from, r.tag()), r.iova());
            case Tlp.MemWrite _, Tlp.MemRead _, Tlp.TranslationRequest _, Tlp.InvalidateCompletion _,
                 Tlp.PageRequest _ -> throw new Unmodelled("ATS on a conventional PCI bus");
        };
    }

    private int tag(Endpoint from, int tag) {
        for (int i = 0; i < TAGS; i++) {
            if (askers.get(i).get() == null) {
                askers.get(i).set(from);
                tags.set(i, tag);
                return i;
            }
        }
        throw new Unmodelled("more than " + TAGS + " reads through a bridge to conventional PCI");
    }

    /** What the root sees. */
    private final class Below implements Function {
        @Override
        public int rid() {
            return alias;
        }

        /** A message finds nobody there: no function below knows that id as its own. */
        @Override
        public void receive(DownTlp tlp) {
            if (tlp instanceof DownTlp.ReadCompletion done && done.tag() < TAGS
                    && askers.get(done.tag()).get() != null) {
                Endpoint to = askers.get(done.tag()).get();
                askers.get(done.tag()).set(null);
                int tag = (int) tags.get(done.tag());
                to.receive(new DownTlp.ReadCompletion(done.status(), tag, done.data()));
            }
        }

        @Override
        public boolean listening() {
            return true;
        }
    }

    /** Where a function below sends to. */
    private final class Above implements RootPort {
        private final Endpoint function;

        Above(Endpoint function) {
            this.function = function;
        }

        @Override
        public void send(Tlp tlp) {
            root.get().send(aliased(function, tlp));
        }
    }
}
