/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A loop of somebody's own: its pitch survives another rate, its loudness becomes a bed's, it has no seam, and what is
 * no bed is refused. */
#include "listen.h"

#include "synth/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Two tones and a little rain, of a peak about level. */
static float *music(double rate_hz, double seconds, double level, size_t *frames_out)
{
    const size_t frames = (size_t)(rate_hz * seconds);
    float *stereo = malloc(2 * frames * sizeof *stereo);
    uint32_t random = 3;
    for (size_t i = 0; i < frames; i++) {
        const double t = (double)i / rate_hz;
        random = random * 1664525u + 1013904223u;
        const double rain = (double)(int32_t)random / 2147483648.0;
        const double x = 0.5 * sin(6.283185307 * 441.37 * t) + 0.3 * sin(6.283185307 * 98.0 * t) + 0.1 * rain;
        stereo[2 * i] = (float)(level * x);
        stereo[2 * i + 1] = (float)(0.7 * level * x);
    }
    *frames_out = frames;
    return stereo;
}

/* The loop as it is heard, one and a half times round. */
static float *unrolled(const struct ob_loop *loop, size_t *frames_out)
{
    const size_t frames = loop->frames + loop->frames / 2;
    float *stereo = malloc(2 * frames * sizeof *stereo);
    for (size_t i = 0; i < 2 * frames; i++)
        stereo[i] = loop->gain * (float)loop->interleaved[i % (2 * loop->frames)];
    *frames_out = frames;
    return stereo;
}

static double pitch_hz(const float *stereo, size_t frames)
{
    double best = 0.0, best_hz = 0.0;
    for (double hz = 430.0; hz < 452.0; hz += 0.05) {
        const double turn = 2.0 * cos(6.283185307179586 * hz / RATE);
        double a = 0.0, b = 0.0;
        for (size_t i = 0; i < frames; i++) {
            const double c = (double)stereo[2 * i] + turn * a - b;
            b = a;
            a = c;
        }
        const double power = a * a + b * b - turn * a * b;
        if (power > best) {
            best = power;
            best_hz = hz;
        }
    }
    return best_hz;
}

static void every_rate_and_level_becomes_one(void **state)
{
    (void)state;
    static const double rates[] = {8000, 44100, 48000, 96000};
    static const double levels[] = {0.9, 0.05, 0.5, 0.01};
    for (size_t k = 0; k < 4; k++) {
        size_t frames;
        struct ob_loop loop;
        float *stereo = music(rates[k], 10.0, levels[k], &frames);
        assert_int_equal(ob_loop_make(stereo, frames, rates[k], RATE, &loop), OB_OK);
        free(stereo);
        float *heard = unrolled(&loop, &frames);
        const struct loudness loud = loudness_of(heard, frames);
        const double hz = pitch_hz(heard + 2 * 2 * RATE, RATE / 2);
        print_message("%.0f Hz: %.1f LUFS, %.2f s round, %.2f Hz\n", rates[k], loud.lufs, (double)loop.frames / RATE,
                      hz);
        assert_true(fabs(loud.lufs - OB_LOOP_LUFS) < 0.5);
        assert_true(fabs((double)loop.frames / RATE - 7.5) < 0.01);
        assert_true(fabs(hz - 441.37) < 0.2);
        free(heard);
        ob_loop_free(&loop);
        assert_int_equal(loop.frames, 0);
    }
}

/* What a higher rate has above 24 kHz does not fold back. */
static void nothing_folds_back(void **state)
{
    (void)state;
    const double rate_hz = 96000;
    const size_t frames = (size_t)(9 * rate_hz);
    float *stereo = malloc(2 * frames * sizeof *stereo);
    for (size_t i = 0; i < frames; i++) {
        const double t = (double)i / rate_hz;
        stereo[2 * i] = stereo[2 * i + 1] =
            (float)(0.3 * sin(6.283185307 * 300.0 * t) + 0.3 * sin(6.283185307 * 30000.0 * t));
    }
    struct ob_loop loop;
    assert_int_equal(ob_loop_make(stereo, frames, rate_hz, RATE, &loop), OB_OK);
    size_t count;
    float *heard = unrolled(&loop, &count);
    double *low = ear_band(heard, count, 0, 1000, count), *high = ear_band(heard, count, 6000, 0, count);
    print_message("a tone of 30 kHz leaves %.1f dB\n", db(high[0]) - db(low[0]));
    assert_true(db(high[0]) - db(low[0]) < -55.0);
    free(low);
    free(high);
    free(heard);
    free(stereo);
    ob_loop_free(&loop);
}

static void it_has_no_seam(void **state)
{
    (void)state;
    /* A file that ends in the middle of a tone, louder than it began. */
    const size_t frames = (size_t)(12.3456 * RATE);
    float *stereo = malloc(2 * frames * sizeof *stereo);
    for (size_t i = 0; i < frames; i++) {
        const double grown = 0.2 + 0.8 * (double)i / (double)frames;
        stereo[2 * i] = stereo[2 * i + 1] = (float)(grown * 0.4 * cos(6.283185307 * 123.4 * (double)i / RATE));
    }
    struct ob_loop loop;
    assert_int_equal(ob_loop_make(stereo, frames, RATE, RATE, &loop), OB_OK);
    size_t count;
    float *heard = unrolled(&loop, &count);
    const size_t window = RATE / 500, seam = loop.frames / window;
    double *high = ear_band(heard, count, 9000, 0, window);
    double usual = 0.0, there = 0.0;
    for (size_t i = 500; i + 1 < seam; i++)
        usual = fmax(usual, high[i]);
    for (size_t i = seam - 1; i < seam + 3; i++)
        there = fmax(there, high[i]);
    print_message("the loudest 2 ms above 9 kHz: %.1f dBFS, at the seam %.1f dBFS\n", db(usual), db(there));
    assert_true(db(there) < fmax(db(usual), -95.0) + 3.0);
    free(high);
    free(heard);
    free(stereo);
    ob_loop_free(&loop);
}

static void what_is_no_bed_is_refused(void **state)
{
    (void)state;
    struct ob_loop loop;
    float *silence = calloc(2 * 10 * RATE, sizeof *silence);
    assert_int_equal(ob_loop_make(silence, 10 * RATE, RATE, RATE, &loop), OB_ERR_EMPTY);
    assert_int_equal(loop.frames, 0);
    assert_int_equal(ob_loop_make(silence, 7 * RATE, RATE, RATE, &loop), OB_ERR_RANGE);
    assert_int_equal(ob_loop_make(silence, 0, RATE, RATE, &loop), OB_ERR_RANGE);
    assert_int_equal(ob_loop_make(silence, (size_t)(301 * 8000), 8000, RATE, &loop), OB_ERR_RANGE);
    free(silence);
}

/* With a loop the breath is heard as well, and the whole is as loud as the other soundscapes. */
static void a_breath_is_laid_over_it(void **state)
{
    (void)state;
    size_t frames;
    struct ob_loop loop;
    float *stereo = music(RATE, 12.0, 0.5, &frames);
    assert_int_equal(ob_loop_make(stereo, frames, RATE, RATE, &loop), OB_OK);
    free(stereo);
    struct stage stage;
    stage_init_sound(&stage, 6.0, OB_SOUNDSCAPE_OWN, &loop);
    float *heard = stage_play(&stage, 42.0, NULL, &frames);
    const struct loudness loud = loudness_of(heard, frames);
    const double share = breath_recovered(heard, frames, &stage.input.pacer, 10.0, NULL);
    const double breath_db = breath_modulation_db(heard, frames, 10.0, 10.0);
    print_message("over a loop: %.1f LUFS, %.1f dBTP, breath modulation %.1f dB, told apart in %.1f%% of frames\n",
                  loud.lufs, loud.peak_dbtp, breath_db, 100 * share);
    assert_true(fabs(loud.lufs + 23.0) < 1.5);
    assert_true(loud.peak_dbtp < -1.0);
    assert_true(breath_db >= 1.0 && breath_db <= 6.0);
    assert_true(share >= 0.95);
    free(heard);
    stage_finish(&stage);
    ob_loop_free(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rate_and_level_becomes_one),
        cmocka_unit_test(nothing_folds_back),
        cmocka_unit_test(it_has_no_seam),
        cmocka_unit_test(what_is_no_bed_is_refused),
        cmocka_unit_test(a_breath_is_laid_over_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
