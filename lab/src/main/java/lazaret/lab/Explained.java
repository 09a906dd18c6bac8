// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import lazaret.lab.story.Moment;

/**
 * A counterexample with what runs beside it taught.
 *
 * @param constraints what must come before what, see {@link Constraints}; none when every neighbour breaks
 */
public record Explained(Counterexample example, Neighbours neighbours, List<Constraint> constraints) {
    public static Explained of(Stage stage, Counterexample example) {
        Neighbours neighbours = Neighbours.of(stage, example);
        return new Explained(example, neighbours, Constraints.of(example, neighbours));
    }

    /** How many of the neighbours break as well. */
    public int breaking() {
        return (int) neighbours.all().stream().filter(Neighbours.Neighbour::breaks).count();
    }

    /** The event as it was in this run: {@code cpu0: flushed smmu3.0 domain 3 0x1000–0x1fff}. */
    public String words(Event event) {
        List<Moment> moments = example.finding().moments();
        int at = Event.of(moments).indexOf(event);
        return at < 0 ? event.toString() : event.lane() + ": " + moments.get(at).text();
    }
}
