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

static double loudest_db(const double *power, double from_s, double to_s)
{
    double best = 0.0;
    for (size_t i = (size_t)(from_s * 500.0); i < (size_t)(to_s * 500.0); i++)
        best = fmax(best, power[i]);
    return db(best);
}

enum { CHANGES = 19 };

static const struct {
    const char *name;
    double at_once_db; /* what may come above 3 kHz at once: a seek forward in an inhale opens the sound */
    double later_db;   /* what may come above 9 kHz beside what is usual: louder sound has more treble */
} changes[CHANGES] = {
    {"presence off", 4.0, 6.0},
    {"volume to 1", 4.0, 12.0},
    {"volume to 0", 4.0, 6.0},
    {"feedback to 1", 4.0, 6.0},
    {"exhale to 1", 4.0, 6.0},
    {"tail to 1", 4.0, 6.0},
    {"bloom to 1", 4.0, 6.0},
    {"guidance off", 4.0, 6.0},
    {"pulse to 1", 4.0, 6.0},
    {"signal and fit to 1", 4.0, 6.0},
    {"rate 15 to 6", 4.0, 6.0},
    {"rate to 0 (pause)", 4.0, 6.0},
    {"seek forward", 7.0, 6.0},
    {"seek to an edge", 7.0, 6.0},
    {"ratio to 1/2", 4.0, 6.0},
    {"holds come in", 4.0, 6.0},
    {"the clock jumps by an hour", 7.0, 6.0},
    {"a gong", 4.0, 12.0},
    {"another soundscape", 4.0, 40.0}, /* which may have what this one lacks; at once it has to be still */
};

static void make_change(struct ob_synth_input *input, int change)
{
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
        input->pacer.rate_brpm = 6.0;
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
        input->pacer.shape = input->pacer.next = ob_breath_shape_make(0.5, 15.0, 0.0, 0.0);
        break;
    case 15:
        input->pacer.shape = input->pacer.next = ob_breath_shape_make(0.5, 15.0, 0.8, 0.8);
        break;
    case 16:
        input->pacer.start_ns = -INT64_C(3600000000000);
        break;
    case 17:
        input->gong_count++;
        break;
    case 18:
        input->soundscape = (input->soundscape + 1) % OB_SOUNDSCAPE_OWN;
        break;
    default:
        break;
    }
}

#define BREATH_S  4.0 /* 15 a minute */
#define CALM_S    16.0
#define CHANGE_AT 0.7 /* of the inhale's 1.6 s */

static uint32_t soundscape;

static void as_usual(struct ob_synth_input *input)
{
    const uint32_t gongs = input->gong_count;
    *input = (struct ob_synth_input){.volume_01 = 0.6f, .soundscape = soundscape, .gong_count = gongs};
    input->params = (struct ob_params){.presence_01 = 1.0f, .guidance_01 = 1.0f, .feedback_01 = 0.5f};
    stage_pace(input, 60.0 / BREATH_S);
}

/* Four calm breaths, then in each breath a change at once in the midst of its inhale, taken back at once in its exhale.
 */
static void one_by_one(struct ob_synth_input *input, double now_s)
{
    static int made = -1;
    as_usual(input);
    const int change = (int)floor((now_s - CALM_S) / BREATH_S);
    const double at_s = now_s - CALM_S - change * BREATH_S;
    if (now_s < CALM_S || at_s < CHANGE_AT || at_s > 2.6)
        return;
    if (change != 17 || made != change)
        make_change(input, change);
    made = change;
}

/* Each change to and fro, four times a second. */
static void to_and_fro(struct ob_synth_input *input, double now_s)
{
    as_usual(input);
    if (now_s > 5.0 && fmod(now_s, 0.5) < 0.25)
        make_change(input, (int)(now_s - 5.0));
}

static void no_change_clicks(void **state)
{
    (void)state;
    /* A click of a thousandth of the sound's peak is not heard, whatever else is still. */
    const double least_db = -85.0;
    for (soundscape = 0; soundscape < OB_SOUNDSCAPE_OWN; soundscape++) {
        size_t frames;
        struct stage stage;
        stage_init_sound(&stage, 60.0 / BREATH_S, soundscape, NULL);
        float *sound = stage_play(&stage, CALM_S + (CHANGES + 1) * BREATH_S, one_by_one, &frames);
        stage_finish(&stage);
        const size_t window = RATE / 500;
        double *above_3 = ear_band(sound, frames, 3000, 0, window), *above_9 = ear_band(sound, frames, 9000, 0, window);
        double inhale_db = least_db, worst_db = -200.0;
        const double usual_db = fmax(least_db, loudest_db(above_9, BREATH_S, CALM_S));
        for (double breath_s = BREATH_S; breath_s < CALM_S; breath_s += BREATH_S)
            inhale_db = fmax(inhale_db, loudest_db(above_3, breath_s + CHANGE_AT, breath_s + CHANGE_AT + 0.08));
        for (int change = 0; change < CHANGES; change++) {
            const double at_s = CALM_S + change * BREATH_S + CHANGE_AT;
            /* What still rings of the change before was there already. */
            const double before_db = fmax(inhale_db, loudest_db(above_3, at_s - 0.10, at_s - 0.02));
            const double found_db = loudest_db(above_3, at_s, at_s + 0.08) - before_db;
            const double later_db = loudest_db(above_9, at_s, at_s + BREATH_S) - usual_db;
            worst_db = fmax(worst_db, found_db);
            if (found_db > changes[change].at_once_db || later_db > changes[change].later_db)
                print_message("%s, %s: %.1f dB more at once, %.1f dB later\n", ob_soundscape_name(soundscape),
                              changes[change].name, found_db, later_db);
            assert_true(found_db <= changes[change].at_once_db);
            assert_true(later_db <= changes[change].later_db);
        }
        print_message("%s, undisturbed, loudest 2 ms: %.1f dBFS above 9 kHz, %.1f dBFS above 3 kHz in an inhale; the "
                      "worst of %d sudden changes adds %.1f dB at once\n",
                      ob_soundscape_name(soundscape), usual_db, inhale_db, CHANGES, worst_db);
        free(above_3);
        free(above_9);
        free(sound);

        stage_init_sound(&stage, 60.0 / BREATH_S, soundscape, NULL);
        sound = stage_play(&stage, 5.0 + (CHANGES - 2), to_and_fro, &frames);
        stage_finish(&stage);
        above_9 = ear_band(sound, frames, 9000, 0, window);
        for (int change = 0; change < CHANGES - 2; change++) {
            const double later_db = loudest_db(above_9, 5.0 + change, 6.0 + change) - usual_db;
            if (later_db > changes[change].later_db)
                print_message("%s, %s, to and fro: %.1f dB more\n", ob_soundscape_name(soundscape),
                              changes[change].name, later_db);
            assert_true(later_db <= changes[change].later_db);
        }
        free(above_9);
        free(sound);
    }
}

static void onsets_take_their_time(void **state)
{
    (void)state;
    for (uint32_t kind = 0; kind < OB_SOUNDSCAPE_OWN; kind++) {
        /* From silence: presence and volume come at once, and the level must need 150 ms and more from 10% to 90%. */
        struct stage stage;
        stage_init_sound(&stage, 6.0, kind, NULL);
        stage.now_ns = 2000000000;
        size_t frames;
        float *sound = stage_play(&stage, 4.0, NULL, &frames);
        double *power = ear_band(sound, frames, 0, 0, RATE / 100);
        const size_t whole = ear_rise(power, 100);
        free(power);
        free(sound);
        stage_finish(&stage);

        /* The breath of an exhale, as the mean of eight from just before it begins. */
        stage_init_sound(&stage, 12.0, kind, NULL);
        sound = stage_play(&stage, 43.0, NULL, &frames);
        power = ear_band(sound, frames, 900, 6000, RATE / 50);
        double wave[100] = {0};
        for (size_t i = 0; i < 100; i++)
            for (size_t breath = 0; breath < 8; breath++)
                wave[i] += power[breath * 250 + 80 + i];
        const size_t breath = ear_rise(wave, 100);
        print_message("%s: the sound itself comes in within %zu ms (10%% to 90%%), an exhale within %zu ms\n",
                      ob_soundscape_name(kind), whole * 10, breath * 20);
        assert_true(whole * 10 >= 150);
        assert_true(breath * 20 >= 150);
        free(power);
        free(sound);
        stage_finish(&stage);
    }
}

/* --- peaks --- */

static void extremes(struct ob_synth_input *input, double now_s)
{
    input->volume_01 = 1.0f;
    input->params = (struct ob_params){1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f};
    if (fmod(now_s, 3.0) < 1.0)
        input->params.presence_01 = 0.0f;
    input->pacer.rate_brpm = fmod(now_s, 7.0) < 3.0 ? 30.0 : 5.0;
    input->gong_count = (uint32_t)(now_s / 4.0);
}

static void the_loudest_session_stays_below_minus_one(void **state)
{
    (void)state;
    for (uint32_t kind = 0; kind < OB_SOUNDSCAPE_OWN; kind++) {
        struct stage stage;
        stage_init_sound(&stage, 6.0, kind, NULL);
        size_t frames;
        float *sound = stage_play(&stage, 8.0, extremes, &frames);
        const double peak = true_peak(sound, frames);
        print_message("%s, all inputs at their highest: %.2f dBTP\n", ob_soundscape_name(kind), 20.0 * log10(peak));
        assert_true(peak > 0.3 && 20.0 * log10(peak) <= -1.0);
        free(sound);
        stage_finish(&stage);
    }
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
    for (size_t k = 0; k < OB_SOUNDSCAPE_OWN * sizeof broken / sizeof broken[0]; k++) {
        const float x = broken[k / OB_SOUNDSCAPE_OWN];
        stage.input.soundscape = k % OB_SOUNDSCAPE_OWN + (k == 7 ? 1000u : 0u);
        stage.input.params = (struct ob_params){x, x, x, x, x, x, x, x, x};
        stage.input.volume_01 = x;
        stage.input.pacer.rate_brpm = (double)x;
        stage.input.pacer.phase_turns = (double)x;
        size_t frames;
        float *sound = stage_play(&stage, 1.3, NULL, &frames);
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
    for (uint32_t kind = 0; kind < OB_SOUNDSCAPE_OWN; kind++) {
        struct stage a, b;
        stage_init_sound(&a, 12.0, kind, NULL);
        stage_init_sound(&b, 12.0, kind, NULL);
        /* The heart's pulse is not in the sound at all. */
        b.input.params.pulse_01 = 1.0f;
        size_t frames;
        float *first = stage_play(&a, 8.0, NULL, &frames);
        float *second = stage_play(&b, 8.0, NULL, &frames);
        assert_memory_equal(first, second, frames * 2 * sizeof *first);
        free(first);
        free(second);
        stage_finish(&a);
        stage_finish(&b);
    }
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
        stage.input.soundscape = i % OB_SOUNDSCAPE_OWN;
        stage.input.volume_01 = 1.0f;
        stage.input.params = (struct ob_params){1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f};
        stage_pace(&stage.input, 6.0);
        size_t frames;
        float *sound = stage_play(&stage, 1.5, NULL, &frames);
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
