// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Domain;
import lazaret.iommu.Prot;
import lazaret.kernel.Errno;
import lazaret.machine.Frame;
import lazaret.machine.Ref;

/** A domain as scenarios use it: 4 KiB pages that come from the page allocator. */
public final class Space {
    private record Page(long iova, long pa) { }

    private final Lab lab;
    private final Domain.Paging domain;
    /** The scenario's own book of what it mapped; no part of what is under test. */
    private final Ref<List<Page>> pages;

    Space(Lab lab, Domain.Paging domain) {
        this.lab = lab;
        this.domain = domain;
        pages = new Ref<>(lab.machine().undo(), List.of());
    }

    /** The name in stories. */
    public String name() {
        return domain.name();
    }

    /** Maps a fresh page at {@code iova}, readable and writable. @return its physical address */
    public long map(long iova) {
        if ((iova & Frame.SIZE - 1) != 0) {
            throw lab.misuse("0x" + Long.toHexString(iova) + " is not the address of a page");
        }
        long pa = lab.page(name() + " buffer");
        var more = new ArrayList<>(pages.get());
        more.add(new Page(iova, pa));
        pages.set(List.copyOf(more));
        Errno err = lab.forgets().one(() -> domain.map(iova, pa, Frame.SIZE, Prot.READ_WRITE));
        lab.check(err.ok(), "map 0x" + Long.toHexString(iova) + ": " + err);
        return pa;
    }

    /**
     * Unmaps the page at {@code iova} and flushes. @return its physical address; nobody frees it but the
     * caller
     */
    public long unmap(long iova) {
        Page page = page(iova);
        var fewer = new ArrayList<>(pages.get());
        fewer.remove(page);
        pages.set(List.copyOf(fewer));
        long gone = lab.forgets().number(() -> domain.unmap(iova, Frame.SIZE));
        lab.check(gone == Frame.SIZE, "unmap 0x" + Long.toHexString(iova) + ": " + gone
                + " bytes were mapped");
        return page.pa();
    }

    private Page page(long iova) {
        for (Page page : pages.get()) {
            if (page.iova() == iova) {
                return page;
            }
        }
        throw lab.misuse("nothing is mapped at 0x" + Long.toHexString(iova));
    }

    /** Nobody is attached any more, or the domain is freed from under them. */
    public void free() {
        lab.forgets().run(() -> lab.core().domainFree(domain));
    }

    Domain.Paging domain() {
        return domain;
    }
}
