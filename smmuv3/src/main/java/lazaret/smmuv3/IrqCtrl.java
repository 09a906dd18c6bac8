// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Interrupt enables. IRQ_CTRLACK has the same fields.
 *
 * @spec IHI0070 6.3
 */
public final class IrqCtrl {
    public static final Layout IRQ_CTRL = new Layout("IRQ_CTRL", 1);

    public static final Field GERROR_IRQEN = IRQ_CTRL.bit ("GERROR_IRQEN", 0, 0);
    public static final Field PRIQ_IRQEN   = IRQ_CTRL.bit ("PRIQ_IRQEN",   0, 1);
    public static final Field EVENTQ_IRQEN = IRQ_CTRL.bit ("EVENTQ_IRQEN", 0, 2);

    private IrqCtrl() {
    }
}
