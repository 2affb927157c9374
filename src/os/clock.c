/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/clock.h"

#include "base/time.h"

#include <errno.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * OB_NS_PER_S + ts.tv_nsec;
}

int64_t ob_clock_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t ob_clock_boottime_ns(void)
{
    return read_clock(CLOCK_BOOTTIME);
}

int64_t ob_clock_wall_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t ob_clock_thread_cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

void ob_clock_sleep_until_ns(int64_t monotonic_ns)
{
    const struct timespec until = {.tv_sec = monotonic_ns / OB_NS_PER_S, .tv_nsec = monotonic_ns % OB_NS_PER_S};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
}
