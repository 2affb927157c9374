/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/resp.h"

#include "base/maths.h"

#include <math.h>
#include <string.h>

#define SLOWEST_HZ  0.067
#define STEP_HZ     0.005
#define LEAST_BEATS 10
#define BINS        107 /* up to 0.6 Hz */
#define TREND_S     3.0 /* what is left of a mean this wide (SD of its bell) is no breathing */
#define PARTS       5   /* of the minute, overlapping */
#define PART_S      20.0
#define ASIDE       1.8 /* times faster or slower than the whole minute that a part may be */
#define NEAR_BINS   5

void ob_resp_init(struct ob_resp *r)
{
    memset(r, 0, sizeof *r);
}

void ob_resp_reset(struct ob_resp *r)
{
    r->first = r->count = 0;
}

void ob_resp_push(struct ob_resp *r, double time_s, double rr, double height)
{
    if (r->count == OB_RESP_BEATS_MAX) {
        r->first = (r->first + 1) % OB_RESP_BEATS_MAX;
        r->count--;
    }
    int at = (r->first + r->count++) % OB_RESP_BEATS_MAX;
    r->time_s[at] = time_s;
    r->value[OB_RESP_RR][at] = (float)rr;
    r->value[OB_RESP_HEIGHT][at] = (float)height;
}

struct points {
    double t[OB_RESP_BEATS_MAX], v[OB_RESP_BEATS_MAX], w[OB_RESP_BEATS_MAX];
    int count;
};

/* The series in the window: outliers held, a slow trend taken off, tapered at both ends. */
static void gather(const struct ob_resp *r, enum ob_resp_series series, double from_s, double to_s, struct points *p)
{
    double sorted[OB_RESP_BEATS_MAX];
    p->count = 0;
    for (int i = 0; i < r->count; i++) {
        int at = (r->first + i) % OB_RESP_BEATS_MAX;
        double v = (double)r->value[series][at], t = r->time_s[at];
        if (!isfinite(v) || t > to_s || t < from_s)
            continue;
        p->t[p->count] = t;
        p->v[p->count++] = v;
    }
    if (p->count < LEAST_BEATS)
        return;
    memcpy(sorted, p->v, (size_t)p->count * sizeof sorted[0]);
    double low = ob_percentile(sorted, (size_t)p->count, 0.1), high = ob_percentile(sorted, (size_t)p->count, 0.9);
    double middle = 0.5 * (low + high), reach = 1.2 * (high - low);
    if (!(high - low > 1e-6 * fabs(middle))) { /* nothing moves: a pacemaker */
        p->count = 0;
        return;
    }
    for (int i = 0; i < p->count; i++)
        p->v[i] = ob_clamp(p->v[i], middle - reach, middle + reach);
    double level[OB_RESP_BEATS_MAX];
    for (int i = 0; i < p->count; i++) {
        double sum = 0.0, weight = 0.0;
        for (int k = 0; k < p->count; k++) {
            double d = (p->t[k] - p->t[i]) / TREND_S;
            double w = exp(-0.5 * d * d);
            sum += w * p->v[k];
            weight += w;
        }
        level[i] = sum / weight;
    }
    double span = p->t[p->count - 1] - p->t[0];
    for (int i = 0; i < p->count; i++) {
        p->v[i] -= level[i];
        p->w[i] = 0.54 - 0.46 * cos(OB_TAU * (p->t[i] - p->t[0]) / (span > 0.0 ? span : 1.0));
    }
}

/* The share of the series' power that a sine of each frequency explains (Lomb 1976, weighted). */
static void explain(const struct points *p, double power[BINS])
{
    double total = 0.0;
    for (int i = 0; i < p->count; i++)
        total += p->w[i] * p->v[i] * p->v[i];
    for (int b = 0; b < BINS; b++) {
        double f = SLOWEST_HZ + b * STEP_HZ, c = 0.0, s = 0.0, cc = 0.0, ss = 0.0, cs = 0.0;
        for (int i = 0; i < p->count; i++) {
            double x = cos(OB_TAU * f * p->t[i]), y = sin(OB_TAU * f * p->t[i]), w = p->w[i];
            c += w * p->v[i] * x;
            s += w * p->v[i] * y;
            cc += w * x * x;
            ss += w * y * y;
            cs += w * x * y;
        }
        double det = cc * ss - cs * cs;
        power[b] = det > 0.0 && total > 0.0 ? (c * c * ss - 2.0 * c * s * cs + s * s * cc) / det / total : 0.0;
        power[b] = ob_clamp01(power[b]);
    }
}

/* What all series explain between two times, each by the clearness of its own rhythm; the last bin that beats of this
 * density can tell, or -1. */
static int fuse(const struct ob_resp *r, double from_s, double to_s, double fused[BINS])
{
    double fastest_hz = 0.6;
    bool any = false;
    memset(fused, 0, BINS * sizeof fused[0]);
    for (int s = 0; s < OB_RESP_SERIES_COUNT; s++) {
        struct points p;
        double power[BINS], best = 0.0;
        gather(r, (enum ob_resp_series)s, from_s, to_s, &p);
        double span = p.count >= LEAST_BEATS ? p.t[p.count - 1] - p.t[0] : 0.0;
        if (span < 0.5 * (to_s - from_s) || to_s - p.t[p.count - 1] > 10.0)
            continue;
        any = true;
        fastest_hz = fmin(fastest_hz, 0.5 * (p.count - 1) / span);
        explain(&p, power);
        for (int b = 0; b < BINS; b++)
            best = fmax(best, power[b]);
        for (int b = 0; b < BINS; b++)
            fused[b] += power[b] * best;
    }
    int last = (int)((fastest_hz - SLOWEST_HZ) / STEP_HZ);
    return !any || last < 1 ? -1 : last < BINS ? last : BINS - 1;
}

static int highest(const double fused[BINS], int first, int last)
{
    int best = first < 0 ? 0 : first;
    for (int b = best; b <= last; b++)
        if (fused[b] > fused[best])
            best = b;
    return best;
}

bool ob_resp_rate(const struct ob_resp *r, double now_s, double *brpm_out, double *quality_01_out)
{
    double fused[BINS], part[BINS], all = 0.0, near = 0.0, sum = 0.0, weight = 0.0;
    int last = fuse(r, now_s - OB_RESP_WINDOW_S, now_s, fused);
    if (last < 0)
        return false;
    int best = highest(fused, 0, last);
    for (int b = 0; b <= last; b++) {
        all += fused[b];
        if (b >= best - NEAR_BINS && b <= best + NEAR_BINS)
            near += fused[b];
    }
    if (!(all > 0.0))
        return false;
    /* Breaths of a minute are not all alike: the mean over its parts, each near what the whole minute says. */
    double whole_hz = SLOWEST_HZ + best * STEP_HZ;
    for (int k = 0; k < PARTS; k++) {
        double to_s = now_s - k * (OB_RESP_WINDOW_S - PART_S) / (PARTS - 1);
        int part_last = fuse(r, to_s - PART_S, to_s, part);
        int first = (int)((whole_hz / ASIDE - SLOWEST_HZ) / STEP_HZ),
            most = (int)((whole_hz * ASIDE - SLOWEST_HZ) / STEP_HZ);
        if (part_last < first)
            continue;
        int at = highest(part, first, most < part_last ? most : part_last);
        sum += part[at] * (SLOWEST_HZ + at * STEP_HZ);
        weight += part[at];
    }
    *brpm_out = 60.0 * (weight > 0.0 ? sum / weight : whole_hz);
    *quality_01_out = ob_clamp01(near / all);
    return true;
}
