/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/rsa.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

void ob_rsa_init(struct ob_rsa *rsa)
{
    memset(rsa, 0, sizeof *rsa);
}

static void begin(struct ob_rsa *rsa, int64_t time_ns)
{
    rsa->min_ms = (double)INFINITY;
    rsa->max_ms = 0.0;
    rsa->covered_ms = 0.0;
    rsa->all_ms = 0.0;
    rsa->start_ns = time_ns;
    rsa->open = true;
}

void ob_rsa_beat(struct ob_rsa *rsa, const struct ob_nn_beat *beat)
{
    if (!rsa->open)
        return;
    rsa->all_ms += beat->nn_ms;
    if (!beat->normal)
        return;
    rsa->covered_ms += beat->nn_ms;
    rsa->min_ms = fmin(rsa->min_ms, beat->nn_ms);
    rsa->max_ms = fmax(rsa->max_ms, beat->nn_ms);
}

bool ob_rsa_breath_end(struct ob_rsa *rsa, int64_t time_ns)
{
    const double length_ms = ob_s_from_ns(time_ns - rsa->start_ns) * 1e3;
    const bool usable = rsa->open && length_ms > 0.0 && rsa->covered_ms >= 0.7 * length_ms && rsa->max_ms > 0.0;
    if (rsa->open)
        rsa->breaths++;
    if (usable) {
        const uint32_t slot = rsa->usable % 3;
        rsa->ms[slot] = rsa->max_ms - rsa->min_ms;
        rsa->bpm[slot] = 60000.0 / rsa->min_ms - 60000.0 / rsa->max_ms;
        rsa->last_bpm = rsa->bpm[slot];
        rsa->usable++;
    }
    begin(rsa, time_ns);
    return usable;
}

void ob_rsa_break(struct ob_rsa *rsa)
{
    rsa->open = false;
}

bool ob_rsa_reading(const struct ob_rsa *rsa, double *bpm_out, double *ms_out)
{
    if (rsa->usable < 3)
        return false;
    double bpm[3], ms[3];
    memcpy(bpm, rsa->bpm, sizeof bpm);
    memcpy(ms, rsa->ms, sizeof ms);
    *bpm_out = ob_median(bpm, 3);
    *ms_out = ob_median(ms, 3);
    return true;
}
