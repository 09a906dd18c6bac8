// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    private static final Source GROUP = Source.of("Group.java", """
            package lazaret.iommu;
            /**
             * Devices that share a domain.
             *
             * @kernel iommu_group
             */
            class Group {
                /** Attaches. @kernel iommu_attach_group iommu_attach_device */
                void attach() { }
                /** Attaches as well. @kernel iommu_attach_group */
                void replace() { }
            }
            """);
    private static final Source STE = Source.of("Ste.java", """
            package lazaret.smmuv3;
            class Entries {
                /** @spec IHI0070 5.10 */
                static final class Late { }
                /** @spec IHI0070 5.2 */
                static final class Ste {
                    static final Field V = STE.bit("V", 0, 0);
                    static final Field MTCFG = STE.tag("MTCFG", 1, 36, 36);
                }
            }
            """);

    @Test
    void theKernelMapIsSortedBySymbolAndNamesEveryPlace() {
        assertThat(Documents.kernelMap(List.of(GROUP))).endsWith("""
                | `iommu_attach_device` | `lazaret.iommu.Group.attach` |
                | `iommu_attach_group` | `lazaret.iommu.Group.attach`, `lazaret.iommu.Group.replace` |
                | `iommu_group` | `lazaret.iommu.Group` |
                """);
    }

    @Test
    void theCoverageIsSortedBySectionAndNamesWhatIsRefused() {
        assertThat(Documents.coverage(List.of(STE))).endsWith("""
                ## IHI0070

                | section | Lazaret | refused |
                |---|---|---|
                | 5.2 | `lazaret.smmuv3.Entries.Ste` | MTCFG |
                | 5.10 | `lazaret.smmuv3.Entries.Late` |  |
                """);
    }
}
