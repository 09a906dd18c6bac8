// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What would let a run depend on anything but its choices, or block its one carrier thread. Read from the
 * constant pools, so neither an import nor a lambda hides it.
 */
final class Bans {
    /** Where code runs under the scheduler, the scheduler itself, and what stands in for hardware. */
    static final List<String> MODULES = List.of("machine", "pcie", "smmuv3", "kernel", "iommu", "explore",
            "qemu");

    private static final String TIME = "the only clock is the machine's";
    private static final String CHANCE = "the only choice is Chance";
    private static final String ORDER = "its order is not the same in every JVM; LinkedHashMap's is";
    private static final String THREADS = "strands share one carrier; see machine.Strand";
    private static final String SLOW = "far too slow for a step; append to a StringBuilder";

    /** Types, or everything below a package when the name ends in a slash. */
    private static final Map<String, String> TYPES = Collections.unmodifiableMap(new TreeMap<>(Map.ofEntries(
            Map.entry("java/lang/Thread", THREADS), Map.entry("java/lang/ThreadLocal", THREADS),
            Map.entry("java/lang/InheritableThreadLocal", THREADS),
            Map.entry("java/lang/ScopedValue", THREADS),
            Map.entry("java/util/concurrent/", THREADS), Map.entry("java/util/Timer", THREADS),
            Map.entry("java/util/HashMap", ORDER), Map.entry("java/util/HashSet", ORDER),
            Map.entry("java/util/Hashtable", ORDER), Map.entry("java/util/IdentityHashMap", ORDER),
            Map.entry("java/util/WeakHashMap", ORDER), Map.entry("java/util/Formatter", SLOW),
            Map.entry("java/util/Random", CHANCE), Map.entry("java/util/SplittableRandom", CHANCE),
            Map.entry("java/util/random/", CHANCE), Map.entry("java/security/SecureRandom", CHANCE),
            Map.entry("java/time/", TIME), Map.entry("java/util/Date", TIME))));

    private static final Map<String, String> MEMBERS = Map.ofEntries(
            Map.entry("java/lang/Math.random", CHANCE), Map.entry("java/util/UUID.randomUUID", CHANCE),
            Map.entry("java/util/Collections.shuffle", CHANCE),
            Map.entry("java/lang/System.nanoTime", TIME),
            Map.entry("java/lang/System.currentTimeMillis", TIME),
            Map.entry("java/lang/System.identityHashCode", ORDER),
            Map.entry("java/lang/Object.hashCode", ORDER),
            Map.entry("java/util/Set.of", ORDER), Map.entry("java/util/Set.copyOf", ORDER),
            Map.entry("java/util/Map.of", ORDER), Map.entry("java/util/Map.ofEntries", ORDER),
            Map.entry("java/util/Map.copyOf", ORDER), Map.entry("java/util/stream/Collectors.toSet", ORDER),
            Map.entry("java/util/stream/Collectors.toMap", ORDER),
            Map.entry("java/util/stream/Collectors.groupingBy", ORDER),
            Map.entry("java/util/stream/Collectors.toUnmodifiableSet", ORDER),
            Map.entry("java/util/stream/Collectors.toUnmodifiableMap", ORDER),
            Map.entry("java/lang/String.format", SLOW), Map.entry("java/lang/String.formatted", SLOW));

    /** Whatever they are called on. */
    private static final Set<String> METHODS = Set.of("parallelStream", "parallel");

    private Bans() { }

    static List<Finding> check(ClassModel model) {
        var found = new ArrayList<Finding>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> type(model, type.asInternalName().replaceFirst("^\\[+L?", ""), found);
                case MemberRefEntry member -> member(model, member, found);
                default -> { }
            }
        }
        for (MethodModel method : model.methods()) {
            if (locksAMonitor(method)) {
                found.add(uses(model, "synchronized in " + method.methodName().stringValue(), THREADS));
            }
        }
        return found;
    }

    private static void type(ClassModel model, String name, List<Finding> found) {
        TYPES.forEach((banned, why) -> {
            boolean below = banned.endsWith("/") && name.startsWith(banned);
            if (below || name.equals(banned) || name.startsWith(banned + "$") || name.equals(banned + ";")) {
                found.add(uses(model, name, why));
            }
        });
    }

    private static void member(ClassModel model, MemberRefEntry member, List<Finding> found) {
        String name = member.owner().asInternalName() + "." + member.name().stringValue();
        String why = MEMBERS.get(name);
        if (METHODS.contains(member.name().stringValue()) && name.startsWith("java/util/")) {
            why = THREADS;
        }
        if (why != null) {
            found.add(uses(model, name, why));
        }
    }

    private static boolean locksAMonitor(MethodModel method) {
        if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
            return true;
        }
        return method.code().stream().flatMap(code -> code.elementStream())
                .anyMatch((CodeElement element) -> element instanceof MonitorInstruction);
    }

    private static Finding uses(ClassModel model, String what, String why) {
        return new Finding("ban", Names.of(model) + " uses " + what.replace('/', '.'), why);
    }
}
