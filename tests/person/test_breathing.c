/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "living.h"

/* Mean length of the breaths of the lungs between two moments, by interpolated starts of inhale. */
static double mean_period_s(struct ob_person *person, double from_s, double to_s, double rate_brpm)
{
    double first = 0, last = 0, before = 0;
    int breaths = -1;
    for (double t = from_s; t < to_s; t += 0.01) {
        live_to(person, t, rate_brpm);
        const double phase = truth_of(person).phase_turns;
        if (phase < before - 0.5) {
            const double start = t - 0.01 * phase / (phase + 1.0 - before);
            if (breaths++ < 0)
                first = start;
            last = start;
        }
        before = phase;
    }
    assert_true(breaths > 3);
    return (last - first) / breaths;
}

static void the_willing_follow_and_the_unwilling_do_not(void **state)
{
    (void)state;
    for (int seed = 1; seed <= 3; seed++) {
        char text[120];
        snprintf(text, sizeof text, "seed=%d,compliance=1,lapses_per_min=0,sighs_per_h=0", seed);
        struct ob_person *person = person_from(text, 0);
        live_to(person, 30, 6);
        assert_near("period of the willing", mean_period_s(person, 30, 630, 6), 10.0, 0.1);
        ob_person_destroy(person);

        snprintf(text, sizeof text, "seed=%d,compliance=0,sighs_per_h=0", seed);
        person = person_from(text, 0);
        assert_near("period of the unwilling", mean_period_s(person, 30, 630, 6), 60.0 / 14, 0.2);
        ob_person_destroy(person);
    }
}

static void everyone_follows_with_the_lag_described(void **state)
{
    (void)state;
    static const double lags_s[] = {0.2, 0.55, 0.8, 2.5};
    for (size_t i = 0; i < sizeof lags_s / sizeof lags_s[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, STILL "compliance=1,lag_s=%g", lags_s[i]);
        struct ob_person *person = person_from(text, 0);
        live_to(person, 120, 6);
        const double behind = ob_fract(6.0 / 60 * 120 - truth_of(person).phase_turns);
        assert_near("lag", behind * 10, lags_s[i], 0.03);
        ob_person_destroy(person);
    }
}

static void poor_compliance_follows_poorly(void **state)
{
    (void)state;
    /* Locked while c K holds against (1 - c) of the difference of rates; not locked far below. */
    double spread[2];
    for (int i = 0; i < 2; i++) {
        struct ob_person *person = person_from(i ? "compliance=0.2" : "compliance=0.95", 0);
        double re = 0, im = 0;
        int n = 0;
        for (double t = 60; t < 660; t += 0.1, n++) {
            live_to(person, t, 6);
            const double off = OB_TAU * (truth_of(person).phase_turns - ob_fract(6.0 / 60 * t));
            re += cos(off);
            im += sin(off);
        }
        spread[i] = sqrt(re * re + im * im) / n;
        ob_person_destroy(person);
    }
    assert_true(spread[0] > 0.85);
    assert_true(spread[1] < 0.4);
}

static void silence_brings_the_own_breathing_back(void **state)
{
    (void)state;
    struct ob_person *person = person_from("rate=13,compliance=1,lapses_per_min=0,sighs_per_h=0", 0);
    live_to(person, 300, 6);
    const double paced = truth_of(person).rate_brpm;
    live_to(person, 303, 0);
    const double just_after = truth_of(person).rate_brpm;
    live_to(person, 360, 0);
    assert_near("paced", paced, 6, 1.0);
    assert_true(just_after < 9.5); /* not at once */
    assert_near("own period", mean_period_s(person, 360, 700, 0), 60.0 / 13, 0.25);
    ob_person_destroy(person);
}

static void share_of_inhale_follows_the_cue(void **state)
{
    (void)state;
    struct ob_person *person = person_from("inhale=0.45,compliance=1,lapses_per_min=0", 0);
    assert_near("own share", truth_of(person).inhale_01, 0.45, 1e-9);
    for (double t = 0.01; t < 60; t += 0.01) {
        const struct ob_person_cue cue = {ob_fract(0.1 * t), 6, 1.0 / 3, 1};
        ob_person_advance(person, START_NS + ob_ns_from_s(t), &cue);
    }
    assert_near("share with the cue", truth_of(person).inhale_01, 1.0 / 3, 1e-9);
    ob_person_destroy(person);
}

static void spread_of_breaths_is_as_described(void **state)
{
    (void)state;
    struct ob_person *person = person_from("period_cv=0.12,volume_cv=0.2,sighs_per_h=0,g=0.6,rate=15", 0);
    double sum = 0, sum2 = 0, depth = 0, depth2 = 0, last = 0, before = 0;
    int n = 0;
    for (double t = 1; t < 6000; t += 0.01) {
        live_to(person, t, 0);
        const struct ob_person_truth truth = truth_of(person);
        if (truth.phase_turns < before - 0.5) {
            if (last > 0) {
                sum += t - last;
                sum2 += (t - last) * (t - last);
                depth += truth.breath_l;
                depth2 += truth.breath_l * truth.breath_l;
                n++;
            }
            last = t;
        }
        before = truth.phase_turns;
    }
    const double mean = sum / n, depth_mean = depth / n;
    assert_near("mean period", mean, 4.0, 0.1);
    assert_near("CV of period", sqrt(sum2 / n - mean * mean) / mean, 0.12, 0.02);
    assert_near("mean depth", depth_mean, 0.5, 0.02);
    assert_near("CV of depth", sqrt(depth2 / n - depth_mean * depth_mean) / depth_mean, 0.2, 0.03);
    ob_person_destroy(person);
}

static void breaths_deepen_when_slow(void **state)
{
    (void)state;
    struct ob_person *person = person_from(STILL "compliance=1,g=0.6", 0);
    live_to(person, 120, 6);
    assert_near("litres at 6/min", truth_of(person).breath_l, 0.5 * pow(15.0 / 6, 0.6), 0.02);
    ob_person_destroy(person);
}

static void sighs_and_lapses_come_as_often_as_described(void **state)
{
    (void)state;
    struct ob_person *person = person_from("sighs_per_h=10,lapses_per_min=1,compliance=1,volume_cv=0", 0);
    bool lapsing = false, sighing = false;
    int lapses = 0, sighs = 0;
    double forgotten_s = 0;
    for (double t = 0.05; t < 36000; t += 0.05) {
        live_to(person, t, 6);
        const struct ob_person_truth truth = truth_of(person);
        lapses += truth.lapsing && !lapsing;
        forgotten_s += truth.lapsing ? 0.05 : 0;
        lapsing = truth.lapsing;
        sighs += truth.sighing && !sighing;
        sighing = truth.sighing;
    }
    assert_near("sighs in 10 h", sighs, 100, 30);
    assert_near("sighs counted", (double)truth_of(person).sighs, sighs, 1);
    /* one wait of 60 s and 12.5 s of lapse each */
    assert_near("lapses in 10 h", lapses, 36000 / 72.5, 70);
    assert_near("seconds in a lapse", forgotten_s / lapses, 12.5, 1.0);
    ob_person_destroy(person);
}

static void sighs_are_deep_and_long(void **state)
{
    (void)state;
    struct ob_person *person = person_from("sighs_per_h=60,volume_cv=0,period_cv=0,rate=15", 0);
    double begin_s = 0, before = 0;
    bool sigh = false;
    int sighs = 0, breaths = 0;
    for (double t = 0.01; t < 1800; t += 0.01) {
        live_to(person, t, 0);
        const struct ob_person_truth truth = truth_of(person);
        if (truth.phase_turns < before - 0.5) {
            if (begin_s > 30) {
                assert_near(sigh ? "length of a sigh" : "length of a breath", t - begin_s, sigh ? 5.6 : 4.0, 0.03);
                sighs += sigh;
                breaths++;
            }
            begin_s = t;
            sigh = truth.sighing;
            if (sigh)
                assert_near("depth of a sigh", truth.breath_l, 1.35, 0.35);
            else
                assert_near("depth of a breath", truth.breath_l, 0.5, 0.01);
        }
        before = truth.phase_turns;
    }
    assert_true(sighs > 10 && breaths > 300);
    ob_person_destroy(person);
}

static void nonsense_in_a_cue_is_silence(void **state)
{
    (void)state;
    static const struct ob_person_cue odd[] = {
        {NAN, 6, .4, 1}, {.5, NAN, .4, 1}, {.5, -6, .4, 1}, {.5, 6, .4, NAN}, {.5, 6, .4, -1}, {.5, 1e9, .4, 1},
    };
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        struct ob_person *a = person_from("seed=3", 0), *b = person_from("seed=3", 0);
        ob_person_advance(a, START_NS + 20 * OB_NS_PER_S, &odd[i]);
        ob_person_advance(b, START_NS + 20 * OB_NS_PER_S, NULL);
        assert_true(truth_of(a).phase_turns == truth_of(b).phase_turns && truth_of(a).hr_bpm == truth_of(b).hr_bpm);
        ob_person_destroy(a);
        ob_person_destroy(b);
    }
    struct ob_person *person = person_from("seed=3", 0);
    const struct ob_person_cue share = {.5, 6, NAN, 1};
    ob_person_advance(person, START_NS + 20 * OB_NS_PER_S, &share);
    assert_true(isfinite(truth_of(person).volume_l));
    ob_person_destroy(person);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_willing_follow_and_the_unwilling_do_not),
        cmocka_unit_test(everyone_follows_with_the_lag_described),
        cmocka_unit_test(poor_compliance_follows_poorly),
        cmocka_unit_test(silence_brings_the_own_breathing_back),
        cmocka_unit_test(share_of_inhale_follows_the_cue),
        cmocka_unit_test(spread_of_breaths_is_as_described),
        cmocka_unit_test(breaths_deepen_when_slow),
        cmocka_unit_test(sighs_and_lapses_come_as_often_as_described),
        cmocka_unit_test(sighs_are_deep_and_long),
        cmocka_unit_test(nonsense_in_a_cue_is_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
