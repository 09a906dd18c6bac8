// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** An {@code Errno} is somebody's answer; nobody may drop it on the floor. */
final class Results {
    private static final ClassDesc ERRNO = ClassDesc.of("lazaret.kernel.Errno");

    private Results() { }

    static List<Finding> check(ClassModel model) {
        var found = new ArrayList<Finding>();
        for (MethodModel method : model.methods()) {
            method.code().ifPresent(code -> {
                Instruction before = null;
                for (CodeElement element : code) {
                    if (element instanceof Instruction now) {
                        String dropped = dropped(before, now);
                        if (dropped != null) {
                            String where = Names.of(model) + "." + method.methodName().stringValue();
                            found.add(new Finding("errno", where, "ignores what " + dropped + " answers"));
                        }
                        before = now;
                    }
                }
            });
        }
        return found;
    }

    /** The method whose answer is dropped here, or null. */
    private static String dropped(Instruction before, Instruction now) {
        if (now instanceof InvokeDynamicInstruction lambda) {
            return droppedByReference(lambda);
        }
        return now.opcode() == Opcode.POP && before instanceof InvokeInstruction call
                && call.typeSymbol().returnType().equals(ERRNO) ? call.name().stringValue() : null;
    }

    /** {@code Runnable r = group::attach} drops it as well: the method answers, the interface's does not. */
    private static String droppedByReference(InvokeDynamicInstruction lambda) {
        List<ConstantDesc> arguments = lambda.bootstrapArgs();
        return arguments.size() >= 3
                && arguments.get(1) instanceof DirectMethodHandleDesc body
                && arguments.get(2) instanceof MethodTypeDesc asked
                && body.invocationType().returnType().equals(ERRNO)
                && asked.returnType().equals(ConstantDescs.CD_void) ? body.methodName() : null;
    }
}
