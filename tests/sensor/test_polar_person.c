/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated person with a Polar sensor, from frames to what is read from them: breathing from the chest's
 * acceleration, beats from the ECG, pulse intervals in time. */
#include "base/maths.h"
#include "base/time.h"
#include "sensor/pmd_stream.h"
#include "sensor/ppi.h"
#include "signal/ecg.h"
#include "signal/resp.h"

#include "../signal/tops.h"
#include "heard.h"
#include "polar_person.h"

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

#define SECOND_NS OB_NS_PER_S
#define MINUTE    600 /* steps of 0.1 s */

static struct worn worn;
static struct ob_pmd_frame frame;
static struct heard heard;
static unsigned char bytes[FRAME_MAX];

struct watched {
    int minutes, near, trusted, false_trust;
    double worst, quality_01;
};

/* The acceleration that has arrived goes to the breathing rate. */
static void breathe(struct ob_resp *resp)
{
    for (size_t e = 0; e < heard.count; e++) {
        const struct ob_event *event = &heard.event[e];
        assert_true(event->kind == OB_EVENT_SAMPLES && event->u.samples.signal == OB_SIGNAL_ACC);
        for (int i = 0; i < event->u.samples.frames; i++) {
            const float *mg = &event->u.samples.values[3 * i];
            ob_resp_acc(resp,
                        event->measured_ns - (int64_t)((event->u.samples.frames - 1 - i) * event->u.samples.period_ns),
                        (const double[3]){(double)mg[0], (double)mg[1], (double)mg[2]});
        }
    }
    heard.count = 0;
}

static void live(const char *keys, int minutes, struct watched *w)
{
    struct ob_pmd_stream stream;
    double volume[MINUTE] = {0};
    struct ob_resp *resp = ob_resp_create();
    worn_init(&worn, keys, UINT64_C(599618164814402794));
    ob_pmd_stream_init(&stream, OB_PMD_ACC, 50.0, 1.0);
    heard.count = 0;
    for (int step = 1; step <= MINUTE * minutes; step++) {
        const int64_t now_ns = step * (SECOND_NS / 10);
        struct ob_person_truth truth;
        ob_person_advance(worn.person, now_ns, NULL);
        ob_person_truth(worn.person, &truth);
        volume[(step - 1) % MINUTE] = truth.volume_l;
        while (worn_ecg(&worn, bytes) > 0)
            continue;
        for (size_t count; (count = worn_acc(&worn, bytes)) > 0;) {
            assert_true(ob_pmd_decode(bytes, count, &frame));
            ob_pmd_stream_frame(&stream, now_ns, &frame, hear_event, &heard);
        }
        breathe(resp);
        if (step % MINUTE != 0)
            continue;
        struct ob_resp_rate rate;
        w->minutes++;
        if (!ob_resp_rate(resp, now_ns, &rate))
            continue;
        const double off = fabs(rate.brpm - tops_brpm(volume, MINUTE, 10.0, TOPS_SHARE));
        assert_false(isnan(off));
        w->near += off <= 1.0;
        w->trusted += rate.quality_01 >= OB_RESP_TRUST_01;
        w->false_trust += rate.quality_01 >= OB_RESP_TRUST_01 && off > 1.0;
        w->worst = fmax(w->worst, off);
        w->quality_01 += rate.quality_01;
    }
    assert_int_equal(stream.gaps + stream.odd + stream.duplicates, 0);
    ob_resp_destroy(resp);
    worn_finish(&worn);
}

static struct watched live_all(const char *more, int minutes)
{
    struct watched all = {0};
    char keys[120];
    for (int seed = 1; seed <= 6; seed++) {
        snprintf(keys, sizeof keys, "seed=%d,drift_ppm=%d%s", seed, 40 * seed - 140, more);
        live(keys, minutes, &all);
    }
    all.quality_01 /= all.minutes;
    print_message("breathing%-22s: %2d of %2d minutes within 1/min, worst %.2f, %d trusted (%d of them wrong), "
                  "quality %.2f\n",
                  more, all.near, all.minutes, all.worst, all.trusted, all.false_trust, all.quality_01);
    return all;
}

static void breathing_is_read_from_the_chest(void **state)
{
    (void)state;
    const struct watched still = live_all("", 10);
    assert_true(still.near >= 0.95 * still.minutes && still.trusted >= 0.95 * still.minutes);
    int minutes = 0, near = 0;
    static const char *const strokes[] = {",strokes=6", ",strokes=15", ",strokes=25"};
    for (int i = 0; i < 3; i++) {
        const struct watched stroked = live_all(strokes[i], 10);
        minutes += stroked.minutes;
        near += stroked.near;
    }
    assert_true(near >= 0.95 * minutes);
    const struct watched moving = live_all(",motion_per_min=15", 6);
    assert_true(moving.quality_01 < 0.2 && moving.trusted == 0);
}

/* Every true beat is found once; its distance from truth plus a constant, as a standard deviation. */
static void beats_are_found_in_the_ecg(void **state)
{
    (void)state;
    struct ob_pmd_stream stream;
    static double true_s[2000], found_s[2000];
    int truths = 0, found = 0;
    struct ob_ecg *ecg = ob_ecg_create(130.0);
    worn_init(&worn, "seed=4,drift_ppm=80,age_of_data_s=0.05", 0);
    ob_pmd_stream_init(&stream, OB_PMD_ECG, 130.0, 1.0);
    double index = 0.0;
    for (int step = 1; step <= MINUTE * 8; step++) {
        struct ob_person_true_beat truth;
        ob_person_advance(worn.person, step * (SECOND_NS / 10), NULL);
        while (ob_person_take_true_beat(worn.person, &truth))
            true_s[truths++] = ob_s_from_ns(truth.time_ns);
        while (worn_acc(&worn, bytes) > 0)
            continue;
        heard.count = 0;
        for (size_t count; (count = worn_ecg(&worn, bytes)) > 0;) {
            assert_true(ob_pmd_decode(bytes, count, &frame));
            ob_pmd_stream_frame(&stream, step * (SECOND_NS / 10), &frame, hear_event, &heard);
        }
        for (size_t e = 0; e < heard.count; e++) {
            const struct ob_event *event = &heard.event[e];
            assert_true(event->kind == OB_EVENT_SAMPLES && event->u.samples.signal == OB_SIGNAL_ECG);
            index += event->u.samples.frames;
            for (int i = 0; i < event->u.samples.frames; i++) {
                struct ob_ecg_beat beat;
                if (!ob_ecg_push(ecg, event->u.samples.values[i], &beat))
                    continue;
                const double behind_s = (index - 1.0 - beat.index) * event->u.samples.period_ns * 1e-9;
                found_s[found++] = ob_s_from_ns(event->measured_ns) - behind_s;
            }
        }
    }
    /* the first seconds belong to the detector's learning */
    int at = 0, matched = 0;
    double sum = 0.0, square = 0.0;
    for (int i = 0; i < truths; i++) {
        if (true_s[i] < 60.0 || true_s[i] > 470.0)
            continue;
        while (at + 1 < found && fabs(found_s[at + 1] - true_s[i]) < fabs(found_s[at] - true_s[i]))
            at++;
        const double error_ms = (found_s[at] - true_s[i]) * 1e3;
        assert_true(fabs(error_ms) < 700.0);
        sum += error_ms;
        square += error_ms * error_ms;
        matched++;
    }
    const double mean = sum / matched, sd = sqrt(square / matched - mean * mean);
    print_message("beats of an ECG in frames: %d, all found, %.2f ms around their places (constant %.0f ms)\n", matched,
                  sd, mean);
    assert_true(sd < 6.0);
    ob_ecg_destroy(ecg);
    worn_finish(&worn);
}

static void pulse_intervals_come_in_time(void **state)
{
    (void)state;
    static struct ob_ppi ppi;
    ob_ppi_init(&ppi);
    worn_init(&worn, "seed=9,drift_ppm=-60,jitter_ms=4,rr_step_ms=1,age_of_data_s=2,batch_s=1", 0);
    heard.count = 0;
    double low = INFINITY, high = -INFINITY;
    size_t seen = 0;
    for (int step = 1; step <= MINUTE * 20; step++) {
        const int64_t now_ns = step * (SECOND_NS / 10);
        ob_person_advance(worn.person, now_ns, NULL);
        while (worn_ecg(&worn, bytes) > 0 || worn_acc(&worn, bytes) > 0)
            continue;
        for (size_t count; (count = worn_ppi(&worn, bytes, 8)) > 0;) {
            assert_true(ob_pmd_decode(bytes, count, &frame));
            ob_ppi_frame(&ppi, now_ns, &frame, hear_event, &heard);
            int beat = 0;
            for (; seen < heard.count; seen++) {
                if (heard.event[seen].kind != OB_EVENT_RR)
                    continue;
                const double error_ms = (double)(heard.event[seen].measured_ns - worn.ppi[beat++].time_ns) * 1e-6;
                if (step > 2 * MINUTE) {
                    low = fmin(low, error_ms);
                    high = fmax(high, error_ms);
                }
            }
            assert_int_equal(beat, WORN_PPI);
        }
    }
    print_message("pulse intervals, four a packet: %d beats, +-%.1f ms around their places\n", (int)ppi.beats,
                  (high - low) / 2.0);
    assert_int_equal(ppi.beats, worn.beats);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 0);
    assert_true(high - low < 100.0);
    worn_finish(&worn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breathing_is_read_from_the_chest),
        cmocka_unit_test(beats_are_found_in_the_ecg),
        cmocka_unit_test(pulse_intervals_come_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
