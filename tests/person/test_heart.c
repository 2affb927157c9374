/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "living.h"

/* Highest less lowest heart rate over two minutes of steady breathing, once it is steady. */
static double swing_bpm(struct ob_person *person, double rate_brpm)
{
    double low = 1e9, high = 0;
    for (double t = 0.01; t < 300; t += 0.01) {
        live_to(person, t, rate_brpm);
        const double hr = truth_of(person).hr_bpm;
        if (t > 180) {
            low = fmin(low, hr);
            high = fmax(high, hr);
        }
    }
    return high - low;
}

/* The check table of the physiology page, part 4 (gain 22, g 0.6, 66 bpm). */
static void swing_at_each_rate_is_that_of_the_table(void **state)
{
    (void)state;
    static const struct {
        double rate_brpm, swing_bpm;
    } table[] = {{15, 5.0}, {10, 8.7}, {8, 12.0}, {6, 16.6}, {5, 17.8}, {4.5, 17.8}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct ob_person *person = person_from(STILL "gain=22,g=0.6,hr=66,rf=5.75,rho=0.4,q=1,compliance=1", 0);
        const double swing = swing_bpm(person, table[i].rate_brpm);
        char what[60];
        snprintf(what, sizeof what, "swing at %g/min", table[i].rate_brpm);
        assert_near(what, swing, table[i].swing_bpm, 0.1 * table[i].swing_bpm);
        ob_person_destroy(person);
    }
}

static void a_sharp_resonance_stands_where_it_is_described(void **state)
{
    (void)state;
    double best = 0, best_rate = 0;
    for (double rate = 4.5; rate < 7.01; rate += 0.25) {
        struct ob_person *person = person_from(STILL "g=0,rf=6,rho=0.9,q=5,compliance=1", 0);
        const double swing = swing_bpm(person, rate);
        if (swing > best) {
            best = swing;
            best_rate = rate;
        }
        ob_person_destroy(person);
    }
    assert_near("rate of the greatest swing", best_rate, 6, 0.01);
}

/* The heart quickens with the inhale and is ahead of the lungs at resonance. */
static void the_heart_runs_ahead_of_the_lungs(void **state)
{
    (void)state;
    struct ob_person *person = person_from(STILL "rf=6,compliance=1,lead_s=0.55,rho=0.9,q=3", 0);
    double re = 0, im = 0, volume_re = 0, volume_im = 0;
    for (double t = 120; t < 180; t += 0.01) {
        live_to(person, t, 6);
        const struct ob_person_truth truth = truth_of(person);
        re += truth.rsa_bpm * cos(OB_TAU * 0.1 * t);
        im += truth.rsa_bpm * sin(OB_TAU * 0.1 * t);
        volume_re += truth.volume_l * cos(OB_TAU * 0.1 * t);
        volume_im += truth.volume_l * sin(OB_TAU * 0.1 * t);
    }
    const double ahead_turns = ob_fract((atan2(volume_im, volume_re) - atan2(im, re)) / OB_TAU + 0.5) - 0.5;
    /* the lead, and at 0.1 Hz the small shares of the filters beside the resonance */
    assert_near("lead", ahead_turns * 10, 0.55, 0.2);
    ob_person_destroy(person);
}

static void beats_are_the_integral_of_the_rate(void **state)
{
    (void)state;
    struct ob_person *person = person_from("seed=5", 0);
    struct ob_person_true_beat beat;
    double integral = 0, before = truth_of(person).hr_bpm, sum_ms = 0;
    int64_t first_ns = 0, last_ns = 0;
    double first_integral = 0, last_integral = 0, worst = 0;
    int n = 0;
    for (int64_t k = 1; k <= 60000; k++) {
        live_to(person, (double)k * 0.01, 6);
        const double hr = truth_of(person).hr_bpm, begin = integral;
        integral += 0.5 * (before + hr) / 60 * 0.01;
        before = hr;
        while (ob_person_take_true_beat(person, &beat)) {
            const double part = (double)(beat.time_ns - START_NS - (k - 1) * 10000000) / 1e7;
            assert_true(part >= -1e-6 && part <= 1 + 1e-6);
            last_integral = begin + part * (integral - begin);
            if (n++ == 0) {
                first_integral = last_integral;
                first_ns = beat.time_ns;
                continue;
            }
            sum_ms += beat.rr_ms;
            last_ns = beat.time_ns;
            worst = fmax(worst, fabs(last_integral - first_integral - (n - 1)));
        }
    }
    assert_true(n > 500);
    assert_true(worst < 1e-6); /* each beat is one cycle after the one before */
    assert_near("sum of RR", sum_ms, (double)(last_ns - first_ns) * 1e-6, 0.001);
    assert_int_equal((int)truth_of(person).beats, n);
    ob_person_destroy(person);
}

static double rmssd_ms(double rate_brpm)
{
    struct ob_person *person = person_from("seed=2,gain=22,g=0.6,compliance=1,lapses_per_min=0,sighs_per_h=0", 0);
    struct ob_person_true_beat beat;
    double before = 0, sum = 0;
    int n = 0;
    for (double t = 0.1; t < 1200; t += 0.1) {
        live_to(person, t, rate_brpm);
        while (ob_person_take_true_beat(person, &beat)) {
            if (t > 60) {
                sum += (beat.rr_ms - before) * (beat.rr_ms - before);
                n++;
            }
            before = beat.rr_ms;
        }
    }
    ob_person_destroy(person);
    return sqrt(sum / n);
}

static void rmssd_falls_below_six_a_minute(void **state)
{
    (void)state;
    const double six = rmssd_ms(6), five = rmssd_ms(5), four_and_a_half = rmssd_ms(4.5);
    assert_true(six > 20 && six < 100);
    assert_true(five < six);
    assert_true(four_and_a_half < five);
}

static void noise_has_the_spread_described(void **state)
{
    (void)state;
    /* An hour at a time has not seen all of a wander of 480 s: many persons at one moment have. */
    double sum = 0, sum2 = 0;
    enum { PERSONS = 400 };
    for (int seed = 0; seed < PERSONS; seed++) {
        char text[160];
        snprintf(text, sizeof text, "seed=%d,noise=3,mayer_bpm=0,habituation_bpm=0", seed);
        struct ob_person *person = person_from(text, 0);
        live_to(person, 30, 0);
        const struct ob_person_truth truth = truth_of(person);
        const double wander = truth.hr_bpm - 66 - truth.rsa_bpm;
        sum += wander;
        sum2 += wander * wander;
        ob_person_destroy(person);
    }
    assert_near("mean of 1/f", sum / PERSONS, 0, 0.5);
    assert_near("SD of 1/f", sqrt(sum2 / PERSONS), 3, 0.35);

    struct ob_person *person = person_from("noise=0,mayer_bpm=2,habituation_bpm=0,rf=6", 0);
    double mayer2 = 0;
    int n = 0, crossings = 0;
    double before = 0;
    for (double t = 0.1; t < 7200; t += 0.1, n++) {
        live_to(person, t, 0);
        const struct ob_person_truth truth = truth_of(person);
        const double mayer = truth.hr_bpm - 66 - truth.rsa_bpm;
        mayer2 += mayer * mayer;
        crossings += mayer > 0 && before <= 0;
        before = mayer;
    }
    assert_near("SD of pressure waves", sqrt(mayer2 / n), 2, 0.2);
    assert_true(crossings > 600 && crossings < 2000); /* about the resonance, 720 in two hours, and what is ragged */
    ob_person_destroy(person);
}

static void settling_and_shift_change_what_they_say(void **state)
{
    (void)state;
    struct ob_person *person =
        person_from("noise=0,mayer_bpm=0,sighs_per_h=0,period_cv=0,volume_cv=0,habituation_bpm=3,habituation_tau_min=5,"
                    "shift_at_min=40,shift_bpm=-5,shift_rate=-3,shift_gain_pct=30,rate=14",
                    0);
    live_to(person, 60, 0);
    const double gain = truth_of(person).gain_bpm_l;
    const double early = truth_of(person).hr_bpm - truth_of(person).rsa_bpm;
    live_to(person, 40 * 60, 0);
    const double settled = truth_of(person).hr_bpm - truth_of(person).rsa_bpm;
    assert_true(truth_of(person).shift_01 == 0);
    live_to(person, 40 * 60 + 30, 0);
    assert_near("half of the ramp", truth_of(person).shift_01, 0.5, 0.01);
    live_to(person, 42 * 60, 0);
    const struct ob_person_truth after = truth_of(person);
    assert_near("heart rate after a minute", early, 66 - 3 * (1 - exp(-0.2)), 0.01);
    assert_near("settled heart rate", settled, 63, 0.01);
    assert_near("heart rate after the shift", after.hr_bpm - after.rsa_bpm, 58, 0.01);
    assert_near("gain after the shift", after.gain_bpm_l, 1.3 * gain, 1e-9);
    assert_near("breathing after the shift", after.rate_brpm, 11, 0.1);
    assert_near("own rate after the shift", after.natural_brpm, 11, 1e-9);
    ob_person_destroy(person);
}

static void gain_falls_with_age(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double gain;
    } cases[] = {{"age=20", 25},
                 {"age=40", 25 * 0.644036},
                 {"age=60", 25 * 0.414783},
                 {"age=80", 25 * 0.414783},
                 {"age=80,gain=12", 12}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ob_person *person = person_from(cases[i].text, 0);
        assert_near(cases[i].text, truth_of(person).gain_bpm_l, cases[i].gain, 1e-3);
        ob_person_destroy(person);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swing_at_each_rate_is_that_of_the_table),
        cmocka_unit_test(a_sharp_resonance_stands_where_it_is_described),
        cmocka_unit_test(the_heart_runs_ahead_of_the_lungs),
        cmocka_unit_test(beats_are_the_integral_of_the_rate),
        cmocka_unit_test(rmssd_falls_below_six_a_minute),
        cmocka_unit_test(noise_has_the_spread_described),
        cmocka_unit_test(settling_and_shift_change_what_they_say),
        cmocka_unit_test(gain_falls_with_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
