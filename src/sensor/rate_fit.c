/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/rate_fit.h"

#include "base/time.h"

#include <math.h>
#include <string.h>

#define SPACING_NS     (200 * OB_NS_PER_MS) /* between points: 256 of them are 51 s */
#define EARLY_SPACING  (50 * OB_NS_PER_MS)  /* while there are few */
#define READY_NS       (1500 * OB_NS_PER_MS)
#define SETTLED_NS     (10 * OB_NS_PER_S) /* from when on the fit may overrule a nominal rate */
#define NOMINAL_WITHIN 0.005
#define LATE_NS        (250 * OB_NS_PER_MS) /* off the line by more than this ... */
#define LATE_FOR_NS    (1 * OB_NS_PER_S)    /* ... for so long: samples are missing */

void ob_rate_fit_init(struct ob_rate_fit *fit, double nominal_hz)
{
    memset(fit, 0, sizeof *fit);
    fit->nominal_ns = nominal_hz > 0.0 ? 1e9 / nominal_hz : 0.0;
    fit->period_ns = fit->nominal_ns;
}

void ob_rate_fit_restart(struct ob_rate_fit *fit)
{
    fit->samples = 0;
    fit->count = fit->next = 0;
    fit->late_since_ns = 0;
    fit->broken = false;
}

static int at(const struct ob_rate_fit *fit, int i)
{
    return (fit->next - fit->count + i + OB_RATE_FIT_POINTS) % OB_RATE_FIT_POINTS;
}

static double span_ns(const struct ob_rate_fit *fit)
{
    return fit->count < 2 ? 0.0 : fit->point[at(fit, fit->count - 1)].arrived_ns - fit->point[at(fit, 0)].arrived_ns;
}

static void fit_period(struct ob_rate_fit *fit)
{
    double mean_x = 0.0, mean_y = 0.0;
    for (int i = 0; i < fit->count; i++) {
        mean_x += fit->point[at(fit, i)].index / fit->count;
        mean_y += fit->point[at(fit, i)].arrived_ns / fit->count;
    }
    double xx = 0.0, xy = 0.0;
    for (int i = 0; i < fit->count; i++) {
        const double x = fit->point[at(fit, i)].index - mean_x;
        xx += x * x;
        xy += x * (fit->point[at(fit, i)].arrived_ns - mean_y);
    }
    if (!(xx > 0.0) || !(xy > 0.0))
        return;
    const double slope = xy / xx;
    if (fit->nominal_ns > 0.0 &&
        (span_ns(fit) < (double)SETTLED_NS || fabs(slope / fit->nominal_ns - 1.0) < NOMINAL_WITHIN))
        fit->period_ns = fit->nominal_ns;
    else if (span_ns(fit) >= (double)READY_NS)
        fit->period_ns = slope;
}

static void lower_line(struct ob_rate_fit *fit)
{
    double lowest = fit->point[at(fit, 0)].arrived_ns - fit->point[at(fit, 0)].index * fit->period_ns;
    for (int i = 1; i < fit->count; i++) {
        const int k = at(fit, i);
        lowest = fmin(lowest, fit->point[k].arrived_ns - fit->point[k].index * fit->period_ns);
    }
    fit->offset_ns = lowest;
}

void ob_rate_fit_count(struct ob_rate_fit *fit, uint32_t added, int64_t now_ns)
{
    if (fit->samples == 0)
        fit->origin_ns = now_ns;
    fit->samples += added;
}

void ob_rate_fit_batch(struct ob_rate_fit *fit, uint32_t added, int64_t now_ns)
{
    fit->broken = false;
    ob_rate_fit_count(fit, added, now_ns);
    const double index = (double)fit->samples - 1.0;
    const double arrived = (double)(now_ns - fit->origin_ns);
    if (fit->count > 0 && fit->period_ns > 0.0) {
        const double late = arrived - (fit->offset_ns + index * fit->period_ns);
        if (fabs(late) < (double)LATE_NS)
            fit->late_since_ns = 0;
        else if (fit->late_since_ns == 0)
            fit->late_since_ns = now_ns;
        /* While no rate is known yet the line is too rough to accuse anybody. */
        fit->broken = ob_rate_fit_ready(fit) && fit->late_since_ns != 0 && now_ns - fit->late_since_ns > LATE_FOR_NS;
        if (fit->broken)
            return;
        if (late < 0.0 && fit->late_since_ns == 0)
            fit->offset_ns += late; /* earlier than any before: the line is lowered at once */
    }
    const double spacing = (double)(fit->count < 40 ? EARLY_SPACING : SPACING_NS);
    if (fit->count > 0 && arrived - fit->point[at(fit, fit->count - 1)].arrived_ns < spacing)
        return;
    fit->point[fit->next].index = index;
    fit->point[fit->next].arrived_ns = arrived;
    fit->next = (fit->next + 1) % OB_RATE_FIT_POINTS;
    fit->count += fit->count < OB_RATE_FIT_POINTS;
    fit_period(fit);
    if (fit->period_ns > 0.0)
        lower_line(fit);
}

bool ob_rate_fit_ready(const struct ob_rate_fit *fit)
{
    return fit->period_ns > 0.0;
}

int64_t ob_rate_fit_newest_ns(const struct ob_rate_fit *fit, int64_t now_ns)
{
    const double when = fit->offset_ns + ((double)fit->samples - 1.0) * fit->period_ns;
    const int64_t newest = fit->origin_ns + (int64_t)when;
    return newest < now_ns ? newest : now_ns;
}
