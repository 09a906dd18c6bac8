// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.ToolProvider;

/** Samples for the rules, compiled. */
final class Compiled {
    private Compiled() { }

    /**
     * @param folder where sources and classes may be put
     * @param texts  Java files; each begins with its package
     */
    static List<ClassModel> classes(Path folder, String... texts) {
        String said = javac(folder, List.of(), texts);
        if (!said.isEmpty()) {
            throw new IllegalArgumentException(said);
        }
        try (var files = Files.walk(folder.resolve("out"))) {
            var models = new ArrayList<ClassModel>();
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                models.add(ClassFile.of().parse(file));
            }
            return models;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The class of one sample, without those nested in it. */
    static ClassModel one(Path folder, String text) {
        return classes(folder, text).getFirst();
    }

    /** What javac says about {@code texts}; nothing if it is content. */
    static String javac(Path folder, List<String> options, String... texts) {
        try {
            var files = new ArrayList<Path>();
            for (String text : texts) {
                Path file = folder.resolve("src/Sample" + files.size()).resolve(typeIn(text) + ".java");
                Files.createDirectories(file.getParent());
                files.add(Files.writeString(file, text));
            }
            var all = new ArrayList<>(List.of("-proc:none", "-d", folder.resolve("out").toString()));
            all.addAll(options);
            var said = new StringWriter();
            var javac = ToolProvider.getSystemJavaCompiler();
            try (var manager = javac.getStandardFileManager(null, Locale.ROOT, null)) {
                var units = manager.getJavaFileObjectsFromPaths(files);
                javac.getTask(said, manager, null, all, null, units).call();
            }
            return said.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typeIn(String text) {
        return text.replaceFirst("(?s).*?\\b(?:class|enum|interface|record) (\\w+).*", "$1");
    }
}
