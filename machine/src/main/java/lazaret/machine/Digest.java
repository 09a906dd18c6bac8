// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A hash of a value that a {@link Ref} may hold, the same in every run and every JVM. Values count by
 * content: records, enum constants, strings, numbers, lists, arrays, and objects of nothing but final fields.
 * An object with cells counts by the id of one of them, because what it holds is hashed there. A strand
 * counts by its name. What has none of this (a lambda) counts by where it came from: see {@link #of}.
 */
final class Digest {
    private static final long NULL = Mix.of("null");
    private static final int DEEPEST = 40;

    private enum Kind { CELLED, CONTENT, OPAQUE }

    /** How objects of one class are hashed; the field is that of a cell, or there are all of them. */
    private record Shape(Kind kind, long name, List<Field> fields) {
        static Shape of(Class<?> type) {
            long name = Mix.of(type.getName());
            List<Field> fields = fields(type);
            for (Field field : fields) {
                if (isCell(field.getType())) {
                    return new Shape(Kind.CELLED, name, List.of(open(field)));
                }
            }
            boolean constant = fields.stream().allMatch(f -> Modifier.isFinal(f.getModifiers()));
            if (type.isHidden() || !constant || fields.isEmpty() && !type.isRecord()) {
                return new Shape(Kind.OPAQUE, name, List.of());
            }
            return new Shape(Kind.CONTENT, name, fields.stream().map(Shape::open).toList());
        }

        private static List<Field> fields(Class<?> type) {
            List<Field> all = new ArrayList<>();
            for (Class<?> c = type; c != Object.class; c = c.getSuperclass()) {
                Arrays.stream(c.getDeclaredFields()).filter(f -> !Modifier.isStatic(f.getModifiers()))
                        .sorted(Comparator.comparing(Field::getName)).forEach(all::add);
            }
            return all;
        }

        private static boolean isCell(Class<?> type) {
            return type == Word.class || type == Words.class || type == Ref.class || type == Growing.class;
        }

        private static Field open(Field field) {
            field.setAccessible(true);      // modules of models open their packages to this one
            return field;
        }
    }

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return Shape.of(type);
        }
    };

    private Digest() { }

    /**
     * @param origin stands for what cannot be hashed: whoever stores such a value passes a hash of all that
     *               determines it
     */
    static long of(Object value, long origin) {
        return of(value, origin, 0);
    }

    private static long of(Object value, long origin, int depth) {
        if (depth == DEEPEST) {
            throw new IllegalStateException("too deep to be hashed: " + value.getClass());
        }
        return switch (value) {
            case null -> NULL;
            case Number number -> Mix.of(number.getClass().getName().hashCode(), number.longValue());
            case Boolean truth -> Mix.of(truth ? 1 : 2);
            case String text -> Mix.of(text);
            case Enum<?> one -> Mix.of(Mix.of(one.getDeclaringClass().getName()), one.ordinal());
            case Strand strand -> Mix.of(strand.name());
            case Class<?> type -> Mix.of(type.getName());
            case long[] words -> ofWords(words);
            case Object[] items -> ofList(Arrays.asList(items), origin, depth);
            case List<?> items -> ofList(items, origin, depth);
            default -> ofObject(value, origin, depth);
        };
    }

    private static long ofWords(long[] words) {
        long hash = words.length;
        for (long word : words) {
            hash = Mix.of(hash, word);
        }
        return hash;
    }

    private static long ofList(List<?> items, long origin, int depth) {
        long hash = Mix.of(items.size());
        for (int i = 0; i < items.size(); i++) {
            hash = Mix.of(hash, of(items.get(i), origin, depth + 1));
        }
        return hash;
    }

    private static long ofObject(Object value, long origin, int depth) {
        Shape shape = SHAPES.get(value.getClass());
        return switch (shape.kind()) {
            case CELLED -> Mix.of(shape.name(), idOf(field(shape.fields().getFirst(), value)));
            case OPAQUE -> Mix.of(shape.name(), origin);
            case CONTENT -> {
                long hash = shape.name();
                for (Field field : shape.fields()) {
                    hash = Mix.of(hash, of(field(field, value), origin, depth + 1));
                }
                yield hash;
            }
        };
    }

    private static long idOf(Object cell) {
        return switch (cell) {
            case Word word -> word.id();
            case Words words -> words.id();
            case Ref<?> ref -> ref.id();
            case Growing<?> growing -> growing.id();
            case null, default -> throw new IllegalStateException("no cell: " + cell);
        };
    }

    private static Object field(Field field, Object of) {
        try {
            return field.get(of);
        } catch (IllegalAccessException closed) {
            throw new IllegalStateException(closed);
        }
    }
}
