// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Scenario;
import lazaret.lab.Space;

/**
 * Two functions share a group; it is moved to another domain and back while any allocation may fail. All of
 * the group goes or none of it, and what must not fail does not.
 */
public final class AttachWithoutMemory implements Scenario {
    @Override
    public String line() {
        return "a group of two is moved while any allocation may fail";
    }

    @Override
    public void stage(Lab lab) {
        Fn one = lab.endpoint("fn0", "01:00.0");
        Fn two = lab.sibling("fn1", "01:00.1", one);
        Space first = lab.domain(one);
        Space second = lab.domain();
        first.map(0x1000);
        second.map(0x1000);
        one.warm(0x1000);
        two.warm(0x1000);
        lab.memoryMayRunOut();

        lab.cpu("cpu0", () -> {
            lab.note("replace", one.replace(second));
            lab.free(first.unmap(0x1000));
            one.detach();
            first.free();
            second.free();
        });
    }
}
