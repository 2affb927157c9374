/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/envelope_fit.h"

#include <math.h>
#include <string.h>

#define BLOCK_S    5.0
#define PRIOR_PPM  100.0
#define LEAST_MS   1.0 /* of scatter: a radio's grid of connection events does not average out */
#define UNKNOWN_MS 4.0 /* of scatter, while there are too few blocks to see it */
#define KNOWN      6
#define FEW        2
#define PPM_MAX    500.0

void ob_envelope_fit_init(struct ob_envelope_fit *f, double ppm, double spread_ppm)
{
    memset(f, 0, sizeof *f);
    f->prior_ppm = f->drift_ppm = ppm;
    f->prior_spread_ppm = f->spread_ppm = spread_ppm > 0.0 ? spread_ppm : PRIOR_PPM;
}

static struct ob_envelope_point point_of(const struct ob_envelope_fit *f, int i)
{
    return i < f->count ? f->block[i] : f->now;
}

/* The line through the blocks. The one under way may have seen nothing but a packet that was held up: it counts once
 * it is half over, or while there is nothing else. */
static void draw(struct ob_envelope_fit *f, double c_s)
{
    const int n = f->count + (f->count < FEW || c_s - f->begun_s > BLOCK_S / 2.0);
    double sum_c = 0.0, sum_ms = 0.0, xx = 0.0, xy = 0.0, yy = 0.0;
    for (int i = 0; i < n; i++) {
        sum_c += point_of(f, i).c_s;
        sum_ms += point_of(f, i).late_ms;
    }
    f->mean_c_s = sum_c / n;
    f->mean_ms = sum_ms / n;
    for (int i = 0; i < n; i++) {
        const struct ob_envelope_point p = point_of(f, i);
        const double x = p.c_s - f->mean_c_s, y = p.late_ms - f->mean_ms - x * f->prior_ppm * 1e-3;
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    double scatter = UNKNOWN_MS * UNKNOWN_MS;
    if (n > KNOWN && xx > 0.0)
        scatter = fmax((yy - xy * xy / xx) / (n - 2), LEAST_MS * LEAST_MS);
    const double prior = f->prior_spread_ppm * 1e-3; /* ms a second */
    const double ppm = f->prior_ppm + 1e3 * xy / (xx + scatter / (prior * prior));
    f->spread_ppm = 1e3 * sqrt(scatter / (xx + scatter / (prior * prior)));
    f->drift_ppm = fmin(fmax(ppm, -PPM_MAX), PPM_MAX);
}

void ob_envelope_fit_packet(struct ob_envelope_fit *f, double c_s, double offset_s)
{
    const struct ob_envelope_point p = {c_s, offset_s * 1e3};
    if (!f->begun || c_s - f->begun_s >= BLOCK_S) {
        if (f->begun) {
            f->block[f->next] = f->now;
            f->next = (f->next + 1) % OB_ENVELOPE_BLOCKS;
            f->count += f->count < OB_ENVELOPE_BLOCKS;
        }
        f->begun = true;
        f->begun_s = c_s;
        f->now = p;
    } else if (p.late_ms - (p.c_s - f->now.c_s) * f->drift_ppm * 1e-3 < f->now.late_ms) {
        f->now = p;
    }
    draw(f, c_s);
}

double ob_envelope_fit_offset_s(const struct ob_envelope_fit *f, double c_s)
{
    return (f->mean_ms + (c_s - f->mean_c_s) * f->drift_ppm * 1e-3) * 1e-3;
}
