// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads Lazaret's classes once more, those of the hardware models with a probe at the beginning of each line
 * and of each way a branch can go. Nothing else in the JVM changes, so neither an agent nor a flag is needed.
 */
final class Probing extends ClassLoader {
    /** A place that has a probe; its index is the probe's number. */
    record Place(String type, int line) { }

    private static final String OURS = "lazaret.";
    private static final List<String> PROBED = List.of("lazaret.smmuv3.", "lazaret.pcie.");
    private static final ClassDesc PROBES = ClassDesc.of(Probes.class.getName());
    private static final MethodTypeDesc TAKES_INT =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);

    private final List<Place> places = new ArrayList<>();
    private final ClassFile files;

    Probing() {
        super(Probing.class.getClassLoader());
        var classes = ClassHierarchyResolver.ofResourceParsing(getParent());
        files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(classes));
    }

    /** Every place of the classes loaded so far. */
    List<Place> places() {
        return places;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.equals(Probes.class.getName())) {
            return super.loadClass(name, resolve);
        }
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name, bytes(name));
    }

    private Class<?> define(String name, byte[] bytes) {
        boolean probed = PROBED.stream().anyMatch(name::startsWith);
        byte[] code = probed ? instrumented(name, bytes) : bytes;
        return defineClass(name, code, 0, code.length);
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private byte[] instrumented(String name, byte[] bytes) {
        var transform = ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(() -> probes(name)));
        return files.transformClass(files.parse(bytes), transform);
    }

    private CodeTransform probes(String name) {
        return new CodeTransform() {
            private boolean due = true;
            private int line;

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                if (element instanceof LineNumber number) {
                    line = number.line();
                }
                if (element instanceof Instruction && due) {
                    probe(code, name, line);
                    due = false;
                }
                code.with(element);
                due |= element instanceof LineNumber || element instanceof LabelTarget
                        || element instanceof BranchInstruction;
            }
        };
    }

    private void probe(CodeBuilder code, String name, int line) {
        if (places.size() == Probes.ROOM) {
            throw new IllegalStateException("more than " + Probes.ROOM + " probes");
        }
        code.loadConstant(places.size());
        code.invokestatic(PROBES, "hit", TAKES_INT);
        places.add(new Place(name, line));
    }
}
