/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RR correction and report metrics: the cost of a beat live, and of a day offline. */
#include "hrv/report.h"
#include "base/maths.h"
#include "base/rng.h"
#include "bench.h"
#include "hrv/nonlinear.h"
#include "signal/rr.h"
#include "signal/rr_offline.h"

#include <math.h>

#define DAY_BEATS 100000

struct day {
    double rr_ms[DAY_BEATS];
    unsigned char kinds[DAY_BEATS];
    struct ob_rr_causal causal;
    size_t at;
    struct ob_nn_list list;
    struct ob_psd *psd;
    struct ob_report report;
    double sink;
};

static void *make_day(void)
{
    struct day *day = calloc(1, sizeof *day);
    if (!day)
        exit(1);
    struct ob_rng rng;
    ob_rng_init(&rng, 1, 1);
    double time_s = 0.0, wander = 0.0;
    for (size_t i = 0; i < DAY_BEATS; i++) {
        wander = 0.995 * wander + 6.0 * ob_rng_normal(&rng);
        day->rr_ms[i] = 860.0 + wander + 25.0 * sin(OB_TAU * 0.24 * time_s) + 20.0 * sin(OB_TAU * 0.1 * time_s) +
                        8.0 * ob_rng_normal(&rng);
        time_s += day->rr_ms[i] / 1000.0;
    }
    for (size_t i = 50; i + 2 < DAY_BEATS; i += 150) { /* an early beat now and then */
        day->rr_ms[i] -= 250.0;
        day->rr_ms[i + 1] += 250.0;
    }
    ob_rr_causal_init(&day->causal);
    day->psd = ob_psd_create();
    struct ob_rr_report report;
    if (!day->psd || !ob_rr_offline(day->rr_ms, DAY_BEATS, 0.0, NULL, day->kinds, &day->list, &report))
        exit(1);
    return day;
}

static void drop_day(void *state)
{
    struct day *day = state;
    ob_nn_list_finish(&day->list);
    ob_psd_destroy(day->psd);
    free(day);
}

static void live_beat(void *state)
{
    struct day *day = state;
    struct ob_rr_out out[OB_RR_OUT_MAX];
    struct ob_rr_in in = {.time_ns = (int64_t)day->at, .rr_ms = day->rr_ms[day->at], .confidence_01 = 1.0f};
    if (ob_rr_causal_push(&day->causal, &in, out) > 0)
        day->sink += out[0].nn_ms;
    day->at = (day->at + 1) % DAY_BEATS;
}

static void correct_day(void *state)
{
    struct day *day = state;
    struct ob_nn_list list = {.items = NULL};
    struct ob_rr_report report;
    if (!ob_rr_offline(day->rr_ms, DAY_BEATS, 0.0, NULL, day->kinds, &list, &report))
        exit(1);
    ob_nn_list_finish(&list);
}

static void report_day(void *state)
{
    struct day *day = state;
    if (!ob_report_compute(day->psd, &day->list, 0.25, &day->report))
        exit(1);
}

static void nonlinear_day(void *state)
{
    struct day *day = state;
    struct ob_nonlinear out;
    if (!ob_nonlinear_compute(&day->list, &out))
        exit(1);
}

static const struct bench_case cases[] = {
    {.name = "live correction",
     .unit = "beat",
     .create = make_day,
     .step = live_beat,
     .destroy = drop_day,
     .batch = 16,
     .steps = 64000},
    {.name = "offline correction, 100000 beats",
     .unit = "day",
     .create = make_day,
     .step = correct_day,
     .destroy = drop_day,
     .steps = 10},
    {.name = "all metrics, 100000 beats",
     .unit = "day",
     .create = make_day,
     .step = report_day,
     .destroy = drop_day,
     .steps = 10},
    {.name = "DFA and entropies of them",
     .unit = "day",
     .create = make_day,
     .step = nonlinear_day,
     .destroy = drop_day,
     .steps = 10},
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
