/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings a signal of any sampling rate on a fixed grid, sample by sample, so that a detector behind it needs one set of
 * constants. Faster input is averaged down first, the rest is cubic interpolation between four points (Catmull and
 * Rom 1974); a missing sample (NaN, infinite) holds the last value, and after a longer hold the signal goes on without
 * a step. Private to the room. */
#ifndef OB_SIGNAL_GRID_H
#define OB_SIGNAL_GRID_H

#include <stdbool.h>
#include <stdint.h>

#define OB_GRID_OUT_MAX 16 /* grid samples that one input sample can complete; rates down to a tenth of the grid's */

struct ob_grid {
    double fs_hz, grid_hz;
    double step; /* averaged samples in a grid step */
    int decimate;

    uint64_t samples; /* taken since init */
    uint64_t missing; /* of them */
    uint64_t origin;  /* input sample of grid index 0 */

    /* private */
    double gathered;
    int gathered_count;
    double held, offset;
    uint64_t missing_run;
    bool seen_any;
    double history[4];
    int64_t averaged, next;
    double next_at; /* where the next grid sample lies, from history[1] on */
};

void ob_grid_init(struct ob_grid *grid, double fs_hz, double grid_hz);

/* Begin anew at the present sample; counting goes on. */
void ob_grid_restart(struct ob_grid *grid);

/* One input sample; returns how many grid samples it completed. */
int ob_grid_push(struct ob_grid *grid, float sample, double out[OB_GRID_OUT_MAX]);

/* Many input samples at once, of a signal that has the grid's rate by itself: the grid samples that they complete, one
 * each, are in out, which holds count + 2. False, and nothing taken, where that is not so: push them one by one. */
bool ob_grid_push_run(struct ob_grid *grid, const float *samples, int count, double *out);

/* The input sample, with its fraction, that a grid index stands for. */
double ob_grid_sample(const struct ob_grid *grid, double index);

#endif
