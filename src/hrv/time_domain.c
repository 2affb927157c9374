/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/time_domain.h"

#include <math.h>

#define ENOUGH 10

static const char *const few_intervals = "there are fewer than 10 intervals";
static const char *const few_differences = "there are fewer than 10 pairs of neighbouring intervals";

void ob_time_domain_compute(const struct ob_nn_list *list, struct ob_time_domain *out)
{
    const struct ob_nn *nn = list->items;
    size_t count = list->count, differences = 0, above = 0;
    double sum = 0.0, step_sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += nn[i].nn_ms;
    double mean = count ? sum / (double)count : 0.0;
    double squares = 0.0, step_squares = 0.0;
    for (size_t i = 0; i < count; i++) {
        squares += (nn[i].nn_ms - mean) * (nn[i].nn_ms - mean);
        if (i == 0 || !nn[i].joined)
            continue;
        double step = nn[i].nn_ms - nn[i - 1].nn_ms;
        step_sum += step;
        step_squares += step * step;
        above += fabs(step) > 50.0;
        differences++;
    }
    out->mean_nn_ms = count >= 2 ? ob_metric_of(mean) : ob_metric_none("there are fewer than 2 intervals");
    out->hr_bpm = count < 2     ? out->mean_nn_ms
                  : mean >= 1.0 ? ob_metric_of(60000.0 / mean)
                                : ob_metric_none("the intervals are shorter than 1 ms");
    out->sdnn_ms = count >= ENOUGH ? ob_metric_of(sqrt(squares / (double)(count - 1))) : ob_metric_none(few_intervals);
    if (differences < ENOUGH) {
        out->rmssd_ms = out->pnn50_pct = out->sd1_ms = out->sd2_ms = ob_metric_none(few_differences);
        return;
    }
    double n = (double)differences;
    out->rmssd_ms = ob_metric_of(sqrt(step_squares / n));
    out->pnn50_pct = ob_metric_of(100.0 * (double)above / n);
    /* The mean step is tiny, so that the short form of the variance loses nothing. */
    double variance = fmax(0.0, (step_squares - step_sum * step_sum / n) / (n - 1.0));
    out->sd1_ms = ob_metric_of(sqrt(0.5 * variance));
    double along = 2.0 * squares / (double)(count - 1) - 0.5 * variance;
    out->sd2_ms = along > 0.0 ? ob_metric_of(sqrt(along))
                              : ob_metric_none("the intervals alternate so much that SD2 is not defined");
}
