// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The repository: its files as somebody would commit them, and the classes Maven made of them. */
final class Repo {
    /** Folders that hold nothing of ours. */
    private static final Set<String> FOREIGN = Set.of(".git", ".lazaret", ".idea", ".vscode", "target");
    /**
     * Modules that are no Java modules: measuring and tidying need every package, so they run on the class
     * path.
     */
    static final Set<String> ON_CLASS_PATH = Set.of("bench", "tidy");

    private final Path root;

    Repo(Path root) {
        this.root = root;
    }

    /** The repository around the folder this runs in. */
    static Repo here() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("not inside the repository");
            }
        }
        return new Repo(folder);
    }

    Path root() {
        return root;
    }

    /** Path from the root, with slashes. */
    String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    /** The modules of the root pom, in its order. */
    List<String> modules() {
        var names = new ArrayList<String>();
        var module = Pattern.compile("<module>(\\w+)</module>").matcher(text(root.resolve("pom.xml")));
        while (module.find()) {
            names.add(module.group(1));
        }
        return names;
    }

    List<String> javaModules() {
        return modules().stream().filter(name -> !ON_CLASS_PATH.contains(name)).toList();
    }

    /** Every file that belongs to the repository, in order. */
    List<Path> files() {
        var found = new TreeSet<Path>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean foreign = FOREIGN.contains(folder.getFileName().toString());
                    return foreign ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    found.add(file);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(found);
    }

    List<Path> javaFiles() {
        return files().stream().filter(file -> file.toString().endsWith(".java")).toList();
    }

    /** Java files that ship, not those of tests. */
    List<Path> mainFiles() {
        return javaFiles().stream().filter(file -> name(file).contains("/src/main/")).toList();
    }

    Path classes(String module) {
        return root.resolve(module).resolve("target/classes");
    }

    /** The compiled classes of a module's main sources. */
    List<ClassModel> classModels(String module) {
        Path folder = classes(module);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.walk(folder)) {
            var models = new ArrayList<ClassModel>();
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
                models.add(ClassFile.of().parse(file));
            }
            return models;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
