/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detector.h"
#include "signal/ecg.h"

#include <stdio.h>

static struct detector_run one, two;

static void *create(double fs_hz)
{
    return ob_ecg_create(fs_hz);
}

static void destroy(void *it)
{
    ob_ecg_destroy(it);
}

static void reset(void *it)
{
    ob_ecg_reset(it);
}

static bool push(void *it, float sample, struct detector_beat *out)
{
    struct ob_ecg_beat beat;
    if (!ob_ecg_push(it, sample, &beat))
        return false;
    assert_true(beat.index >= 0.0);
    *out = (struct detector_beat){
        .index = beat.index, .decided = beat.decided, .sure_01 = beat.confidence_01, .height = beat.height};
    return true;
}

static float quality(const void *it)
{
    return ob_ecg_quality_01(it);
}

static const struct detector any_ecg = {
    .create = create, .destroy = destroy, .reset = reset, .push = push, .quality_01 = quality, .lowest_hz = 100.0};

static void detect(struct detector_run *r, const float *x, int length, double fs_hz, float factor)
{
    detector_over(&any_ecg, x, length, fs_hz, factor, r);
}

/* How many of the true beats between from_s and to_s were found within 20 ms; *extra_out: found ones that are none. */
static int hits(const struct synthetic *s, const struct detector_run *r, double from_s, double to_s, int *extra_out)
{
    int found = 0, within = 0;
    for (int i = 0; i < r->count; i++)
        within += r->beats[i].index / s->fs_hz >= from_s - 0.02 && r->beats[i].index / s->fs_hz < to_s + 0.02;
    for (int k = 0; k < s->beats; k++) {
        if (s->beat_s[k] < from_s || s->beat_s[k] >= to_s)
            continue;
        for (int i = 0; i < r->count; i++)
            if (fabs(r->beats[i].index / s->fs_hz - s->beat_s[k]) < 0.02) {
                found++;
                break;
            }
    }
    *extra_out = within - found;
    return found;
}

static void takes_only_its_rates(void **state)
{
    (void)state;
    detector_takes_only_its_rates(&any_ecg);
}

static void finds_every_beat_at_every_rate(void **state)
{
    (void)state;
    static const double rates[] = {100.0, 125.0, 130.0, 250.0, 256.0, 360.0, 500.0, 512.0, 1000.0};
    for (size_t k = 0; k < sizeof rates / sizeof rates[0]; k++) {
        struct synthetic s = synthetic_ecg(rates[k], 60.0, 0.9, 0.01, 1);
        detect(&one, s.x, s.length, s.fs_hz, 1.0f);
        assert_int_equal(one.count, s.beats); /* the first ones too: nothing is skipped while learning */
        double square = 0.0;
        int slow = 0;
        for (int i = 0; i < one.count; i++) {
            double error = one.beats[i].index / s.fs_hz - s.beat_s[i];
            assert_true(fabs(error) < 0.006);
            square += error * error;
            double delay = (double)one.beats[i].decided / s.fs_hz - s.beat_s[i];
            if (s.beat_s[i] > 3.0)
                slow += delay > 0.12;
            else
                assert_true(delay < 3.0);
        }
        assert_true(sqrt(square / one.count) < 0.002);
        assert_true(slow <= one.count / 20);
        assert_true(one.quality > 0.7f);
        free(s.x);
    }
}

/* Of a broad complex with two notches that take turns in being the higher one, R stays in the middle. */
static void notches_do_not_move_r(void **state)
{
    (void)state;
    struct synthetic s = {.fs_hz = 360.0, .length = 60 * 360};
    struct ob_rng g;
    ob_rng_init(&g, 21, 0);
    synthetic_beats(&s, 60.0, 0.9);
    s.x = calloc((size_t)s.length, sizeof *s.x);
    for (int k = 0; k < s.beats; k++) {
        double tilt = k % 2 ? 0.06 : -0.06;
        for (int i = 0; i < s.length; i++) {
            double t = i / s.fs_hz - s.beat_s[k];
            if (fabs(t) < 0.4)
                s.x[i] += (float)(bell(t, 0.025) + (0.15 + tilt) * bell(t + 0.014, 0.004) +
                                  (0.15 - tilt) * bell(t - 0.014, 0.004) + 0.25 * bell(t - 0.3, 0.05));
        }
    }
    for (int i = 0; i < s.length; i++)
        s.x[i] += (float)(0.01 * ob_rng_normal(&g));
    detect(&one, s.x, s.length, s.fs_hz, 1.0f);
    assert_int_equal(one.count, s.beats);
    for (int i = 0; i < one.count; i++)
        assert_true(fabs(one.beats[i].index / s.fs_hz - s.beat_s[i]) < 0.005);
    free(s.x);
}

/* The height is that of R over the level before it, in the signal's unit and with its sign. */
static void height_is_that_of_the_signal(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 30.0, 0.9, 0.0, 22);
    for (int i = 0; i < s.length; i++)
        s.x[i] = 7.0f - 3.0f * s.x[i];
    detect(&one, s.x, s.length, 250.0, 1.0f);
    assert_int_equal(one.count, s.beats);
    for (int i = 3; i < one.count; i++)
        assert_true(fabs((double)one.beats[i].height + 3.0) < 0.3);
    free(s.x);
}

static void polarity_changes_nothing(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 120.0, 0.8, 0.1, 2);
    detect(&one, s.x, s.length, 250.0, 1.0f);
    detect(&two, s.x, s.length, 250.0, -1.0f);
    assert_int_equal(one.count, two.count);
    for (int i = 0; i < one.count; i++) {
        assert_true(one.beats[i].index == two.beats[i].index);
        assert_true(one.beats[i].decided == two.beats[i].decided);
        assert_true(one.beats[i].sure_01 == two.beats[i].sure_01);
    }
    free(s.x);
}

static void unit_and_offset_change_nothing(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 60.0, 0.8, 0.05, 3);
    detect(&one, s.x, s.length, 250.0, 1.0f);
    detect(&two, s.x, s.length, 250.0, 1048576.0f); /* a power of two: the same digits */
    assert_int_equal(one.count, two.count);
    for (int i = 0; i < one.count; i++)
        assert_true(fabs(one.beats[i].index - two.beats[i].index) < 1e-6);
    for (int i = 0; i < s.length; i++)
        s.x[i] += 2000.0f;
    detect(&two, s.x, s.length, 250.0, 1.0f);
    assert_int_equal(one.count, two.count);
    free(s.x);
}

static void a_cut_file_gives_what_was_decided_by_then(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(130.0, 60.0, 0.7, 0.15, 4);
    detector_cut_anywhere(&any_ecg, &s, 4);
    free(s.x);
}

static void mains_hum_and_drift_do_not_matter(void **state)
{
    (void)state;
    static const double hums[] = {50.0, 60.0};
    for (int k = 0; k < 2; k++)
        for (int rate = 0; rate < 2; rate++) {
            struct synthetic s = synthetic_ecg(rate ? 500.0 : 250.0, 60.0, 0.85, 0.01, 5);
            for (int i = 0; i < s.length; i++) {
                double t = i / s.fs_hz;
                s.x[i] += (float)(0.25 * sin(6.283185307 * hums[k] * t) + 3.0 * sin(6.283185307 * 0.2 * t));
            }
            detect(&one, s.x, s.length, s.fs_hz, 1.0f);
            int extra, found = hits(&s, &one, 0.0, 60.0, &extra);
            assert_true(found >= s.beats - 1);
            assert_true(extra <= 1);
            free(s.x);
        }
}

static void a_gap_makes_no_beats(void **state)
{
    (void)state;
    static const float holes[] = {NAN, INFINITY, -INFINITY};
    for (int k = 0; k < 3; k++) {
        struct synthetic s = synthetic_ecg(250.0, 60.0, 0.8, 0.02, 6);
        for (int i = (int)(20.0 * 250.0); i < (int)(26.0 * 250.0); i++)
            s.x[i] = holes[k];
        for (int i = (int)(26.0 * 250.0); i < s.length; i++)
            s.x[i] += 50.0f; /* the electrodes come back at another level */
        detect(&one, s.x, s.length, 250.0, 1.0f);
        int extra, found = hits(&s, &one, 20.2, 25.8, &extra);
        assert_int_equal(found + extra, 0);
        /* nor is the edge behind it so high that beats are missed */
        found = hits(&s, &one, 26.0, 60.0, &extra);
        assert_true(found >= synthetic_beats_within(&s, 26.0, 60.0) - 1);
        assert_true(extra <= 1);
        free(s.x);
    }
    /* single missing samples are bridged */
    struct synthetic s = synthetic_ecg(250.0, 30.0, 0.8, 0.02, 7);
    for (int i = 17; i < s.length; i += 40)
        s.x[i] = NAN;
    detect(&one, s.x, s.length, 250.0, 1.0f);
    int extra, found = hits(&s, &one, 0.0, 30.0, &extra);
    assert_true(found >= s.beats - 1 && extra <= 1);
    free(s.x);
}

static void nothing_comes_from_nothing(void **state)
{
    (void)state;
    detector_nothing_from_nothing(&any_ecg, 250.0);
}

static void saturation_lowers_quality(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 40.0, 0.8, 0.02, 8);
    detect(&one, s.x, s.length, 250.0, 1.0f);
    for (int i = 0; i < s.length; i++) {
        double v = (double)s.x[i] + 2.0 * sin(6.283185307 * 0.3 * i / 250.0);
        s.x[i] = (float)(v > 0.5 ? 0.5 : v < -0.5 ? -0.5 : v);
    }
    detect(&two, s.x, s.length, 250.0, 1.0f);
    assert_true(two.quality < 0.7f * one.quality);
    free(s.x);
}

/* A converter that stands still for 0.3 s in each interval, where the heart shows nothing anyway. */
static void a_converter_that_stands_still_lowers_quality(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 60.0, 1.0, 0.01, 15);
    detect(&one, s.x, s.length, 250.0, 1.0f);
    for (int k = 0; k < s.beats; k++) {
        const int from = (int)((s.beat_s[k] + 0.4) * 250.0);
        for (int i = from + 1; i < from + 75 && i < s.length; i++)
            s.x[i] = s.x[from];
    }
    detect(&two, s.x, s.length, 250.0, 1.0f);
    assert_int_equal(two.count, one.count);
    assert_true(two.quality < 0.92f * one.quality);
    free(s.x);
}

static float mean_confidence(const struct detector_run *r, int from, int *sure_out)
{
    float sum = 0.0f;
    *sure_out = 0;
    for (int i = from; i < r->count; i++) {
        sum += r->beats[i].sure_01;
        *sure_out += r->beats[i].sure_01 > 0.5f;
    }
    return r->count > from ? sum / (float)(r->count - from) : 0.0f;
}

/* White noise, a random walk, and noise of 0.5-15 Hz as of loose electrodes. */
static void noise_is_not_trusted(void **state)
{
    (void)state;
    static const double rates[] = {130.0, 250.0, 500.0};
    enum { SECONDS = 120 };
    static float x[SECONDS * 500];
    for (int k = 0; k < 9; k++) {
        const double fs_hz = rates[k % 3];
        const int kind = k / 3, length = (int)(SECONDS * fs_hz);
        struct ob_rng g;
        ob_rng_init(&g, 9, (uint64_t)k);
        double quick = 0.0, slow = 0.0, walk = 0.0;
        for (int i = 0; i < length; i++) {
            const double noise = ob_rng_normal(&g);
            quick += 94.0 / fs_hz / (1.0 + 94.0 / fs_hz) * (noise - quick);
            slow += 3.1 / fs_hz * (quick - slow);
            walk += noise - walk / fs_hz;
            x[i] = (float)(kind == 0 ? noise : kind == 1 ? walk : quick - slow);
        }
        detect(&one, x, length, fs_hz, 1.0f);
        int sure;
        const float mean = mean_confidence(&one, 0, &sure);
        printf("noise %d at %.0f Hz: %d beats in 120 s, mean confidence %.2f, %d above 0.5, quality %.2f\n", kind,
               fs_hz, one.count, (double)mean, sure, (double)one.quality);
        assert_true(mean < 0.42f);
        assert_true(sure <= 3 + one.count / 5);
        assert_true(one.quality < 0.4f);
    }
    /* a hum at 300 a minute */
    struct ob_rng g;
    ob_rng_init(&g, 9, 0);
    for (int i = 0; i < SECONDS * 250; i++)
        x[i] = (float)(sin(6.283185307 * 5.0 * i / 250.0) + 0.3 * ob_rng_normal(&g));
    detect(&two, x, SECONDS * 250, 250.0, 1.0f);
    printf("300 a minute: %d beats in 120 s, quality %.2f\n", two.count, (double)two.quality);
    assert_true(two.quality < 0.6f);
}

/* A minute of noise as large as the heart's wave is before it: a dozen beats later all is believed. */
static void a_heart_after_noise_is_trusted_again(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 120.0, 0.8, 0.02, 12);
    struct ob_rng g;
    int sure, first = 0;
    detect(&two, s.x, s.length, 250.0, 1.0f);
    assert_true(mean_confidence(&two, 0, &sure) > 0.99f && sure == two.count);
    ob_rng_init(&g, 13, 0);
    for (int i = 0; i < 60 * 250; i++)
        s.x[i] = (float)(0.2 * ob_rng_normal(&g));
    detect(&one, s.x, s.length, 250.0, 1.0f);
    while (first < one.count && one.beats[first].index < 60.0 * 250.0)
        first++;
    assert_true(one.count - first >= 70);
    const float mean = mean_confidence(&one, first + 12, &sure);
    printf("after noise: mean confidence %.3f\n", (double)mean);
    assert_true(mean > 0.98f && sure == one.count - first - 12);
    free(s.x);
}

/* A tall P wave 210 ms before a broad and low QRS, for a minute; from the start and after the QRS was tall. */
static void tall_p_waves_are_no_beats(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        struct synthetic s = {.fs_hz = 250.0, .length = 100 * 250};
        struct ob_rng g;
        ob_rng_init(&g, 31, (uint64_t)k);
        synthetic_beats(&s, 100.0, 1.05);
        s.x = calloc((size_t)s.length, sizeof *s.x);
        for (int b = 0; b < s.beats; b++) {
            double tall = k == 1 && b < 30 ? 2.0 : 0.5;
            for (int i = 0; i < s.length; i++) {
                double t = i / s.fs_hz - s.beat_s[b];
                if (fabs(t) < 0.6)
                    s.x[i] += (float)(0.3 * bell(t + 0.21, 0.024) - tall * bell(t, 0.016) + 0.1 * bell(t - 0.3, 0.06));
            }
        }
        for (int i = 0; i < s.length; i++)
            s.x[i] += (float)(0.01 * ob_rng_normal(&g));
        detect(&one, s.x, s.length, s.fs_hz, 1.0f);
        int extra, found = hits(&s, &one, 0.0, 100.0, &extra);
        assert_true(found >= s.beats - 3);
        assert_true(extra <= 3);
        free(s.x);
    }
}

/* Waves that were followed for half a minute turn out to be P when the QRS behind them appears: it is followed at
 * once, and P soon no longer. */
static void what_was_followed_may_turn_out_to_be_p(void **state)
{
    (void)state;
    struct synthetic s = {.fs_hz = 250.0, .length = 80 * 250};
    struct ob_rng g;
    ob_rng_init(&g, 51, 0);
    synthetic_beats(&s, 80.0, 1.0);
    s.x = calloc((size_t)s.length, sizeof *s.x);
    for (int b = 0; b < s.beats; b++)
        for (int i = 0; i < s.length; i++) {
            double t = i / s.fs_hz - s.beat_s[b];
            if (fabs(t) < 0.6)
                s.x[i] += (float)(0.35 * bell(t + 0.21, 0.02) - (b < 30 ? 0.0 : 0.9 * bell(t, 0.014)) +
                                  (b < 30 ? 0.0 : 0.15 * bell(t - 0.3, 0.06)));
        }
    for (int i = 0; i < s.length; i++)
        s.x[i] += (float)(0.01 * ob_rng_normal(&g));
    detect(&one, s.x, s.length, 250.0, 1.0f);
    double from_s = s.beat_s[30] - 0.05;
    int extra, found = hits(&s, &one, from_s, 80.0, &extra);
    printf("a QRS that appears: %d of %d found, %d extra\n", found, synthetic_beats_within(&s, from_s, 80.0), extra);
    assert_true(found >= synthetic_beats_within(&s, from_s, 80.0) - 1);
    assert_true(extra <= 5);
    free(s.x);
}

static void fast_and_slow_hearts_are_followed(void **state)
{
    (void)state;
    static const double rrs[] = {0.34, 0.42, 1.3, 1.7};
    for (int k = 0; k < 4; k++) {
        struct synthetic s = synthetic_ecg(250.0, 60.0, rrs[k], 0.03, 41);
        detect(&one, s.x, s.length, 250.0, 1.0f);
        int extra, found = hits(&s, &one, 0.0, 60.0, &extra);
        assert_true(found >= s.beats - 1 && extra == 0);
        free(s.x);
    }
}

/* A beat so weak that it is refused is taken after all when nothing else comes; later ones are not held up. */
static void a_weak_beat_is_found_looking_back(void **state)
{
    (void)state;
    int late = 0;
    for (int k = 0; k < 8; k++) {
        struct synthetic s = synthetic_ecg(250.0, 120.0, 0.85, 0.02, 3);
        for (int i = 0; i < s.length; i++)
            for (int b = 12; b < s.beats; b += 10)
                if (fabs(i / 250.0 - s.beat_s[b]) < 0.1)
                    s.x[i] *= 0.18f + 0.01f * (float)k;
        detect(&one, s.x, s.length, 250.0, 1.0f);
        for (int i = 0; i < one.count; i++)
            late += (double)one.beats[i].decided - one.beats[i].index > 0.5 * 250.0 && one.beats[i].index > 750.0;
        int extra, found = hits(&s, &one, 0.0, 120.0, &extra);
        assert_true(found >= s.beats * 9 / 10 - 1 && extra == 0);
        free(s.x);
    }
    assert_true(late >= 3);
}

/* Every other beat comes early, broad, the other way round and taller (bigeminy): they are beats too. */
static void broad_early_beats_are_beats(void **state)
{
    (void)state;
    struct synthetic s = {.fs_hz = 250.0, .length = 120 * 250};
    struct ob_rng g;
    ob_rng_init(&g, 17, 0);
    for (double t = 0.6; t < 118.0; t += 1.6 + 0.05 * ob_rng_normal(&g)) {
        s.beat_s[s.beats++] = t;
        s.beat_s[s.beats++] = t + 0.43;
    }
    s.x = calloc((size_t)s.length, sizeof *s.x);
    for (int b = 0; b < s.beats; b++)
        for (int i = 0; i < s.length; i++) {
            double t = i / s.fs_hz - s.beat_s[b];
            if (fabs(t) < 0.6)
                s.x[i] += (float)(b % 2 ? 0.7 * bell(t - 0.3, 0.06) - 1.6 * bell(t, 0.028)
                                        : bell(t, 0.011) + 0.12 * bell(t + 0.16, 0.022) + 0.2 * bell(t - 0.26, 0.045));
        }
    for (int i = 0; i < s.length; i++)
        s.x[i] += (float)(0.02 * ob_rng_normal(&g));
    detect(&one, s.x, s.length, 250.0, 1.0f);
    int extra, found = hits(&s, &one, 0.0, 120.0, &extra);
    assert_true(found >= s.beats - 3 && extra <= 1);
    free(s.x);
}

/* Electrodes pushed by every step: up within 60 ms, twice as high as R, and slowly back. */
static void steps_are_no_beats(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 120.0, 0.85, 0.02, 13);
    struct ob_rng g;
    ob_rng_init(&g, 13, 1);
    double since = 9.0, height = 0.0, next = 40.0;
    for (int i = 40 * 250; i < s.length; i++) {
        double t = i / 250.0;
        if (t >= next) {
            next = t + 0.9 + 0.3 * ob_rng_uniform(&g);
            since = 0.0;
            height = 1.2 + 0.8 * ob_rng_uniform(&g);
        }
        since += 0.004;
        s.x[i] += (float)(height * (since < 0.06 ? 0.5 - 0.5 * cos(3.14159265358979 * since / 0.06)
                                                 : exp(-(since - 0.06) / 0.2)));
    }
    detect(&one, s.x, s.length, 250.0, 1.0f);
    int extra, found = hits(&s, &one, 40.0, 119.0, &extra), all = synthetic_beats_within(&s, 40.0, 119.0);
    printf("a walk: %d of %d beats found, %d steps taken for beats\n", found, all, extra);
    assert_true(found * 100 >= all * 85);
    assert_true(extra * 100 <= all * 35);
    free(s.x);
}

static void swapped_leads_are_followed(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 80.0, 0.8, 0.03, 10);
    for (int i = s.length / 2; i < s.length; i++)
        s.x[i] = -0.5f * s.x[i];
    detect(&one, s.x, s.length, 250.0, 1.0f);
    int extra, found = hits(&s, &one, 0.0, 80.0, &extra);
    assert_true(found >= s.beats - 3);
    assert_true(extra <= 2);
    free(s.x);
}

static void strokes_and_spikes_pass(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 100.0, 0.8, 0.02, 11);
    struct ob_rng g;
    ob_rng_init(&g, 11, 1);
    double swing = 0.0;
    for (int i = (int)(30.0 * 250.0); i < (int)(40.0 * 250.0); i++) { /* a hand across the electrodes */
        swing = 0.98 * swing + ob_rng_normal(&g);
        s.x[i] += (float)swing;
    }
    s.x[60 * 250] = 1e30f;
    s.x[60 * 250 + 1] = -3e38f;
    detect(&one, s.x, s.length, 250.0, 1.0f);
    int extra, found = hits(&s, &one, 45.0, 59.0, &extra);
    assert_true(found >= synthetic_beats_within(&s, 45.0, 59.0) - 1 && extra <= 1);
    found = hits(&s, &one, 80.0, 99.0, &extra);
    assert_true(found >= synthetic_beats_within(&s, 80.0, 99.0) - 1 && extra <= 1);
    /* while it lasts, what is reported is less sure than before */
    double during = 0.0, before = 0.0;
    int n_during = 0, n_before = 0;
    for (int i = 0; i < one.count; i++) {
        double t = one.beats[i].index / 250.0;
        if (t > 31.0 && t < 40.0) {
            during += (double)one.beats[i].sure_01;
            n_during++;
        } else if (t > 5.0 && t < 30.0) {
            before += (double)one.beats[i].sure_01;
            n_before++;
        }
    }
    assert_true(n_before > 0);
    assert_true(n_during == 0 || during / n_during < before / n_before);
    free(s.x);
}

static void reset_forgets_but_counts_on(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ecg(250.0, 20.0, 0.8, 0.02, 12);
    detector_reset_counts_on(&any_ecg, &s);
    free(s.x);
}

static bool same_beat(const struct ob_ecg_beat *a, const struct ob_ecg_beat *b)
{
    return a->index == b->index && a->decided == b->decided && a->confidence_01 == b->confidence_01 &&
           a->height == b->height;
}

/* Samples in runs of any length give to the bit what they give one by one: over gaps, flat lines, steps and noise, and
 * from a reset on. */
static void many_at_once_are_as_one_by_one(void **state)
{
    (void)state;
    static const double rates[] = {100.0, 130.0, 250.0, 250.0, 360.0, 500.0};
    for (size_t k = 0; k < sizeof rates / sizeof rates[0]; k++) {
        struct synthetic s = synthetic_ecg(rates[k], 90.0, 0.5 + 0.1 * (double)k, 0.02, k);
        const int second = (int)rates[k];
        struct ob_rng g;
        ob_rng_init(&g, k, 1);
        for (int i = 10 * second; i < 40 * second; i++)
            s.x[i] = i < 12 * second   ? 0.25f
                     : i < 20 * second ? s.x[i] + (i % 170 == 0 ? 5.0f : 0.0f)
                     : i < 22 * second ? NAN
                     : i < 30 * second ? s.x[i] + (float)ob_rng_normal(&g)
                                       : s.x[i] + 30.0f;
        for (int i = 45 * second; i < 60 * second; i += 1 + (int)(ob_rng_uniform(&g) * 60.0))
            s.x[i] = i % 2 ? NAN : INFINITY;
        struct ob_ecg *singly = ob_ecg_create(rates[k]), *together = ob_ecg_create(rates[k]);
        int beats = 0;
        for (int i = 0; i < s.length;) {
            struct ob_ecg_beat many[300], beat;
            const int left = s.length - i, run = 1 + (int)(ob_rng_uniform(&g) * 299.0);
            const size_t count = (size_t)(run < left ? run : left);
            const size_t found = ob_ecg_push_many(together, s.x + i, count, many);
            size_t at = 0;
            for (size_t n = 0; n < count; n++)
                if (ob_ecg_push(singly, s.x[i + (int)n], &beat))
                    assert_true(at < found && same_beat(&beat, &many[at++]));
            assert_int_equal(at, found);
            assert_true(ob_ecg_quality_01(singly) == ob_ecg_quality_01(together));
            beats += (int)found;
            i += (int)count;
            if (i > 70 * second && i - (int)count <= 70 * second) {
                ob_ecg_reset(singly);
                ob_ecg_reset(together);
            }
        }
        assert_true(beats > 40);
        assert_true(ob_ecg_rate_doubt(singly) == ob_ecg_rate_doubt(together));
        ob_ecg_destroy(singly);
        ob_ecg_destroy(together);
        free(s.x);
    }
}

static enum ob_ecg_rate_doubt doubt(const struct synthetic *s, double fs_hz)
{
    struct ob_ecg *ecg = ob_ecg_create(fs_hz);
    struct ob_ecg_beat beat;
    for (int i = 0; i < s->length; i++)
        ob_ecg_push(ecg, s->x[i], &beat);
    const enum ob_ecg_rate_doubt found = ob_ecg_rate_doubt(ecg);
    ob_ecg_destroy(ecg);
    return found;
}

static void a_wrong_rate_is_suspected(void **state)
{
    (void)state;
    int told = 0, cases = 0;
    for (int k = 0; k < 8; k++) {
        struct synthetic s = synthetic_ecg(250.0, 60.0, 0.7 + 0.06 * k, 0.02, (uint64_t)k);
        assert_int_equal(doubt(&s, 250.0), OB_ECG_RATE_FINE);
        told += doubt(&s, 125.0) == OB_ECG_RATE_TOO_LOW;
        told += doubt(&s, 500.0) == OB_ECG_RATE_TOO_HIGH;
        cases += 2;
        free(s.x);
    }
    assert_true(told * 10 >= cases * 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_only_its_rates),
        cmocka_unit_test(finds_every_beat_at_every_rate),
        cmocka_unit_test(notches_do_not_move_r),
        cmocka_unit_test(height_is_that_of_the_signal),
        cmocka_unit_test(polarity_changes_nothing),
        cmocka_unit_test(unit_and_offset_change_nothing),
        cmocka_unit_test(a_cut_file_gives_what_was_decided_by_then),
        cmocka_unit_test(mains_hum_and_drift_do_not_matter),
        cmocka_unit_test(a_gap_makes_no_beats),
        cmocka_unit_test(nothing_comes_from_nothing),
        cmocka_unit_test(saturation_lowers_quality),
        cmocka_unit_test(a_converter_that_stands_still_lowers_quality),
        cmocka_unit_test(noise_is_not_trusted),
        cmocka_unit_test(a_heart_after_noise_is_trusted_again),
        cmocka_unit_test(tall_p_waves_are_no_beats),
        cmocka_unit_test(what_was_followed_may_turn_out_to_be_p),
        cmocka_unit_test(fast_and_slow_hearts_are_followed),
        cmocka_unit_test(a_weak_beat_is_found_looking_back),
        cmocka_unit_test(broad_early_beats_are_beats),
        cmocka_unit_test(steps_are_no_beats),
        cmocka_unit_test(swapped_leads_are_followed),
        cmocka_unit_test(strokes_and_spikes_pass),
        cmocka_unit_test(reset_forgets_but_counts_on),
        cmocka_unit_test(many_at_once_are_as_one_by_one),
        cmocka_unit_test(a_wrong_rate_is_suspected),
    };
    return cmocka_run_group_tests_name("ecg", tests, NULL, NULL);
}
