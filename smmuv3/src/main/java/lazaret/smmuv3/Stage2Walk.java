// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.util.function.BiFunction;
import lazaret.machine.Unmodelled;

/**
 * Down the stage-2 tables of an STE, one descriptor at a time, for somebody who has an IPA.
 *
 * @param client  who asks
 * @param level   of the table that the next descriptor is in
 * @param wants   address of that descriptor
 * @spec DDI0487 D8.2
 * @spec IHI0070 3.3.1
 */
record Stage2Walk(Asked asked, Ste ste, Client client, Granule granule, int level, long wants)
        implements Walk {
    /** Whose address stage 2 translates. */
    sealed interface Client permits ContextWalk, TableWalk, TableWalk.Update, Last {
        Evt.Class cls();

        /** The address to translate. */
        long ipa();

        /** Is it for an update of a descriptor? */
        default boolean marks() {
            return false;
        }

        Cd cd();

        /** Goes on, with the answer. */
        Walk at(Translation stage2);
    }

    /** The transaction itself, after stage 1, which may have been {@link Translation#IDENTITY}. */
    record Last(Asked asked, Ste ste, Cd cd, long va, Translation stage1) implements Client {
        @Override
        public Evt.Class cls() {
            return Evt.Class.IN;
        }

        @Override
        public long ipa() {
            return stage1.ipa(va);
        }

        @Override
        public Walk at(Translation stage2) {
            Translation both = Translation.both(stage1, stage2, va);
            return new Done(asked.tx(), asked.passes(ste, both), ste, cd, both);
        }
    }

    private static final int DEVICE = 4;

    /** Checks that stage 2 has such an address, and goes to the first table. */
    static Walk start(Asked asked, Ste ste, Client client) {
        refuseMissing(asked, ste);
        int bits = 64 - ste.get(Ste.S2T0SZ);
        if (!Idr.fits(client.ipa(), Math.min(bits, asked.idr().ias()))) {
            return fault(asked, ste, client, Event.FTranslation::new);
        }
        Granule granule = Granule.tg0(ste.get(Ste.S2TG));
        int level = start(granule, ste.get(Ste.S2SL0));
        long first = granule.first(Ste.S2TTB.in(ste.w3()), bits, level, client.ipa());
        return new Stage2Walk(asked, ste, client, granule, level, first);
    }

    /** The transaction has an IPA already. */
    static Walk only(Asked asked, Ste ste) {
        return start(asked, ste, new Last(asked, ste, null, asked.tx().iova(), Translation.IDENTITY));
    }

    /** Code 3 is for tables smaller than any other: their only level is the last. */
    private static int start(Granule granule, int sl0) {
        return switch (granule) {
            case G4K -> sl0 == Pte.LAST_LEVEL ? Pte.LAST_LEVEL : 2 - sl0;
            case G16K, G64K -> Pte.LAST_LEVEL - sl0;
        };
    }

    private static void refuseMissing(Asked asked, Ste ste) {
        if (!ste.test(Ste.S2AA64)) {
            throw new Unmodelled("VMSAv8-32 LPAE tables (STE.S2AA64=0)");
        }
        if (ste.test(Ste.S2ENDI)) {
            throw new Unmodelled("big-endian tables (STE.S2ENDI)");
        }
        if (ste.test(Ste.S2DS) && asked.idr().has(Idr5.DS)) {
            throw new Unmodelled("52-bit addresses with small granules (STE.S2DS)");
        }
        if (ste.test(Ste.S2HAFT) && asked.idr().get(Idr0.HTTU) == 3) {
            throw new Unmodelled("HTTU: access flag of tables (STE.S2HAFT)");
        }
        if (ste.test(Ste.S2PIE) && asked.idr().has(Idr3.S2PI)) {
            throw new Unmodelled("STE.S2PIE");
        }
    }

    @Override
    public Transaction transaction() {
        return asked.tx();
    }

    @Override
    public Need needs() {
        return Need.STAGE2;
    }

    @Override
    public Cd cd() {
        return client.cd();
    }

    @Override
    public long ipa() {
        return client.ipa();
    }

    @Override
    public Walk feed(long pte) {
        boolean table = Pte.table(pte, level);
        if (!table && !granule.leaf(pte, level, asked.idr())) {
            return fault(asked, ste, client, Event.FTranslation::new);
        }
        long output = granule.output(pte, asked.idr());
        if (!Idr.fits(output, asked.idr().capped(ste.get(Ste.S2PS)))) {
            return fault(asked, ste, client, Event.FAddrSize::new);
        }
        if (table) {
            long next = granule.next(output, level + 1, client.ipa());
            return new Stage2Walk(asked, ste, client, granule, level + 1, next);
        }
        return leaf(pte, output);
    }

    private Walk leaf(long pte, long output) {
        boolean sets = ste.test(Ste.S2HA);
        if (!Pte.AF.test(pte) && !sets && !ste.test(Ste.S2AFFD)) {
            return fault(asked, ste, client, Event.FAccess::new);
        }
        boolean clean = sets && ste.test(Ste.S2HD) && Pte.DBM.test(pte) && (pte & Pte.S2AP_WRITE) == 0;
        Rights rights = Rights.stage2(clean ? pte | Pte.S2AP_WRITE : pte, asked.idr().has(Idr3.XNX));
        int shift = granule.shift(level);
        long first = -1L << shift;
        var leaf = new Translation.Leaf(wants, pte, shift, clean);
        var found = new Translation(client.ipa() & first, output & first, shift, rights, false,
                Pte.MEMATTR.getInt(pte), leaf, null);
        if (!permits(asked, ste, client, found)) {
            return settle(asked, ste, client, found);
        }
        long marked = pte | (sets && used(rights) ? Pte.AF.mask() : 0);
        marked |= clean && dirtied(rights) ? Pte.S2AP_WRITE : 0;
        return marked == pte ? client.at(found) : new Update(this, pte, marked);
    }

    private boolean used(Rights rights) {
        return client.cls() != Evt.Class.IN || asked.uses(ste, rights);
    }

    private boolean dirtied(Rights rights) {
        return client.cls() == Evt.Class.IN ? asked.dirties(ste, rights) : client.marks();
    }

    @Override
    public Walk abort() {
        var event = new Event.FWalkEabt(asked.origin(), Event.Fetch.at(wants), asked.access(ste), true,
                client.cls(), asked.tx().iova());
        return new Done(asked.tx(), asked.unreadable(event), ste, client.cd(), null);
    }

    @Override
    public Walk with(Translation known) {
        boolean writes = client.marks() || client.cls() == Evt.Class.IN && asked.tx().type().write();
        return writes && known.clean() ? this : settle(asked, ste, client, known);
    }

    /** Stage 2 says {@code found}: does that do? */
    static Walk settle(Asked asked, Ste ste, Client client, Translation found) {
        if (permits(asked, ste, client, found)) {
            return client.at(found);
        }
        return fault(asked, ste, client, (origin, fault) -> permission(client, origin, fault));
    }

    private static boolean permits(Asked asked, Ste ste, Client client, Translation found) {
        if (client.cls() == Evt.Class.IN) {
            return asked.allows(ste, found.rights());
        }
        if (ste.test(Ste.S2PTW) && found.attr() < DEVICE) {
            if (ste.test(Ste.S2FWB) && asked.idr().has(Idr3.FWB)) {
                throw new Unmodelled("STE.S2FWB together with S2PTW");
            }
            return false;
        }
        Rights.Mode may = found.rights().unpriv();
        return client.marks() ? may.write() : may.read();
    }

    private static Event permission(Client client, Event.Origin origin, Event.Fault fault) {
        return new Event.FPermission(origin, fault, client.cls() == Evt.Class.TT && !client.marks());
    }

    private static Done fault(Asked asked, Ste ste, Client client,
            BiFunction<Event.Origin, Event.Fault, Event> kind) {
        var fault = Event.Fault.stage2(asked.access(ste), client.cls(), asked.tx().iova(), client.ipa());
        Outcome outcome = asked.faulted(kind.apply(asked.origin(), fault), ste);
        return new Done(asked.tx(), outcome, ste, client.cd(), null);
    }

    /** Marks a leaf as accessed or dirty; see {@link TableWalk.Update}. @spec DDI0487 D8.5 */
    record Update(Stage2Walk walk, long from, long to) implements Walk {
        @Override
        public Transaction transaction() {
            return walk.transaction();
        }

        @Override
        public Need needs() {
            return Need.STAGE2;
        }

        @Override
        public Ste ste() {
            return walk.ste;
        }

        @Override
        public Cd cd() {
            return walk.cd();
        }

        @Override
        public long ipa() {
            return walk.ipa();
        }

        @Override
        public int level() {
            return walk.level;
        }

        @Override
        public long wants() {
            return walk.wants;
        }

        @Override
        public long marked(long word) {
            return word == from ? to : word;
        }

        @Override
        public Walk feed(long word) {
            return walk.feed(word);
        }

        @Override
        public Walk abort() {
            return walk.abort();
        }
    }
}
