// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import lazaret.lab.Scenario;

/** A user's own scenario: one Java file, compiled in memory against Lazaret itself. */
final class SourceScenario {
    /** javac refused the file; the message is what javac said. */
    static final class DoesNotCompile extends RuntimeException {
        DoesNotCompile(String diagnostics) {
            super(diagnostics);
        }
    }

    private static final class Compiled extends SimpleJavaFileObject {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Compiled(String name) {
            super(URI.create("mem:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return bytes;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final StandardJavaFileManager standard;
        private final Map<String, Compiled> classes = new LinkedHashMap<>();

        InMemory(StandardJavaFileManager standard) {
            super(standard);
            this.standard = standard;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(JavaFileManager.Location where, String name,
                JavaFileObject.Kind kind,
                javax.tools.FileObject from) {
            return classes.computeIfAbsent(name, Compiled::new);
        }
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, Compiled> classes;

        Loader(Map<String, Compiled> classes) {
            super(Scenario.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            Compiled compiled = classes.get(name);
            if (compiled == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = compiled.bytes.toByteArray();
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private SourceScenario() { }

    /**
     * Compiles {@code file} and makes its scenario.
     *
     * @throws Refusal        when the file cannot be read or holds no usable scenario
     * @throws DoesNotCompile with javac's own words
     */
    static Scenario load(Path file) {
        if (!Files.isReadable(file)) {
            throw new Refusal("cannot read " + file);
        }
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        if (javac == null) {
            throw new Refusal("this Java has no compiler; run Lazaret on a JDK");
        }
        var loader = new Loader(compile(javac, file));
        for (String name : loader.classes.keySet()) {
            Scenario scenario = instance(loader, name, file);
            if (scenario != null) {
                return scenario;
            }
        }
        throw new Refusal(file + " holds no class that implements lazaret.lab.Scenario");
    }

    private static Map<String, Compiled> compile(JavaCompiler javac, Path file) {
        var said = new StringWriter();
        try (var files = new InMemory(javac.getStandardFileManager(null, null, null))) {
            var units = files.standard.getJavaFileObjects(file);
            if (!javac.getTask(said, files, null, options(), null, units).call()) {
                throw new DoesNotCompile(said.toString().stripTrailing());
            }
            return files.classes;
        } catch (IOException e) {
            throw new Refusal("cannot read " + file + ": " + e.getMessage());
        }
    }

    /** The file sees what Lazaret itself runs on: a folder of modules, or a class path inside an IDE. */
    private static List<String> options() {
        String modules = System.getProperty("jdk.module.path");
        return modules == null
                ? List.of("-proc:none", "-classpath", System.getProperty("java.class.path"))
                : List.of("-proc:none", "--module-path", modules, "--add-modules", "lazaret.lab");
    }

    private static Scenario instance(Loader loader, String name, Path file) {
        try {
            Class<?> type = loader.loadClass(name);
            if (!Scenario.class.isAssignableFrom(type) || type.isInterface()) {
                return null;
            }
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Scenario) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new Refusal(name + " in " + file
                    + " cannot be made: it needs a constructor without parameters");
        }
    }
}
