/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clocks of the machine. The only place where one is read. Any thread. */
#ifndef OB_OS_CLOCK_H
#define OB_OS_CLOCK_H

#include <stdint.h>

int64_t ob_clock_monotonic_ns(void); /* does not count suspend */
int64_t ob_clock_boottime_ns(void);  /* counts suspend: a jump against the monotonic clock is a suspend */
int64_t ob_clock_wall_ns(void);      /* since 1970; only for names and dates of files, never for intervals */
int64_t ob_clock_thread_cpu_ns(void);

/* Sleeps until a monotonic time; at once if it has passed. */
void ob_clock_sleep_until_ns(int64_t monotonic_ns);

#endif
