/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "motion.h"

#include "base/maths.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const motion_names[MOTION_KINDS] = {"swings", "strides", "bursts", "jumps", "press"};

/* Mean deviation within a second: what the pulses make, not the drift. */
static double pulse_size(const struct wave *w)
{
    const size_t second = (size_t)w->fs_hz;
    double sum = 0.0, count = 0.0;
    for (size_t at = 0; at + second <= w->length; at += second) {
        double mean = 0.0, here = 0.0;
        for (size_t i = at; i < at + second; i++)
            mean += (double)w->x[i] / (double)second;
        for (size_t i = at; i < at + second; i++)
            here += fabs((double)w->x[i] - mean) / (double)second;
        if (isfinite(here)) {
            sum += here;
            count += 1.0;
        }
    }
    return count > 0.0 ? sum / count : 1.0;
}

static void swings(struct wave *w, double size, struct ob_rng *g)
{
    double swing = 0.0, to = 0.0, slow = 0.0;
    for (size_t i = 0; i < w->length; i++) {
        const bool moving = fmod((double)i / w->fs_hz, 30.0) > 15.0;
        if (ob_rng_uniform(g) < 2.0 / w->fs_hz)
            to = moving ? 3.0 * ob_rng_normal(g) : 0.0;
        slow += 12.0 / w->fs_hz * (to - slow);
        swing += 12.0 / w->fs_hz * (slow - swing);
        w->x[i] += (float)(size * swing);
    }
}

/* A stride: the arm's swing at half of the step rate, the step, and its impact; rate and height wander. */
struct stride {
    double phase, hz, to_hz, height[4], turn[4];
};

static void stride_begin(struct stride *s, double hz, struct ob_rng *g)
{
    static const double usual[4] = {0.5, 1.0, 0.5, 0.2};
    *s = (struct stride){.hz = hz, .to_hz = hz, .phase = ob_rng_uniform(g)};
    for (int k = 0; k < 4; k++) {
        s->height[k] = usual[k] * exp(0.5 * ob_rng_normal(g));
        s->turn[k] = OB_TAU * ob_rng_uniform(g);
    }
}

static double stride_next(struct stride *s, double fs_hz, struct ob_rng *g)
{
    s->hz += 0.5 / fs_hz * (s->to_hz - s->hz) + 0.06 / sqrt(fs_hz) * ob_rng_normal(g);
    s->phase += s->hz / fs_hz;
    double sum = 0.0;
    for (int k = 0; k < 4; k++) {
        const double times[4] = {0.5, 1.0, 2.0, 3.0};
        s->height[k] *= 1.0 + 0.3 / sqrt(fs_hz) * ob_rng_normal(g) * 0.3;
        sum += s->height[k] * sin(OB_TAU * times[k] * s->phase + s->turn[k]);
    }
    return sum;
}

static void strides(struct wave *w, double size, struct ob_rng *g)
{
    struct stride s;
    double fade = 0.0;
    stride_begin(&s, 2.0, g);
    for (size_t i = 0; i < w->length; i++) {
        const double t = fmod((double)i / w->fs_hz, 40.0);
        const bool moving = t > 20.0;
        if (i == 0 || (moving && fade < 0.01))
            s.to_hz = s.hz = 1.5 + 1.5 * ob_rng_uniform(g);
        fade += 1.0 / w->fs_hz * ((moving ? 1.0 : 0.0) - fade);
        w->x[i] += (float)(1.5 * size * fade * stride_next(&s, w->fs_hz, g));
    }
}

static void bursts(struct wave *w, double size, struct ob_rng *g)
{
    double left_s = 0.0, fade = 0.0, fast = 0.0, slow = 0.0;
    for (size_t i = 0; i < w->length; i++) {
        if (left_s <= 0.0 && ob_rng_uniform(g) < 4.0 / 60.0 / w->fs_hz)
            left_s = 1.0 + 3.0 * ob_rng_uniform(g);
        left_s -= 1.0 / w->fs_hz;
        fade += 8.0 / w->fs_hz * ((left_s > 0.0 ? 1.0 : 0.0) - fade);
        /* between 0.5 and 5 Hz */
        fast += fmin(1.0, OB_TAU * 5.0 / w->fs_hz) * (ob_rng_normal(g) * sqrt(w->fs_hz / 10.0) - fast);
        slow += OB_TAU * 0.5 / w->fs_hz * (fast - slow);
        w->x[i] += (float)(3.0 * size * fade * (fast - slow));
    }
}

static void jumps(struct wave *w, double size, struct ob_rng *g)
{
    double to = 0.0, at = 0.0;
    for (size_t i = 0; i < w->length; i++) {
        if (ob_rng_uniform(g) < 6.0 / 60.0 / w->fs_hz)
            to += 8.0 * size * ob_rng_normal(g);
        to -= 1.0 / w->fs_hz * to;
        at += fmin(1.0, 30.0 / w->fs_hz) * (to - at);
        w->x[i] += (float)at;
    }
}

static void press(struct wave *w, double strength, struct ob_rng *g)
{
    double mean = (double)w->x[0], log_gain = 0.0, drift = 0.0;
    const double size = pulse_size(w);
    for (size_t i = 0; i < w->length; i++) {
        /* The level of a second; only what stands out of it is pulse. */
        if (isfinite(w->x[i]))
            mean += 1.0 / w->fs_hz * ((double)w->x[i] - mean);
        log_gain += -0.2 / w->fs_hz * log_gain + 0.5 * strength / sqrt(w->fs_hz) * ob_rng_normal(g);
        drift += -0.5 / w->fs_hz * drift + 2.0 * strength * size / sqrt(w->fs_hz) * ob_rng_normal(g);
        const double gain = ob_clamp(exp(log_gain), 0.2, 1.5);
        w->x[i] = (float)(mean + gain * ((double)w->x[i] - mean) + drift * 0.5);
    }
}

void motion_add(struct wave *w, enum motion kind, double strength, uint64_t seed)
{
    struct ob_rng g;
    ob_rng_init(&g, seed, (uint64_t)kind);
    const double size = strength * pulse_size(w);
    switch (kind) {
    case MOTION_SWINGS:
        swings(w, size, &g);
        break;
    case MOTION_STRIDES:
        strides(w, size, &g);
        break;
    case MOTION_BURSTS:
        bursts(w, size, &g);
        break;
    case MOTION_JUMPS:
        jumps(w, size, &g);
        break;
    default:
        press(w, strength, &g);
        break;
    }
}

/* A wrist's pulse of height 1, its foot at 0: rounder than a finger's, and shorter when the heart is fast. */
static double wrist_pulse(double since_s, double rr_s)
{
    const double fast = sqrt(rr_s / 0.8);
    const double rise = since_s / (0.15 * fast), fall = (since_s - 0.15 * fast) / (0.22 * fast);
    if (since_s < 0.0)
        return 0.0;
    const double dent = (since_s - 0.36 * fast) / (0.06 * fast);
    return (rise < 1.0 ? 0.5 - 0.5 * cos(0.5 * OB_TAU * rise) : exp(-fall - 0.3 * fall * fall)) +
           0.15 * exp(-0.5 * dent * dent);
}

void motion_wrist(struct wave *w, double fs_hz, double effort, double strength, uint64_t seed)
{
    const double seconds = 300.0;
    struct ob_rng g;
    ob_rng_init(&g, seed, 77);
    memset(w, 0, sizeof *w);
    w->fs_hz = fs_hz;
    w->length = (size_t)(seconds * fs_hz);
    w->x = malloc(w->length * sizeof *w->x);
    w->beats_s = malloc(4000 * sizeof *w->beats_s);
    static double rr[4000];
    double slow = 0.0;
    for (double t = 0.4 + ob_rng_uniform(&g); t < seconds;) {
        /* 30 s of rest, a minute each of walking, running, walking, running, rest */
        const double load = t < 30.0 ? 0.0 : t < 90.0 ? 0.4 : t < 150.0 ? 1.0 : t < 210.0 ? 0.4 : t < 270.0 ? 1.0 : 0.0;
        slow += (effort * load - slow) * 0.02;
        const double bpm = 75.0 + (25.0 + 65.0) * slow, breath = (1.0 - slow) * 0.05;
        rr[w->beat_count] = 60.0 / bpm * (1.0 + breath * sin(OB_TAU * 0.25 * t) + 0.01 * ob_rng_normal(&g));
        w->beats_s[w->beat_count] = t;
        t += rr[w->beat_count++];
    }
    struct stride s;
    stride_begin(&s, 1.8, &g);
    double fade = 0.0, drift = 0.0, log_height = 0.0;
    size_t from = 0;
    for (size_t i = 0; i < w->length; i++) {
        const double t = (double)i / fs_hz;
        const bool moving = effort > 0.0 && t > 30.0 && t < 270.0;
        const bool running = moving && ((t > 90.0 && t < 150.0) || t > 210.0);
        s.to_hz = running ? 2.7 : 1.8;
        fade += 0.5 / fs_hz * ((moving ? running ? 1.0 : 0.7 : 0.0) - fade);
        drift += -0.3 / fs_hz * drift + 0.4 / sqrt(fs_hz) * ob_rng_normal(&g);
        log_height += -0.1 / fs_hz * log_height + 0.1 / sqrt(fs_hz) * ob_rng_normal(&g);
        double pulse = 0.0;
        while (from < w->beat_count && w->beats_s[from] < t - 2.0)
            from++;
        for (size_t k = from; k < w->beat_count && w->beats_s[k] < t; k++)
            pulse += wrist_pulse(t - w->beats_s[k], rr[k]);
        w->x[i] = (float)(exp(log_height) * pulse + 0.3 * drift + 0.02 * ob_rng_normal(&g) +
                          0.5 * strength * fade * stride_next(&s, fs_hz, &g));
    }
}
