/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The beat detectors: what a sample costs, candidates and judgements included, on a heart with breathing and noise. */
#include "bench.h"

#include "base/maths.h"
#include "base/rng.h"
#include "signal/ecg.h"
#include "signal/ppg.h"

#include <math.h>

#define SECONDS 60

struct state {
    struct ob_ecg *ecg;
    struct ob_ppg *ppg;
    float *x;
    int length, at;
};

static double bell(double t, double width)
{
    return exp(-0.5 * t * t / (width * width));
}

static struct state *make(double fs_hz, int pulse)
{
    struct state *s = calloc(1, sizeof *s);
    struct ob_rng rng;
    ob_rng_init(&rng, 1, 0);
    if (!s)
        exit(1);
    s->length = (int)(SECONDS * fs_hz);
    s->x = malloc((size_t)s->length * sizeof *s->x);
    if (!s->x)
        exit(1);
    double beat_s = 0.5, last_s = -0.4;
    for (int i = 0; i < s->length; i++) {
        double t = i / fs_hz, v = 0.02 * ob_rng_normal(&rng) + 0.3 * sin(OB_TAU * 0.1 * t);
        if (t > beat_s + 0.5) {
            last_s = beat_s;
            beat_s += 0.85 + 0.06 * sin(OB_TAU * 0.1 * t);
        }
        for (int k = 0; k < 2; k++) {
            double d = t - (k ? last_s : beat_s);
            v += pulse ? bell(d, 0.09) : 0.12 * bell(d + 0.16, 0.022) + bell(d, 0.011) + 0.25 * bell(d - 0.26, 0.045);
        }
        s->x[i] = (float)v;
    }
    if (pulse)
        s->ppg = ob_ppg_create(fs_hz);
    else
        s->ecg = ob_ecg_create(fs_hz);
    return s;
}

static void *make_ecg_130(void)
{
    return make(130.0, 0);
}

static void *make_ecg_250(void)
{
    return make(250.0, 0);
}

static void *make_ecg_1000(void)
{
    return make(1000.0, 0);
}

static void *make_ppg_100(void)
{
    return make(100.0, 1);
}

static void drop(void *state)
{
    struct state *s = state;
    ob_ecg_destroy(s->ecg);
    ob_ppg_destroy(s->ppg);
    free(s->x);
    free(s);
}

static void ecg_sample(void *state)
{
    struct state *s = state;
    struct ob_ecg_beat beat;
    ob_ecg_push(s->ecg, s->x[s->at], &beat);
    s->at = s->at + 1 < s->length ? s->at + 1 : 0;
}

#define RUN 60

static void ecg_run(void *state)
{
    struct state *s = state;
    struct ob_ecg_beat beats[RUN];
    ob_ecg_push_many(s->ecg, s->x + s->at, RUN, beats);
    s->at = s->at + 2 * RUN <= s->length ? s->at + RUN : 0;
}

static void ppg_sample(void *state)
{
    struct state *s = state;
    struct ob_ppg_beat beat;
    ob_ppg_push(s->ppg, s->x[s->at], &beat);
    s->at = s->at + 1 < s->length ? s->at + 1 : 0;
}

static const struct bench_case cases[] = {
    {.name = "ecg at 130 Hz",
     .unit = "sample",
     .create = make_ecg_130,
     .step = ecg_sample,
     .destroy = drop,
     .steps = 2000000,
     .batch = 20000},
    {.name = "ecg at 250 Hz",
     .unit = "sample",
     .create = make_ecg_250,
     .step = ecg_sample,
     .destroy = drop,
     .steps = 4000000,
     .batch = 20000},
    {.name = "ecg at 250 Hz, from a file",
     .unit = "sample",
     .create = make_ecg_250,
     .step = ecg_run,
     .destroy = drop,
     .steps = 100000,
     .batch = 500,
     .units_per_step = RUN},
    {.name = "ecg at 1000 Hz",
     .unit = "sample",
     .create = make_ecg_1000,
     .step = ecg_sample,
     .destroy = drop,
     .steps = 4000000,
     .batch = 20000},
    {.name = "ppg at 100 Hz",
     .unit = "sample",
     .create = make_ppg_100,
     .step = ppg_sample,
     .destroy = drop,
     .steps = 2000000,
     .batch = 20000},
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
