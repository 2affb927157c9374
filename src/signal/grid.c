/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/grid.h"

#include <math.h>
#include <string.h>

void ob_grid_init(struct ob_grid *g, double fs_hz, double grid_hz)
{
    memset(g, 0, sizeof *g);
    g->fs_hz = fs_hz;
    g->grid_hz = grid_hz;
    g->decimate = fs_hz >= 2.0 * grid_hz ? (int)(fs_hz / grid_hz) : 1;
    g->step = fs_hz / g->decimate / grid_hz;
}

void ob_grid_restart(struct ob_grid *g)
{
    uint64_t samples = g->samples, missing = g->missing;
    ob_grid_init(g, g->fs_hz, g->grid_hz);
    g->origin = g->samples = samples;
    g->missing = missing;
}

static double between(const double y[4], double t)
{
    if (t == 0.0)
        return y[1];
    double a = -0.5 * y[0] + 1.5 * y[1] - 1.5 * y[2] + 0.5 * y[3];
    double b = y[0] - 2.5 * y[1] + 2.0 * y[2] - 0.5 * y[3];
    double c = 0.5 * (y[2] - y[0]);
    return ((a * t + b) * t + c) * t + y[1];
}

/* The value to go on with: held over a gap, and after it shifted, so that electrodes coming back make no edge. */
static double mended(struct ob_grid *g, float sample)
{
    if (!isfinite(sample)) {
        g->missing++;
        g->missing_run++;
        return g->held;
    }
    double x = (double)sample;
    if (!g->seen_any)
        g->offset = 0.0;
    else if (g->missing_run > 0 && (double)g->missing_run > 0.04 * g->fs_hz)
        g->offset = g->held - x;
    g->seen_any = true;
    g->missing_run = 0;
    g->held = x + g->offset;
    return g->held;
}

int ob_grid_push(struct ob_grid *g, float sample, double out[OB_GRID_OUT_MAX])
{
    g->samples++;
    double y = mended(g, sample);
    if (g->decimate > 1) {
        g->gathered += y;
        if (++g->gathered_count < g->decimate)
            return 0;
        y = g->gathered / g->decimate;
        g->gathered = 0.0;
        g->gathered_count = 0;
    }
    if (g->averaged == 0)
        g->history[0] = g->history[1] = g->history[2] = g->history[3] = y;
    g->history[0] = g->history[1];
    g->history[1] = g->history[2];
    g->history[2] = g->history[3];
    g->history[3] = y;
    /* The first two fill the history; then each moves the four points on by one. */
    if (g->averaged++ < 2)
        return 0;
    if (g->step == 1.0) { /* as it comes: next_at stays 0 */
        out[0] = g->history[1];
        g->next++;
        return 1;
    }
    int count = 0;
    while (g->next_at < 1.0 && count < OB_GRID_OUT_MAX) {
        out[count++] = between(g->history, g->next_at);
        g->next++;
        /* counted from the start, not added up, so that no error gathers over a day */
        g->next_at = (double)g->next * g->step - (double)(g->averaged - 3);
    }
    g->next_at -= 1.0;
    return count;
}

bool ob_grid_push_run(struct ob_grid *g, const float *samples, int count, double *out)
{
    if (g->step != 1.0 || g->decimate != 1 || g->averaged < 2)
        return false;
    /* As one by one: each completes the sample before the last. history[0] is for what lies between samples alone. */
    out[0] = g->history[2];
    out[1] = g->history[3];
    int i = 0;
    if (g->seen_any && g->missing_run == 0) { /* the usual case, in few instructions */
        const double offset = g->offset;
        for (; i < count && isfinite(samples[i]); i++)
            out[i + 2] = (double)samples[i] + offset;
        if (i > 0)
            g->held = out[i + 1];
    }
    for (; i < count; i++)
        out[i + 2] = mended(g, samples[i]);
    memcpy(&g->history[1], out + count - 1, 3 * sizeof *out);
    g->samples += (uint64_t)count;
    g->averaged += count;
    g->next += count;
    return true;
}

double ob_grid_sample(const struct ob_grid *g, double index)
{
    return (double)g->origin + index * g->step * g->decimate + 0.5 * (g->decimate - 1);
}
