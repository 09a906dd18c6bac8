// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import picocli.CommandLine.IVersionProvider;

/**
 * Which build this is: it stands in replay files, because a replay is only good for the code that made it.
 */
final class Build implements IVersionProvider {
    /** The version the module was compiled as. */
    static final String VERSION = version();

    /** The commit it was built from as the launcher says, or "unknown". */
    static String commit() {
        return System.getProperty("lazaret.commit", "unknown");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"lazaret " + VERSION + " (commit " + commit() + ")"};
    }

    private static String version() {
        var descriptor = Build.class.getModule().getDescriptor();
        return descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
    }
}
