/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold of every causal beat detector, whatever signal it reads: each test file fills in a table with its
 * detector and calls these cases from its own tests. */
#ifndef OB_TESTS_SIGNAL_DETECTOR_H
#define OB_TESTS_SIGNAL_DETECTOR_H

#include "synthetic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define DETECTOR_BEATS 8000

struct detector_beat {
    double index;
    uint64_t decided;
    float sure_01, height;
};

struct detector {
    void *(*create)(double fs_hz);
    void (*destroy)(void *it);
    void (*reset)(void *it);
    bool (*push)(void *it, float sample, struct detector_beat *beat_out);
    float (*quality_01)(const void *it);
    double lowest_hz; /* it takes rates from here to 1000 Hz */
};

struct detector_run {
    struct detector_beat beats[DETECTOR_BEATS];
    int count;
    float quality;
};

/* A whole signal; what holds at every beat is asserted on the way. */
static inline void detector_over(const struct detector *d, const float *x, int length, double fs_hz, float factor,
                                 struct detector_run *r)
{
    void *it = d->create(fs_hz);
    assert_non_null(it);
    r->count = 0;
    for (int i = 0; i < length; i++) {
        struct detector_beat beat;
        const bool any = d->push(it, factor * x[i], &beat);
        const float quality = d->quality_01(it);
        assert_true(quality >= 0.0f && quality <= 1.0f);
        if (!any)
            continue;
        assert_true(r->count < DETECTOR_BEATS);
        assert_int_equal(beat.decided, i);
        assert_true(isfinite(beat.index) && isfinite(beat.height) && beat.index <= (double)i);
        assert_true(r->count == 0 || beat.index > r->beats[r->count - 1].index);
        assert_true(beat.sure_01 >= 0.0f && beat.sure_01 <= 1.0f);
        r->beats[r->count++] = beat;
    }
    r->quality = d->quality_01(it);
    d->destroy(it);
}

static inline void detector_takes_only_its_rates(const struct detector *d)
{
    const double wrong[] = {d->lowest_hz - 1.0, 1001.0, 0.0, -250.0, (double)NAN, (double)INFINITY};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_null(d->create(wrong[i]));
    void *lowest = d->create(d->lowest_hz), *highest = d->create(1000.0);
    assert_non_null(lowest);
    assert_non_null(highest);
    d->destroy(lowest);
    d->destroy(highest);
    d->destroy(NULL);
}

/* Cut anywhere, a signal gives the beats that the whole one had decided by then. */
static inline void detector_cut_anywhere(const struct detector *d, const struct synthetic *s, uint64_t seed)
{
    static struct detector_run whole, part;
    struct ob_rng g;
    ob_rng_init(&g, seed, 0);
    detector_over(d, s->x, s->length, s->fs_hz, 1.0f, &whole);
    assert_true(whole.count > 20);
    for (int trial = 0; trial < 30; trial++) {
        const int end = (int)(ob_rng_uniform(&g) * s->length);
        detector_over(d, s->x, end, s->fs_hz, 1.0f, &part);
        int kept = 0;
        while (kept < whole.count && whole.beats[kept].decided < (uint64_t)end)
            kept++;
        assert_int_equal(part.count, kept);
        for (int i = 0; i < kept; i++) {
            assert_true(whole.beats[i].index == part.beats[i].index);
            assert_int_equal(whole.beats[i].decided, part.beats[i].decided);
            assert_true(whole.beats[i].sure_01 == part.beats[i].sure_01);
        }
    }
}

/* Zeros, missing samples, infinities, a converter at either end, one sample, none: no beats, no quality. */
static inline void detector_nothing_from_nothing(const struct detector *d, double fs_hz)
{
    enum { LENGTH = 7500 };
    static float x[LENGTH];
    static struct detector_run r;
    const float levels[] = {0.0f, NAN, INFINITY, -INFINITY, 32767.0f, 65535.0f, -32768.0f, 3e38f};
    for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++) {
        for (int i = 0; i < LENGTH; i++)
            x[i] = levels[k];
        static const int lengths[] = {LENGTH, 1, 0};
        for (int l = 0; l < 3; l++) {
            detector_over(d, x, lengths[l], fs_hz, 1.0f, &r);
            assert_int_equal(r.count, 0);
            assert_true(r.quality == 0.0f);
        }
    }
}

/* After a reset the same signal gives the same beats again, and sample numbers go on. */
static inline void detector_reset_counts_on(const struct detector *d, const struct synthetic *s)
{
    void *it = d->create(s->fs_hz);
    struct detector_beat beat;
    int first = 0, second = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < s->length; i++)
            if (d->push(it, s->x[i], &beat)) {
                *(pass ? &second : &first) += 1;
                assert_true(beat.index >= (double)pass * s->length);
                assert_int_equal(beat.decided, pass * s->length + i);
            }
        d->reset(it);
        assert_true(d->quality_01(it) == 0.0f);
    }
    assert_true(first > 15);
    assert_int_equal(first, second);
    d->destroy(it);
}

#endif
