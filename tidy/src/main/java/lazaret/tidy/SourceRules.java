// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModuleTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** What the parser sees: the length of methods, the names of fields in layout tables, a module's README. */
final class SourceRules extends TreePathScanner<Void, Void> {
    static final int LONGEST_METHOD = 60;
    private static final Set<String> FIELD_MAKERS = Set.of("bit", "bits", "tag");

    private final Source source;
    private final List<Finding> found = new ArrayList<>();

    private SourceRules(Source source) {
        this.source = source;
    }

    static List<Finding> check(Source source) {
        var rules = new SourceRules(source);
        rules.scan(source.unit(), null);
        return rules.found;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
        int lines = source.lastLine(method) - source.firstLine(method) + 1;
        if (lines > LONGEST_METHOD) {
            found.add(new Finding("method", source.where(method),
                    method.getName() + " has " + lines + " lines, at most " + LONGEST_METHOD));
        }
        return super.visitMethod(method, nothing);
    }

    @Override
    public Void visitVariable(VariableTree variable, Void nothing) {
        boolean constant = variable.getModifiers().getFlags().contains(Modifier.STATIC);
        if (constant && "Field".equals(variable.getType().toString())) {
            String said = nameInTable(variable);
            String name = variable.getName().toString();
            if (said != null && !letters(said).equals(letters(name))) {
                found.add(new Finding("field", source.where(variable), name + " is called \"" + said + "\""));
            }
        }
        return super.visitVariable(variable, nothing);
    }

    @Override
    public Void visitModule(ModuleTree module, Void nothing) {
        String readme = source.comment(getCurrentPath());
        if (readme == null || readme.isBlank()) {
            found.add(new Finding("module", source.where(module), "has no Javadoc, a module's README"));
        }
        return super.visitModule(module, nothing);
    }

    /** The name in {@code X.bits("name", …)}, or null when the variable is made in another way. */
    private static String nameInTable(VariableTree variable) {
        if (variable.getInitializer() instanceof MethodInvocationTree call
                && call.getMethodSelect() instanceof MemberSelectTree maker
                && FIELD_MAKERS.contains(maker.getIdentifier().toString())
                && !call.getArguments().isEmpty()
                && call.getArguments().getFirst() instanceof LiteralTree name) {
            return String.valueOf(name.getValue());
        }
        return null;
    }

    private static String letters(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
    }
}
