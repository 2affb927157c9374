/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "detector.h"
#include "signal/ppg.h"

#include <stdio.h>

static struct detector_run one, two;

static void *create(double fs_hz)
{
    return ob_ppg_create(fs_hz);
}

static void destroy(void *it)
{
    ob_ppg_destroy(it);
}

static void reset(void *it)
{
    ob_ppg_reset(it);
}

static bool push(void *it, float sample, struct detector_beat *out)
{
    struct ob_ppg_beat beat;
    if (!ob_ppg_push(it, sample, &beat))
        return false;
    *out = (struct detector_beat){
        .index = beat.index, .decided = beat.decided, .sure_01 = beat.quality_01, .height = beat.height};
    return true;
}

static float quality(const void *it)
{
    return ob_ppg_quality_01(it);
}

static const struct detector any_ppg = {
    .create = create, .destroy = destroy, .reset = reset, .push = push, .quality_01 = quality, .lowest_hz = 25.0};

static void detect(struct detector_run *r, const float *x, int length, double fs_hz, float factor)
{
    detector_over(&any_ppg, x, length, fs_hz, factor, r);
}

/* Found beats of a quality of at least `least` that are within 50 ms of a true foot, and those that are not. */
static int hits(const struct synthetic *s, const struct detector_run *r, double from_s, double to_s, float least,
                int *extra_out)
{
    int found = 0;
    *extra_out = 0;
    for (int i = 0; i < r->count; i++) {
        double t = r->beats[i].index / s->fs_hz;
        if (t < from_s || t >= to_s || r->beats[i].sure_01 < least)
            continue;
        bool hit = false;
        for (int k = 0; k < s->beats; k++)
            hit = hit || fabs(t - s->beat_s[k]) < 0.05;
        found += hit;
        *extra_out += !hit;
    }
    return found;
}

static void takes_only_its_rates(void **state)
{
    (void)state;
    detector_takes_only_its_rates(&any_ppg);
}

static void finds_the_foot_at_every_rate(void **state)
{
    (void)state;
    static const double rates[] = {25.0, 30.0, 50.0, 64.0, 100.0, 125.0, 250.0, 500.0, 1000.0};
    for (size_t k = 0; k < sizeof rates / sizeof rates[0]; k++) {
        struct synthetic s = synthetic_ppg(rates[k], 60.0, 0.9, 0.005, 1);
        detect(&one, s.x, s.length, s.fs_hz, 1.0f);
        int extra, found = hits(&s, &one, 0.0, 60.0, 0.0f, &extra);
        assert_true(found >= s.beats - 1);
        assert_true(extra <= 1);
        assert_true(one.quality > 0.8f);
        /* steady: intervals, not places, are what is used */
        double square = 0.0;
        for (int i = 2; i < found && i < one.count; i++) {
            double rr = (one.beats[i].index - one.beats[i - 1].index) / s.fs_hz, best = 1.0;
            for (int b = 1; b < s.beats; b++)
                if (fabs(s.beat_s[b] - one.beats[i].index / s.fs_hz) < 0.05)
                    best = rr - (s.beat_s[b] - s.beat_s[b - 1]);
            square += best * best;
        }
        assert_true(sqrt(square / found) < (rates[k] < 60.0 ? 0.012 : 0.006));
        free(s.x);
    }
}

static void either_polarity_finds_the_same_flank(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ppg(100.0, 120.0, 0.9, 0.02, 2);
    for (int inverted = 0; inverted < 2; inverted++) {
        detect(&one, s.x, s.length, 100.0, inverted ? -1.0f : 1.0f);
        int extra, found = hits(&s, &one, 10.0, 120.0, 0.0f, &extra);
        assert_true(found >= synthetic_beats_within(&s, 10.0, 120.0) - 1);
        assert_true(extra <= 1);
    }
    free(s.x);
}

static void a_cut_file_gives_what_was_decided_by_then(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ppg(64.0, 60.0, 0.8, 0.05, 4);
    detector_cut_anywhere(&any_ppg, &s, 4);
    free(s.x);
}

static void drift_hum_and_single_gaps_do_not_matter(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ppg(250.0, 60.0, 0.85, 0.005, 5);
    for (int i = 0; i < s.length; i++) {
        double t = i / s.fs_hz;
        s.x[i] += (float)(1.5 * sin(6.283185307 * 0.15 * t) + 0.1 * sin(6.283185307 * 50.0 * t) + 500.0);
        if (i % 37 == 5)
            s.x[i] = NAN;
    }
    detect(&one, s.x, s.length, 250.0, 1.0f);
    int extra, found = hits(&s, &one, 0.0, 60.0, 0.0f, &extra);
    assert_true(found >= s.beats - 2);
    assert_true(extra <= 2);
    free(s.x);
}

static void a_finger_that_leaves_and_comes_back(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ppg(100.0, 90.0, 0.9, 0.002, 6);
    struct ob_rng g;
    ob_rng_init(&g, 6, 1);
    for (int i = 3000; i < 5000; i++)
        s.x[i] = (float)(5.0 + 0.002 * ob_rng_normal(&g));
    detect(&one, s.x, s.length, 100.0, 1.0f);
    int extra, found = hits(&s, &one, 31.0, 49.0, 0.5f, &extra);
    assert_true(found + extra <= 2); /* nothing that passes for sure */
    found = hits(&s, &one, 60.0, 90.0, 0.5f, &extra);
    assert_true(found >= synthetic_beats_within(&s, 60.0, 90.0) - 2);
    assert_true(extra <= 1);
    /* missing altogether */
    for (int i = 3000; i < 5000; i++)
        s.x[i] = NAN;
    detect(&one, s.x, s.length, 100.0, 1.0f);
    hits(&s, &one, 31.0, 49.0, 0.0f, &extra);
    assert_true(extra <= 1);
    free(s.x);
}

/* Pulses of 1.0 up to 30 s; then, until 36 s, nothing; then pulses of the given height. */
static struct synthetic away_and_back(double height)
{
    struct synthetic s = synthetic_ppg(100.0, 90.0, 0.9, 0.0, 7);
    for (int i = 3000; i < s.length; i++)
        s.x[i] = i < 3600 ? s.x[2999] : s.x[2999] + (float)height * (s.x[i] - s.x[3599]);
    return s;
}

static void what_comes_back_smaller_is_taken_at_its_size(void **state)
{
    (void)state;
    struct synthetic s = away_and_back(0.25);
    int extra;
    detect(&one, s.x, s.length, 100.0, 1.0f);
    assert_true(hits(&s, &one, 40.0, 60.0, 0.5f, &extra) >= synthetic_beats_within(&s, 40.0, 60.0) - 1);
    assert_true(extra == 0);
    free(s.x);
}

/* A steady heart whose pulse is away for 6 s and comes back half an interval off: followed after a few beats. */
static void another_phase_is_followed(void **state)
{
    (void)state;
    struct synthetic s = {.fs_hz = 100.0, .length = 6000};
    s.x = calloc(6000, sizeof *s.x);
    for (double t = 0.6; t < 59.0; t += 0.9) {
        if (t > 29.0 && t < 36.0)
            t = 36.45 + 0.6; /* 39.5 intervals after the first */
        s.beat_s[s.beats++] = t;
        for (int i = (int)ceil(t * 100.0); i < 6000 && i < (int)(t * 100.0) + 200; i++) {
            const double d = i / 100.0 - t;
            s.x[i] += (float)(d < 0.14 ? 0.5 - 0.5 * cos(OB_PI * d / 0.14) : exp(-(d - 0.14) / 0.22));
        }
    }
    detect(&one, s.x, s.length, 100.0, 1.0f);
    int extra;
    assert_true(hits(&s, &one, 42.0, 59.0, 0.5f, &extra) >= synthetic_beats_within(&s, 42.0, 59.0) - 1);
    assert_true(extra == 0);
    free(s.x);
}

/* Five pulses of a twelfth of the usual height: reported where one is due, and not believed. */
static void ripples_where_pulses_are_due_are_reported_and_not_believed(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ppg(100.0, 60.0, 0.9, 0.0, 17);
    const double from_s = s.beat_s[30] - 0.05, to_s = s.beat_s[35] - 0.05;
    const float base = s.x[(int)(from_s * 100.0)];
    for (int i = (int)(from_s * 100.0); i < (int)(to_s * 100.0); i++)
        s.x[i] = base + 0.08f * (s.x[i] - base);
    detect(&one, s.x, s.length, 100.0, 1.0f);
    int extra, seen = hits(&s, &one, from_s - 0.05, to_s - 0.05, 0.0f, &extra);
    assert_true(seen >= 1 && extra == 0);
    seen = hits(&s, &one, from_s - 0.05, to_s - 0.05, 0.4f, &extra);
    assert_int_equal(seen + extra, 0);
    /* the rhythm went on unseen and out of step: the first pulse of the usual size is known by its form */
    seen = hits(&s, &one, s.beat_s[35] - 0.05, s.beat_s[55], 0.5f, &extra);
    assert_true(seen >= 20 && extra == 0);
    free(s.x);
}

static float quality_near(const struct detector_run *r, double t_s)
{
    for (int i = 0; i < r->count; i++)
        if (fabs(r->beats[i].index / 100.0 - t_s) < 0.1)
            return r->beats[i].sure_01;
    fail_msg("no beat at %.2f s", t_s);
    return 0.0f;
}

/* A pulse too many in the middle of an interval is less believed than one that comes after a pulse that is missing:
 * what movement adds comes between pulses. */
static void too_early_is_worse_than_too_late(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ppg(100.0, 60.0, 1.2, 0.0, 18), late = synthetic_ppg(100.0, 60.0, 1.2, 0.0, 18);
    const double early_s = s.beat_s[25] + 0.6 * (s.beat_s[26] - s.beat_s[25]);
    for (int i = 0; i < s.length; i++) {
        const double d = i / 100.0 - early_s, gone = i / 100.0 - late.beat_s[25];
        if (d > 0.0)
            s.x[i] += (float)(d < 0.14 ? 0.5 - 0.5 * cos(3.14159265358979 * d / 0.14) : exp(-(d - 0.14) / 0.22));
        if (gone > 0.0)
            late.x[i] -=
                (float)((gone < 0.14 ? 0.5 - 0.5 * cos(3.14159265358979 * gone / 0.14) : exp(-(gone - 0.14) / 0.22)) +
                        0.12 * bell(gone - 0.38, 0.05));
    }
    detect(&one, s.x, s.length, 100.0, 1.0f);
    detect(&two, late.x, late.length, 100.0, 1.0f);
    const float early = quality_near(&one, early_s), after = quality_near(&two, late.beat_s[26]);
    print_message("a pulse too early: quality %.2f, one after a pause: %.2f\n", (double)early, (double)after);
    assert_true(early < after - 0.03f);
    free(s.x);
    free(late.x);
}

static void quality_is_none_without_pulses(void **state)
{
    (void)state;
    struct synthetic s = away_and_back(1.0);
    struct ob_ppg *ppg = ob_ppg_create(100.0);
    struct ob_ppg_beat beat;
    for (int i = 0; i < 3590; i++) {
        ob_ppg_push(ppg, s.x[i], &beat);
        if (i == 2900)
            assert_true(ob_ppg_quality_01(ppg) > 0.9f);
    }
    assert_true(ob_ppg_quality_01(ppg) == 0.0f); /* 5 s after the last pulse */
    ob_ppg_destroy(ppg);
    free(s.x);
}

/* Three strokes of eight times the height among pulses: what comes after is found at once. */
static void strokes_do_not_raise_the_bar(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ppg(100.0, 60.0, 0.9, 0.005, 9);
    for (int k = 20; k < 29; k += 3)
        for (int i = 0; i < 60; i++)
            s.x[(int)(s.beat_s[k] * 100.0) + i] += 8.0f * (i < 14 ? (float)i / 14.0f : (float)(60 - i) / 46.0f);
    detect(&one, s.x, s.length, 100.0, 1.0f);
    int extra;
    const double from_s = s.beat_s[29] - 0.2;
    const int found = hits(&s, &one, from_s, from_s + 8.0, 0.0f, &extra);
    print_message("after strokes: %d of %d\n", found, synthetic_beats_within(&s, from_s, from_s + 8.0));
    assert_true(found >= synthetic_beats_within(&s, from_s, from_s + 8.0) - 1);
    free(s.x);
}

static void nothing_comes_from_nothing(void **state)
{
    (void)state;
    detector_nothing_from_nothing(&any_ppg, 100.0);
}

static void noise_is_not_trusted(void **state)
{
    (void)state;
    enum { LENGTH = 12000 };
    static float x[LENGTH];
    struct ob_rng g;
    ob_rng_init(&g, 9, 0);
    for (int i = 0; i < LENGTH; i++)
        x[i] = (float)ob_rng_normal(&g);
    detect(&one, x, LENGTH, 100.0, 1.0f);
    double sum = 0.0;
    for (int i = 0; i < one.count; i++)
        sum += (double)one.beats[i].sure_01;
    printf("white noise: %d beats in 120 s, mean quality %.2f\n", one.count, one.count ? sum / one.count : 0.0);
    assert_true(one.count == 0 || sum / one.count < 0.5);
}

static double mean_quality(const struct detector_run *r, double fs_hz, double from_s, double to_s)
{
    double sum = 0.0, count = 0.0;
    for (int i = 0; i < r->count; i++)
        if (r->beats[i].index / fs_hz >= from_s && r->beats[i].index / fs_hz < to_s) {
            sum += (double)r->beats[i].sure_01;
            count += 1.0;
        }
    return count > 0.0 ? sum / count : 0.0;
}

static void movement_lowers_quality(void **state)
{
    (void)state;
    /* Steps of a walker, as large as the pulses, and nearly as regular as a heart. */
    for (int k = 0; k < 4; k++) {
        struct synthetic s = synthetic_ppg(64.0, 100.0, 0.85, 0.01, 20);
        for (int i = 40 * 64; i < 70 * 64; i++) {
            double t = i / 64.0;
            s.x[i] += (float)(0.6 * sin(6.283185307 * (1.7 + 0.3 * k) * t) + 0.3 * sin(6.283185307 * 0.85 * t));
        }
        detect(&one, s.x, s.length, 64.0, 1.0f);
        double before = mean_quality(&one, 64.0, 10.0, 40.0), during = mean_quality(&one, 64.0, 42.0, 70.0);
        double after = mean_quality(&one, 64.0, 80.0, 100.0);
        assert_true(before > 0.9);
        assert_true(during < 0.75 * before);
        assert_true(after > 0.9);
        free(s.x);
    }
}

static void a_spike_passes(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ppg(100.0, 60.0, 0.9, 0.005, 10);
    s.x[2000] = 1e30f;
    s.x[2001] = -3e38f;
    detect(&one, s.x, s.length, 100.0, 1.0f);
    int extra, found = hits(&s, &one, 40.0, 60.0, 0.5f, &extra);
    assert_true(found >= synthetic_beats_within(&s, 40.0, 59.5) - 2);
    assert_true(extra <= 1);
    free(s.x);
}

static void reset_forgets_but_counts_on(void **state)
{
    (void)state;
    struct synthetic s = synthetic_ppg(50.0, 20.0, 0.8, 0.01, 12);
    detector_reset_counts_on(&any_ppg, &s);
    free(s.x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_only_its_rates),
        cmocka_unit_test(finds_the_foot_at_every_rate),
        cmocka_unit_test(either_polarity_finds_the_same_flank),
        cmocka_unit_test(a_cut_file_gives_what_was_decided_by_then),
        cmocka_unit_test(drift_hum_and_single_gaps_do_not_matter),
        cmocka_unit_test(a_finger_that_leaves_and_comes_back),
        cmocka_unit_test(what_comes_back_smaller_is_taken_at_its_size),
        cmocka_unit_test(another_phase_is_followed),
        cmocka_unit_test(ripples_where_pulses_are_due_are_reported_and_not_believed),
        cmocka_unit_test(too_early_is_worse_than_too_late),
        cmocka_unit_test(quality_is_none_without_pulses),
        cmocka_unit_test(strokes_do_not_raise_the_bar),
        cmocka_unit_test(nothing_comes_from_nothing),
        cmocka_unit_test(noise_is_not_trusted),
        cmocka_unit_test(movement_lowers_quality),
        cmocka_unit_test(a_spike_passes),
        cmocka_unit_test(reset_forgets_but_counts_on),
    };
    return cmocka_run_group_tests_name("ppg", tests, NULL, NULL);
}
