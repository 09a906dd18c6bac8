// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import com.sun.source.tree.ExportsTree;
import com.sun.source.tree.ModuleTree;
import com.sun.source.tree.RequiresTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may know whom. The table is the one of the design; a module that is not in it has no place in the house
 * yet.
 */
final class Arrows {
    private static final Map<String, Set<String>> MAY_KNOW = Map.of(
            "machine", Set.of(),
            "pcie", Set.of("machine"),
            "smmuv3", Set.of("pcie", "machine"),
            "kernel", Set.of("machine"),
            "iommu", Set.of("kernel", "smmuv3", "pcie", "machine"),
            "explore", Set.of("machine"),
            "qemu", Set.of("machine"),
            "lab", Set.of("explore", "iommu", "kernel", "qemu", "smmuv3", "pcie", "machine"),
            "inspect", Set.of("smmuv3", "pcie", "machine"),
            "cli", Set.of("inspect", "lab", "explore", "iommu", "kernel", "qemu", "smmuv3", "pcie",
                    "machine"));
    /** The only ones that may know more than each other and the JDK. */
    private static final Set<String> WITH_LIBRARIES = Set.of("cli", "inspect");
    /** Who may be shown the hardware: those who wire it or measure it. Never stack, kernel or explorer. */
    private static final Set<String> MAY_SEE_HARDWARE = Set.of("lazaret.lab", "lazaret.bench");

    private Arrows() { }

    static List<Finding> check(Source descriptor) {
        var found = new ArrayList<Finding>();
        new TreeScanner<Void, String>() {
            @Override
            public Void visitModule(ModuleTree module, String none) {
                return super.visitModule(module, module.getName().toString());
            }

            @Override
            public Void visitRequires(RequiresTree requires, String module) {
                String known = requires.getModuleName().toString();
                if (!mayKnow(module, known)) {
                    found.add(new Finding("arrow", module, "must not know " + known));
                }
                return null;
            }

            @Override
            public Void visitExports(ExportsTree exports, String module) {
                String name = exports.getPackageName().toString();
                if (name.endsWith(".hw") && !forTheWirersOnly(exports)) {
                    String who = String.join(", ", MAY_SEE_HARDWARE);
                    found.add(new Finding("arrow", module, name + " may be exported to nobody but " + who));
                }
                return null;
            }
        }.scan(descriptor.unit(), null);
        return found;
    }

    private static boolean forTheWirersOnly(ExportsTree exports) {
        return exports.getModuleNames() != null
                && exports.getModuleNames().stream().allMatch(to -> MAY_SEE_HARDWARE.contains(to.toString()));
    }

    private static boolean mayKnow(String module, String known) {
        String from = module.substring(module.lastIndexOf('.') + 1);
        if (known.startsWith("lazaret.")) {
            return MAY_KNOW.getOrDefault(from, Set.of()).contains(known.substring("lazaret.".length()));
        }
        return known.startsWith("java.") || known.startsWith("jdk.") || WITH_LIBRARIES.contains(from);
    }
}
