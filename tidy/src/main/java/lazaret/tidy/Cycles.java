// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Packages form layers: if a knows b, however indirectly, b does not know a. */
final class Cycles {
    private Cycles() { }

    static List<Finding> check(List<ClassModel> classes) {
        Map<String, Set<String>> knows = new TreeMap<>();
        for (ClassModel model : classes) {
            String from = packageOf(model.thisClass().asInternalName());
            for (PoolEntry entry : model.constantPool()) {
                if (entry instanceof ClassEntry used) {
                    String to = packageOf(used.asInternalName().replaceFirst("^\\[+L", ""));
                    if (to.startsWith("lazaret") && !to.equals(from)) {
                        knows.computeIfAbsent(from, _ -> new TreeSet<>()).add(to);
                    }
                }
            }
        }
        var found = new ArrayList<Finding>();
        knows.forEach((from, others) -> {
            for (String to : others) {
                if (reaches(knows, to, from, new TreeSet<>())) {
                    found.add(new Finding("cycle", from, "knows " + to + ", which leads back to it"));
                }
            }
        });
        return found;
    }

    private static boolean reaches(Map<String, Set<String>> knows, String from, String to, Set<String> seen) {
        if (from.equals(to)) {
            return true;
        }
        Set<String> next = seen.add(from) ? knows.getOrDefault(from, Set.of()) : Set.of();
        return next.stream().anyMatch(one -> reaches(knows, one, to, seen));
    }

    private static String packageOf(String internalName) {
        int slash = internalName.lastIndexOf('/');
        return slash < 0 ? "" : internalName.substring(0, slash).replace('/', '.');
    }
}
