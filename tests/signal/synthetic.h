/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heart signals of known beats for the tests of the detectors: sums of bell curves, nothing clever. */
#ifndef OB_TESTS_SIGNAL_SYNTHETIC_H
#define OB_TESTS_SIGNAL_SYNTHETIC_H

#include "base/rng.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define SYNTHETIC_BEATS 4000

struct synthetic {
    double fs_hz;
    int length;
    float *x;
    double beat_s[SYNTHETIC_BEATS];
    int beats;
};

static inline double bell(double t, double width)
{
    return exp(-0.5 * t * t / (width * width));
}

/* Beats with breathing at 6 a minute in their intervals, from 0.6 s on. */
static inline void synthetic_beats(struct synthetic *s, double seconds, double rr_s)
{
    s->beats = 0;
    for (double t = 0.6; t < seconds - 0.6 && s->beats < SYNTHETIC_BEATS;) {
        s->beat_s[s->beats++] = t;
        t += rr_s * (1.0 + 0.08 * sin(2.0 * 3.14159265358979 * 0.1 * t));
    }
}

/* How many of its beats lie in [from_s, to_s). */
static inline int synthetic_beats_within(const struct synthetic *s, double from_s, double to_s)
{
    int count = 0;
    for (int k = 0; k < s->beats; k++)
        count += s->beat_s[k] >= from_s && s->beat_s[k] < to_s;
    return count;
}

/* 1.0 is the height of R. */
static inline struct synthetic synthetic_ecg(double fs_hz, double seconds, double rr_s, double noise, uint64_t seed)
{
    struct synthetic s = {.fs_hz = fs_hz, .length = (int)(seconds * fs_hz)};
    struct ob_rng g;
    ob_rng_init(&g, seed, 0);
    synthetic_beats(&s, seconds, rr_s);
    s.x = malloc((size_t)s.length * sizeof *s.x);
    int from = 0;
    for (int i = 0; i < s.length; i++) {
        double t = i / fs_hz, v = noise * ob_rng_normal(&g);
        while (from < s.beats && s.beat_s[from] < t - 1.0)
            from++;
        for (int k = from; k < s.beats && s.beat_s[k] < t + 1.0; k++) {
            double d = t - s.beat_s[k];
            v += 0.12 * bell(d + 0.16, 0.022) - 0.1 * bell(d + 0.025, 0.008) + bell(d, 0.011) -
                 0.2 * bell(d - 0.028, 0.009) + 0.25 * bell(d - 0.26, 0.045);
        }
        s.x[i] = (float)v;
    }
    return s;
}

/* A pulse wave whose foot is at the beat; 1.0 is its height. */
static inline struct synthetic synthetic_ppg(double fs_hz, double seconds, double rr_s, double noise, uint64_t seed)
{
    struct synthetic s = {.fs_hz = fs_hz, .length = (int)(seconds * fs_hz)};
    struct ob_rng g;
    ob_rng_init(&g, seed, 0);
    synthetic_beats(&s, seconds, rr_s);
    s.x = malloc((size_t)s.length * sizeof *s.x);
    int from = 0;
    for (int i = 0; i < s.length; i++) {
        double t = i / fs_hz, v = noise * ob_rng_normal(&g);
        while (from < s.beats && s.beat_s[from] < t - 2.0)
            from++;
        for (int k = from; k < s.beats && s.beat_s[k] < t; k++) {
            double d = t - s.beat_s[k];
            double rise = d < 0.14 ? 0.5 - 0.5 * cos(3.14159265358979 * d / 0.14) : exp(-(d - 0.14) / 0.22);
            v += rise + 0.12 * bell(d - 0.38, 0.05);
        }
        s.x[i] = (float)v;
    }
    return s;
}

#endif
