/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/rsa.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

#define READINGS 5

void ob_rsa_init(struct ob_rsa *rsa)
{
    memset(rsa, 0, sizeof *rsa);
}

void ob_rsa_beat(struct ob_rsa *rsa, const struct ob_nn_beat *beat)
{
    if (!rsa->now.open || !beat->normal)
        return;
    rsa->now.covered_ms += beat->nn_ms;
    rsa->now.min_ms = fmin(rsa->now.min_ms, beat->nn_ms);
    rsa->now.max_ms = fmax(rsa->now.max_ms, beat->nn_ms);
}

bool ob_rsa_half_end(struct ob_rsa *rsa, int64_t time_ns)
{
    const struct ob_rsa_half *a = &rsa->before, *b = &rsa->now;
    const double length_ms = ob_s_from_ns(time_ns - a->start_ns) * 1e3;
    const double shortest = fmin(a->min_ms, b->min_ms), longest = fmax(a->max_ms, b->max_ms);
    const bool usable = a->open && b->open && longest > 0.0 && a->covered_ms + b->covered_ms >= 0.7 * length_ms;
    if (usable) {
        const uint32_t slot = rsa->readings++ % READINGS;
        rsa->ms[slot] = longest - shortest;
        rsa->bpm[slot] = 60000.0 / shortest - 60000.0 / longest;
        rsa->last_bpm = rsa->bpm[slot];
    }
    rsa->before = rsa->now;
    rsa->now = (struct ob_rsa_half){.min_ms = (double)INFINITY, .start_ns = time_ns, .open = true};
    return usable;
}

void ob_rsa_break(struct ob_rsa *rsa)
{
    rsa->now.open = false;
    rsa->before.open = false;
}

bool ob_rsa_amplitude(const struct ob_rsa *rsa, double *bpm_out, double *ms_out)
{
    if (rsa->readings < READINGS)
        return false;
    double bpm[READINGS], ms[READINGS];
    memcpy(bpm, rsa->bpm, sizeof bpm);
    memcpy(ms, rsa->ms, sizeof ms);
    *bpm_out = ob_median(bpm, READINGS);
    *ms_out = ob_median(ms, READINGS);
    return true;
}
