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
    ob_loop_free(&loop);
    return 0;
}
