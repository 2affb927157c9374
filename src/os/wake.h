/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wake-up for a thread that waits in poll: an eventfd. Any thread may ring; nobody blocks. */
#ifndef OB_OS_WAKE_H
#define OB_OS_WAKE_H

#include "base/err.h"

struct ob_wake {
    int fd; /* readable once rung, until cleared */
};

enum ob_err ob_wake_init(struct ob_wake *wake);
void ob_wake_finish(struct ob_wake *wake);
void ob_wake_ring(struct ob_wake *wake);
void ob_wake_clear(struct ob_wake *wake);

#endif
