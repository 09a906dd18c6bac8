// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where state may live. Nowhere in statics; and in the packages whose state a run changes, only in the cells
 * of {@code lazaret.machine}: every field is final and none is a container that can change
 * (docs/decisions/0002).
 */
final class State {
    private static final Set<String> CONTAINERS = Set.of(
            "ArrayList", "LinkedList", "ArrayDeque", "PriorityQueue", "Deque", "Queue", "Vector", "Stack",
            "BitSet", "HashMap", "LinkedHashMap", "TreeMap", "EnumMap", "IdentityHashMap", "WeakHashMap",
            "NavigableMap", "SortedMap", "HashSet", "LinkedHashSet", "TreeSet", "EnumSet", "NavigableSet",
            "SortedSet");

    /** And everything below lazaret.iommu. */
    private static final Set<String> MODELLED = Set.of("lazaret.kernel", "lazaret.iommu", "lazaret.smmuv3.hw",
            "lazaret.pcie.hw", "lazaret.lab.oracle");

    private State() { }

    static boolean isModelled(ClassModel model) {
        String name = Names.packageOf(model);
        return MODELLED.contains(name) || name.startsWith("lazaret.iommu.");
    }

    /** For every class that ships. */
    static List<Finding> statics(ClassModel model) {
        Set<String> filled = filledContainers(model);
        var found = new ArrayList<Finding>();
        for (FieldModel field : model.fields()) {
            if (!field.flags().has(AccessFlag.STATIC) || field.flags().has(AccessFlag.SYNTHETIC)) {
                continue;
            }
            String name = field.fieldName().stringValue();
            boolean shared = isArray(field) && !field.flags().has(AccessFlag.PRIVATE);
            boolean container = isContainer(field) || filled.contains(name);
            if (!field.flags().has(AccessFlag.FINAL) || shared || container) {
                found.add(new Finding("static", Names.of(model) + "." + name, "static and can change"));
            }
        }
        return found;
    }

    /** For the classes of {@link #isModelled}. */
    static List<Finding> cells(ClassModel model) {
        Set<String> filled = filledContainers(model);
        var found = new ArrayList<Finding>();
        for (FieldModel field : model.fields()) {
            if (field.flags().has(AccessFlag.STATIC) || field.flags().has(AccessFlag.SYNTHETIC)) {
                continue;
            }
            String name = field.fieldName().stringValue();
            String what = null;
            if (!field.flags().has(AccessFlag.FINAL)) {
                what = "is not final";
            } else if (isArray(field) || isContainer(field) || filled.contains(name)) {
                what = "is a container that can change";
            }
            if (what != null) {
                String where = Names.of(model) + "." + name;
                found.add(new Finding("state", where, what + "; modelled state lives in cells"));
            }
        }
        return found;
    }

    private static boolean isArray(FieldModel field) {
        return field.fieldTypeSymbol().isArray();
    }

    private static boolean isContainer(FieldModel field) {
        return isContainer(field.fieldType().stringValue());
    }

    /** @param descriptor {@code Ljava/util/ArrayList;}, or the same without the frame */
    private static boolean isContainer(String descriptor) {
        String type = descriptor.replaceFirst("^L", "").replaceFirst(";$", "");
        if (type.startsWith("java/util/concurrent/atomic/")
                || type.equals("java/lang/StringBuilder") || type.equals("java/lang/StringBuffer")) {
            return true;
        }
        return type.startsWith("java/util/") && CONTAINERS.contains(type.substring("java/util/".length()));
    }

    /**
     * Fields like {@code List<X> xs = new ArrayList<>()}: the type tells nothing, what is put into them does.
     */
    private static Set<String> filledContainers(ClassModel model) {
        var filled = new TreeSet<String>();
        for (MethodModel method : model.methods()) {
            method.code().ifPresent(code -> {
                Instruction before = null;
                for (CodeElement element : code) {
                    if (!(element instanceof Instruction now)) {
                        continue;
                    }
                    if (now instanceof FieldInstruction put && before instanceof InvokeInstruction made
                            && put.opcode().name().startsWith("PUT")
                            && made.name().equalsString("<init>")
                            && isContainer(made.owner().asInternalName())) {
                        filled.add(put.name().stringValue());
                    }
                    before = now;
                }
            });
        }
        return filled;
    }
}
