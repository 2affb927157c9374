/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "living.h"

#define FRAMES 200000
#define BEATS  1000

/* Everything one signal and the heart did, in memory of its own. */
struct record {
    float values[FRAMES * 3];
    struct ob_person_true_beat beats[BEATS];
    double volume_l[FRAMES]; /* every 10 ms */
    bool stroked[FRAMES];
    int frames, beat_count, steps, channels;
    double hz;
    double stroke_share;
};

static struct record *record(const char *text, enum ob_person_signal which, double seconds, double rate_brpm)
{
    struct record *r = calloc(1, sizeof *r);
    assert_non_null(r);
    struct ob_person *person = person_from(text, 1u << which);
    r->channels = ob_person_channels(which);
    r->hz = ob_person_signal_hz(person, which);
    r->volume_l[r->steps++] = truth_of(person).volume_l;
    for (int64_t k = 1; (double)k * 0.01 < seconds; k++) {
        live_to(person, (double)k * 0.01, rate_brpm);
        const struct ob_person_truth truth = truth_of(person);
        r->stroked[r->steps] = truth.stroked;
        r->volume_l[r->steps++] = truth.volume_l;
        r->stroke_share += truth.stroked ? 0.01 / seconds : 0;
        int64_t last_ns = 0;
        const int got =
            ob_person_take_samples(person, which, &r->values[r->frames * r->channels], FRAMES - r->frames, &last_ns);
        r->frames += got;
        if (got > 0)
            assert_near("time of the last frame", ob_s_from_ns(last_ns - START_NS), (r->frames - 1) / r->hz, 1e-8);
        while (r->beat_count < BEATS && ob_person_take_true_beat(person, &r->beats[r->beat_count]))
            r->beat_count++;
    }
    assert_near("frames", r->frames, seconds * r->hz, 2 + 0.01 * r->hz);
    assert_int_equal((int)truth_of(person).lost, 0);
    ob_person_destroy(person);
    return r;
}

/* Where the highest value within +-reach_s of a moment stands, by a parabola through its neighbours; seconds. */
static double peak_near_s(const struct record *r, double at_s, double reach_s, double *height_out)
{
    const int from = (int)fmax(1, (at_s - reach_s) * r->hz), to = (int)fmin(r->frames - 2, (at_s + reach_s) * r->hz);
    int best = from;
    for (int i = from; i <= to; i++) {
        if (r->values[i] > r->values[best])
            best = i;
    }
    const double a = (double)r->values[best - 1], b = (double)r->values[best], c = (double)r->values[best + 1];
    const double shift = a - 2 * b + c < 0 ? 0.5 * (a - c) / (a - 2 * b + c) : 0;
    *height_out = b - 0.25 * (a - c) * shift;
    return (best + shift) / r->hz;
}

static void r_peaks_stand_at_the_beats_at_every_rate(void **state)
{
    (void)state;
    static const double hearts_bpm[] = {40, 66, 100, 135}, rates_hz[] = {100, 130, 250, 1000};
    for (size_t h = 0; h < 4; h++) {
        for (size_t f = 0; f < 4; f++) {
            char text[160];
            snprintf(text, sizeof text, "hr=%g,ecg_hz=%g,seed=3,ecg_noise_mv=0", hearts_bpm[h], rates_hz[f]);
            struct record *r = record(text, OB_PERSON_ECG, 120, 6);
            double worst_s = 0, sum_s = 0, low_mv = 9, high_mv = 0;
            int n = 0;
            for (int i = 2; i < r->beat_count - 2; i++, n++) {
                const double at_s = ob_s_from_ns(r->beats[i].time_ns - START_NS);
                double mv;
                const double off_s = peak_near_s(r, at_s, 0.18, &mv) - at_s;
                worst_s = fmax(worst_s, fabs(off_s));
                sum_s += off_s;
                low_mv = fmin(low_mv, mv);
                high_mv = fmax(high_mv, mv);
            }
            assert_true(n > 60);
            const double sampling_s = rates_hz[f] < 200 ? 0.004 : 0.003;
            if (worst_s > sampling_s || low_mv < 0.6 || high_mv > 1.4)
                fail_msg("%g bpm at %g Hz: worst %.2f ms off, %.2f to %.2f mV", hearts_bpm[h], rates_hz[f],
                         worst_s * 1e3, low_mv, high_mv);
            assert_near("mean of R less beat", sum_s / n, 0, 0.0015);
            free(r);
        }
    }
}

/* The same curve at every sampling rate: the closed form does not depend on it. */
static void the_curve_does_not_depend_on_the_sampling_rate(void **state)
{
    (void)state;
    struct record *slow = record("ecg_noise_mv=0,ecg_hz=100", OB_PERSON_ECG, 30, 6);
    struct record *fast = record("ecg_noise_mv=0,ecg_hz=1000", OB_PERSON_ECG, 30, 6);
    double worst = 0;
    for (int i = 200; i < slow->frames - 100; i++)
        worst = fmax(worst, fabs((double)slow->values[i] - (double)fast->values[i * 10]));
    assert_near("greatest difference, mV", worst, 0, 0.02);
    free(slow);
    free(fast);
}

static double at(const struct record *r, double s)
{
    return (double)r->values[(int)(s * r->hz + 0.5)];
}

/* P before, Q and S below, T after: the waves stand where McSharry's angles have them. */
static void the_ecg_has_its_waves(void **state)
{
    (void)state;
    struct record *r = record(STILL "hr=60,gain=0.1,ecg_noise_mv=0,ecg_hz=1000,rate=4,g=0", OB_PERSON_ECG, 60, 0);
    for (int i = 5; i < r->beat_count - 2; i++) {
        const double t = ob_s_from_ns(r->beats[i].time_ns - START_NS);
        const double base = at(r, t + 0.62); /* between T and P */
        assert_near("P", at(r, t - 70.0 / 360) - base, 0.25, 0.1);
        assert_true(at(r, t - 15.0 / 360) < at(r, t - 30.0 / 360));
        assert_true(at(r, t + 15.0 / 360) < at(r, t + 40.0 / 360));
        assert_near("R", at(r, t) - base, 1.0, 0.25);
        assert_near("T", at(r, t + 100.0 / 360) - base, 0.4, 0.15);
    }
    free(r);
}

static double qrs_width_s(const struct record *r, double t)
{
    double mv;
    peak_near_s(r, t, 0.05, &mv);
    const double half = 0.5 * mv;
    int n = 0;
    for (double s = t - 0.12; s < t + 0.12; s += 0.001)
        n += at(r, s) > half;
    return n * 0.001;
}

static void early_beats_are_wide_and_missed_ones_flat(void **state)
{
    (void)state;
    struct record *r = record(STILL "ectopic_pct=10,gain=0.1,ecg_noise_mv=0,ecg_hz=1000,hr=60", OB_PERSON_ECG, 150, 0);
    int early = 0;
    for (int i = 2; i < r->beat_count - 2; i++) {
        const double t = ob_s_from_ns(r->beats[i].time_ns - START_NS);
        const double width_s = qrs_width_s(r, t);
        if (r->beats[i].ectopic) {
            early++;
            assert_true(width_s > 0.06);
        } else {
            assert_true(width_s < 0.05);
        }
    }
    assert_true(early > 5);
    free(r);

    r = record(STILL "missed_pct=10,gain=0.1,ecg_noise_mv=0,ecg_hz=250,hr=60", OB_PERSON_ECG, 150, 0);
    int missed = 0;
    for (int i = 2; i < r->beat_count - 2; i++) {
        double mv;
        peak_near_s(r, ob_s_from_ns(r->beats[i].time_ns - START_NS), 0.04, &mv);
        missed += !r->beats[i].reported;
        if (r->beats[i].reported ? mv < 0.6 : mv > 0.25)
            fail_msg("beat %d, %s, is %.2f mV high", i, r->beats[i].reported ? "seen" : "missed", mv);
    }
    assert_true(missed > 5);
    free(r);
}

static void every_beat_has_one_pulse_and_it_arrives_in_time(void **state)
{
    (void)state;
    for (int seed = 1; seed <= 4; seed++) {
        char text[80];
        snprintf(text, sizeof text, "seed=%d,hr=%d,ppg_hz=200", seed, 50 + 15 * seed);
        struct record *r = record(text, OB_PERSON_PPG, 180, 6);
        double sum_s = 0, sum2_s = 0;
        int n = 0;
        for (int i = 3; i < r->beat_count - 3; i++, n++) {
            const double t = ob_s_from_ns(r->beats[i].time_ns - START_NS);
            double height;
            const double interval_s = 60.0 / (50 + 15 * seed);
            const double centre_s = t + 0.225 + 1.94 / OB_TAU * interval_s;
            const double delay_s = peak_near_s(r, centre_s, 0.3 * interval_s, &height) - t;
            sum_s += delay_s;
            sum2_s += delay_s * delay_s;
            assert_true(height > 0.5 && height < 1.5);
        }
        const double mean_s = sum_s / n, foot_s = mean_s - 1.94 / OB_TAU * 60.0 / (50 + 15 * seed);
        assert_true(foot_s > 0.13 && foot_s < 0.36);
        assert_true(sqrt(sum2_s / n - mean_s * mean_s) < 0.03);
        free(r);
    }
}

/* Least squares of a channel on the true volume: slope, and how much of its variance that explains. */
static double share_of_breath(const struct record *r, int channel, double *slope_out)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
    const int n = r->frames - 2;
    for (int i = 0; i < n; i++) {
        const double x = r->volume_l[(int)(i * 100.0 / r->hz + 0.5)], y = (double)r->values[i * r->channels + channel];
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
        syy += y * y;
    }
    const double cov = sxy - sx * sy / n, vx = sxx - sx * sx / n, vy = syy - sy * sy / n;
    *slope_out = cov / vx;
    return cov * cov / (vx * vy);
}

static void the_belt_shows_the_lungs(void **state)
{
    (void)state;
    struct record *r = record("seed=2", OB_PERSON_RESP, 300, 6);
    double slope;
    assert_true(share_of_breath(r, 0, &slope) > 0.98);
    assert_near("litres a litre", slope, 1, 0.02);
    free(r);
}

static void the_chest_tilts_with_breath_and_trembles_with_strokes(void **state)
{
    (void)state;
    struct record *r = record("seed=2,sighs_per_h=0", OB_PERSON_ACC, 300, 6);
    double best = 0, slope;
    double mean_mg = 0;
    for (int c = 0; c < 3; c++)
        best = fmax(best, share_of_breath(r, c, &slope));
    for (int i = 0; i < r->frames; i++)
        mean_mg += sqrt(pow((double)r->values[3 * i], 2) + pow((double)r->values[3 * i + 1], 2) +
                        pow((double)r->values[3 * i + 2], 2)) /
                   r->frames;
    assert_true(best > 0.8);
    assert_near("gravity", mean_mg, 1000, 40);
    free(r);

    r = record("seed=2,sighs_per_h=0,strokes=15", OB_PERSON_ACC, 300, 6);
    for (int c = 0; c < 3; c++)
        assert_true(share_of_breath(r, c, &slope) < 0.7);
    assert_near("share of time stroked", r->stroke_share, 0.7, 0.03);
    int strokes = 0;
    for (int i = 1; i < r->steps; i++)
        strokes += r->stroked[i] && !r->stroked[i - 1];
    assert_near("strokes in 5 min", strokes, 75, 6);
    free(r);
}

static double spread(const struct record *r)
{
    double sum = 0, sum2 = 0;
    for (int i = 0; i < r->frames; i++) {
        sum += (double)r->values[i];
        sum2 += (double)r->values[i] * (double)r->values[i];
    }
    return sqrt(sum2 / r->frames - sum * sum / r->frames / r->frames);
}

static void movement_disturbs_and_hum_hums(void **state)
{
    (void)state;
    struct record *calm = record("", OB_PERSON_ECG, 300, 6);
    struct record *moving = record("motion_per_min=6", OB_PERSON_ECG, 300, 6);
    assert_true(spread(moving) > 1.2 * spread(calm));
    free(moving);
    moving = record("strokes=12", OB_PERSON_ECG, 300, 6);
    assert_true(spread(moving) > 1.05 * spread(calm));
    free(moving);
    struct record *hum = record("mains_mv=0.5,ecg_hz=500", OB_PERSON_ECG, 60, 6);
    double re = 0, im = 0;
    for (int i = 0; i < 25000; i++) {
        re += (double)hum->values[i] * cos(OB_TAU * 50 * i / 500.0) / 12500;
        im += (double)hum->values[i] * sin(OB_TAU * 50 * i / 500.0) / 12500;
    }
    assert_near("50 Hz", sqrt(re * re + im * im), 0.5, 0.02);
    free(hum);
    free(calm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(r_peaks_stand_at_the_beats_at_every_rate),
        cmocka_unit_test(the_curve_does_not_depend_on_the_sampling_rate),
        cmocka_unit_test(the_ecg_has_its_waves),
        cmocka_unit_test(early_beats_are_wide_and_missed_ones_flat),
        cmocka_unit_test(every_beat_has_one_pulse_and_it_arrives_in_time),
        cmocka_unit_test(the_belt_shows_the_lungs),
        cmocka_unit_test(the_chest_tilts_with_breath_and_trembles_with_strokes),
        cmocka_unit_test(movement_disturbs_and_hum_hums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
