// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;

/** The same seeds in two virtual machines. */
class ReconcileTest {
    /** Prints what every toy does under every schedule; run by the test in a JVM of its own. */
    static final class Digests {
        private Digests() { }

        public static void main(String[] args) {
            digests().forEach(System.out::println);
        }

        static List<String> digests() {
            List<String> lines = new ArrayList<>();
            for (Toy.Named named : Toy.ALL) {
                Toy toy = named.wire();
                for (Schedule schedule : Schedule.values()) {
                    for (long seed = 0; seed < 30; seed++) {
                        lines.add(named + " " + schedule + " " + seed + " "
                                + toy.run(schedule.chance(seed, 30)));
                    }
                }
                if (!named.toString().startsWith("ring")) {
                    lines.add(named + " explored " + explored(named, 1) + " " + explored(named, 2));
                }
            }
            return lines;
        }

        private static String explored(Toy.Named named, int workers) {
            Explored all = Explorer.of(() -> named.wire().program()).workers(workers).explore();
            String counts = workers == 1 ? all.toString() : all.endings().keySet().toString();
            return counts + " " + Long.toHexString(all.digest());
        }
    }

    @Test
    void two_virtual_machines_run_and_explore_every_toy_the_same_way() throws Exception {
        String classPath = String.join(File.pathSeparator,
                root(Digests.class).toString(), root(Run.class).toString(), root(Machine.class).toString());
        Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC", "-XX:TieredStopAtLevel=1",
                "--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED",
                "-cp", classPath, Digests.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> there = other.inputReader().lines().toList();

        assertThat(other.waitFor()).isZero();
        assertThat(there).hasSizeGreaterThan(600).isEqualTo(Digests.digests());
    }

    /** The folder or jar a class was loaded from. */
    private static Path root(Class<?> type) throws URISyntaxException {
        String file = "/" + type.getName().replace('.', '/') + ".class";
        String url = type.getResource(file).toString();
        String root = url.substring(0, url.length() - file.length());
        return Path.of(new URI(root.startsWith("jar:") ? root.substring(4, root.length() - 1) : root));
    }
}
