/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/series.h"

#include <math.h>
#include <string.h>

void ob_nn_series_init(struct ob_nn_series *series)
{
    memset(series, 0, sizeof *series);
}

const struct ob_nn_beat *ob_nn_series_back(const struct ob_nn_series *series, uint32_t back)
{
    if (back >= OB_SERIES_MAX || back >= series->count)
        return NULL;
    return &series->beats[(series->count - 1 - back) % OB_SERIES_MAX];
}

bool ob_nn_series_push(struct ob_nn_series *series, const struct ob_nn_beat *beat)
{
    const struct ob_nn_beat *newest = ob_nn_series_back(series, 0);
    if (newest && beat->time_ns <= newest->time_ns)
        return false;
    series->beats[series->count++ % OB_SERIES_MAX] = *beat;
    return true;
}

uint32_t ob_nn_series_since(const struct ob_nn_series *series, int64_t since_ns)
{
    uint32_t n = 0;
    const struct ob_nn_beat *beat;
    while ((beat = ob_nn_series_back(series, n)) && beat->time_ns > since_ns)
        n++;
    return n;
}

double ob_nn_series_hr_bpm(const struct ob_nn_series *series, int64_t since_ns)
{
    const uint32_t n = ob_nn_series_since(series, since_ns);
    double sum_ms = 0.0;
    for (uint32_t i = 0; i < n; i++)
        sum_ms += ob_nn_series_back(series, i)->nn_ms;
    return n > 0 ? 60000.0 * n / sum_ms : 0.0;
}

bool ob_nn_series_rmssd_ms(const struct ob_nn_series *series, int64_t since_ns, double *rmssd_ms_out)
{
    const uint32_t n = ob_nn_series_since(series, since_ns);
    double sum = 0.0;
    uint32_t pairs = 0;
    for (uint32_t i = 0; i + 1 < n; i++) {
        const struct ob_nn_beat *late = ob_nn_series_back(series, i);
        const struct ob_nn_beat *early = ob_nn_series_back(series, i + 1);
        if (!late->normal || !early->normal || !late->follows)
            continue;
        const double d = late->nn_ms - early->nn_ms;
        sum += d * d;
        pairs++;
    }
    if (pairs < 10)
        return false;
    *rmssd_ms_out = sqrt(sum / pairs);
    return true;
}
