// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The tags in doc comments that say what a thing of ours is called elsewhere: {@code @kernel
 * pci_reset_function}, {@code @spec IHI0070 5.2}, {@code @req R75}.
 */
final class Tags extends TreePathScanner<Void, Void> {
    /**
     * One tag of one element.
     *
     * @param value  what follows the tag on its line
     * @param where  {@code lazaret.iommu.Group.attach}
     * @param tagged names of fields inside the element that are known and not modelled
     */
    record Tag(String value, String where, List<String> tagged) { }

    private final Source source;
    private final Pattern tag;
    private final Deque<String> names = new ArrayDeque<>();
    private final List<Tag> found = new ArrayList<>();

    private Tags(Source source, String tag) {
        this.source = source;
        this.tag = Pattern.compile("@" + tag + "\\s+([^\n@]*)");
    }

    /** @param name without the at sign */
    static List<Tag> in(Source source, String name) {
        var tags = new Tags(source, name);
        if (source.unit().getPackageName() != null) {
            tags.names.addLast(source.unit().getPackageName().toString());
        }
        tags.scan(source.unit(), null);
        return tags.found;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
        names.addLast(type.getSimpleName().toString());
        collect(type);
        super.visitClass(type, nothing);
        names.removeLast();
        return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
        if (!method.getName().contentEquals("<init>")) {
            names.addLast(method.getName().toString());
            collect(method);
            names.removeLast();
        }
        return null;
    }

    @Override
    public Void visitVariable(VariableTree variable, Void nothing) {
        names.addLast(variable.getName().toString());
        collect(variable);
        names.removeLast();
        return null;
    }

    private void collect(Tree element) {
        String comment = source.comment(getCurrentPath());
        if (comment == null) {
            return;
        }
        var matcher = tag.matcher(comment);
        while (matcher.find()) {
            found.add(new Tag(matcher.group(1).strip(), String.join(".", names), notModelled(element)));
        }
    }

    private static List<String> notModelled(Tree element) {
        var fields = new ArrayList<String>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                if (call.getMethodSelect() instanceof MemberSelectTree maker
                        && maker.getIdentifier().contentEquals("tag") && !call.getArguments().isEmpty()
                        && call.getArguments().getFirst() instanceof LiteralTree name) {
                    fields.add(String.valueOf(name.getValue()));
                }
                return super.visitMethodInvocation(call, nothing);
            }
        }.scan(element, null);
        return fields;
    }
}
