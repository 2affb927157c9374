/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/drift_fit.h"

#include <math.h>
#include <string.h>

#define PRIOR_WIDTH_MS 1500.0 /* the first packet may have been late by so much */
#define MARGIN_MS      2.0    /* intervals are rounded to 1/1024 s, and beats are found with an error of their own */
#define MARGIN_MAX_MS  200.0
#define JOLT_MS        250.0
#define MEMORY_S       900.0 /* of the least-squares line */
#define CORRELATED     4.0   /* lateness follows the breath: fewer independent points than packets */
#define LEAST_PPM      0.3
#define NARROW_MS      200.0 /* of what fits: then the lower bounds mean something, and the middle is best */
#define LOWERED_MS     20.0
#define HINT_FITS      2.5 /* standard deviations */
#define TINY_AREA      1e-9

static void box(struct ob_drift_fit *f, double low_ms, double high_ms, double low_ppm, double high_ppm)
{
    low_ppm = fmax(low_ppm, -OB_DRIFT_PPM_MAX);
    high_ppm = fmin(high_ppm, OB_DRIFT_PPM_MAX);
    f->corners = 4;
    f->corner[0] = (struct ob_drift_corner){low_ms, low_ppm};
    f->corner[1] = (struct ob_drift_corner){high_ms, low_ppm};
    f->corner[2] = (struct ob_drift_corner){high_ms, high_ppm};
    f->corner[3] = (struct ob_drift_corner){low_ms, high_ppm};
}

/* Centroid and variance of the drift over the polygon, from its triangles. */
static void polygon_drift(const struct ob_drift_fit *f, double *mean_out, double *variance_out)
{
    const struct ob_drift_corner *p = f->corner;
    double area = 0.0, first = 0.0, second = 0.0;
    for (int i = 1; i + 1 < f->corners; i++) {
        const double a = p[i].ppm - p[0].ppm, b = p[i + 1].ppm - p[0].ppm;
        const double twice = fabs((p[i].offset_ms - p[0].offset_ms) * b - (p[i + 1].offset_ms - p[0].offset_ms) * a);
        area += twice;
        first += twice * (a + b) / 3.0;
        second += twice * (a * a + b * b + a * b) / 6.0;
    }
    if (area < TINY_AREA) {
        *mean_out = p[0].ppm;
        *variance_out = LEAST_PPM * LEAST_PPM;
        return;
    }
    const double mean = first / area;
    *mean_out = p[0].ppm + mean;
    *variance_out = fmax(second / area - mean * mean, LEAST_PPM * LEAST_PPM);
}

static void estimate(struct ob_drift_fit *f)
{
    double ppm, variance;
    polygon_drift(f, &ppm, &variance);
    if (f->weight > 10.0 && f->xx > 0.0) {
        const double slope = f->xy / f->xx, rest = fmax(f->yy - f->xy * slope, 0.0) / f->weight;
        const double its = rest / f->xx * CORRELATED * 1e6 + LEAST_PPM * LEAST_PPM; /* ms/s are 1000 ppm */
        ppm = (ppm / variance + slope * 1e3 / its) / (1.0 / variance + 1.0 / its);
        variance = 1.0 / (1.0 / variance + 1.0 / its);
    }
    const double hint = f->hint_spread_ppm * f->hint_spread_ppm, off = f->hint_ppm - ppm;
    if (hint > 0.0 && off * off < HINT_FITS * HINT_FITS * (variance + hint)) {
        ppm = (ppm / variance + f->hint_ppm / hint) / (1.0 / variance + 1.0 / hint);
        variance = 1.0 / (1.0 / variance + 1.0 / hint);
    }
    f->drift_ppm = fmin(fmax(ppm, -OB_DRIFT_PPM_MAX), OB_DRIFT_PPM_MAX);
    f->spread_ppm = sqrt(variance);
}

void ob_drift_fit_hint(struct ob_drift_fit *f, double ppm, double spread_ppm)
{
    f->hint_ppm = ppm;
    f->hint_spread_ppm = spread_ppm > 0.0 ? fmax(spread_ppm, LEAST_PPM) : 0.0;
}

void ob_drift_fit_init(struct ob_drift_fit *f, double c_s, double offset_s, double ppm, double spread_ppm)
{
    memset(f, 0, sizeof *f);
    f->origin_s = f->last_s = c_s;
    f->base_s = offset_s;
    f->margin_ms = MARGIN_MS;
    const double half = fmax(1.7 * spread_ppm, 20.0);
    box(f, -PRIOR_WIDTH_MS, f->margin_ms, ppm - half, ppm + half);
    estimate(f);
}

/* Keeps what lies on the side of offset + x ppm <= limit (side 1) or >= limit (side -1). False, and nothing changed:
 * nothing would be left. */
static bool clip(struct ob_drift_fit *f, double x, double limit, double side)
{
    struct ob_drift_corner kept[OB_DRIFT_CORNERS_MAX + 2];
    int n = 0;
    for (int i = 0; i < f->corners; i++) {
        const struct ob_drift_corner a = f->corner[i], b = f->corner[(i + 1) % f->corners];
        const double at_a = side * (limit - a.offset_ms - x * a.ppm), at_b = side * (limit - b.offset_ms - x * b.ppm);
        if (at_a >= 0.0)
            kept[n++] = a;
        if ((at_a > 0.0 && at_b < 0.0) || (at_a < 0.0 && at_b > 0.0)) {
            const double share = at_a / (at_a - at_b);
            kept[n++] = (struct ob_drift_corner){a.offset_ms + share * (b.offset_ms - a.offset_ms),
                                                 a.ppm + share * (b.ppm - a.ppm)};
        }
        if (n > OB_DRIFT_CORNERS_MAX)
            return true; /* that bound would cut a corner too many: it is left out */
    }
    if (n < 3)
        return false;
    memcpy(f->corner, kept, (size_t)n * sizeof *kept);
    f->corners = n;
    return true;
}

/* A weighted line through (c, offset) with a fading memory. */
static void add_point(struct ob_drift_fit *f, double c_s, double y_ms)
{
    const double keep = exp(-fmax(c_s - f->last_s, 0.0) / MEMORY_S), x = c_s - f->origin_s;
    f->last_s = c_s;
    f->weight = f->weight * keep + 1.0;
    f->xx *= keep;
    f->xy *= keep;
    f->yy *= keep;
    const double dx = x - f->mean_x, dy = y_ms - f->mean_y;
    f->mean_x += dx / f->weight;
    f->mean_y += dy / f->weight;
    f->xx += dx * (x - f->mean_x);
    f->xy += dx * (y_ms - f->mean_y);
    f->yy += dy * (y_ms - f->mean_y);
}

static void start_afresh(struct ob_drift_fit *f, double c_s, double offset_s)
{
    const double by_ms = (offset_s - f->base_s) * 1e3, by_s = c_s - f->origin_s;
    f->mean_x -= by_s;
    f->mean_y -= by_ms;
    f->origin_s = c_s;
    f->base_s = offset_s;
    f->margin_ms = fmin(2.0 * f->margin_ms, MARGIN_MAX_MS);
    const double half = fmax(3.0 * f->spread_ppm, 10.0);
    box(f, -10.0 * f->margin_ms, f->margin_ms, f->drift_ppm - half, f->drift_ppm + half);
}

bool ob_drift_fit_packet(struct ob_drift_fit *f, double first_c_s, double before_offset_s, double last_c_s,
                         double offset_s)
{
    const double limit = (offset_s - f->base_s) * 1e3 + f->margin_ms;
    const bool jolt = (ob_drift_fit_offset_s(f, last_c_s) - offset_s) * 1e3 > JOLT_MS;
    add_point(f, last_c_s, (offset_s - f->base_s) * 1e3);
    if (!clip(f, (last_c_s - f->origin_s) * 1e-3, limit, 1.0))
        start_afresh(f, last_c_s, offset_s);
    else
        clip(f, (first_c_s - f->origin_s) * 1e-3, (before_offset_s - f->base_s) * 1e3 - f->margin_ms, -1.0);
    estimate(f);
    return !jolt;
}

/* Where the polygon begins and ends at this drift, in ms from the base. */
static void slice(const struct ob_drift_fit *f, double *ppm_out, double *earliest_out, double *latest_out)
{
    double low = f->corner[0].ppm, high = low, latest = -INFINITY, earliest = INFINITY;
    for (int i = 1; i < f->corners; i++) {
        low = fmin(low, f->corner[i].ppm);
        high = fmax(high, f->corner[i].ppm);
    }
    const double ppm = fmin(fmax(f->drift_ppm, low), high);
    for (int i = 0; i < f->corners; i++) {
        const struct ob_drift_corner a = f->corner[i], b = f->corner[(i + 1) % f->corners];
        double at = a.offset_ms;
        if ((a.ppm < ppm) != (b.ppm < ppm))
            at += (ppm - a.ppm) / (b.ppm - a.ppm) * (b.offset_ms - a.offset_ms);
        else if (a.ppm != ppm)
            continue;
        latest = fmax(latest, at);
        earliest = fmin(earliest, at);
    }
    *ppm_out = ppm;
    *earliest_out = earliest;
    *latest_out = latest;
}

double ob_drift_fit_offset_s(const struct ob_drift_fit *f, double c_s)
{
    double ppm, earliest, latest;
    slice(f, &ppm, &earliest, &latest);
    const double width = latest - earliest;
    const double lowered = width < NARROW_MS ? fmin(width / 2.0, LOWERED_MS) : f->margin_ms;
    const double at_ms = latest - lowered + ppm * (c_s - f->origin_s) * 1e-3;
    return f->base_s + at_ms * 1e-3;
}

void ob_drift_fit_range_s(const struct ob_drift_fit *f, double c_s, double *earliest_out, double *latest_out)
{
    double ppm, earliest, latest;
    slice(f, &ppm, &earliest, &latest);
    const double line_ms = ppm * (c_s - f->origin_s) * 1e-3;
    *earliest_out = f->base_s + (earliest + line_ms) * 1e-3;
    *latest_out = f->base_s + (latest + line_ms) * 1e-3;
}
