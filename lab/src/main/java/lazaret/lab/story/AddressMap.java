// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.story;

import lazaret.machine.Entry;

/**
 * Turns entries into words with what is known of the stage: which address is whose STE, which the command
 * queue.
 */
@FunctionalInterface
public interface AddressMap {
    /**
     * Called at the moment the entry is made.
     *
     * @return what people should read, or null for what they need not
     */
    String tell(Entry entry);
}
