/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must never happen: a click, a peak above -1 dBTP, a number that is not one; and that equal inputs sound equal.
 */
#include "stage.h"

#include "synth/cue.h"
#include "synth/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>

/* Highest peak between the samples: eightfold interpolation by a long windowed sinc, none of the limiter's own. */
static double true_peak(const float *sound, size_t frames)
{
    enum { HALF = 24, OVER = 8 };
    double taps[OVER][2 * HALF];
    for (int p = 0; p < OVER; p++)
        for (int t = 0; t < 2 * HALF; t++) {
            const double x = t - (HALF - 1) - (double)p / OVER;
            const double sinc = x == 0.0 ? 1.0 : sin(3.14159265358979 * x) / (3.14159265358979 * x);
            taps[p][t] = sinc * (0.5 + 0.5 * cos(3.14159265358979 * x / (HALF + 0.5)));
        }
    double peak = 0.0;
    for (size_t i = 0; i + 2 * HALF < frames; i++)
        for (int c = 0; c < 2; c++) {
            double near = 0.0;
            for (size_t t = HALF - 2; t < HALF + 3; t++)
                near = fmax(near, fabs((double)sound[2 * (i + t) + (size_t)c]));
            if (near < 0.4) /* cannot overshoot to twice as much there */
                continue;
            for (int p = 0; p < OVER; p++) {
                double y = 0.0;
                for (size_t t = 0; t < 2 * HALF; t++)
                    y += taps[p][t] * (double)sound[2 * (i + t) + (size_t)c];
                peak = fmax(peak, fabs(y));
            }
        }
    return peak;
}

/* --- clicks: what is above 3 kHz within 60 ms of a change, in an inhale, where the sound itself has next to nothing
 * there, and above 9 kHz at any time --- */

static double loudest_db(const float *sound, size_t frames, double above_hz, double from_s, double to_s)
{
    const size_t window = RATE / 500;
    double *power = ear_band(sound, frames, above_hz, 0, window);
    double best = 0.0;
    for (size_t i = (size_t)(from_s * 500.0); i < frames / window && i < (size_t)(to_s * 500.0); i++)
        best = fmax(best, power[i]);
    free(power);
    return db(best);
}

static int change;

enum { CHANGES = 17 };

static const char *const change_names[CHANGES] = {
    "presence off",
    "volume to 1",
    "volume to 0",
    "feedback to 1",
    "exhale to 1",
    "tail to 1",
    "bloom to 1",
    "guidance off",
    "pulse to 1",
    "signal and fit to 1",
    "rate 6 to 12",
    "rate to 0 (pause)",
    "seek by a second",
    "seek to an edge",
    "ratio to 1/2",
    "holds come in",
    "the clock jumps by an hour",
};

/* The input changes at once, for good, at 21.3 s: in the midst of an inhale. */
static void one_change(struct ob_synth_input *input, double now_s)
{
    if (now_s < 21.3)
        return;
    struct ob_params *params = &input->params;
    switch (change) {
    case 0:
        params->presence_01 = 0.0f;
        break;
    case 1:
        input->volume_01 = 1.0f;
        break;
    case 2:
        input->volume_01 = 0.0f;
        break;
    case 3:
        params->feedback_01 = 1.0f;
        break;
    case 4:
        params->exhale_01 = 1.0f;
        break;
    case 5:
        params->tail_01 = 1.0f;
        break;
    case 6:
        params->bloom_01 = 1.0f;
        break;
    case 7:
        params->guidance_01 = 0.0f;
        break;
    case 8:
        params->pulse_01 = 1.0f;
        break;
    case 9:
        params->signal_01 = params->fit_01 = 1.0f;
        break;
    case 10:
        input->pacer.rate_brpm = 12.0;
        break;
    case 11:
        input->pacer.rate_brpm = 0.0;
        break;
    case 12:
        input->pacer.phase_turns = 0.1;
        break;
    case 13:
        input->pacer.phase_turns = 0.37;
        break;
    case 14:
        input->pacer.shape = input->pacer.next = ob_breath_shape_make(0.5, 6.0, 0.0, 0.0);
        break;
    case 15:
        input->pacer.shape = input->pacer.next = ob_breath_shape_make(0.5, 6.0, 2.0, 2.0);
        break;
    case 16:
        input->pacer.start_ns = -INT64_C(3600000000000);
        break;
    default:
        break;
    }
}

static void to_and_fro(struct ob_synth_input *input, double now_s)
{
    const bool on = fmod(now_s, 2.0) < 1.0;
    struct ob_pacer_segment pacer = {.rate_brpm = 6.0};
    pacer.shape = pacer.next = ob_breath_shape_make(0.4, 6.0, 0.0, 0.0);
    input->volume_01 = 0.6f;
    input->params = (struct ob_params){.presence_01 = 1.0f, .guidance_01 = 1.0f, .feedback_01 = 0.5f};
    input->pacer = pacer;
    if (on)
        one_change(input, 100.0);
}

static void no_change_clicks(void **state)
{
    (void)state;
    size_t frames;
    struct stage calm;
    stage_init(&calm, 6.0);
    float *sound = stage_play(&calm, 45.0, NULL, &frames);
    const double usual_db = loudest_db(sound, frames, 9000, 5.0, 45.0);
    const double inhale_db = loudest_db(sound, frames, 3000, 21.30, 21.38);
    free(sound);
    stage_finish(&calm);
    print_message("undisturbed, loudest 2 ms: %.1f dBFS above 9 kHz, %.1f dBFS above 3 kHz in an inhale\n", usual_db,
                  inhale_db);
    double worst_db = -200.0;
    for (change = 0; change < CHANGES; change++) {
        struct stage stage;
        stage_init(&stage, 6.0);
        sound = stage_play(&stage, 25.0, one_change, &frames);
        const double found_db = loudest_db(sound, frames, 3000, 21.30, 21.38) - inhale_db;
        const double later_db = loudest_db(sound, frames, 9000, 5.0, 25.0) - usual_db;
        worst_db = fmax(worst_db, found_db);
        if (found_db > 4.0 || later_db > (change == 1 ? 12.0 : 6.0))
            print_message("%s: %.1f dB more at once, %.1f dB later\n", change_names[change], found_db, later_db);
        assert_true(found_db <= 4.0);
        assert_true(later_db <= (change == 1 ? 12.0 : 6.0)); /* louder sound has more treble */
        free(sound);
        stage_finish(&stage);

        stage_init(&stage, 6.0);
        sound = stage_play(&stage, 20.0, to_and_fro, &frames);
        assert_true(loudest_db(sound, frames, 9000, 5.0, 20.0) - usual_db <= (change == 1 ? 12.0 : 6.0));
        free(sound);
        stage_finish(&stage);
    }
    print_message("the worst of %d sudden changes adds %.1f dB at once\n", CHANGES, worst_db);
}

static void onsets_take_their_time(void **state)
{
    (void)state;
    /* From silence: presence and volume come at once, and the level must need 150 ms and more from 10% to 90%. */
    struct stage stage;
    stage_init(&stage, 6.0);
    stage.now_ns = 2000000000;
    size_t frames;
    float *sound = stage_play(&stage, 4.0, NULL, &frames);
    double *power = ear_band(sound, frames, 0, 0, RATE / 100);
    double top = 0.0;
    for (size_t i = 0; i < 100; i++)
        top = fmax(top, sqrt(power[i]));
    size_t tenth = 0, most = 0;
    while (sqrt(power[tenth]) < 0.1 * top)
        tenth++;
    while (sqrt(power[most]) < 0.9 * top)
        most++;
    print_message("the sound itself comes in within %zu ms (10%% to 90%%)\n", (most - tenth) * 10);
    assert_true(most - tenth >= 15);
    free(power);
    free(sound);
    stage_finish(&stage);

    /* The wave of an exhale, above 2 kHz, as the mean of ten breaths from just before it begins. */
    stage_init(&stage, 6.0);
    sound = stage_play(&stage, 108.0, NULL, &frames);
    power = ear_band(sound, frames, 2000, 6000, RATE / 50);
    double wave[100] = {0};
    top = 0.0;
    for (size_t i = 0; i < 100; i++) {
        for (size_t breath = 0; breath < 10; breath++)
            wave[i] += power[breath * 500 + 180 + i];
        top = fmax(top, wave[i]);
    }
    tenth = most = 0;
    while (sqrt(wave[tenth]) < 0.1 * sqrt(top))
        tenth++;
    while (sqrt(wave[most]) < 0.9 * sqrt(top))
        most++;
    print_message("a wave comes in within %zu ms\n", (most - tenth) * 20);
    assert_true((most - tenth) * 20 >= 150);
    free(power);
    free(sound);
    stage_finish(&stage);
}

/* --- peaks --- */

static void extremes(struct ob_synth_input *input, double now_s)
{
    input->volume_01 = 1.0f;
    input->params = (struct ob_params){1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f};
    if (fmod(now_s, 3.0) < 1.0)
        input->params.presence_01 = 0.0f;
    input->pacer.rate_brpm = fmod(now_s, 7.0) < 3.0 ? 30.0 : 5.0;
}

static void the_loudest_session_stays_below_minus_one(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, 6.0);
    size_t frames;
    float *sound = stage_play(&stage, 40.0, extremes, &frames);
    const double peak = true_peak(sound, frames);
    print_message("all inputs at their highest: %.2f dBTP\n", 20.0 * log10(peak));
    assert_true(peak > 0.3 && 20.0 * log10(peak) <= -1.0);
    free(sound);
    stage_finish(&stage);
}

static void the_limiter_holds_whatever_comes(void **state)
{
    (void)state;
    enum { TICKS = 600 };
    for (int kind = 0; kind < 7; kind++) {
        struct ob_limiter limiter;
        ob_limiter_init(&limiter, RATE);
        float *sound = calloc(2 * TICKS * OB_SYNTH_TICK, sizeof *sound);
        uint32_t random = 1;
        for (size_t t = 0; t < TICKS; t++) {
            float left[OB_SYNTH_TICK], right[OB_SYNTH_TICK];
            for (size_t i = 0; i < OB_SYNTH_TICK; i++) {
                const size_t n = t * OB_SYNTH_TICK + i;
                const double s = (double)n / RATE;
                random = random * 1664525u + 1013904223u;
                double x = 0.0;
                switch (kind) {
                case 0:
                    x = 3.0 * sin(6.283185307 * 12000.0 * s + 0.785398);
                    break; /* peaks fall between samples */
                case 1:
                    x = n % 4801 == 4000 ? 8.0 : 0.0;
                    break;
                case 2:
                    x = (double)(int32_t)random / 2147483648.0 * 4.0;
                    break;
                case 3:
                    x = n / 3000 % 2 ? 2.0 * sin(6.283185307 * 997.0 * s) : 0.1;
                    break;
                case 4:
                    x = n / 700 % 2 ? 1.0 : -1.0;
                    break;
                case 5:
                    x = 1.1 * sin(6.283185307 * (200.0 + 4000.0 * s) * s);
                    break;
                default:
                    x = n % 1000 < 3 ? 1.5 * (n % 2 ? 1.0 : -1.0) : 0.85 * sin(6.283185307 * 5000.0 * s);
                    break;
                }
                left[i] = (float)x;
                right[i] = (float)(-0.5 * x);
            }
            ob_limiter_tick(&limiter, left, right);
            for (size_t i = 0; i < OB_SYNTH_TICK; i++) {
                sound[2 * (t * OB_SYNTH_TICK + i)] = left[i];
                sound[2 * (t * OB_SYNTH_TICK + i) + 1] = right[i];
            }
        }
        const double peak_db = 20.0 * log10(true_peak(sound, TICKS * OB_SYNTH_TICK));
        print_message("limiter, signal %d: %.2f dBTP\n", kind, peak_db);
        assert_true(peak_db <= -1.0 && peak_db > -3.5);
        free(sound);
    }
}

static void the_limiter_leaves_quiet_sound_alone(void **state)
{
    (void)state;
    struct ob_limiter limiter;
    ob_limiter_init(&limiter, RATE);
    float sent[40 * OB_SYNTH_TICK];
    for (size_t i = 0; i < 40 * OB_SYNTH_TICK; i++)
        sent[i] = 0.8f * sinf(0.05f * (float)i);
    for (size_t t = 0; t < 40; t++) {
        float left[OB_SYNTH_TICK], right[OB_SYNTH_TICK];
        memcpy(left, sent + t * OB_SYNTH_TICK, sizeof left);
        memcpy(right, left, sizeof right);
        ob_limiter_tick(&limiter, left, right);
        if (t >= 3)
            assert_memory_equal(left, sent + t * OB_SYNTH_TICK - OB_LIMITER_DELAY, sizeof left);
    }
}

/* --- broken and odd inputs --- */

static void broken_numbers_do_no_harm(void **state)
{
    (void)state;
    static const float broken[] = {NAN, INFINITY, -INFINITY, -5.0f, 1e30f};
    struct stage stage;
    stage_init(&stage, 6.0);
    for (size_t k = 0; k < sizeof broken / sizeof broken[0]; k++) {
        const float x = broken[k];
        stage.input.params = (struct ob_params){x, x, x, x, x, x, x, x, x};
        stage.input.volume_01 = x;
        stage.input.pacer.rate_brpm = (double)x;
        stage.input.pacer.phase_turns = (double)x;
        size_t frames;
        float *sound = stage_play(&stage, 2.0, NULL, &frames);
        for (size_t i = 0; i < 2 * frames; i++)
            assert_true(fabsf(sound[i]) <= 0.9f); /* false for NaN */
        free(sound);
    }
    /* and the sound comes back */
    stage.input.params = (struct ob_params){.presence_01 = 1.0f, .guidance_01 = 1.0f, .feedback_01 = 0.5f};
    stage.input.volume_01 = 0.6f;
    stage_pace(&stage.input, 6.0);
    size_t frames;
    float *sound = stage_play(&stage, 6.0, NULL, &frames);
    double *power = ear_band(sound, frames, 0, 0, RATE);
    assert_true(db(power[5]) > -40.0);
    free(power);
    free(sound);
    stage_finish(&stage);
}

static void without_presence_there_is_silence(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, 6.0);
    size_t frames;
    free(stage_play(&stage, 5.0, NULL, &frames));
    stage.input.params.presence_01 = 0.0f;
    float *sound = stage_play(&stage, 4.0, NULL, &frames);
    double *power = ear_band(sound, frames, 0, 0, RATE);
    assert_true(db(power[3]) < -100.0);
    free(power);
    free(sound);
    stage_finish(&stage);
}

static void equal_inputs_sound_equal(void **state)
{
    (void)state;
    struct stage a, b;
    stage_init(&a, 6.0);
    stage_init(&b, 6.0);
    /* The heart's pulse is not in the sound at all. */
    b.input.params.pulse_01 = 1.0f;
    size_t frames;
    float *first = stage_play(&a, 15.0, NULL, &frames);
    float *second = stage_play(&b, 15.0, NULL, &frames);
    assert_memory_equal(first, second, frames * 2 * sizeof *first);
    free(first);
    free(second);
    stage_finish(&a);
    stage_finish(&b);
}

static void odd_blocks_make_the_same_sound(void **state)
{
    (void)state;
    struct stage a, b;
    stage_init(&a, 6.0);
    stage_init(&b, 6.0);
    size_t frames;
    float *whole = stage_play(&a, 10.0, NULL, &frames);
    float *parts = calloc(frames, 2 * sizeof *parts);
    static const uint32_t sizes[] = {1, 7, 63, 64, 65, 500, 1024, 0, 333};
    for (size_t at = 0, k = 0; at < frames; k++) {
        uint32_t count = sizes[k % 9];
        if (count > frames - at)
            count = (uint32_t)(frames - at);
        ob_synth_render(b.synth, &b.input, (int64_t)((double)at * 1e9 / RATE), 1e9 / RATE, parts + 2 * at, count);
        at += count;
    }
    /* Not bit for bit: the moments at which the pacer is asked differ by rounding to whole nanoseconds. */
    double worst = 0.0;
    for (size_t i = 0; i < 2 * frames; i++)
        worst = fmax(worst, fabs((double)whole[i] - (double)parts[i]));
    print_message("odd blocks differ by %.1e at most\n", worst);
    assert_true(worst < 1e-5);
    free(whole);
    free(parts);
    stage_finish(&a);
    stage_finish(&b);
}

static void rates_out_of_range_are_refused(void **state)
{
    (void)state;
    static const double good[] = {0, 8000, 11025, 22050, 44100, 48000, 96000, 192000};
    static const double bad[] = {-1, 7999, 192001, NAN, INFINITY};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const struct ob_synth_desc desc = {.sample_rate_hz = good[i]};
        struct stage stage = {.synth = ob_synth_create(&desc)};
        assert_non_null(stage.synth);
        stage.input.volume_01 = 1.0f;
        stage.input.params = (struct ob_params){1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f};
        stage_pace(&stage.input, 6.0);
        size_t frames;
        float *sound = stage_play(&stage, 3.0, NULL, &frames);
        double power = 0.0;
        for (size_t k = 0; k < 2 * frames; k++) {
            assert_true(fabsf(sound[k]) < 0.9f);
            power += (double)sound[k] * (double)sound[k] / (double)frames;
        }
        assert_true(power > 1e-5);
        free(sound);
        stage_finish(&stage);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct ob_synth_desc desc = {.sample_rate_hz = bad[i]};
        assert_null(ob_synth_create(&desc));
    }
    ob_synth_destroy(NULL);
}

static void a_probe_starts_at_the_first_frame(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, 6.0);
    stage.input.volume_01 = 0.0f; /* fixed level: it does not follow the volume */
    size_t frames;
    free(stage_play(&stage, 1.0, NULL, &frames));
    float block[600];
    for (uint32_t n = 1; n <= 3; n++) {
        stage.input.probe_count = n;
        ob_synth_render(stage.synth, &stage.input, stage.now_ns, 1e9 / RATE, block, 300);
        assert_true(block[0] > 0.4f && block[1] > 0.4f);
        ob_synth_render(stage.synth, &stage.input, stage.now_ns, 1e9 / RATE, block, 300);
        ob_synth_render(stage.synth, &stage.input, stage.now_ns, 1e9 / RATE, block, 300);
        ob_synth_render(stage.synth, &stage.input, stage.now_ns, 1e9 / RATE, block, 300);
        for (int i = 0; i < 600; i++)
            assert_true(fabsf(block[i]) < 1e-3f);
    }
    stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_change_clicks),
        cmocka_unit_test(onsets_take_their_time),
        cmocka_unit_test(the_loudest_session_stays_below_minus_one),
        cmocka_unit_test(the_limiter_holds_whatever_comes),
        cmocka_unit_test(the_limiter_leaves_quiet_sound_alone),
        cmocka_unit_test(broken_numbers_do_no_harm),
        cmocka_unit_test(without_presence_there_is_silence),
        cmocka_unit_test(equal_inputs_sound_equal),
        cmocka_unit_test(odd_blocks_make_the_same_sound),
        cmocka_unit_test(rates_out_of_range_are_refused),
        cmocka_unit_test(a_probe_starts_at_the_first_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
