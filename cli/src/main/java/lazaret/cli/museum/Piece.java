// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A historical bug, as a change of the fixed source, with a card that tells of it. A folder of
 * {@code museum/} holds one: {@code plant.patch} and {@code README.md}. The card's title is
 * {@code # B40 Muted before fenced}; lines {@code - scenario: …} say what finds it, {@code - design: …} under
 * which design, if not the default one, {@code - breaks: …} which properties.
 */
public record Piece(String id, String title, String scenario, String design, List<String> breaks,
        Patch patch) {
    private static final Pattern TITLE = Pattern.compile("# (\\S+) (.+)");
    private static final Pattern LINE = Pattern.compile("(?m)^- (\\w+): (.+)$");

    /** All pieces, in the order of their folders. */
    public static List<Piece> all(Path root) {
        try (Stream<Path> folders = Files.list(root.resolve("museum"))) {
            return folders.filter(Files::isDirectory).sorted().map(Piece::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Piece read(Path folder) {
        String id = folder.getFileName().toString();
        try {
            String card = Files.readString(folder.resolve("README.md"));
            Matcher title = TITLE.matcher(card.lines().findFirst().orElse(""));
            if (!title.matches() || !title.group(1).equals(id)) {
                throw new Misfit("its card does not begin with \"# " + id + " …\"");
            }
            Map<String, String> facts = LINE.matcher(card).results().collect(
                    Collectors.toMap(m -> m.group(1), m -> m.group(2), (a, _) -> a));
            if (!facts.containsKey("scenario") || !facts.containsKey("breaks")) {
                throw new Misfit("its card names no scenario, or not what it breaks");
            }
            return new Piece(id, title.group(2), facts.get("scenario"), facts.get("design"),
                    List.of(facts.get("breaks").split(", *")),
                    Patch.parse(Files.readString(folder.resolve("plant.patch"))));
        } catch (Misfit misfit) {
            throw new Misfit(id + ": " + misfit.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean is(String asked) {
        return id.equalsIgnoreCase(asked);
    }
}
