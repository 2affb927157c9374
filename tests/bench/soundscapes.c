/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each soundscape sounds like in numbers: a minute and a half of each, neutral, rewarded and left alone. Loudness,
 * range and true peak by libebur128, the breath's own modulation, the spectrum in octaves, and in how many frames a
 * simple detector (tests/synth/listen.h) hears inhale and exhale right. */
#include "listen.h"

#include "synth/loop.h"

#include <stdbool.h>
#include <stdio.h>

#define SECONDS 100.0

static void rewarded(struct ob_synth_input *input, double now_s)
{
    const struct ob_pacer_state pacer = ob_pacer_at(&input->pacer, (int64_t)(now_s * 1e9));
    input->params.feedback_01 = 1.0f;
    input->params.tail_01 = 1.0f;
    input->params.exhale_01 = pacer.stage == OB_EXHALE ? (float)pacer.stage_01 : 0.3f;
}

static void unguided(struct ob_synth_input *input, double now_s)
{
    (void)now_s;
    input->params.guidance_01 = 0.0f;
}

/* A bed such as somebody might bring: three soft tones that come and go, and some rain, for 15 s. */
static struct ob_loop own_loop(void)
{
    const size_t frames = 15 * RATE;
    float *stereo = malloc(2 * frames * sizeof *stereo);
    uint32_t random = 9;
    for (size_t i = 0; i < frames; i++) {
        static const double hz[3] = {130.0, 195.0, 327.5};
        const double t = (double)i / RATE;
        double x = 0.0;
        for (int n = 0; n < 3; n++)
            x += 0.2 * sin(6.283185307 * hz[n] * t) * (0.6 + 0.4 * sin(6.283185307 * (n + 1) * t / 12.0));
        random = random * 1664525u + 1013904223u;
        stereo[2 * i] = stereo[2 * i + 1] = (float)(x + 0.03 * (double)(int32_t)random / 2147483648.0);
    }
    struct ob_loop loop;
    ob_loop_make(stereo, frames, RATE, RATE, &loop);
    free(stereo);
    return loop;
}

static void print_row(const char *title, uint32_t sound, const struct ob_loop *loop, const char *how, stage_fn *fn)
{
    struct stage stage;
    stage_init_sound(&stage, 6.0, sound, loop);
    size_t frames;
    float *samples = stage_play(&stage, SECONDS, fn, &frames);
    const struct loudness loud = loudness_of(samples, frames);
    const double modulation_db = breath_modulation_db(samples, frames, 10.0, 10.0);
    const double share = fn == unguided ? 0.0 : breath_recovered(samples, frames, &stage.input.pacer, 10.0, NULL);
    printf("%-14s %-9s %6.1f %6.1f %5.1f %6.1f ", title, how, loud.lufs, loud.peak_dbtp, loud.range_lu, modulation_db);
    if (fn == unguided)
        printf("%7s  ", "");
    else
        printf("%6.1f%%  ", 100.0 * share);
    double *whole = ear_band(samples, frames, 0, 0, frames);
    for (double hz = 62.5; hz < 9000.0; hz *= 2.0) {
        double *band = ear_band(samples, frames, hz / 1.41421356, hz * 1.41421356, frames);
        printf(" %5.1f", db(band[0]) - db(whole[0]));
        free(band);
    }
    printf("\n");
    fflush(stdout);
    free(whole);
    free(samples);
    stage_finish(&stage);
}

/* The exhale moment as the engine tells it (engine/moment.c), from 20 s on. */
#define MOMENT_S 20.0

static void with_moment(struct ob_synth_input *input, double now_s)
{
    const double t = now_s - MOMENT_S;
    const double turn = t < 12.0 ? t / 12.0 : 1.0 + (t - 12.0) / 48.0;
    input->params.bloom_01 = t < 0.0 || t > 60.0 ? 0.0f : (float)(0.5 - 0.5 * cos(3.14159265 * turn));
}

/* In which band between 500 Hz and 8 kHz it stands out most against the same minute without it, from one moment to
 * another, in dB; and how much louder the whole becomes (K-weighted). */
static void print_moment(const float *with, const float *without, size_t frames, double from_s, double to_s)
{
    const size_t from = (size_t)(from_s * RATE), count = (size_t)((to_s - from_s) * RATE);
    double most_db = -100.0, most_hz = 0.0;
    for (double hz = 500.0; hz < 8000.0; hz *= 1.259921) {
        double power[2] = {0.0, 0.0};
        for (int k = 0; k < 2; k++) {
            double *band = ear_band(k ? without : with, frames, hz / 1.122462, hz * 1.122462, count);
            power[k] = band[from / count];
            free(band);
        }
        if (db(power[0]) - db(power[1]) > most_db) {
            most_db = db(power[0]) - db(power[1]);
            most_hz = hz;
        }
    }
    double loud[2] = {0.0, 0.0};
    for (int k = 0; k < 2; k++) {
        size_t hops;
        double *weighted = ear_weighted(k ? without : with, frames, &hops);
        for (size_t i = (size_t)(from_s * 10.0); i < (size_t)(to_s * 10.0) && i < hops; i++)
            loud[k] += weighted[i];
        free(weighted);
    }
    printf("   %5.1f dB at %4.0f Hz, %+4.1f LU", most_db, most_hz, db(loud[0]) - db(loud[1]));
}

static void print_moments(const char *title, uint32_t sound, const struct ob_loop *loop)
{
    float *samples[2];
    size_t frames = 0;
    for (int k = 0; k < 2; k++) {
        struct stage stage;
        stage_init_sound(&stage, 6.0, sound, loop);
        samples[k] = stage_play(&stage, 70.0, k ? NULL : with_moment, &frames);
        stage_finish(&stage);
    }
    printf("%-14s", title);
    print_moment(samples[0], samples[1], frames, MOMENT_S + 2.5, MOMENT_S + 5.0);
    print_moment(samples[0], samples[1], frames, MOMENT_S + 8.0, MOMENT_S + 16.0);
    print_moment(samples[0], samples[1], frames, MOMENT_S + 20.0, MOMENT_S + 40.0);
    printf("\n");
    free(samples[0]);
    free(samples[1]);
}

int main(int argc, char **argv)
{
    bool known = argc < 2 || strcmp(argv[1], "own") == 0;
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++)
        known |= argc > 1 && strcmp(argv[1], ob_soundscape_name(sound)) == 0;
    if (!known)
        return 2; /* a table of its own, nothing to be counted */
    printf("%-14s %-9s %6s %6s %5s %6s %8s   octaves about 63 Hz to 8 kHz, dB beside the whole\n", "soundscape", "",
           "LUFS", "dBTP", "LU", "breath", "heard");
    struct ob_loop loop = own_loop();
    for (uint32_t sound = 0; sound <= OB_SOUNDSCAPE_OWN; sound++) {
        const char *title = sound < OB_SOUNDSCAPE_OWN ? ob_soundscape_title(sound) : "Own sound";
        if (argc > 1 && strcmp(argv[1], sound < OB_SOUNDSCAPE_OWN ? ob_soundscape_name(sound) : "own") != 0)
            continue;
        print_row(title, sound, &loop, "neutral", NULL);
        print_row(title, sound, &loop, "rewarded", rewarded);
        print_row(title, sound, &loop, "alone", unguided);
    }
    printf("\n%-14s   the exhale moment: how far it stands out in its best third of an octave, and in loudness:\n"
           "%-14s   2.5-5 s after it began          8-16 s                         20-40 s\n",
           "", "");
    for (uint32_t sound = 0; sound <= OB_SOUNDSCAPE_OWN; sound++)
        if (argc < 2 || strcmp(argv[1], sound < OB_SOUNDSCAPE_OWN ? ob_soundscape_name(sound) : "own") == 0)
            print_moments(sound < OB_SOUNDSCAPE_OWN ? ob_soundscape_title(sound) : "Own sound", sound, &loop);
    ob_loop_free(&loop);
    return 0;
}
