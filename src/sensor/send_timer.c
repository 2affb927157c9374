/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/send_timer.h"

#include "base/time.h"

#include <math.h>
#include <string.h>

#define GRID_S    0.25
#define LEAST     20
#define SCATTER_S 0.025
#define LEAST_PPM 1.0

void ob_send_timer_restart(struct ob_send_timer *t)
{
    t->begun = false;
}

static void begin(struct ob_send_timer *t, int64_t arrived_ns)
{
    ob_envelope_fit_init(&t->fit, t->regular ? t->fit.drift_ppm : 0.0, t->regular ? t->fit.spread_ppm : 0.0);
    t->begun = true;
    t->regular = false;
    t->origin_ns = arrived_ns;
    t->packets = 0;
    t->scatter_s = GRID_S / 4.0;
}

int64_t ob_send_timer_packet(struct ob_send_timer *t, int64_t arrived_ns)
{
    if (!t->begun)
        begin(t, arrived_ns);
    const double at_s = ob_s_from_ns(arrived_ns - t->origin_ns);
    const double guess_s = at_s - ob_envelope_fit_offset_s(&t->fit, at_s);
    const double grid_s = round(guess_s / GRID_S) * GRID_S;
    t->packets++;
    t->scatter_s += (fabs(guess_s - grid_s) - t->scatter_s) / LEAST;
    ob_envelope_fit_packet(&t->fit, grid_s, at_s - grid_s);
    t->regular = t->packets >= LEAST && t->scatter_s < SCATTER_S;
    const int64_t left_ns = t->origin_ns + ob_ns_from_s(grid_s + ob_envelope_fit_offset_s(&t->fit, grid_s));
    return t->regular && left_ns < arrived_ns ? left_ns : arrived_ns;
}

bool ob_send_timer_drift(const struct ob_send_timer *t, double *ppm_out, double *spread_ppm_out)
{
    if (!t->begun || !t->regular)
        return false;
    *ppm_out = t->fit.drift_ppm;
    *spread_ppm_out = fmax(t->fit.spread_ppm, LEAST_PPM);
    return true;
}
