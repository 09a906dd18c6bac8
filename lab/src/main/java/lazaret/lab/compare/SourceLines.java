// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Mainline;

/** How many lines with code a design has, by what the compiler wrote down about them. */
final class SourceLines {
    private SourceLines() { }

    /** More than the baseline has. */
    static int added(SmmuDesign design) {
        return Math.max(0, of(design) - of(new Mainline()));
    }

    private static int of(SmmuDesign design) {
        Set<Class<?>> classes = new LinkedHashSet<>(design.parts());
        for (Class<?> c = design.getClass(); c != Object.class; c = c.getSuperclass()) {
            classes.add(c);
        }
        return classes.stream().mapToInt(SourceLines::of).sum();
    }

    private static int of(Class<?> type) {
        Set<Integer> lines = new TreeSet<>();
        String name = type.getName().substring(type.getPackageName().length() + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(name)) {
            ClassFile.of().parse(in.readAllBytes()).methods().stream()
                    .flatMap(method -> method.findAttribute(Attributes.code()).stream())
                    .flatMap(code -> code.findAttributes(Attributes.lineNumberTable()).stream())
                    .flatMap(table -> table.lineNumbers().stream())
                    .forEach(line -> lines.add(line.lineNumber()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines.size();
    }
}
