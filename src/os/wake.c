/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/wake.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum ob_err ob_wake_init(struct ob_wake *wake)
{
    wake->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return wake->fd < 0 ? OB_ERR_NO_MEMORY : OB_OK;
}

void ob_wake_finish(struct ob_wake *wake)
{
    if (wake->fd >= 0)
        close(wake->fd);
    wake->fd = -1;
}

void ob_wake_ring(struct ob_wake *wake)
{
    const uint64_t one = 1;
    /* Refused only when it has been rung 2^64 - 2 times already: it is readable then as well. */
    if (write(wake->fd, &one, sizeof one) < 0)
        return;
}

void ob_wake_clear(struct ob_wake *wake)
{
    uint64_t count;
    if (read(wake->fd, &count, sizeof count) < 0)
        return;
}
