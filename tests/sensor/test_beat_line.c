/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "base/time.h"
#include "person/person.h"
#include "sensor/beat_judge.h"
#include "sensor/beat_line.h"

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

#define BEATS_MAX 20000

static struct ob_beat_line line;
static struct ob_beat_judge judge;
static struct ob_line_beat out[OB_HRS_RR_MAX];
static int64_t true_ns[BEATS_MAX], placed_ns[BEATS_MAX];

static struct ob_person *person_of(const char *text)
{
    struct ob_person_desc desc;
    char problem[200];
    ob_person_desc_init(&desc);
    assert_int_equal(ob_person_desc_parse(text, &desc, problem, sizeof problem), OB_OK);
    struct ob_person *person = ob_person_create(&desc, 0);
    assert_non_null(person);
    return person;
}

/* Lives with a strap for so many minutes; beats delivered together are one packet, which the radio delays by up to
 * radio_ms. Returns the worst distance, after the first minutes, from truth plus the best constant, in ms. */
static double worst_ms(const char *text, double minutes, double settle_minutes, double radio_ms)
{
    struct ob_rng rng;
    ob_rng_init(&rng, 77, 1);
    struct ob_person *person = person_of(text);
    size_t sent = 0, placed = 0;
    int64_t before = -1;
    uint16_t ticks[OB_HRS_RR_MAX];
    size_t count = 0;
    int64_t delivered = 0;
    ob_beat_line_init(&line, OB_HRS_TICKS_PER_S);
    for (int64_t now = 0; now <= ob_ns_from_s(minutes * 60.0); now += 100 * OB_NS_PER_MS) {
        struct ob_person_beat beat;
        ob_person_advance(person, now, NULL);
        for (bool more = true; more;) {
            more = ob_person_take_beat(person, &beat);
            if (count > 0 && (!more || beat.delivered_ns != delivered)) {
                delivered += (int64_t)(ob_rng_uniform(&rng) * radio_ms * 1e6);
                const size_t got = ob_beat_line_packet(&line, delivered, ticks, count, out);
                assert_int_equal(got, count); /* none lost, none twice */
                for (size_t i = 0; i < got; i++) {
                    assert_true(out[i].time_ns > before && out[i].age_ns >= 0);
                    assert_true(out[i].time_ns + out[i].age_ns == delivered);
                    assert_false(out[i].after_gap);
                    placed_ns[placed++] = before = out[i].time_ns;
                }
                count = 0;
            }
            if (more) {
                delivered = beat.delivered_ns;
                ticks[count++] = (uint16_t)lround(beat.rr_ms * 1.024);
                true_ns[sent++] = beat.time_ns;
            }
        }
    }
    ob_person_destroy(person);
    assert_int_equal(sent, placed);
    assert_true(placed > minutes * 40);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < placed; i++) {
        if (true_ns[i] < ob_ns_from_s(settle_minutes * 60.0))
            continue;
        const double error_ms = (double)(placed_ns[i] - true_ns[i]) * 1e-6;
        low = fmin(low, error_ms);
        high = fmax(high, error_ms);
    }
    print_message("%-60s radio %2.0f ms: %5zu beats, +-%.2f ms, drift found %+.2f ppm\n", text, radio_ms, placed,
                  (high - low) / 2.0, line.fit.drift_ppm);
    return (high - low) / 2.0;
}

/* A packet that leaves by the strap's own timer, once a second, tells little of where in the second its beats were, but
 * the timer tells the drift; the place of the whole is held after the first minute, so that it is a constant. */
static void beats_stay_in_their_places_for_an_hour(void **state)
{
    (void)state;
    static const char *const drifts[] = {"-100", "-30", "0", "100"};
    static const struct {
        const char *text;
        double radio_ms, most_ms;
        size_t seeds;
    } deliveries[] = {{"batch_s=1,age_of_data_s=3", 0, 5, 3},
                      {"batch_s=1,age_of_data_s=3", 30, 10, 2},
                      {"batch_s=0.25", 0, 5, 1},
                      {"age_of_data_s=3.5", 0, 2, 1},
                      {"age_of_data_s=3.5", 30, 8, 1}};
    char text[200];
    for (size_t d = 0; d < sizeof deliveries / sizeof *deliveries; d++)
        for (size_t i = 0; i < 4; i++)
            for (size_t seed = 5; seed < 5 + deliveries[d].seeds; seed++) {
                snprintf(text, sizeof text, "seed=%zu,jitter_ms=0,drift_ppm=%s,%s", seed + d + i, drifts[i],
                         deliveries[d].text);
                assert_true(worst_ms(text, 60.0, 1.0, deliveries[d].radio_ms) <= deliveries[d].most_ms);
            }
}

/* A strap whose packets leave by the clock of our own radio: the grid says nothing of the strap's drift, and is found
 * out. */
static void a_foreign_timer_does_not_mislead_for_long(void **state)
{
    (void)state;
    for (int ppm = -60; ppm <= 60; ppm += 40) {
        double t_s = 10.0, early = INFINITY, late = -INFINITY;
        uint64_t ticks = 0;
        int packet = 10;
        uint16_t rr[8];
        size_t count = 0;
        double at_s[8];
        ob_beat_line_init(&line, OB_HRS_TICKS_PER_S);
        for (int i = 0; t_s < 3600.0; i++) {
            t_s += 0.86 + 0.05 * sin(i * 0.63) + 0.02 * sin(i * 0.07);
            while (t_s > packet) {
                const size_t got = ob_beat_line_packet(&line, packet * OB_NS_PER_S, rr, count, out);
                assert_int_equal(got, count);
                for (size_t k = 0; k < got && packet > 600; k++) {
                    early = fmin(early, ob_s_from_ns(out[k].time_ns) - at_s[k]);
                    late = fmax(late, ob_s_from_ns(out[k].time_ns) - at_s[k]);
                }
                count = 0;
                packet++;
            }
            const uint64_t now = (uint64_t)llround(t_s * (1.0 + ppm * 1e-6) * OB_HRS_TICKS_PER_S);
            rr[count] = (uint16_t)(ticks == 0 ? 900 : now - ticks);
            at_s[count++] = t_s;
            ticks = now;
        }
        print_message("drift %+d ppm, a timer of our own: +-%.1f ms after ten minutes\n", ppm, (late - early) * 500.0);
        assert_int_equal(line.losses, 0);
        assert_true(late - early < 0.08);
    }
}

/* A steady heart with a breath in it, a packet about every second. Sends packets from number `from` on. */
static uint16_t interval(int i)
{
    static const int wobble[] = {3, -5, 1, 7, -2, -6, 4, 0, -3, 5};
    return (uint16_t)(860 + (int)lround(60.0 * sin(i * 0.63)) + wobble[i % 10]);
}

static int64_t run_from(int from, int count, int64_t now)
{
    for (int i = from; i < from + count; i++) {
        const uint16_t rr = interval(i);
        now += rr * OB_NS_PER_S / OB_HRS_TICKS_PER_S;
        assert_int_equal(ob_beat_line_packet(&line, now, &rr, 1, out), 1);
    }
    return now;
}

static void a_packet_said_twice_counts_once(void **state)
{
    (void)state;
    ob_beat_line_init(&line, OB_HRS_TICKS_PER_S);
    const int64_t now = run_from(0, 100, OB_NS_PER_S);
    const uint16_t again = interval(99);
    assert_int_equal(ob_beat_line_packet(&line, now + 5 * OB_NS_PER_MS, &again, 1, out), 0);
    assert_int_equal(line.duplicates, 1);
    run_from(100, 100, now);
    assert_int_equal(line.duplicates, 1);
    assert_int_equal(line.losses, 0);
}

static void lost_beats_are_noticed_by_the_clock(void **state)
{
    (void)state;
    ob_beat_line_init(&line, OB_HRS_TICKS_PER_S);
    int64_t now = run_from(0, 100, OB_NS_PER_S);
    now += 2 * 860 * OB_NS_PER_S / OB_HRS_TICKS_PER_S; /* two packets that never came */
    bool gap = false;
    int after = 0;
    for (int i = 102; i < 130; i++, after += !gap) {
        now = run_from(i, 1, now);
        gap = gap || out[0].after_gap;
    }
    assert_int_equal(line.losses, 1);
    assert_true(gap && after < 14);
    assert_true(out[0].age_ns < 100 * OB_NS_PER_MS);
}

/* Packets once a second; one that never comes is a gap within half a minute, whatever the heart's rhythm. */
static void a_lost_packet_is_noticed_beside_a_timer(void **state)
{
    (void)state;
    for (int hr = 50; hr <= 110; hr += 5) {
        double t_s = 0.2;
        int packet = 1, noticed = -1;
        uint64_t sent = 0;
        uint16_t rr[8];
        size_t count = 0;
        ob_beat_line_init(&line, OB_HRS_TICKS_PER_S);
        for (int i = 0; packet < 300; i++) {
            t_s += 60.0 / hr + 0.04 * sin(i * 0.63) + 0.02 * sin(i * 0.07);
            for (; t_s > packet; packet++) {
                const size_t got = packet == 150 ? 0 : ob_beat_line_packet(&line, packet * OB_NS_PER_S, rr, count, out);
                for (size_t k = 0; k < got; k++)
                    noticed = out[k].after_gap && noticed < 0 ? packet - 150 : noticed;
                count = 0;
            }
            const uint64_t now = (uint64_t)llround(t_s * OB_HRS_TICKS_PER_S);
            rr[count++] = (uint16_t)(now - sent);
            sent = now;
        }
        assert_int_equal(line.losses, 1);
        print_message("%d bpm: a lost packet is noticed after %d s\n", hr, noticed);
        assert_true(noticed > 0 && noticed <= 30);
    }
}

static void a_late_packet_is_no_loss(void **state)
{
    (void)state;
    ob_beat_line_init(&line, OB_HRS_TICKS_PER_S);
    int64_t now = run_from(0, 100, OB_NS_PER_S);
    uint16_t rr[4];
    for (int i = 0; i < 4; i++) {
        rr[i] = interval(100 + i);
        now += rr[i] * OB_NS_PER_S / OB_HRS_TICKS_PER_S;
    }
    assert_int_equal(ob_beat_line_packet(&line, now, rr, 4, out), 4); /* held back for 4 s, all at once */
    for (int i = 0; i < 4; i++)
        assert_false(out[i].after_gap);
    assert_true(out[0].age_ns > 2 * OB_NS_PER_S && out[3].age_ns < 50 * OB_NS_PER_MS);
    run_from(104, 60, now);
    assert_int_equal(line.losses + line.duplicates, 0);
}

static void after_a_gap_the_line_is_new(void **state)
{
    (void)state;
    ob_beat_line_init(&line, OB_HRS_TICKS_PER_S);
    int64_t now = run_from(0, 50, OB_NS_PER_S);
    ob_beat_line_gap(&line);
    now = run_from(50, 1, now + 30 * OB_NS_PER_S);
    assert_true(out[0].after_gap && out[0].age_ns < 50 * OB_NS_PER_MS);
    run_from(51, 1, now);
    assert_false(out[0].after_gap);
    /* an interval that is none leaves a gap, and nothing of itself */
    const uint16_t wild = 5000;
    assert_int_equal(ob_beat_line_packet(&line, now + 6 * OB_NS_PER_S, &wild, 1, out), 0);
    run_from(52, 1, now + 6 * OB_NS_PER_S);
    assert_true(out[0].after_gap);
}

static void anything_at_all_leaves_times_that_rise(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 9, 1);
    ob_beat_line_init(&line, OB_HRS_TICKS_PER_S);
    int64_t now = 1, before = 0;
    for (int i = 0; i < 200000; i++) {
        uint16_t rr[5];
        const size_t count = ob_rng_u32(&rng) % 6;
        for (size_t k = 0; k < count; k++)
            rr[k] = (uint16_t)(ob_rng_u32(&rng) >> ob_rng_u32(&rng) % 8);
        now += (int64_t)(ob_rng_u32(&rng) % 3 ? ob_rng_u32(&rng) : 0);
        const size_t got = ob_beat_line_packet(&line, now, rr, count, out);
        assert_true(got <= count);
        for (size_t k = 0; k < got; k++) {
            assert_true(out[k].time_ns > before && out[k].rr_ms >= 200.0 && out[k].rr_ms <= 3000.0);
            before = out[k].time_ns;
        }
        if (i % 1000 == 0)
            ob_beat_line_gap(&line);
    }
}

/* ---- the judge ---- */

typedef uint16_t source_fn(int i, const uint16_t *heart);

static uint16_t as_it_is(int i, const uint16_t *heart)
{
    return heart[i];
}

static uint16_t averaged(int i, const uint16_t *heart)
{
    unsigned sum = 0;
    for (int k = 0; k < 8; k++)
        sum += heart[i - k];
    return (uint16_t)((sum + 4) / 8);
}

static uint16_t stuck(int i, const uint16_t *heart)
{
    (void)heart;
    return (uint16_t)(i % 4 == 3 ? 870 : 512);
}

static uint16_t milliseconds(int i, const uint16_t *heart)
{
    return (uint16_t)lround(heart[i] / 1.024);
}

static uint16_t wild(int i, const uint16_t *heart)
{
    return i % 3 ? heart[i] : (uint16_t)(i % 2 ? 250 : 2600);
}

static uint16_t halved(int i, const uint16_t *heart)
{
    return (uint16_t)(heart[i] / 2 + 100);
}

static enum ob_beat_verdict verdict_on(const char *text, source_fn *source, int *wrong_out)
{
    static uint16_t heart[400];
    struct ob_person *person = person_of(text);
    struct ob_person_beat beat;
    int count = 0;
    for (int64_t now = 0; count < 300; now += 100 * OB_NS_PER_MS) {
        ob_person_advance(person, now, NULL);
        while (count < 300 && ob_person_take_beat(person, &beat))
            heart[count++] = (uint16_t)lround(beat.rr_ms * 1.024);
    }
    ob_person_destroy(person);
    ob_beat_judge_init(&judge);
    int64_t now = OB_NS_PER_S;
    *wrong_out = 0;
    for (int i = 8; i < 300; i++) {
        now += heart[i] * OB_NS_PER_S / OB_HRS_TICKS_PER_S;
        const uint16_t rr = source(i, heart);
        double mean = 0.0;
        for (int k = 0; k < 8; k++)
            mean += heart[i - k] / 8.0;
        *wrong_out += ob_beat_judge_packet(&judge, now, (unsigned)lround(61440.0 / mean), &rr, 1, 0) != OB_BEATS_GOOD;
    }
    return judge.verdict;
}

static void sources_that_pretend_are_named(void **state)
{
    (void)state;
    int wrong;
    int smoothed = 0;
    for (int seed = 1; seed <= 20; seed++) {
        char text[64];
        snprintf(text, sizeof text, "seed=%d", seed);
        smoothed += verdict_on(text, averaged, &wrong) == OB_BEATS_SMOOTHED;
        assert_int_equal(verdict_on(text, milliseconds, &wrong), OB_BEATS_MILLISECONDS);
        assert_int_equal(verdict_on(text, stuck, &wrong), OB_BEATS_STUCK);
        assert_int_equal(verdict_on(text, wild, &wrong), OB_BEATS_IMPLAUSIBLE);
        assert_int_equal(verdict_on(text, halved, &wrong), OB_BEATS_MISMATCH);
    }
    print_message("an average over eight beats: seen in %d of 20 hearts\n", smoothed);
    assert_true(smoothed >= 16);
    ob_beat_judge_init(&judge);
    for (int i = 0; i < 14; i++)
        assert_int_equal(ob_beat_judge_packet(&judge, (i + 1) * OB_NS_PER_S, 70, NULL, 0, 0), OB_BEATS_GOOD);
    for (int i = 14; i < 20; i++)
        ob_beat_judge_packet(&judge, (i + 1) * OB_NS_PER_S, 70, NULL, 0, 0);
    assert_int_equal(judge.verdict, OB_BEATS_HR_ONLY);
    for (int v = OB_BEATS_HR_ONLY; v <= OB_BEATS_OLD; v++)
        assert_true(strlen(ob_beat_verdict_sentence((enum ob_beat_verdict)v)) > 20);
}

static void true_hearts_are_left_alone(void **state)
{
    (void)state;
    static const char *const hearts[] = {"jitter_ms=1", "jitter_ms=1,gain=3,noise=0.8,mayer_bpm=0.5,hr=90",
                                         "jitter_ms=1.5,rate=6,volume_cv=0,gain=20", "ectopic_pct=3",
                                         "batch_s=1,missed_pct=2"};
    for (int seed = 1; seed <= 10; seed++)
        for (size_t h = 0; h < sizeof hearts / sizeof *hearts; h++) {
            char text[160];
            int wrong;
            snprintf(text, sizeof text, "seed=%d,%s", seed, hearts[h]);
            verdict_on(text, as_it_is, &wrong);
            if (wrong)
                print_message("%s: %d times %s\n", text, wrong, ob_beat_verdict_sentence(judge.verdict));
            assert_int_equal(wrong, 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beats_stay_in_their_places_for_an_hour),
        cmocka_unit_test(a_foreign_timer_does_not_mislead_for_long),
        cmocka_unit_test(a_lost_packet_is_noticed_beside_a_timer),
        cmocka_unit_test(a_packet_said_twice_counts_once),
        cmocka_unit_test(lost_beats_are_noticed_by_the_clock),
        cmocka_unit_test(a_late_packet_is_no_loss),
        cmocka_unit_test(after_a_gap_the_line_is_new),
        cmocka_unit_test(anything_at_all_leaves_times_that_rise),
        cmocka_unit_test(sources_that_pretend_are_named),
        cmocka_unit_test(true_hearts_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
