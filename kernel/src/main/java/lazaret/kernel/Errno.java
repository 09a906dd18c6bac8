// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

/** How a kernel function ended. {@code -ETIMEDOUT} of the C world is {@code ETIMEDOUT} here. */
public enum Errno {
    OK, EPERM, ENOENT, EIO, ENXIO, E2BIG, EAGAIN, ENOMEM, EFAULT, EBUSY, EEXIST, ENODEV, EINVAL, ENOTTY,
    ENOSPC, ERANGE, EDEADLK, EOPNOTSUPP, EADDRINUSE, ETIMEDOUT, EALREADY, ECANCELED;

    public boolean ok() {
        return this == OK;
    }

    public boolean failed() {
        return this != OK;
    }
}
