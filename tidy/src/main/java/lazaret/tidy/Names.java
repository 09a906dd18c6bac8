// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.lang.classfile.ClassModel;

/** What a class is called in findings. */
final class Names {
    private Names() { }

    static String of(ClassModel model) {
        return model.thisClass().asInternalName().replace('/', '.');
    }

    static String packageOf(ClassModel model) {
        String name = of(model);
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }
}
