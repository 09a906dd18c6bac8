// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles the files that a piece changes, and no others, against Lazaret as it is. */
public final class Planting {
    private static final String SOURCES = "/src/main/java/";

    private final Path root;
    private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();

    /**
     * @param root the checkout
     * @throws Misfit when this Java has no compiler
     */
    public Planting(Path root) {
        this.root = root;
        if (javac == null) {
            throw new Misfit("this Java has no compiler; run Lazaret on a JDK");
        }
    }

    /**
     * Puts changed sources and their classes into folders below {@code out}, which is empty.
     *
     * @return folders of classes by the module to which these belong
     * @throws Misfit when a hunk does not fit, or javac refuses
     */
    public Map<String, Path> plant(Piece piece, Path out) {
        try {
            Map<String, List<Path>> modules = new LinkedHashMap<>();
            for (var changed : piece.patch().apply(this::read).entrySet()) {
                String module = changed.getKey().substring(0, changed.getKey().indexOf('/'));
                Path copy = out.resolve(changed.getKey());
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, changed.getValue());
                modules.computeIfAbsent(module, _ -> new ArrayList<>()).add(copy);
            }
            Map<String, Path> classes = new LinkedHashMap<>();
            for (var sources : modules.entrySet()) {
                classes.put("lazaret." + sources.getKey(),
                        compile(sources.getKey(), sources.getValue(), out));
            }
            return classes;
        } catch (Misfit misfit) {
            throw new Misfit(piece.id() + ": " + misfit.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read(String file) {
        Path path = root.resolve(file);
        if (!file.contains(SOURCES) || !Files.isReadable(path)) {
            throw new Misfit(file + " is no source file here");
        }
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path compile(String module, List<Path> sources, Path out) throws IOException {
        Path classes = Files.createDirectories(out.resolve(module + "/classes"));
        List<String> options = new ArrayList<>(List.of("-proc:none", "-g", "-nowarn", "-d",
                classes.toString()));
        options.addAll(where(module, out));
        var said = new StringWriter();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
            var units = files.getJavaFileObjectsFromPaths(sources);
            if (!javac.getTask(said, files, null, options, null, units).call()) {
                throw new Misfit("it does not compile:\n" + said.toString().stripTrailing());
            }
        }
        return classes;
    }

    /** What is run as modules is compiled as part of its module; in a test there may be a class path. */
    private static List<String> where(String module, Path out) {
        String modules = System.getProperty("jdk.module.path");
        return modules == null
                ? List.of("-classpath", System.getProperty("java.class.path"))
                : List.of("--module-path", modules, "--add-modules", "lazaret." + module,
                        "--patch-module", "lazaret." + module + "=" + out.resolve(module + SOURCES));
    }
}
