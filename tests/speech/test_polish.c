/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speech on its way into a clip: rates, ends, loudness, and what is taken from its harshness. */
#include "speech/polish.h"
#include "synth/loudness.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FROM 22050

static float raw[FROM * 4];

/* Silence, a sine in the middle second and a half, silence. */
static void make(double hz, double level)
{
    memset(raw, 0, sizeof raw);
    for (int i = FROM; i < FROM * 5 / 2; i++)
        raw[i] = (float)(level * sin(6.283185307179586 * hz * i / FROM));
}

static double power_at(const float *x, size_t frames, size_t stride, double hz, double rate)
{
    double re = 0.0, im = 0.0;
    for (size_t i = 0; i < frames; i++) {
        const double window = 0.5 - 0.5 * cos(6.283185307179586 * (double)i / (double)frames);
        re += window * (double)x[i * stride] * cos(6.283185307179586 * hz * (double)i / rate);
        im += window * (double)x[i * stride] * sin(6.283185307179586 * hz * (double)i / rate);
    }
    return 16.0 / 3.0 * (re * re + im * im) / (double)frames / (double)frames;
}

static void another_rate_is_the_same_sound(void **state)
{
    (void)state;
    static const double rates[] = {48000, 44100, 16000};
    for (size_t r = 0; r < 3; r++)
        for (double hz = 200.0; hz < 7000.0; hz += 1700.0) {
            make(hz, 0.5);
            size_t frames;
            float *out = ob_resample(raw, 4 * FROM, 1, FROM, rates[r], &frames);
            assert_true(fabs((double)frames - 4.0 * rates[r]) < 2.0);
            const size_t from = (size_t)(1.2 * rates[r]), count = (size_t)rates[r];
            const double there = 10 * log10(power_at(out + from, count, 1, hz, rates[r]));
            const double before = 10 * log10(power_at(raw + (size_t)(1.2 * FROM), FROM, 1, hz, FROM));
            assert_true(fabs(there - before) < 0.1);
            /* What was mirrored at the old Nyquist frequency is gone. */
            if (FROM - hz < rates[r] / 2) {
                const double image = 10 * log10(power_at(out + from, count, 1, FROM - hz, rates[r]) + 1e-20);
                print_message("%.0f Hz at %.0f: image %.0f dB\n", hz, rates[r], image - there);
                assert_true(image - there < -50.0);
            }
            free(out);
        }
}

static void a_clip_begins_and_ends_in_silence_and_has_its_loudness(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        make(300.0, k % 2 ? 0.02 : 0.9);
        struct ob_spoken_clip clip;
        double words_s;
        const enum ob_polish how = k < 2 ? OB_POLISH_MADE : OB_POLISH_RECORDED;
        assert_int_equal(ob_polish(how, raw, 4 * FROM, 1, FROM, 48000, &clip, &words_s), OB_OK);
        print_message("%.3f s of words in %.3f s\n", words_s, clip.frames / 48000.0);
        assert_true(fabs(words_s - 1.55) < 0.03);
        assert_true(clip.words_frames == (uint32_t)(words_s * 48000.0 + 0.5));
        assert_true(how == OB_POLISH_MADE ? clip.frames > clip.words_frames + 48000 : clip.frames == clip.words_frames);
        assert_true(fabsf(clip.stereo[0]) < 1e-4f && fabsf(clip.stereo[2 * clip.frames - 1]) < 1e-4f);
        struct ob_loudness meter;
        ob_loudness_init(&meter, 48000);
        ob_loudness_add(&meter, clip.stereo, clip.words_frames);
        print_message("%.2f LUFS\n", ob_loudness_lufs(&meter));
        assert_true(fabs(ob_loudness_lufs(&meter) - OB_SPEECH_LUFS) < 0.7);
        assert_true(ob_loudness_peak_dbtp(&meter) < -5.5);
        free((void *)(uintptr_t)clip.stereo);
    }
}

/* Level of a sine beside that of 300 Hz, before and after, in dB. */
static double taken_at(double hz)
{
    struct ob_spoken_clip clip;
    double words_s;
    memset(raw, 0, sizeof raw);
    for (int i = FROM; i < FROM * 5 / 2; i++)
        raw[i] =
            (float)(0.4 * sin(6.283185307179586 * 300.0 * i / FROM) + 0.04 * sin(6.283185307179586 * hz * i / FROM));
    assert_int_equal(ob_polish(OB_POLISH_MADE, raw, 4 * FROM, 1, FROM, 48000, &clip, &words_s), OB_OK);
    const float *mid = clip.stereo + 2 * 12000;
    const double after = power_at(mid, 48000, 2, hz, 48000) / power_at(mid, 48000, 2, 300.0, 48000);
    free((void *)(uintptr_t)clip.stereo);
    return 10 * log10(after) - 20 * log10(0.1);
}

static void what_is_harsh_is_softened(void **state)
{
    (void)state;
    const double words = taken_at(1000.0), buzz = taken_at(3400.0), hiss = taken_at(9000.0);
    print_message("1 kHz %.1f dB, 3.4 kHz %.1f dB, 9 kHz %.1f dB\n", words, buzz, hiss);
    assert_true(fabs(words) < 3.5);
    assert_true(buzz < words - 3.0 && buzz > words - 8.0);
    assert_true(hiss < words - 6.0);
}

static void nothing_is_no_clip(void **state)
{
    (void)state;
    struct ob_spoken_clip clip;
    double words_s;
    memset(raw, 0, sizeof raw);
    assert_int_equal(ob_polish(OB_POLISH_MADE, raw, FROM, 1, FROM, 48000, &clip, &words_s), OB_ERR_EMPTY);
    assert_int_equal(ob_polish(OB_POLISH_MADE, raw, 0, 1, FROM, 48000, &clip, &words_s), OB_ERR_EMPTY);
    assert_null(clip.stereo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_rate_is_the_same_sound),
        cmocka_unit_test(a_clip_begins_and_ends_in_silence_and_has_its_loudness),
        cmocka_unit_test(what_is_harsh_is_softened),
        cmocka_unit_test(nothing_is_no_clip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
