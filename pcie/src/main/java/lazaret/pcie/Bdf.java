// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

/**
 * Which function: bus, device and function number of segment 0, printed as {@code 01:00.0}.
 *
 * @param rid the requester id that its transactions carry: bus 15:8, device 7:3, function 2:0
 */
public record Bdf(int rid) {
    public Bdf {
        if (rid >>> 16 != 0) {
            throw new IllegalArgumentException("a requester id has 16 bits: 0x" + Integer.toHexString(rid));
        }
    }

    public static Bdf of(int bus, int device, int function) {
        if (bus >>> 8 != 0 || device >>> 5 != 0 || function >>> 3 != 0) {
            throw new IllegalArgumentException("no such function: " + bus + ":" + device + "." + function);
        }
        return new Bdf(bus << 8 | device << 3 | function);
    }

    /** @param text {@code 01:00.0}, hexadecimal, as lspci prints it */
    public static Bdf parse(String text) {
        int colon = text.indexOf(':');
        int dot = text.indexOf('.', colon + 1);
        if (colon < 1 || dot < 0) {
            throw new IllegalArgumentException("not bus:device.function: " + text);
        }
        try {
            return of(Integer.parseInt(text, 0, colon, 16), Integer.parseInt(text, colon + 1, dot, 16),
                    Integer.parseInt(text, dot + 1, text.length(), 16));
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("not bus:device.function: " + text);
        }
    }

    public int bus() {
        return rid >>> 8;
    }

    public int device() {
        return rid >>> 3 & 0x1f;
    }

    public int function() {
        return rid & 7;
    }

    @Override
    public String toString() {
        return hex2(bus()) + ':' + hex2(device()) + '.' + function();
    }

    private static String hex2(int value) {
        return (value < 0x10 ? "0" : "") + Integer.toHexString(value);
    }
}
