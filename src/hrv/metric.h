/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One number of a report, or the reason why there is none. Never 0 or NaN in its place. */
#ifndef OB_HRV_METRIC_H
#define OB_HRV_METRIC_H

#include <stdbool.h>

struct ob_metric {
    double value; /* finite where valid, else 0 and without meaning */
    bool valid;
    const char *reason; /* a clause for people where it is not valid, else NULL; static memory */
};

static inline struct ob_metric ob_metric_of(double value)
{
    return (struct ob_metric){.value = value, .valid = true};
}

static inline struct ob_metric ob_metric_none(const char *reason)
{
    return (struct ob_metric){.reason = reason};
}

#endif
