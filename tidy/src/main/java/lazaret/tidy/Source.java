// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A Java file as javac's parser reads it: syntax and comments, no types. */
record Source(String name, CompilationUnitTree unit, SourcePositions positions, DocTrees docs) {

    private static final class InMemory extends SimpleJavaFileObject {
        private final String text;

        InMemory(String name, String text) {
            super(URI.create("mem:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** @param texts file name with slashes → its text */
    static List<Source> parse(Map<String, String> texts) {
        var files = new ArrayList<JavaFileObject>();
        texts.forEach((name, text) -> files.add(new InMemory(name, text)));
        var javac = ToolProvider.getSystemJavaCompiler();
        var task = (JavacTask) javac.getTask(null, null, null, List.of("-proc:none"), null, files);
        var docs = DocTrees.instance(task);
        try {
            var sources = new ArrayList<Source>();
            for (CompilationUnitTree unit : task.parse()) {
                String name = unit.getSourceFile().toUri().getPath().substring(1);
                sources.add(new Source(name, unit, docs.getSourcePositions(), docs));
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Source of(String name, String text) {
        return parse(Map.of(name, text)).getFirst();
    }

    int firstLine(Tree tree) {
        return (int) unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
    }

    int lastLine(Tree tree) {
        return (int) unit.getLineMap().getLineNumber(positions.getEndPosition(unit, tree));
    }

    String where(Tree tree) {
        return name + ":" + firstLine(tree);
    }

    /** The doc comment in front of an element, or null. */
    String comment(TreePath path) {
        return docs.getDocComment(path);
    }
}
