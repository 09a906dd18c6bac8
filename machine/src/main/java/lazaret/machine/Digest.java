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
    private static final long CELL = Mix.of("cell");
    private static final long NULL = Mix.of("null");

    private enum Kind { CELLED, CONTENT, OPAQUE }

    /** How objects of one class are hashed. Fields: a cell and what is no object, or all. */
    private record Shape(Kind kind, long name, List<Field> fields) {
        static Shape of(Class<?> type) {
            String text = type.getName();
            long name = Mix.of(type.isHidden() ? text.substring(0, text.indexOf('/')) : text);
            if (type.isHidden()) {
                return new Shape(Kind.OPAQUE, name, List.of());         // a lambda, whatever it caught
            }
            List<Field> fields = fields(type);
            for (Field field : fields) {
                if (isCell(field.getType())) {
                    return new Shape(Kind.CELLED, name, celled(field, fields));
                }
            }
            boolean constant = fields.stream().allMatch(f -> Modifier.isFinal(f.getModifiers()));
            if (!constant || type == Object.class) {
                return new Shape(Kind.OPAQUE, name, List.of());
            }
            return new Shape(Kind.CONTENT, name, fields.stream().map(Shape::open).toList());
        }

        private static List<Field> celled(Field cell, List<Field> all) {
            List<Field> fields = new ArrayList<>(List.of(open(cell)));
            all.stream().filter(f -> Modifier.isFinal(f.getModifiers()))
                    .filter(f -> f.getType().isPrimitive() || f.getType() == String.class)
                    .map(Shape::open).forEach(fields::add);
            return fields;
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
        return isOpaque(value) ? Mix.of(SHAPES.get(value.getClass()).name(), origin) : of(value, null);
    }

    /** Has it no hash of its own? */
    static boolean isOpaque(Object value) {
        return switch (value) {
            case null -> false;
            case Number _, Boolean _, Character _, String _, Enum<?> _, Strand _, Class<?> _ -> false;
            case long[] _, Object[] _, List<?> _, Word _, Words _, Ref<?> _ -> false;
            default -> SHAPES.get(value.getClass()).kind() == Kind.OPAQUE;
        };
    }

    /** Objects on the way from the value in the cell down to the one at hand. */
    private record Above(Object value, Above next) {
        /** How far up {@code sought} stands, 0 if it does not. */
        static int find(Above from, Object sought) {
            int up = 1;
            for (Above a = from; a != null; a = a.next, up++) {
                if (a.value == sought) {
                    return up;
                }
            }
            return 0;
        }
    }

    private static long of(Object value, Above above) {
        return switch (value) {
            case null -> NULL;
            case Number number -> Mix.of(number.getClass().getName().hashCode(), number.longValue());
            case Boolean truth -> Mix.of(truth ? 1 : 2);
            case Character letter -> Mix.of(letter);
            case String text -> Mix.of(text);
            case Enum<?> one -> Mix.of(Mix.of(one.getDeclaringClass().getName()), one.ordinal());
            case Strand strand -> Mix.of(strand.name());
            case Class<?> type -> Mix.of(type.getName());
            case long[] words -> ofWords(words);
            case Object[] items -> ofList(Arrays.asList(items), above);
            case Word _, Words _, Ref<?> _, Growing<?> _ -> Mix.of(CELL, idOf(value));
            case List<?> items -> ofList(items, above);
            default -> ofObject(value, above);
        };
    }

    private static long ofWords(long[] words) {
        long hash = words.length;
        for (long word : words) {
            hash = Mix.of(hash, word);
        }
        return hash;
    }

    private static long ofList(List<?> items, Above above) {
        long hash = Mix.of(items.size());
        for (int i = 0; i < items.size(); i++) {
            hash = Mix.of(hash, of(items.get(i), above));
        }
        return hash;
    }

    private static long ofObject(Object value, Above above) {
        Shape shape = SHAPES.get(value.getClass());
        return switch (shape.kind()) {
            case CELLED -> ofCelled(shape, value);
            case OPAQUE -> throw new InternalError(     // no exception that software under test is blamed for
                    "a value in a cell holds what has no hash: " + value.getClass());
            case CONTENT -> ofContent(shape, value, above);
        };
    }

    private static long ofCelled(Shape shape, Object value) {
        long hash = Mix.of(shape.name(), idOf(field(shape.fields().getFirst(), value)));
        for (int i = 1; i < shape.fields().size(); i++) {
            hash = Mix.of(hash, of(field(shape.fields().get(i), value), null));
        }
        return hash;
    }

    /** An object that holds itself somewhere below counts there by how far up it is. */
    private static long ofContent(Shape shape, Object value, Above above) {
        int up = Above.find(above, value);
        if (up > 0) {
            return Mix.of(shape.name(), up);
        }
        long hash = shape.name();
        Above here = new Above(value, above);
        for (Field field : shape.fields()) {
            hash = Mix.of(hash, of(field(field, value), here));
        }
        return hash;
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
