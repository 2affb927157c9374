/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time is int64_t nanoseconds of CLOCK_MONOTONIC, handed in by the caller. Pure rooms never read a clock. */
#ifndef OB_BASE_TIME_H
#define OB_BASE_TIME_H

#include <stdint.h>

#define OB_NS_PER_US INT64_C(1000)
#define OB_NS_PER_MS INT64_C(1000000)
#define OB_NS_PER_S  INT64_C(1000000000)

/* The engine's internal tick: everything between two events happens on this grid. */
#define OB_TICK_NS (10 * OB_NS_PER_MS)

static inline double ob_s_from_ns(int64_t ns)
{
    return (double)ns * 1e-9;
}

/* Rounds to nearest; saturates far outside any session instead of overflowing. */
static inline int64_t ob_ns_from_s(double s)
{
    const double limit = 9.0e9; /* 285 years */
    if (!(s > -limit))
        return -9000000000 * OB_NS_PER_S;
    if (!(s < limit))
        return 9000000000 * OB_NS_PER_S;
    const double ns = s * 1e9;
    return (int64_t)(ns < 0 ? ns - 0.5 : ns + 0.5);
}

#endif
