/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repeatability, and the sensor with its faults. */
#include "living.h"

#define ALL_SIGNALS ((1u << OB_PERSON_SIGNALS) - 1u)
#define BEATS       20000

struct heard {
    struct ob_person_beat reported[BEATS];
    struct ob_person_true_beat real[BEATS];
    int reported_count, real_count;
};

static struct heard *take(struct ob_person *person, struct heard *heard)
{
    while (heard->reported_count < BEATS && ob_person_take_beat(person, &heard->reported[heard->reported_count]))
        heard->reported_count++;
    while (heard->real_count < BEATS && ob_person_take_true_beat(person, &heard->real[heard->real_count]))
        heard->real_count++;
    return heard;
}

static struct heard *live(const char *text, unsigned signals, double minutes, double spacing_s, double rate_brpm)
{
    struct ob_person *person = person_from(text, signals);
    struct heard *heard = calloc(1, sizeof *heard);
    assert_non_null(heard);
    for (int64_t k = 1; (double)k * spacing_s <= minutes * 60 + 1e-9; k++) {
        live_to(person, (double)k * spacing_s, rate_brpm);
        take(person, heard);
    }
    assert_true(heard->real_count > 10);
    ob_person_destroy(person);
    return heard;
}

static void assert_same(const struct heard *a, const struct heard *b, int64_t tolerance_ns)
{
    assert_int_equal(a->real_count, b->real_count);
    assert_int_equal(a->reported_count, b->reported_count);
    for (int i = 0; i < a->real_count; i++)
        assert_true(llabs(a->real[i].time_ns - b->real[i].time_ns) <= tolerance_ns);
    for (int i = 0; i < a->reported_count; i++)
        assert_true(llabs(a->reported[i].measured_ns - b->reported[i].measured_ns) <= tolerance_ns &&
                    llabs(a->reported[i].delivered_ns - b->reported[i].delivered_ns) <= tolerance_ns);
}

static const char messy[] = "seed=9,ectopic_pct=3,missed_pct=3,extra_pct=3,duplicate_pct=3,reorder_pct=3,batch_s=0.5,"
                            "dropouts_per_h=30,dropout_s=4,strokes=12,motion_per_min=2";

static void the_same_seed_is_the_same_person(void **state)
{
    (void)state;
    struct heard *a = live(messy, 0, 20, 0.01, 6), *b = live(messy, 0, 20, 0.01, 6);
    assert_memory_equal(a->real, b->real, sizeof a->real);
    assert_same(a, b, 0);
    free(b);
    /* signals that are asked for change nothing */
    b = live(messy, ALL_SIGNALS, 20, 0.01, 6);
    assert_same(a, b, 0);
    free(b);
    b = live("seed=10", 0, 20, 0.01, 6);
    assert_true(a->real[5].time_ns != b->real[5].time_ns);
    free(a);
    free(b);
}

static void faults_of_the_sensor_leave_the_heart_alone(void **state)
{
    (void)state;
    struct heard *clean = live("seed=4", 0, 20, 0.1, 6);
    struct heard *dirty =
        live("seed=4,missed_pct=5,extra_pct=5,duplicate_pct=5,dropouts_per_h=20,batch_s=1,drift_ppm=80,"
             "jitter_ms=8,strokes=10,motion_per_min=3",
             0, 20, 0.1, 6);
    assert_int_equal(clean->real_count, dirty->real_count);
    for (int i = 0; i < clean->real_count; i++)
        assert_true(clean->real[i].time_ns == dirty->real[i].time_ns);
    free(clean);
    free(dirty);
}

static void spacing_of_calls_does_not_matter(void **state)
{
    (void)state;
    static const double spacings_s[] = {0.01, 0.005, 0.02, 0.1, 0.37, 2};
    struct heard *silent = live(messy, 0, 5, spacings_s[0], 0), *cued = live(messy, 0, 5, spacings_s[0], 6);
    for (size_t i = 1; i < sizeof spacings_s / sizeof spacings_s[0]; i++) {
        struct heard *a = live(messy, 0, 5, spacings_s[i], 0), *b = live(messy, 0, 5, spacings_s[i], 6);
        /* the last, partial spacing may not have been lived */
        if (spacings_s[i] == 0.37) {
            a->reported_count = a->reported_count < silent->reported_count ? a->reported_count : silent->reported_count;
            assert_memory_equal(a->reported, silent->reported, (size_t)a->reported_count * sizeof a->reported[0]);
        } else {
            assert_same(silent, a, 0);
            assert_same(cued, b, 1000);
        }
        free(a);
        free(b);
    }
    free(silent);
    free(cued);
}

static void a_clean_sensor_reports_every_beat(void **state)
{
    (void)state;
    struct heard *h = live("jitter_ms=1.5", 0, 30, 0.1, 6);
    assert_int_equal(h->reported_count, h->real_count - 1); /* an interval needs two beats */
    double jitter2 = 0, sum_ms = 0;
    for (int i = 0; i < h->reported_count; i++) {
        const struct ob_person_beat *b = &h->reported[i];
        assert_true(b->time_ns == h->real[i + 1].time_ns);
        assert_true(b->kind == OB_PERSON_BEAT_NORMAL && !b->after_missed && !b->after_gap && !b->duplicate);
        assert_true(b->delivered_ns >= b->time_ns && b->delivered_ns >= b->measured_ns - 2);
        assert_true(b->delivered_ns <= b->time_ns + 6 * OB_NS_PER_MS);
        jitter2 += pow((double)(b->measured_ns - b->time_ns) * 1e-6, 2);
        if (i > 0)
            assert_near("RR", b->rr_ms, (double)(b->measured_ns - h->reported[i - 1].measured_ns) * 1e-6, 1e-5);
        sum_ms += i > 0 ? b->rr_ms : 0;
        const double ticks = b->rr_ms * 1.024;
        assert_near("ticks of 1/1024 s", ticks, floor(ticks + 0.5), 1e-5);
    }
    assert_near("jitter", sqrt(jitter2 / h->reported_count), 1.5, 0.15);
    assert_near("sum of RR", sum_ms,
                (double)(h->reported[h->reported_count - 1].measured_ns - h->reported[0].measured_ns) * 1e-6, 0.01);
    free(h);
}

static void shares_of_faults_are_as_described(void **state)
{
    (void)state;
    struct heard *h =
        live("ectopic_pct=4,missed_pct=3,extra_pct=2,duplicate_pct=5,reorder_pct=2,hr=70", 0, 200, 0.5, 6);
    int ectopic = 0, missed = 0, extra = 0, duplicate = 0, swapped = 0, spanning = 0;
    for (int i = 1; i < h->real_count; i++) {
        ectopic += h->real[i].ectopic;
        missed += !h->real[i].reported;
    }
    for (int i = 0; i < h->reported_count; i++) {
        const struct ob_person_beat *b = &h->reported[i];
        extra += b->kind == OB_PERSON_BEAT_EXTRA && !b->duplicate;
        duplicate += b->duplicate;
        spanning += b->after_missed && !b->duplicate;
        swapped += i > 0 && b->time_ns < h->reported[i - 1].time_ns && !b->duplicate;
        assert_true(b->rr_ms > 100 && b->rr_ms < 10000);
    }
    const double n = h->real_count;
    assert_true(n > 12000);
    assert_near("ectopic %", 100 * ectopic / n, 4, 0.6);
    assert_near("missed %", 100 * missed / n, 3, 0.5);
    assert_near("extra %", 100 * extra / n, 2, 0.4);
    assert_near("duplicate %", 100 * duplicate / n, 5, 0.7);
    assert_near("swapped %", 100 * swapped / n, 2, 0.5);
    assert_near("spanning %", 100 * spanning / n, 3, 0.5);
    free(h);
}

static void an_early_beat_is_followed_by_its_pause(void **state)
{
    (void)state;
    struct heard *h = live(STILL "ectopic_pct=5,gain=0.1", 0, 30, 0.5, 0);
    int early = 0;
    for (int i = 1; i + 1 < h->real_count; i++) {
        const double k = h->real[i].rr_ms / (60000.0 / 66);
        if (h->real[i].ectopic) {
            early++;
            assert_near("early interval", k, 0.7, 0.105);
            assert_near("with its pause", k + h->real[i + 1].rr_ms / (60000.0 / 66), 2, 0.02);
        } else if (!h->real[i - 1].ectopic) {
            assert_near("ordinary interval", k, 1, 0.02);
        }
    }
    assert_true(early > 50);
    free(h);
}

static void a_missed_beat_doubles_an_interval_and_an_extra_splits_one(void **state)
{
    (void)state;
    struct heard *h = live(STILL "missed_pct=4,extra_pct=0,gain=0.1", 0, 30, 0.5, 0);
    int doubles = 0;
    for (int i = 0; i < h->reported_count; i++) {
        const double usual = 60000.0 / 66, k = h->reported[i].rr_ms / usual;
        assert_near("cycles", k, floor(k + 0.5), 0.02);
        assert_true(h->reported[i].after_missed == (k > 1.5));
        doubles += k > 1.5;
    }
    assert_true(doubles > 20);
    free(h);
    h = live(STILL "extra_pct=4,gain=0.1", 0, 30, 0.5, 0);
    int splits = 0;
    for (int i = 0; i + 1 < h->reported_count; i++) {
        if (h->reported[i].kind != OB_PERSON_BEAT_EXTRA)
            continue;
        splits++;
        assert_near("two parts", h->reported[i].rr_ms + h->reported[i + 1].rr_ms, 60000.0 / 66, 20);
    }
    assert_true(splits > 20);
    free(h);
}

static void a_dropout_loses_data_and_says_so(void **state)
{
    (void)state;
    struct ob_person *person = person_from("dropout_at_min=1,dropout_s=20", ALL_SIGNALS);
    struct ob_person_beat beat;
    float values[64 * 3];
    int64_t measured_ns, last_ns[OB_PERSON_SIGNALS] = {0};
    int gaps = 0, jumps[OB_PERSON_SIGNALS] = {0};
    const double from_s = 60, to_s = 80;
    for (double t = 0.1; t < 120; t += 0.1) {
        live_to(person, t, 6);
        assert_int_equal(ob_person_connected(person), !(t > from_s + 0.05 && t < to_s + 0.005));
        while (ob_person_take_beat(person, &beat)) {
            const double at_s = ob_s_from_ns(beat.time_ns - START_NS);
            assert_true(at_s < from_s + 0.02 || at_s > to_s - 0.02);
            assert_true(beat.rr_ms < 1500); /* no interval spans the gap */
            assert_int_equal(beat.after_gap, at_s > to_s && gaps == 0);
            gaps += beat.after_gap;
        }
        for (int s = 0; s < OB_PERSON_SIGNALS; s++) {
            int frames;
            while ((frames = ob_person_take_samples(person, (enum ob_person_signal)s, values, 64, &measured_ns)) > 0) {
                const double period_ns = 1e9 / ob_person_signal_hz(person, (enum ob_person_signal)s);
                const double lost_ns = (double)(measured_ns - last_ns[s]) - frames * period_ns;
                if (last_ns[s] && fabs(lost_ns) > 10) {
                    jumps[s]++;
                    assert_near("lost time", lost_ns * 1e-9, 20, 0.06);
                }
                last_ns[s] = measured_ns;
            }
        }
    }
    assert_int_equal(gaps, 1);
    for (int s = 0; s < OB_PERSON_SIGNALS; s++)
        assert_int_equal(jumps[s], 1);
    assert_true(truth_of(person).lost == 0 || truth_of(person).beats > 256); /* true beats were not taken */
    ob_person_destroy(person);
}

static void a_block_of_samples_never_spans_a_gap(void **state)
{
    (void)state;
    struct ob_person *person = person_from("dropout_at_min=0.05,dropout_s=0.5", 1u << OB_PERSON_ECG);
    live_to(person, 4, 0); /* lost from 3.0 to 3.5 s, taken afterwards */
    float values[1000];
    int64_t before_ns, after_ns;
    const int before = ob_person_take_samples(person, OB_PERSON_ECG, values, 1000, &before_ns);
    const int after = ob_person_take_samples(person, OB_PERSON_ECG, values, 1000, &after_ns);
    assert_near("frames before", before, 3 * 130, 3);
    assert_near("frames after", after, 0.5 * 130, 3);
    assert_near("end of the first block", ob_s_from_ns(before_ns - START_NS), 3, 0.02);
    assert_near("end of the second block", ob_s_from_ns(after_ns - START_NS), 4, 0.02);
    ob_person_destroy(person);
}

static void packets_come_in_batches_and_late(void **state)
{
    (void)state;
    struct ob_person *person = person_from("batch_s=1,age_of_data_s=2.5", 1u << OB_PERSON_ECG);
    struct ob_person_beat beat;
    float values[200];
    int64_t measured_ns;
    int beats = 0, frames = 0;
    for (int64_t k = 1; k < 6000; k++) {
        const int64_t now_ns = START_NS + k * 10 * OB_NS_PER_MS;
        ob_person_advance(person, now_ns, NULL);
        while (ob_person_take_beat(person, &beat)) {
            beats++;
            assert_true(beat.delivered_ns <= now_ns && now_ns - beat.delivered_ns < 10 * OB_NS_PER_MS);
            assert_int_equal((beat.delivered_ns - START_NS) % OB_NS_PER_S, 0);
            const double age_s = ob_s_from_ns(beat.delivered_ns - beat.time_ns);
            assert_true(age_s >= 2.5 && age_s < 3.5 + 1e-6);
        }
        const int got = ob_person_take_samples(person, OB_PERSON_ECG, values, 200, &measured_ns);
        if (got > 0) {
            frames += got;
            assert_int_equal((now_ns - START_NS) % OB_NS_PER_S, 0);
            assert_near("age of samples", ob_s_from_ns(now_ns - measured_ns), 2.5, 0.01);
        }
    }
    assert_true(beats > 55 && frames > 56 * 130);
    ob_person_destroy(person);
}

static void a_fast_clock_says_more_time_has_passed(void **state)
{
    (void)state;
    struct ob_person *person = person_from("drift_ppm=100,jitter_ms=0,rr_step_ms=0", 1u << OB_PERSON_ECG);
    struct ob_person_beat beat;
    float values[400];
    int64_t measured_ns = 0;
    double frames = 0;
    for (double t = 0.5; t <= 3600; t += 0.5) {
        live_to(person, t, 0);
        frames += ob_person_take_samples(person, OB_PERSON_ECG, values, 400, &measured_ns);
        while (ob_person_take_beat(person, &beat))
            assert_near("clock", (double)(beat.measured_ns - beat.time_ns), 1e-4 * (double)(beat.time_ns - START_NS),
                        2);
    }
    assert_near("frames in an hour", frames, 3600 * 130 * 1.0001, 2);
    assert_near("last frame", ob_s_from_ns(measured_ns - START_NS), 3600 * 1.0001, 0.01);
    ob_person_destroy(person);
}

static void contact_comes_slowly_where_asked(void **state)
{
    (void)state;
    struct ob_person *person = person_from("contact_ramp_s=60", 0);
    assert_false(ob_person_touching(person));
    struct ob_person_true_beat beat;
    int missed_early = 0, missed_late = 0;
    for (double t = 0.1; t < 240; t += 0.1) {
        live_to(person, t, 0);
        while (ob_person_take_true_beat(person, &beat)) {
            if (!beat.reported && t < 60)
                missed_early++;
            else if (!beat.reported)
                missed_late++;
        }
    }
    assert_true(ob_person_touching(person));
    assert_true(missed_early > 4 && missed_late == 0);
    ob_person_destroy(person);
}

static void nobody_taking_loses_the_oldest_and_counts(void **state)
{
    (void)state;
    struct ob_person *person = person_from("", ALL_SIGNALS);
    ob_person_advance(person, START_NS + 1000 * OB_NS_PER_S, NULL);
    assert_true(truth_of(person).lost > 1000 * 130);
    struct ob_person_beat beat;
    assert_true(ob_person_take_beat(person, &beat));
    assert_true(beat.time_ns > START_NS + 400 * OB_NS_PER_S);
    float values[3];
    assert_int_equal(ob_person_take_samples(person, OB_PERSON_SIGNALS, values, 1, NULL), 0);
    assert_int_equal(ob_person_take_samples(person, OB_PERSON_ACC, values, 0, NULL), 0);
    assert_int_equal(ob_person_take_samples(person, OB_PERSON_ACC, values, 1, NULL), 1);
    ob_person_destroy(person);
    ob_person_destroy(NULL);
}

static void a_description_out_of_range_is_brought_into_it(void **state)
{
    (void)state;
    struct ob_person_desc desc;
    memset(&desc, 0xff, sizeof desc); /* every double is not a number */
    desc.signals = ALL_SIGNALS;
    struct ob_person *person = ob_person_create(&desc, 0);
    assert_non_null(person);
    ob_person_advance(person, 60 * OB_NS_PER_S, NULL);
    assert_near("heart rate", truth_of(person).hr_bpm, 66, 30);
    ob_person_destroy(person);

    /* and every corner of the table lives */
    for (int corner = 0; corner < 2; corner++) {
#define CORNER(name, standard, low, high, unit, meaning) desc.name = corner ? (high) : (low);
        OB_PERSON_TABLE(CORNER)
#undef CORNER
        desc.dropout_at_min = -1;
        desc.dropouts_per_h = 0;
        person = ob_person_create(&desc, 0);
        assert_non_null(person);
        const struct ob_person_cue cue = {0.3, 6, 0.4, 1};
        ob_person_advance(person, 600 * OB_NS_PER_S, &cue);
        const struct ob_person_truth truth = truth_of(person);
        assert_true(isfinite(truth.hr_bpm) && isfinite(truth.volume_l) && truth.beats > 100);
        ob_person_destroy(person);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_is_the_same_person),
        cmocka_unit_test(faults_of_the_sensor_leave_the_heart_alone),
        cmocka_unit_test(spacing_of_calls_does_not_matter),
        cmocka_unit_test(a_clean_sensor_reports_every_beat),
        cmocka_unit_test(shares_of_faults_are_as_described),
        cmocka_unit_test(an_early_beat_is_followed_by_its_pause),
        cmocka_unit_test(a_missed_beat_doubles_an_interval_and_an_extra_splits_one),
        cmocka_unit_test(a_dropout_loses_data_and_says_so),
        cmocka_unit_test(a_block_of_samples_never_spans_a_gap),
        cmocka_unit_test(packets_come_in_batches_and_late),
        cmocka_unit_test(a_fast_clock_says_more_time_has_passed),
        cmocka_unit_test(contact_comes_slowly_where_asked),
        cmocka_unit_test(nobody_taking_loses_the_oldest_and_counts),
        cmocka_unit_test(a_description_out_of_range_is_brought_into_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
