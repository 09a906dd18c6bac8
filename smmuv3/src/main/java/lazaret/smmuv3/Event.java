// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * A record of the event queue: four words. Decoding looks only at the fields that the record has: real
 * hardware leaves garbage elsewhere. What is none of the records is {@link Unknown}.
 *
 * @spec IHI0070 7.3
 * @kernel arm_smmu_decode_event
 */
public sealed interface Event {
    /** Which record; null for {@link Unknown}. */
    EventId id();

    Origin origin();

    default long w0() {
        return id().code() | origin().w0();
    }

    default long w1() {
        return 0;
    }

    default long w2() {
        return 0;
    }

    default long w3() {
        return 0;
    }

    /** One line: {@code F_TRANSLATION sid=0x100 unpriv data write s1 IN iova=0x1000}. */
    default String text() {
        return id().name() + origin().text();
    }

    /** The record in four words of the queue. */
    static Event decode(long w0, long w1, long w2, long w3) {
        EventId id = EventId.of(Evt.ID.getInt(w0));
        if (id == null) {
            return new Unknown(w0, w1, w2, w3);
        }
        Origin o = Origin.of(w0, id == EventId.C_BAD_SUBSTREAMID);
        return switch (id) {
            case F_UUT -> new FUut(o, Evt.REASON.getInt(w1), accessType(w1), w2);
            case C_BAD_STREAMID -> new CBadStreamid(o);
            case F_STE_FETCH -> new FSteFetch(o, Fetch.of(w1, w3));
            case C_BAD_STE -> new CBadSte(o);
            case F_BAD_ATS_TREQ -> new FBadAtsTreq(o, w2);
            case F_STREAM_DISABLED -> new FStreamDisabled(o);
            case F_TRANSL_FORBIDDEN -> new FTranslForbidden(o, !Evt.RNW.test(w1), w2);
            case C_BAD_SUBSTREAMID -> new CBadSubstreamid(o);
            case F_CD_FETCH -> new FCdFetch(o, Fetch.of(w1, w3));
            case C_BAD_CD -> new CBadCd(o);
            case F_WALK_EABT -> FWalkEabt.of(o, w1, w2, w3);
            case F_TRANSLATION -> new FTranslation(o, Fault.of(w1, w2, w3));
            case F_ADDR_SIZE -> new FAddrSize(o, Fault.of(w1, w2, w3));
            case F_ACCESS -> new FAccess(o, Fault.of(w1, w2, w3));
            case F_PERMISSION -> new FPermission(o, Fault.of(w1, w2, w3), Evt.TTRNW.test(w1));
            case F_TLB_CONFLICT -> FTlbConflict.of(o, w1, w2, w3);
            case F_CFG_CONFLICT -> new FCfgConflict(o, Evt.REASON.getInt(w1));
            case E_PAGE_REQUEST -> EPageRequest.of(o, w1, w2);
            case F_VMS_FETCH -> new FVmsFetch(o, Fetch.of(w1, w3));
        };
    }

    /** One of the four faults of a translation. @param ttRead see {@link FPermission} */
    static Event fault(EventId kind, Origin origin, Fault fault, boolean ttRead) {
        return switch (kind) {
            case F_TRANSLATION -> new FTranslation(origin, fault);
            case F_ADDR_SIZE -> new FAddrSize(origin, fault);
            case F_ACCESS -> new FAccess(origin, fault);
            case F_PERMISSION -> new FPermission(origin, fault, ttRead);
            case F_UUT, C_BAD_STREAMID, F_STE_FETCH, C_BAD_STE, F_BAD_ATS_TREQ, F_STREAM_DISABLED,
                 F_TRANSL_FORBIDDEN, C_BAD_SUBSTREAMID, F_CD_FETCH, C_BAD_CD, F_WALK_EABT, F_TLB_CONFLICT,
                 F_CFG_CONFLICT, E_PAGE_REQUEST, F_VMS_FETCH ->
                throw new IllegalArgumentException("no fault of a translation: " + kind);
        };
    }

    /** The same fault of a transaction that waits under the name {@code stag}. */
    static Event stalled(Event event, int stag) {
        return switch (event) {
            case FTranslation e -> new FTranslation(e.origin, e.fault.stalled(stag));
            case FAddrSize e -> new FAddrSize(e.origin, e.fault.stalled(stag));
            case FAccess e -> new FAccess(e.origin, e.fault.stalled(stag));
            case FPermission e -> new FPermission(e.origin, e.fault.stalled(stag), e.ttRead);
            case FUut _, CBadStreamid _, FSteFetch _, CBadSte _, FBadAtsTreq _, FStreamDisabled _,
                 FTranslForbidden _, CBadSubstreamid _, FCdFetch _, CBadCd _, FWalkEabt _, FTlbConflict _,
                 FCfgConflict _, EPageRequest _, FVmsFetch _, Unknown _ ->
                throw new IllegalArgumentException("never stalls: " + event.text());
        };
    }

    /** Whose transaction it was. {@code ssid} means something if {@code ssv}, and in C_BAD_SUBSTREAMID. */
    record Origin(int sid, boolean ssv, int ssid) {
        static Origin of(long w0, boolean ssidAlways) {
            boolean ssv = Evt.SSV.test(w0);
            return new Origin(Evt.SID.getInt(w0), ssv, ssv || ssidAlways ? Evt.SSID.getInt(w0) : 0);
        }

        long w0() {
            return Evt.SID.prep(Integer.toUnsignedLong(sid)) | Evt.SSV.prep(ssv) | Evt.SSID.prep(ssid);
        }

        String text() {
            return " sid=0x" + Integer.toHexString(sid) + (ssv ? " ssid=0x" + Integer.toHexString(ssid) : "");
        }
    }

    /** A table word that could not be fetched; {@code reason} is implementation defined. */
    record Fetch(int reason, boolean gpcf, long address) {
        static Fetch of(long w1, long w3) {
            return new Fetch(Evt.REASON.getInt(w1), Evt.GPCF.test(w1), Evt.FETCHADDR.in(w3));
        }

        /** An external abort on the word at {@code address}. */
        static Fetch at(long address) {
            return new Fetch(0, false, Evt.FETCHADDR.in(address));
        }

        long w1() {
            return Evt.REASON.prep(reason) | Evt.GPCF.prep(gpcf);
        }

        long w3() {
            return Evt.FETCHADDR.in(address);
        }

        String text() {
            return " fetch=0x" + Long.toHexString(address);
        }
    }

    /**
     * What the four faults of a translation have in common.
     *
     * @param stag      names the stalled transaction, with {@code stall}
     * @param s2        stage 2 refused {@code ipa}; else that is not said
     * @param inputAddr the transaction's address, unmodified
     */
    record Fault(int stag, boolean stall, AccessType access, boolean s2, Evt.Class cls, long inputAddr,
            long ipa) {
        /** Stage 1 refuses the access itself. */
        static Fault stage1(AccessType access, long inputAddr) {
            return new Fault(0, false, access, false, Evt.Class.IN, inputAddr, 0);
        }

        /** Stage 2 refuses {@code ipa}, which somebody of that class needs for the access. */
        static Fault stage2(AccessType access, Evt.Class cls, long inputAddr, long ipa) {
            return new Fault(0, false, access, true, cls, inputAddr, Evt.IPA.in(ipa));
        }

        Fault stalled(int name) {
            return new Fault(name, true, access, s2, cls, inputAddr, ipa);
        }

        static Fault of(long w1, long w2, long w3) {
            boolean stall = Evt.STALL.test(w1);
            boolean s2 = Evt.S2.test(w1);
            int stag = stall ? Evt.STAG.getInt(w1) : 0;
            return new Fault(stag, stall, accessType(w1), s2, classOf(w1), w2, s2 ? Evt.IPA.in(w3) : 0);
        }

        long w1() {
            return Evt.STAG.prep(stag) | Evt.STALL.prep(stall) | bits(access)
                    | Evt.S2.prep(s2) | Evt.CLASS.prep(cls);
        }

        long w3() {
            return s2 ? Evt.IPA.in(ipa) : 0;
        }

        String text() {
            return " " + access + (s2 ? " s2 " : " s1 ") + cls + iova(inputAddr)
                    + (s2 ? " ipa=0x" + Long.toHexString(ipa) : "")
                    + (stall ? " stall stag=0x" + Integer.toHexString(stag) : "");
        }
    }

    /** A transaction of a kind that the SMMU does not support. */
    record FUut(Origin origin, int reason, AccessType access, long inputAddr) implements Event {
        public EventId id() { return EventId.F_UUT; }
        public long w1() { return Evt.REASON.prep(reason) | bits(access); }
        public long w2() { return inputAddr; }
        public String text() { return id().name() + origin.text() + " " + access + iova(inputAddr); }
    }

    /** The stream table does not reach that stream. */
    record CBadStreamid(Origin origin) implements Event {
        public EventId id() { return EventId.C_BAD_STREAMID; }
    }

    /** The stream table could not be read. */
    record FSteFetch(Origin origin, Fetch fetch) implements Event {
        public EventId id() { return EventId.F_STE_FETCH; }
        public long w1() { return fetch.w1(); }
        public long w3() { return fetch.w3(); }
        public String text() { return id().name() + origin.text() + fetch.text(); }
    }

    /** The STE is invalid or breaks a rule. */
    record CBadSte(Origin origin) implements Event {
        public EventId id() { return EventId.C_BAD_STE; }
    }

    /**
     * A translation request of a stream without ATS. The manual's figure also places what was requested in
     * word 1; those positions are not known to this project and stay zero.
     */
    record FBadAtsTreq(Origin origin, long inputAddr) implements Event {
        public EventId id() { return EventId.F_BAD_ATS_TREQ; }
        public long w2() { return inputAddr; }
        public String text() { return id().name() + origin.text() + iova(inputAddr); }
    }

    /** A stream with substreams does not take this traffic. */
    record FStreamDisabled(Origin origin) implements Event {
        public EventId id() { return EventId.F_STREAM_DISABLED; }
    }

    /** A translated transaction of a stream that may not send any. */
    record FTranslForbidden(Origin origin, boolean write, long inputAddr) implements Event {
        public EventId id() { return EventId.F_TRANSL_FORBIDDEN; }
        public long w1() { return Evt.RNW.prep(!write); }
        public long w2() { return inputAddr; }
        public String text() {
            String address = " addr=0x" + Long.toHexString(inputAddr);
            return id().name() + origin.text() + (write ? " write" : " read") + address;
        }
    }

    /** The stream has no such substream. */
    record CBadSubstreamid(Origin origin) implements Event {
        public EventId id() { return EventId.C_BAD_SUBSTREAMID; }
    }

    /** The CD table could not be read. */
    record FCdFetch(Origin origin, Fetch fetch) implements Event {
        public EventId id() { return EventId.F_CD_FETCH; }
        public long w1() { return fetch.w1(); }
        public long w3() { return fetch.w3(); }
        public String text() { return id().name() + origin.text() + fetch.text(); }
    }

    /** The CD is invalid or breaks a rule. */
    record CBadCd(Origin origin) implements Event {
        public EventId id() { return EventId.C_BAD_CD; }
    }

    /** A translation table could not be read. */
    record FWalkEabt(Origin origin, Fetch fetch, AccessType access, boolean s2, Evt.Class cls, long inputAddr)
            implements Event {
        public EventId id() { return EventId.F_WALK_EABT; }
        public long w1() { return fetch.w1() | bits(access) | Evt.S2.prep(s2) | Evt.CLASS.prep(cls); }
        public long w2() { return inputAddr; }
        public long w3() { return fetch.w3(); }
        public String text() {
            return id().name() + origin.text() + " " + access + (s2 ? " s2 " : " s1 ") + cls + iova(inputAddr)
                    + fetch.text();
        }

        static FWalkEabt of(Origin o, long w1, long w2, long w3) {
            return new FWalkEabt(o, Fetch.of(w1, w3), accessType(w1), Evt.S2.test(w1), classOf(w1), w2);
        }
    }

    /** Nothing is mapped there. */
    record FTranslation(Origin origin, Fault fault) implements Event {
        public EventId id() { return EventId.F_TRANSLATION; }
        public long w1() { return fault.w1(); }
        public long w2() { return fault.inputAddr; }
        public long w3() { return fault.w3(); }
        public String text() { return id().name() + origin.text() + fault.text(); }
    }

    /** An address does not fit where it has to go. */
    record FAddrSize(Origin origin, Fault fault) implements Event {
        public EventId id() { return EventId.F_ADDR_SIZE; }
        public long w1() { return fault.w1(); }
        public long w2() { return fault.inputAddr; }
        public long w3() { return fault.w3(); }
        public String text() { return id().name() + origin.text() + fault.text(); }
    }

    /** The access flag is clear. */
    record FAccess(Origin origin, Fault fault) implements Event {
        public EventId id() { return EventId.F_ACCESS; }
        public long w1() { return fault.w1(); }
        public long w2() { return fault.inputAddr; }
        public long w3() { return fault.w3(); }
        public String text() { return id().name() + origin.text() + fault.text(); }
    }

    /**
     * Mapped, but not for that; {@code ttRead} says what a table walk wanted when that is what stage 2
     * refused.
     */
    record FPermission(Origin origin, Fault fault, boolean ttRead) implements Event {
        public EventId id() { return EventId.F_PERMISSION; }
        public long w1() { return fault.w1() | Evt.TTRNW.prep(ttRead); }
        public long w2() { return fault.inputAddr; }
        public long w3() { return fault.w3(); }
        public String text() {
            String walk = fault.cls == Evt.Class.TT ? ttRead ? " ttr" : " ttw" : "";
            return id().name() + origin.text() + fault.text() + walk;
        }
    }

    /** Two TLB entries for one address. */
    record FTlbConflict(Origin origin, int reason, AccessType access, boolean s2, long inputAddr, long ipa)
            implements Event {
        public EventId id() { return EventId.F_TLB_CONFLICT; }
        public long w1() { return Evt.REASON.prep(reason) | bits(access) | Evt.S2.prep(s2); }
        public long w2() { return inputAddr; }
        public long w3() { return s2 ? Evt.IPA.in(ipa) : 0; }
        public String text() { return id().name() + origin.text() + " " + access + iova(inputAddr); }

        static FTlbConflict of(Origin o, long w1, long w2, long w3) {
            boolean s2 = Evt.S2.test(w1);
            long ipa = s2 ? Evt.IPA.in(w3) : 0;
            return new FTlbConflict(o, Evt.REASON.getInt(w1), accessType(w1), s2, w2, ipa);
        }
    }

    /** Two cached STEs for one stream. */
    record FCfgConflict(Origin origin, int reason) implements Event {
        public EventId id() { return EventId.F_CFG_CONFLICT; }
        public long w1() { return Evt.REASON.prep(reason); }
    }

    /** Pages will be wanted: {@code wants} has bits of word 1 for what, unprivileged and privileged. */
    record EPageRequest(Origin origin, long wants, int span, long page) implements Event {
        public EventId id() { return EventId.E_PAGE_REQUEST; }
        public long w1() { return wants & WANTS | Evt.SPAN.prep(span); }
        public long w2() { return Evt.PAGE.in(page); }
        public String text() { return id().name() + origin.text() + iova(page); }

        private static final long WANTS = Evt.UX.mask() | Evt.UW.mask() | Evt.UR.mask()
                | Evt.PX.mask() | Evt.PW.mask() | Evt.PR.mask();

        static EPageRequest of(Origin o, long w1, long w2) {
            return new EPageRequest(o, w1 & WANTS, Evt.SPAN.getInt(w1), Evt.PAGE.in(w2));
        }
    }

    /** The VMS could not be read. */
    record FVmsFetch(Origin origin, Fetch fetch) implements Event {
        public EventId id() { return EventId.F_VMS_FETCH; }
        public long w1() { return fetch.w1(); }
        public long w3() { return fetch.w3(); }
        public String text() { return id().name() + origin.text() + fetch.text(); }
    }

    /** A record that nobody defined, or the implementation did. */
    record Unknown(long w0, long w1, long w2, long w3) implements Event {
        public EventId id() { return null; }
        public Origin origin() { return Origin.of(w0, false); }
        public String text() {
            return "event 0x" + Long.toHexString(Evt.ID.get(w0)) + origin().text();
        }
    }

    private static AccessType accessType(long w1) {
        boolean write = !Evt.RNW.test(w1);
        return new AccessType(write, Evt.IND.test(w1) && !write, Evt.PNU.test(w1));
    }

    private static long bits(AccessType access) {
        boolean inst = access.instruction() && !access.write();
        return Evt.RNW.prep(!access.write()) | Evt.IND.prep(inst) | Evt.PNU.prep(access.privileged());
    }

    private static Evt.Class classOf(long w1) {
        return Evt.Class.values()[Evt.CLASS.getInt(w1) % 3];
    }

    private static String iova(long address) {
        return " iova=0x" + Long.toHexString(address);
    }
}
