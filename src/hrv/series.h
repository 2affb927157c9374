/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The newest NN intervals with where the pacer stood at each beat: what every live feature is computed from.
 *
 * A value stands at the time of the beat that ends its interval. Pure, constant memory; one thread at a time. */
#ifndef OB_HRV_SERIES_H
#define OB_HRV_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#define OB_SERIES_MAX 256 /* 85 s at 180 bpm */

struct ob_nn_beat {
    int64_t time_ns;
    double nn_ms;       /* after correction, > 0 */
    double pacer_turns; /* unwrapped pacer phase at time_ns; means nothing unless guided */
    bool guided;        /* the pacer led at time_ns */
    bool normal;        /* not corrected */
    bool follows;       /* its interval begins where the one before ends: no gap between them */
};

struct ob_nn_series {
    uint64_t count; /* all so far; the newest is beats[(count - 1) % OB_SERIES_MAX] */
    struct ob_nn_beat beats[OB_SERIES_MAX];
};

void ob_nn_series_init(struct ob_nn_series *series);

/* Times never go back: an earlier beat than the newest is dropped (false). */
bool ob_nn_series_push(struct ob_nn_series *series, const struct ob_nn_beat *beat);

/* Beat back from the newest: 0 is the newest. NULL when there is none. */
const struct ob_nn_beat *ob_nn_series_back(const struct ob_nn_series *series, uint32_t back);

/* How many of the newest beats lie after since_ns. */
uint32_t ob_nn_series_since(const struct ob_nn_series *series, int64_t since_ns);

/* Mean heart rate of the beats after since_ns, bpm: beats over the sum of their intervals; 0 when there is none. */
double ob_nn_series_hr_bpm(const struct ob_nn_series *series, int64_t since_ns);

/* RMSSD of the beats after since_ns, ms: root mean square of successive differences (Task Force 1996,
 * doi:10.1161/01.CIR.93.5.1043), over pairs of uncorrected intervals that follow each other. False below 10 pairs. */
bool ob_nn_series_rmssd_ms(const struct ob_nn_series *series, int64_t since_ns, double *rmssd_ms_out);

#endif
