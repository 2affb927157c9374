/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conversation with Polar's control point, and the samples of its streams in time: without a bus, against the fake
 * control point and the simulated person. */
#include "base/rng.h"
#include "base/time.h"
#include "person/person.h"
#include "sensor/pmd_stream.h"
#include "sensor/polar.h"
#include "sensor/ppi.h"

#include "fake_polar.h"
#include "heard.h"
#include "polar_frames.h"

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

#define ECG  1u
#define ACC  4u
#define PPI  8u
#define S_NS OB_NS_PER_S

static struct ob_polar polar;
static struct fake_polar fake;
static int64_t now_ns;
static struct heard heard;

static void begin(uint32_t features)
{
    unsigned char bytes[16];
    memset(&fake, 0, sizeof fake);
    fake.features = features;
    now_ns = 100 * S_NS;
    ob_polar_begin(&polar, now_ns, ob_pmd_decode_features(bytes, fake_polar_read(&fake, bytes)));
}

/* Carries orders and answers to and fro until nobody has anything to say. Returns the number of orders. */
static int talk(void)
{
    unsigned char order[OB_POLAR_ORDER_MAX], answer[64];
    int orders = 0;
    for (size_t count; (count = ob_polar_order(&polar, now_ns, order)) > 0; orders++) {
        assert_true(orders < 50);
        const size_t length = fake_polar_write(&fake, order, count, answer);
        if (length > 0)
            ob_polar_answer(&polar, now_ns, answer, length);
    }
    return orders;
}

/* Time goes on to the next deadline, at most so far. */
static void wait_for(double seconds)
{
    const int64_t end_ns = now_ns + ob_ns_from_s(seconds);
    while (now_ns < end_ns) {
        const int64_t due_ns = ob_polar_deadline_ns(&polar);
        assert_true(due_ns > now_ns || talk() > 0 || ob_polar_deadline_ns(&polar) > now_ns); /* no busy waiting */
        now_ns = due_ns > now_ns && due_ns < end_ns ? due_ns : end_ns;
        talk();
    }
}

static void a_chest_strap_gives_ecg_and_acceleration(void **state)
{
    (void)state;
    begin(ECG | ACC | 0xF0);
    assert_int_equal(talk(), 4);
    assert_int_equal(fake.on, ECG | ACC);
    assert_int_equal(fake.rate[0], 130);
    assert_int_equal(fake.rate[2], 50); /* of 25, 50, 100, 200 */
    assert_int_equal(polar.stream[0].state, OB_POLAR_WARM_UP);
    assert_non_null(strstr(ob_polar_sentence(&polar), "warming up"));
    assert_true(polar.stream[0].rate_hz == 130.0 && polar.stream[1].rate_hz == 50.0);
    wait_for(29.0); /* the first samples may take half a minute */
    assert_int_equal(fake.starts, 2);
    ob_polar_data(&polar, now_ns, OB_PMD_ECG);
    ob_polar_data(&polar, now_ns, OB_PMD_ACC);
    assert_string_equal(ob_polar_sentence(&polar), "");
    for (int i = 0; i < 100; i++) {
        wait_for(1.0);
        ob_polar_data(&polar, now_ns, OB_PMD_ECG);
        ob_polar_data(&polar, now_ns, OB_PMD_ACC);
    }
    assert_int_equal(fake.starts + fake.stops, 2);
}

static void an_armband_gives_pulse_intervals(void **state)
{
    (void)state;
    begin(PPI | ACC | 2u);
    assert_int_equal(talk(), 1); /* no settings, no acceleration of an arm */
    assert_int_equal(fake.on, PPI);
    begin(2u);
    assert_int_equal(polar.streams, 0);
    assert_int_equal(talk(), 0);
    assert_true(ob_polar_deadline_ns(&polar) == INT64_MAX);
    assert_string_equal(ob_polar_sentence(&polar), "");
}

static void refuse(unsigned char order, unsigned char type, unsigned char error, int times)
{
    fake.error_order = order;
    fake.error_type = type;
    fake.error = error;
    fake.error_times = times;
}

static void every_refusal_has_a_way_out(void **state)
{
    (void)state;
    /* settings refused once: others are tried */
    begin(ECG);
    refuse(2, 0, OB_PMD_BAD_PARAMETER, 1);
    talk();
    assert_true(fake.on == ECG && fake.starts == 2);
    /* and for good */
    begin(ECG | ACC);
    refuse(2, 0, OB_PMD_BAD_PARAMETER, 100);
    talk();
    wait_for(100.0);
    assert_int_equal(polar.stream[0].state, OB_POLAR_GIVEN_UP);
    assert_true(fake.on == ACC); /* the other goes on */
    assert_non_null(strstr(ob_polar_sentence(&polar), "refuses the settings"));
    /* on already, left so by a crash: stopped and started with what we want */
    begin(ECG);
    fake.on = ECG;
    talk();
    assert_true(fake.on == ECG && fake.stops == 1 && fake.starts == 2);
    assert_int_equal(polar.stream[0].state, OB_POLAR_WARM_UP);
    /* on already, whatever is said: taken as it is */
    begin(ECG);
    refuse(2, 0, OB_PMD_ALREADY, 100);
    talk();
    assert_int_equal(polar.stream[0].state, OB_POLAR_WARM_UP);
    /* packets too small */
    begin(ECG);
    refuse(2, 0, OB_PMD_BAD_MTU, 100);
    talk();
    assert_int_equal(polar.stream[0].state, OB_POLAR_GIVEN_UP);
    assert_non_null(strstr(ob_polar_sentence(&polar), "packets too small"));
    /* in its charger: for as long as it takes */
    begin(PPI);
    refuse(2, 3, OB_PMD_CHARGING, 20);
    talk();
    assert_non_null(strstr(ob_polar_sentence(&polar), "charger"));
    wait_for(185.0);
    assert_true(fake.on == 0 && fake.starts > 15);
    wait_for(20.0);
    assert_int_equal(fake.on, PPI);
    assert_null(strstr(ob_polar_sentence(&polar), "charger"));
    /* something that nobody knows */
    begin(ECG);
    refuse(2, 0, 99, 100);
    talk();
    wait_for(30.0);
    assert_int_equal(polar.stream[0].state, OB_POLAR_GIVEN_UP);
    assert_int_equal(fake.starts, 3);
    assert_non_null(strstr(ob_polar_sentence(&polar), "plain beat intervals"));
}

static void silence_is_asked_about_and_then_accepted(void **state)
{
    (void)state;
    begin(ECG);
    fake.mute = true;
    talk();
    wait_for(60.0);
    assert_int_equal(polar.stream[0].state, OB_POLAR_GIVEN_UP);
    assert_non_null(strstr(ob_polar_sentence(&polar), "does not come"));
    /* answers, but sends nothing */
    begin(ECG);
    talk();
    wait_for(39.0);
    assert_int_equal(fake.stops, 0);
    wait_for(2.0);
    assert_true(fake.stops == 1 && fake.starts == 2);
    wait_for(100.0);
    assert_int_equal(polar.stream[0].state, OB_POLAR_GIVEN_UP);
    /* falls silent and comes back */
    begin(ECG);
    talk();
    ob_polar_data(&polar, now_ns, OB_PMD_ECG);
    wait_for(11.0);
    assert_true(fake.stops == 1 && fake.starts == 2 && fake.on == ECG);
    ob_polar_data(&polar, now_ns, OB_PMD_ECG);
    assert_int_equal(polar.stream[0].state, OB_POLAR_ON);
    /* says itself that it stopped */
    fake.on = 0;
    ob_polar_answer(&polar, now_ns, (const unsigned char[]){0x01, 0x00}, 2);
    wait_for(3.0);
    assert_int_equal(fake.on, ECG);
    /* an order that could not be written */
    begin(ECG);
    unsigned char order[OB_POLAR_ORDER_MAX];
    assert_true(ob_polar_order(&polar, now_ns, order) > 0);
    ob_polar_failed(&polar, now_ns);
    wait_for(3.0);
    assert_int_equal(fake.on, ECG);
}

/* Whatever the state, what may run is stopped, and nothing is said twice. */
static void it_always_leaves_in_order(void **state)
{
    (void)state;
    unsigned char order[OB_POLAR_ORDER_MAX], answer[64];
    for (int orders = 0; orders <= 4; orders++)
        for (int answered = 0; answered < 2; answered++) {
            begin(ECG | ACC);
            for (int i = 0; i < orders; i++) {
                const size_t count = ob_polar_order(&polar, now_ns, order);
                const size_t length = fake_polar_write(&fake, order, count, answer);
                if (answered || i + 1 < orders)
                    ob_polar_answer(&polar, now_ns, answer, length);
            }
            for (size_t count; (count = ob_polar_leave(&polar, order)) > 0;)
                fake_polar_write(&fake, order, count, answer);
            assert_int_equal(fake.on, 0);
            assert_int_equal(ob_polar_order(&polar, now_ns + 100 * S_NS, order), 0);
        }
    assert_int_equal(fake.stops, 2);
}

static void anything_may_be_answered(void **state)
{
    (void)state;
    struct ob_rng rng;
    unsigned char bytes[40], order[OB_POLAR_ORDER_MAX];
    ob_rng_init(&rng, 3, 1);
    begin(ECG | ACC);
    for (int i = 0; i < 300000; i++) {
        const size_t count = ob_rng_u32(&rng) % sizeof bytes;
        for (size_t k = 0; k < count; k++)
            bytes[k] = (unsigned char)(ob_rng_u32(&rng) % 6 * (ob_rng_u32(&rng) % 20 ? 1 : 51));
        if (count > 2 && ob_rng_u32(&rng) % 2) {
            bytes[0] = 0xF0;
            bytes[1] = polar.order;
            bytes[2] = polar.asked >= 0 ? (unsigned char)polar.stream[polar.asked].type : 0;
        }
        ob_polar_answer(&polar, now_ns, bytes, count);
        const size_t length = ob_polar_order(&polar, now_ns, order);
        assert_true(length <= OB_POLAR_ORDER_MAX && (length == 0 || order[0] <= 3));
        now_ns += (int64_t)(ob_rng_u32(&rng) % 3) * S_NS;
        if (i % 1000 == 0)
            begin(ECG | ACC);
    }
}

/* ---- streams ---- */

#define BATCH 73
#define SENT  200000

static struct ob_pmd_stream stream;
static struct ob_pmd_frame frame;

/* What a strap with an own clock sends: sample i is taken at i periods, ramps through its values. */
struct ramp {
    double period_s; /* on our clock */
    double ppm;      /* by which its clock is fast */
    uint64_t begins_ns;
    int next;
};

static uint64_t stamp(const struct ramp *r, int i)
{
    return r->begins_ns + (uint64_t)llround(i * r->period_s * (1.0 + r->ppm * 1e-6) * 1e9);
}

static size_t packet(struct ramp *r, unsigned char *bytes)
{
    int32_t uv[BATCH];
    for (int i = 0; i < BATCH; i++)
        uv[i] = r->next + i;
    r->next += BATCH;
    return frame_ecg(bytes, stamp(r, r->next - 1), uv, BATCH);
}

static void send(const unsigned char *bytes, size_t count, int64_t at_ns)
{
    assert_true(ob_pmd_decode(bytes, count, &frame));
    ob_pmd_stream_frame(&stream, at_ns, &frame, hear_event, &heard);
}

/* Every sample that was heard against where it truly was; the spread around the best constant, in ms. */
static double spread_ms(double period_s, int64_t from_ns, double after_s)
{
    double low = INFINITY, high = -INFINITY;
    int expected = -1;
    for (size_t e = 0; e < heard.count; e++) {
        const struct ob_event *event = &heard.event[e];
        if (event->kind != OB_EVENT_SAMPLES)
            continue;
        for (int i = 0; i < event->u.samples.frames; i++) {
            const int number = (int)lround((double)event->u.samples.values[i] * 1e3);
            assert_true(number > expected); /* none twice, in order */
            expected = number;
            const double true_s = number * period_s;
            const double at_s = ob_s_from_ns(event->measured_ns - from_ns) -
                                (event->u.samples.frames - 1 - i) * event->u.samples.period_ns * 1e-9;
            if (true_s < after_s)
                continue;
            low = fmin(low, at_s - true_s);
            high = fmax(high, at_s - true_s);
        }
    }
    return (high - low) * 500.0;
}

/* Packets of 73 samples, each up to 60 ms under way, some up to a second. */
static void samples_keep_their_places(void **state)
{
    (void)state;
    static const struct {
        double ppm, rate_hz;
        uint64_t begins_ns;
    } cases[] = {{0, 130.0, 0}, {100, 129.2, UINT64_C(599618164814402794)}, {-100, 132.0, UINT64_C(12345)}};
    for (size_t k = 0; k < 3; k++) {
        unsigned char bytes[FRAME_MAX];
        struct ob_rng rng;
        struct ramp r = {1.0 / cases[k].rate_hz, cases[k].ppm, cases[k].begins_ns, 0};
        ob_rng_init(&rng, k + 1, 1);
        ob_pmd_stream_init(&stream, OB_PMD_ECG, 130.0, 1.0);
        heard.count = 0;
        int64_t arrived_ns = 0;
        int packets = 0;
        while (r.next < 600 * 130) {
            const size_t count = packet(&r, bytes);
            const double late_s =
                ob_rng_u32(&rng) % 40 == 0 ? ob_rng_range(&rng, 0.1, 1.0) : ob_rng_range(&rng, 0.01, 0.06);
            const int64_t at_ns = 1000 * S_NS + ob_ns_from_s((r.next - 1) * r.period_s + late_s);
            arrived_ns = at_ns > arrived_ns ? at_ns : arrived_ns;
            send(bytes, count, arrived_ns);
            packets++;
        }
        assert_int_equal(stream.frames, packets * BATCH);
        assert_true(stream.odd + stream.duplicates + stream.gaps + stream.restarts == 0);
        assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 0);
        const double ms = spread_ms(r.period_s, 1000 * S_NS, 60.0);
        print_message("%+4.0f ppm, %.1f Hz: samples within +-%.2f ms, rate %.4f Hz, drift %+.1f ppm\n", cases[k].ppm,
                      cases[k].rate_hz, ms, 1e9 / stream.period_ns, stream.fit.drift_ppm);
        assert_true(ms < 8.0);
        assert_true(fabs(1e9 / stream.period_ns / cases[k].rate_hz - 1.0) < 5e-5);
    }
}

static void faults_of_packets_are_seen(void **state)
{
    (void)state;
    unsigned char bytes[FRAME_MAX], before[FRAME_MAX], later[FRAME_MAX];
    struct ramp r = {1.0 / 130.0, 0, UINT64_C(600000000000000000), 0};
    ob_pmd_stream_init(&stream, OB_PMD_ECG, 130.0, 1.0);
    heard.count = 0;
    int64_t at_ns = 0;
    size_t count = 0;
    for (int i = 0; i < 60; i++) {
        count = packet(&r, bytes);
        at_ns = ob_ns_from_s(r.next * r.period_s + 0.02);
        send(bytes, count, at_ns);
        if (i == 20) /* twice */
            send(bytes, count, at_ns + OB_NS_PER_MS);
        if (i == 30)
            memcpy(before, bytes, count);
        if (i == 31) /* an older one after it */
            send(before, count, at_ns + OB_NS_PER_MS);
        if (i == 40) { /* one is lost */
            packet(&r, later);
            assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 0);
        }
        if (i == 41)
            assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 1);
        if (i == 50) { /* one of next month */
            memcpy(before, bytes, count);
            frame_number(before + 1, stamp(&r, r.next + 130 * 86400 * 30), 8);
            send(before, count, at_ns + OB_NS_PER_MS);
        }
    }
    assert_int_equal(stream.duplicates, 2);
    assert_int_equal(stream.odd, 1);
    assert_int_equal(stream.gaps, 1);
    assert_int_equal(stream.frames, 60 * BATCH);
    assert_true(spread_ms(r.period_s, 0, 0.0) < 2.5);
    /* its battery was empty: the clock begins again in 2019 */
    const size_t told = heard.count;
    r.begins_ns = UINT64_C(599616000000000000) - UINT64_C(1000000000) * 86400 * 200;
    for (int i = 0; i < 10; i++) {
        count = packet(&r, bytes);
        send(bytes, count, ob_ns_from_s(r.next * r.period_s + 0.02));
    }
    assert_int_equal(stream.restarts, 1);
    assert_int_equal(stream.odd, 4);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 2);
    assert_int_equal(heard.event[told].kind, OB_EVENT_GAP); /* before anything of the new time */
    assert_int_equal(stream.frames, 68 * BATCH);
    assert_true(spread_ms(r.period_s, 0, 0.0) < 2.5);
    /* a break that is told is told once */
    ob_pmd_stream_break(&stream, at_ns + 20 * S_NS, hear_event, &heard);
    ob_pmd_stream_break(&stream, at_ns + 21 * S_NS, hear_event, &heard);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 3);
}

static void any_frame_leaves_times_that_rise(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 8, 1);
    ob_pmd_stream_init(&stream, OB_PMD_ACC, 0.0, 1.0);
    int64_t at_ns = 1, measured_ns = INT64_MIN;
    memset(&frame, 0, sizeof frame);
    for (int i = 0; i < 100000; i++) {
        frame.type = OB_PMD_ACC;
        frame.channels = 3;
        frame.frames = 1 + (int)(ob_rng_u32(&rng) % 70);
        const uint64_t jump = (uint64_t)ob_rng_u32(&rng) << ob_rng_u32(&rng) % 33;
        frame.last_ns = ob_rng_u32(&rng) % 4 ? frame.last_ns + (uint64_t)frame.frames * 20000000 : jump;
        at_ns += (int64_t)(ob_rng_u32(&rng) % 3) * frame.frames * 20 * OB_NS_PER_MS;
        heard.count = 0;
        ob_pmd_stream_frame(&stream, at_ns, &frame, hear_event, &heard);
        for (size_t e = 0; e < heard.count; e++) {
            assert_true(heard.event[e].measured_ns > measured_ns);
            assert_true(heard.event[e].u.samples.period_ns > 1e7 && heard.event[e].u.samples.period_ns < 4e7);
            measured_ns = heard.event[e].measured_ns;
        }
    }
}

static size_t ppi_of(unsigned char *bytes, int beat, int count, unsigned error_ms, unsigned flags)
{
    size_t at = frame_head(bytes, 3, 0, 0);
    for (int i = 0; i < count; i++)
        at = frame_ppi(bytes, at, 60, (unsigned)(950 + (beat + i) * 37 % 90), error_ms, flags);
    return at;
}

static void pulse_intervals_say_how_good_they_are(void **state)
{
    (void)state;
    static struct ob_ppi ppi;
    unsigned char bytes[FRAME_MAX];
    ob_ppi_init(&ppi);
    heard.count = 0;
    int64_t at_ns = S_NS;
    for (int beat = 0; beat < 100; beat += 2) {
        const bool moved = beat >= 50 && beat < 54, off = beat >= 70 && beat < 74;
        for (int i = 0; i < 2; i++)
            at_ns += (950 + (beat + i) * 37 % 90) * OB_NS_PER_MS;
        const size_t count = ppi_of(bytes, beat, 2, beat < 20 ? 5 : beat < 40 ? 30 : 10, moved ? 7 : off ? 4 : 6);
        assert_true(ob_pmd_decode(bytes, count, &frame));
        ob_ppi_frame(&ppi, at_ns, &frame, hear_event, &heard);
        if (beat == 52)
            assert_true(ppi.quality_01 < 0.8f);
    }
    assert_int_equal(ppi.beats, 92);
    assert_int_equal(ppi.unusable, 8);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 2);
    assert_int_equal(heard_of(&heard, OB_EVENT_CONTACT), 3); /* on, off, on */
    int64_t before_ns = 0;
    int numbers = 0;
    for (size_t e = 0; e < heard.count; e++) {
        const struct ob_event *event = &heard.event[e];
        if (event->kind != OB_EVENT_RR)
            continue;
        assert_int_equal(event->u.rr.beats, OB_BEATS_PPG);
        assert_true(fabs((double)event->u.rr.quality_01 - (numbers < 20 ? 1.0 : numbers < 40 ? 0.5 : 1.0)) < 1e-6);
        assert_true(event->measured_ns > before_ns && event->measured_ns <= event->arrived_ns);
        before_ns = event->measured_ns;
        numbers++;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chest_strap_gives_ecg_and_acceleration),
        cmocka_unit_test(an_armband_gives_pulse_intervals),
        cmocka_unit_test(every_refusal_has_a_way_out),
        cmocka_unit_test(silence_is_asked_about_and_then_accepted),
        cmocka_unit_test(it_always_leaves_in_order),
        cmocka_unit_test(anything_may_be_answered),
        cmocka_unit_test(samples_keep_their_places),
        cmocka_unit_test(faults_of_packets_are_seen),
        cmocka_unit_test(any_frame_leaves_times_that_rise),
        cmocka_unit_test(pulse_intervals_say_how_good_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
