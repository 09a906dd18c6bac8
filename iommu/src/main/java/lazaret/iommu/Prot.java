// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

/** What a mapping lets a device do. @kernel IOMMU_READ IOMMU_WRITE */
public enum Prot {
    READ(true, false), WRITE(false, true), READ_WRITE(true, true);

    private final boolean read;
    private final boolean write;

    Prot(boolean read, boolean write) {
        this.read = read;
        this.write = write;
    }

    public boolean read() {
        return read;
    }

    public boolean write() {
        return write;
    }
}
