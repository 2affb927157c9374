/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The breathing rate from intervals, shapes of beats, a belt and a chest's acceleration, against simulated persons
 * whose breath is known; and that nothing is made up from bad input. */
#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"
#include "person/person.h"
#include "signal/ecg.h"
#include "signal/resp.h"
#include "signal/resp_shape.h"
#include "signal/rr.h"

#include "tops.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

/* Intervals around 900 ms that swing with the given breath. */
static void breathe(struct ob_resp *resp, double from_s, double to_s, double brpm, double swing_ms)
{
    for (double t = from_s; t < to_s;) {
        const double nn_ms = 900.0 + swing_ms * sin(OB_TAU * brpm / 60.0 * t);
        t += nn_ms * 1e-3;
        ob_resp_interval(resp, ob_ns_from_s(t), nn_ms, true);
    }
}

static void a_steady_breath_is_found_to_a_hundredth(void **state)
{
    (void)state;
    static const double rates[] = {4.5, 5.0, 5.5, 6.0, 7.0, 9.0, 12.0, 15.0, 18.0, 22.0, 25.0};
    double worst = 0.0;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct ob_resp *resp = ob_resp_create();
        struct ob_resp_rate rate;
        breathe(resp, 0.0, 70.0, rates[i], 40.0);
        assert_true(ob_resp_rate(resp, 70 * OB_NS_PER_S, &rate));
        worst = fmax(worst, fabs(rate.brpm / rates[i] - 1.0));
        assert_true(rate.quality_01 > OB_RESP_TRUST_01);
        assert_int_equal(rate.source, OB_RESP_HEART);
        assert_true(rate.window_s == 60.0);
        ob_resp_destroy(resp);
    }
    print_message("steady breath of 4.5-25/min from intervals: off by at most %.2f%%\n", 100.0 * worst);
    assert_true(worst < 0.012);
}

static void it_is_known_after_thirty_seconds_and_forgotten_after_ten(void **state)
{
    (void)state;
    struct ob_resp *resp = ob_resp_create();
    struct ob_resp_rate rate;
    assert_false(ob_resp_rate(resp, 0, &rate));
    breathe(resp, 0.0, 26.0, 12.0, 40.0);
    assert_false(ob_resp_rate(resp, 27 * OB_NS_PER_S, &rate));
    breathe(resp, 27.0, 33.0, 12.0, 40.0);
    assert_true(ob_resp_rate(resp, 33 * OB_NS_PER_S, &rate));
    assert_true(fabs(rate.brpm - 12.0) < 0.3 && rate.window_s == 30.0);
    const double early_01 = rate.quality_01;
    breathe(resp, 33.0, 65.0, 12.0, 40.0);
    assert_true(ob_resp_rate(resp, 65 * OB_NS_PER_S, &rate));
    assert_true(rate.quality_01 > early_01);
    assert_false(ob_resp_rate(resp, 80 * OB_NS_PER_S, &rate));
    ob_resp_reset(resp);
    assert_false(ob_resp_rate(resp, 66 * OB_NS_PER_S, &rate));
    ob_resp_destroy(resp);
}

static void a_change_of_pace_is_averaged_not_lost(void **state)
{
    (void)state;
    struct ob_resp *resp = ob_resp_create();
    struct ob_resp_rate rate;
    breathe(resp, 0.0, 30.0, 10.0, 40.0);
    breathe(resp, 30.0, 60.0, 16.0, 40.0);
    assert_true(ob_resp_rate(resp, 60 * OB_NS_PER_S, &rate));
    assert_true(fabs(rate.brpm - 13.0) < 1.0);
    assert_true(fabs(rate.latest_brpm - 16.0) < 0.5);
    assert_false(rate.mechanical); /* intervals alone */
    ob_resp_destroy(resp);
}

#define MINUTE 600 /* tenths of a second */

struct watched {
    int minutes, near, known;
    double worst, mean_quality_01;
};

enum { WITH_ECG = 1, WITH_RESP = 2, WITH_ACC = 4 };

static struct watched live_with(const char *keys, unsigned what, int minutes)
{
    struct ob_person_desc desc;
    ob_person_desc_init(&desc);
    assert_int_equal(ob_person_desc_parse(keys, &desc, NULL, 0), OB_OK);
    desc.signals = (what & WITH_ECG ? 1u << OB_PERSON_ECG : 0u) | (what & WITH_RESP ? 1u << OB_PERSON_RESP : 0u) |
                   (what & WITH_ACC ? 1u << OB_PERSON_ACC : 0u);
    struct ob_person *person = ob_person_create(&desc, 0);
    struct ob_resp *resp = ob_resp_create();
    struct ob_ecg *ecg = ob_ecg_create(desc.ecg_hz);
    struct ob_resp_trace *trace = malloc(sizeof *trace);
    struct ob_rr_causal rr;
    ob_resp_trace_init(trace, OB_RESP_ECG, desc.ecg_hz);
    ob_rr_causal_init(&rr);
    struct watched w = {0};
    double volume[MINUTE] = {0}, last_index = -1.0;
    const double acc_hz = ob_person_signal_hz(person, OB_PERSON_ACC);
    const double resp_hz = ob_person_signal_hz(person, OB_PERSON_RESP);
    for (int second = 1; second <= 60 * minutes; second++) {
        const int64_t now_ns = second * OB_NS_PER_S;
        float x[3 * 64];
        int64_t last_ns;
        int n;
        for (int i = 1; i <= 10; i++) {
            struct ob_person_truth truth;
            ob_person_advance(person, now_ns - OB_NS_PER_S + i * (OB_NS_PER_S / 10), NULL);
            ob_person_truth(person, &truth);
            volume[(10 * (second - 1) + i - 1) % MINUTE] = truth.volume_l;
        }
        while ((n = ob_person_take_samples(person, OB_PERSON_ACC, x, 64, &last_ns)) > 0)
            for (int i = 0; i < n; i++)
                ob_resp_acc(resp, last_ns - ob_ns_from_s((n - 1 - i) / acc_hz),
                            (const double[3]){(double)x[3 * i], (double)x[3 * i + 1], (double)x[3 * i + 2]});
        while ((n = ob_person_take_samples(person, OB_PERSON_RESP, x, 64, &last_ns)) > 0)
            for (int i = 0; i < n; i++)
                ob_resp_belt(resp, last_ns - ob_ns_from_s((n - 1 - i) / resp_hz), (double)x[i]);
        while ((n = ob_person_take_samples(person, OB_PERSON_ECG, x, 64, &last_ns)) > 0)
            for (int i = 0; i < n; i++) {
                struct ob_ecg_beat beat;
                ob_resp_trace_push(trace, x[i]);
                if (!ob_ecg_push(ecg, x[i], &beat))
                    continue;
                double at;
                struct ob_resp_shape shape;
                if (ob_resp_trace_beat(trace, beat.index, &at, &shape))
                    ob_resp_beat(resp, OB_RESP_ECG, ob_ns_from_s(at / desc.ecg_hz), &shape);
                struct ob_rr_out out[OB_RR_OUT_MAX];
                const struct ob_rr_in in = {.time_ns = ob_ns_from_s(beat.index / desc.ecg_hz),
                                            .rr_ms = (beat.index - last_index) / desc.ecg_hz * 1e3,
                                            .confidence_01 = beat.confidence_01};
                const int count = last_index < 0.0 ? 0 : ob_rr_causal_push(&rr, &in, out);
                for (int k = 0; k < count; k++)
                    ob_resp_interval(resp, out[k].time_ns, out[k].nn_ms, out[k].kind == OB_RR_NORMAL);
                last_index = beat.index;
            }
        if (second % 60 == 0) {
            struct ob_resp_rate rate;
            w.minutes++;
            if (ob_resp_rate(resp, now_ns, &rate)) {
                const double off = fabs(rate.brpm - tops_brpm(volume, MINUTE, 10.0, TOPS_SHARE));
                assert_false(isnan(off));
                w.known += rate.quality_01 >= OB_RESP_TRUST_01;
                w.near += off <= 1.0;
                w.worst = fmax(w.worst, off);
                w.mean_quality_01 += rate.quality_01;
            }
        }
    }
    w.mean_quality_01 /= w.minutes;
    free(trace);
    ob_ecg_destroy(ecg);
    ob_resp_destroy(resp);
    ob_person_destroy(person);
    return w;
}

static void acceleration_tells_breath_from_a_stroking_hand(void **state)
{
    (void)state;
    static const char *const strokes[] = {"", ",strokes=6", ",strokes=12", ",strokes=20", ",strokes=40"};
    int minutes = 0, near = 0;
    for (int i = 0; i < 5; i++) {
        struct watched all = {0};
        for (int seed = 1; seed <= 4; seed++) {
            char keys[80];
            snprintf(keys, sizeof keys, "seed=%d%s", seed, strokes[i]);
            const struct watched w = live_with(keys, WITH_ACC, 16);
            all.minutes += w.minutes;
            all.near += w.near;
            all.known += w.known;
            all.worst = fmax(all.worst, w.worst);
            all.mean_quality_01 += w.mean_quality_01 / 4;
        }
        print_message("acceleration%-12s: %2d of %2d minutes within 1/min, worst %.2f, %d trusted, quality %.2f\n",
                      strokes[i], all.near, all.minutes, all.worst, all.known, all.mean_quality_01);
        minutes += all.minutes;
        near += all.near;
    }
    assert_true(near >= 0.95 * minutes);
}

static void moving_lowers_the_quality(void **state)
{
    (void)state;
    const struct watched still = live_with("seed=5", WITH_ACC, 12);
    const struct watched restless = live_with("seed=5,motion_per_min=15", WITH_ACC, 12);
    print_message("quality at rest %.2f, while moving %.2f (%d of %d minutes within 1/min)\n", still.mean_quality_01,
                  restless.mean_quality_01, restless.near, restless.minutes);
    assert_true(still.mean_quality_01 > 0.6 && still.known == still.minutes);
    assert_true(restless.mean_quality_01 < 0.2 && restless.known == 0);
}

static void a_belt_and_an_ecg_give_the_same(void **state)
{
    (void)state;
    int minutes = 0, near = 0, belt_near = 0, belt_minutes = 0;
    for (int seed = 1; seed <= 6; seed++) {
        char keys[80];
        snprintf(keys, sizeof keys, "seed=%d", seed);
        const struct watched belt = live_with(keys, WITH_RESP, 11), heart = live_with(keys, WITH_ECG, 11);
        belt_minutes += belt.minutes;
        belt_near += belt.near;
        minutes += heart.minutes;
        near += heart.near;
    }
    print_message("within 1/min: belt %d of %d minutes, ECG %d of %d\n", belt_near, belt_minutes, near, minutes);
    assert_true(belt_near >= 0.95 * belt_minutes);
    assert_true(near >= 0.9 * minutes);
}

/* A belly of 12 breaths a minute in the intervals, under a base line that drifts a hundred times as far. */
static void a_drift_is_no_breath(void **state)
{
    (void)state;
    struct ob_resp *resp = ob_resp_create();
    struct ob_resp_rate rate;
    breathe(resp, 0.0, 70.0, 12.0, 30.0);
    for (int i = 0; i < 80; i++) {
        const double t = 0.88 * i;
        const struct ob_resp_shape shape = {1.0, NAN,
                                            5.0 * sin(OB_TAU * 2.2 / 60.0 * t) + 0.02 * sin(OB_TAU * 0.2 * t)};
        ob_resp_beat(resp, OB_RESP_ECG, ob_ns_from_s(t), &shape);
    }
    assert_true(ob_resp_rate(resp, 70 * OB_NS_PER_S, &rate));
    assert_true(fabs(rate.brpm - 12.0) < 0.3);
    ob_resp_destroy(resp);
}

/* Four movements a minute, each of them many times as large as what breath does to the shape of a beat. */
static void movements_are_no_breath(void **state)
{
    (void)state;
    struct ob_resp *resp = ob_resp_create();
    struct ob_resp_rate rate;
    for (int i = 0; i < 80; i++) {
        const double t = 0.88 * i, moved = i % 17 < 2 ? 3.0 : 0.0;
        const struct ob_resp_shape shape = {1.0 + 0.1 * sin(OB_TAU * 0.25 * t) + moved, NAN, NAN};
        ob_resp_beat(resp, OB_RESP_ECG, ob_ns_from_s(t), &shape);
    }
    assert_true(ob_resp_rate(resp, 70 * OB_NS_PER_S, &rate));
    assert_true(fabs(rate.brpm - 15.0) < 0.5);
    assert_true(rate.quality_01 > OB_RESP_TRUST_01);
    ob_resp_destroy(resp);
}

static void shapes_alone_do(void **state)
{
    (void)state;
    struct ob_resp *resp = ob_resp_create();
    struct ob_resp_rate rate;
    for (int i = 0; i < 80; i++) {
        const double t = 0.85 * i;
        const struct ob_resp_shape shape = {1.0 + 0.1 * sin(OB_TAU * 0.25 * t), NAN, 0.0};
        ob_resp_beat(resp, OB_RESP_PPG, ob_ns_from_s(t), &shape);
    }
    assert_true(ob_resp_rate(resp, 68 * OB_NS_PER_S, &rate));
    assert_true(fabs(rate.brpm - 15.0) < 0.3);
    assert_true(rate.mechanical);
    ob_resp_destroy(resp);
}

static void nothing_is_made_up(void **state)
{
    (void)state;
    struct ob_resp *resp = ob_resp_create();
    struct ob_resp_rate rate;
    const struct ob_resp_shape none = {NAN, INFINITY, -INFINITY}, level = {1.5, 2.5, 3.5};
    /* constants */
    for (int i = 0; i < 100; i++) {
        ob_resp_interval(resp, i * OB_NS_PER_S, 1000.0, true);
        ob_resp_beat(resp, OB_RESP_ECG, i * OB_NS_PER_S, &level);
        ob_resp_beat(resp, OB_RESP_PPG, i * OB_NS_PER_S, &none);
    }
    for (int i = 0; i < 2500; i++) {
        ob_resp_belt(resp, ob_ns_from_s(i / 25.0), 0.1);
        ob_resp_acc(resp, ob_ns_from_s(i / 25.0), (const double[3]){0.1, 0.2, 1000.3});
    }
    assert_false(ob_resp_rate(resp, 100 * OB_NS_PER_S, &rate));
    /* movements as small as rounding, as regular as breath */
    for (int which = 0; which < 2; which++) {
        ob_resp_reset(resp);
        for (int i = 0; i < 100; i++) {
            const double wave = sin(OB_TAU * 0.2 * i);
            const struct ob_resp_shape shape = {1.0 + 0.001 * wave, 50.0 - 0.05 * wave, 7.0 + 0.001 * wave};
            if (which == 0)
                ob_resp_interval(resp, i * OB_NS_PER_S, 1000.0 + 0.4 * wave, true);
            else
                ob_resp_beat(resp, OB_RESP_ECG, i * OB_NS_PER_S, &shape);
        }
        assert_false(ob_resp_rate(resp, 100 * OB_NS_PER_S, &rate));
    }
    /* no numbers, times that stand still or run back, no beats but judged ones */
    ob_resp_reset(resp);
    for (int i = 0; i < 100; i++) {
        ob_resp_interval(resp, i * OB_NS_PER_S, i % 2 ? (double)NAN : (double)INFINITY, true);
        ob_resp_interval(resp, i * OB_NS_PER_S, 900.0 + i % 5, false);
        ob_resp_interval(resp, 7 * OB_NS_PER_S, 900.0 + i % 5, true);
        ob_resp_interval(resp, -i * OB_NS_PER_S, 900.0 + i % 5, true);
        ob_resp_belt(resp, i * OB_NS_PER_S, (double)NAN);
        ob_resp_acc(resp, i * OB_NS_PER_S, (const double[3]){0.0, INFINITY, NAN});
    }
    assert_false(ob_resp_rate(resp, 100 * OB_NS_PER_S, &rate));
    assert_false(ob_resp_rate(resp, INT64_MAX, &rate));
    assert_false(ob_resp_rate(resp, INT64_MIN, &rate));
    ob_resp_destroy(resp);
    ob_resp_destroy(NULL);
}

/* A fibrillating heart shows no breath: its intervals are noise. */
static void noise_is_not_trusted(void **state)
{
    (void)state;
    int trusted = 0, asked = 0;
    double mean_01 = 0.0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct ob_rng g;
        ob_rng_init(&g, seed, 0);
        struct ob_resp *resp = ob_resp_create();
        double t = 0.0;
        for (int minute = 0; minute < 5; minute++) {
            while (t < 60.0 * (minute + 1)) {
                const double rr_s = ob_clamp(0.75 + 0.15 * ob_rng_normal(&g), 0.35, 1.5);
                t += rr_s;
                const struct ob_resp_shape shape = {ob_rng_normal(&g), ob_rng_normal(&g), ob_rng_normal(&g)};
                ob_resp_interval(resp, ob_ns_from_s(t), rr_s * 1e3, true);
                ob_resp_beat(resp, OB_RESP_ECG, ob_ns_from_s(t), &shape);
            }
            struct ob_resp_rate rate;
            if (ob_resp_rate(resp, ob_ns_from_s(t), &rate)) {
                trusted += rate.quality_01 >= OB_RESP_TRUST_01;
                mean_01 += rate.quality_01;
            }
            asked++;
        }
        ob_resp_destroy(resp);
    }
    print_message("noise: trusted in %d of %d minutes, mean quality %.2f\n", trusted, asked, mean_01 / asked);
    assert_true(trusted <= asked / 10);
}

static void artefacts_lower_the_quality(void **state)
{
    (void)state;
    double quality[3];
    for (int part = 0; part < 3; part++) {
        struct ob_resp *resp = ob_resp_create();
        double t = 0.0;
        for (int i = 0; i < 90; i++) {
            const double nn_ms = 850.0 + 30.0 * sin(OB_TAU * 0.2 * t);
            t += nn_ms * 1e-3;
            ob_resp_interval(resp, ob_ns_from_s(t), nn_ms, part == 0 || i % (part == 1 ? 10 : 2) != 0);
        }
        struct ob_resp_rate rate = {0};
        (void)ob_resp_rate(resp, ob_ns_from_s(t), &rate);
        quality[part] = rate.quality_01;
        ob_resp_destroy(resp);
    }
    assert_true(quality[0] > quality[1] && quality[1] > 0.5);
    assert_true(quality[2] < 0.1);
}

static void shapes_of_beats_are_measured_between_beats(void **state)
{
    (void)state;
    struct ob_resp_trace *trace = malloc(sizeof *trace);
    ob_resp_trace_init(trace, OB_RESP_PPG, 100.0);
    struct ob_resp_shape shape;
    double at = 0.0;
    for (int i = 0; i < 300; i++)
        ob_resp_trace_push(trace, (float)(2.0 + (i % 100 < 50 ? 1.0 : -1.0)));
    assert_false(ob_resp_trace_beat(trace, 100.0, &at, &shape));
    assert_true(ob_resp_trace_beat(trace, 200.0, &at, &shape));
    assert_true(at == 100.0 && fabs(shape.baseline - 2.0) < 1e-9 && fabs(shape.size - 2.0) < 1e-9);
    ob_resp_trace_break(trace);
    assert_false(ob_resp_trace_beat(trace, 290.0, &at, &shape));
    assert_false(ob_resp_trace_beat(trace, 290.0, &at, &shape));
    assert_false(ob_resp_trace_beat(trace, 1e9, &at, &shape)); /* not there yet */
    ob_resp_trace_break(trace);
    ob_resp_trace_push(trace, NAN);
    (void)ob_resp_trace_beat(trace, 250.0, &at, &shape);
    for (int i = 0; i < 100; i++)
        ob_resp_trace_push(trace, 1.0f);
    assert_false(ob_resp_trace_beat(trace, 390.0, &at, &shape)); /* a sample is missing in it */
    free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_breath_is_found_to_a_hundredth),
        cmocka_unit_test(it_is_known_after_thirty_seconds_and_forgotten_after_ten),
        cmocka_unit_test(a_change_of_pace_is_averaged_not_lost),
        cmocka_unit_test(acceleration_tells_breath_from_a_stroking_hand),
        cmocka_unit_test(moving_lowers_the_quality),
        cmocka_unit_test(a_belt_and_an_ecg_give_the_same),
        cmocka_unit_test(a_drift_is_no_breath),
        cmocka_unit_test(movements_are_no_breath),
        cmocka_unit_test(shapes_alone_do),
        cmocka_unit_test(nothing_is_made_up),
        cmocka_unit_test(noise_is_not_trusted),
        cmocka_unit_test(artefacts_lower_the_quality),
        cmocka_unit_test(shapes_of_beats_are_measured_between_beats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
