/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "speech/polish.h"

#include "base/maths.h"
#include "synth/loudness.h"
#include "synth/reverb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PEAK_MAX   0.5f  /* -6 dBFS */
#define SILENCE_DB (-46) /* under the loudest moment: what is cut off at both ends */
#define LEAD_S     0.03  /* of silence left before the first sound, and behind the last */
#define FADE_IN_S  0.012
#define FADE_OUT_S 0.06
#define ROOM_S     1.8
#define ROOM_SEND  0.07f
#define ROOM_SPACE 0.12f
#define S_BAND_HZ  4200.0
#define S_SHARE    0.35f /* of the whole: above it sibilants are turned down */
#define S_LEAST    0.45f

struct biquad {
    double b0, b1, b2, a1, a2, x1, x2, y1, y2;
};

static float filtered(struct biquad *q, float x)
{
    const double y = q->b0 * (double)x + q->b1 * q->x1 + q->b2 * q->x2 - q->a1 * q->y1 - q->a2 * q->y2;
    q->x2 = q->x1;
    q->x1 = (double)x;
    q->y2 = q->y1;
    q->y1 = y;
    return (float)y;
}

/* R. Bristow-Johnson, Audio EQ Cookbook: second-order low-pass, high-pass and peak. */
enum shape { LOW, HIGH, PEAK };

static struct biquad biquad_of(enum shape shape, double hz, double q, double db, double rate_hz)
{
    const double w = OB_TAU * fmin(hz, 0.45 * rate_hz) / rate_hz, c = cos(w), alpha = sin(w) / (2.0 * q);
    if (shape == PEAK) {
        const double a = pow(10.0, db / 40.0), a0 = 1.0 + alpha / a;
        return (struct biquad){.b0 = (1.0 + alpha * a) / a0,
                               .b1 = -2.0 * c / a0,
                               .b2 = (1.0 - alpha * a) / a0,
                               .a1 = -2.0 * c / a0,
                               .a2 = (1.0 - alpha / a) / a0};
    }
    const double edge = shape == LOW ? 1.0 - c : 1.0 + c, a0 = 1.0 + alpha;
    return (struct biquad){.b0 = 0.5 * edge / a0,
                           .b1 = (shape == LOW ? edge : -edge) / a0,
                           .b2 = 0.5 * edge / a0,
                           .a1 = -2.0 * c / a0,
                           .a2 = (1.0 - alpha) / a0};
}

/* What lies below SILENCE_DB under the loudest sample goes, but for LEAD_S. False: all of it does. */
static bool trim(const float *x, size_t frames, int channels, double rate_hz, size_t *from_out, size_t *to_out)
{
    const size_t all = frames * (size_t)channels;
    float loudest = 0.0f;
    for (size_t i = 0; i < all; i++)
        loudest = fmaxf(loudest, fabsf(x[i]));
    if (loudest < 1e-4f)
        return false;
    const float least = loudest * powf(10.0f, SILENCE_DB / 20.0f);
    size_t first = 0, last = all - 1;
    while (fabsf(x[first]) < least)
        first++;
    while (fabsf(x[last]) < least)
        last--;
    const size_t lead = (size_t)(LEAD_S * rate_hz);
    first /= (size_t)channels;
    last = last / (size_t)channels + lead;
    *from_out = first > lead ? first - lead : 0;
    *to_out = last < frames ? last : frames;
    return true;
}

/* Formant synthesis buzzes between 2.5 and 5 kHz, hisses above, and is thin below 250 Hz. */
static void soften(float *stereo, size_t frames, double rate_hz)
{
    struct biquad rumble = biquad_of(HIGH, 75.0, 0.7, 0, rate_hz), chest = biquad_of(PEAK, 190.0, 0.8, 2.5, rate_hz),
                  buzz = biquad_of(PEAK, 3400.0, 0.7, -4.5, rate_hz), top = biquad_of(LOW, 6800.0, 0.6, 0, rate_hz),
                  s_band = biquad_of(HIGH, S_BAND_HZ, 0.7, 0, rate_hz);
    const float attack = (float)(1.0 - exp(-1.0 / (0.002 * rate_hz)));
    const float release = (float)(1.0 - exp(-1.0 / (0.030 * rate_hz)));
    float all = 0.0f, high = 0.0f;
    for (size_t i = 0; i < frames; i++) {
        float x = filtered(&buzz, filtered(&chest, filtered(&rumble, stereo[2 * i])));
        const float s = filtered(&s_band, x);
        all += (fabsf(x) > all ? attack : release) * (fabsf(x) - all);
        high += (fabsf(s) > high ? attack : release) * (fabsf(s) - high);
        const float limit = S_SHARE * all;
        const float keep = high > limit && high > 0.0f ? fmaxf(limit / high, S_LEAST) : 1.0f;
        x = filtered(&top, x - s + keep * s);
        stereo[2 * i] = stereo[2 * i + 1] = x;
    }
}

static void fade_ends(float *stereo, size_t frames, double rate_hz)
{
    const size_t in = (size_t)(FADE_IN_S * rate_hz), out = (size_t)(FADE_OUT_S * rate_hz);
    for (size_t i = 0; i < frames; i++) {
        double gain = 1.0;
        if (i < in)
            gain *= 0.5 - 0.5 * cos(0.5 * OB_TAU * (double)i / (double)in);
        if (frames - 1 - i < out)
            gain *= 0.5 - 0.5 * cos(0.5 * OB_TAU * (double)(frames - 1 - i) / (double)out);
        stereo[2 * i] *= (float)gain;
        stereo[2 * i + 1] *= (float)gain;
    }
}

static enum ob_err level(float *stereo, size_t frames, double rate_hz)
{
    struct ob_loudness *meter = malloc(sizeof *meter);
    if (!meter)
        return OB_ERR_NO_MEMORY;
    ob_loudness_init(meter, rate_hz);
    /* A word may be shorter than the meter's block of 400 ms: some times in a row it is not. */
    const int times = 1 + (int)(rate_hz / (double)frames);
    for (int i = 0; i < times; i++)
        ob_loudness_add(meter, stereo, frames);
    const double lufs = ob_loudness_lufs(meter);
    free(meter);
    if (!(lufs > -69.0))
        return OB_ERR_EMPTY;
    float gain = (float)pow(10.0, (OB_SPEECH_LUFS - lufs) / 20.0), peak = 0.0f;
    for (size_t i = 0; i < 2 * frames; i++)
        peak = fmaxf(peak, fabsf(stereo[i]));
    if (peak * gain > PEAK_MAX)
        gain = PEAK_MAX / peak;
    for (size_t i = 0; i < 2 * frames; i++)
        stereo[i] *= gain;
    return OB_OK;
}

/* The synth's own room, so that the voice stands where the sound is. The last tenth of a second fades it out. */
static enum ob_err add_room(float *stereo, size_t words, size_t frames, double rate_hz)
{
    struct ob_reverb *reverb = calloc(1, sizeof *reverb);
    if (!reverb || !ob_reverb_init(reverb, rate_hz)) {
        free(reverb);
        return OB_ERR_NO_MEMORY;
    }
    for (size_t from = 0; from < frames; from += OB_SYNTH_TICK) {
        const size_t count = frames - from < OB_SYNTH_TICK ? frames - from : OB_SYNTH_TICK;
        struct ob_buses buses = {.space_01 = ROOM_SPACE};
        for (size_t i = 0; i < count && from + i < words; i++)
            buses.send_left[i] = buses.send_right[i] = ROOM_SEND * stereo[2 * (from + i)];
        ob_reverb_tick(reverb, &buses);
        for (size_t i = 0; i < count; i++) {
            const double left_s = (double)(frames - 1 - from - i) / rate_hz;
            const double s = ob_clamp01(left_s / (0.4 * ROOM_S));
            const float fade = (float)(s * s * (3.0 - 2.0 * s));
            stereo[2 * (from + i)] += fade * buses.left[i];
            stereo[2 * (from + i) + 1] += fade * buses.right[i];
        }
    }
    ob_reverb_finish(reverb);
    free(reverb);
    return OB_OK;
}

enum ob_err ob_polish(enum ob_polish how, const float *speech, size_t frames, int channels, double sample_rate_hz,
                      double clip_rate_hz, struct ob_spoken_clip *clip_out, double *words_s_out)
{
    memset(clip_out, 0, sizeof *clip_out);
    *words_s_out = 0.0;
    size_t from, to, words = 0;
    if (frames == 0 || !trim(speech, frames, channels, sample_rate_hz, &from, &to))
        return OB_ERR_EMPTY;
    float *x = ob_resample(speech + from * (size_t)channels, to - from, channels, sample_rate_hz, clip_rate_hz, &words);
    if (!x)
        return OB_ERR_NO_MEMORY;
    const size_t room = how == OB_POLISH_MADE ? (size_t)(ROOM_S * clip_rate_hz) : 0;
    float *stereo = words > 0 ? calloc(2 * (words + room), sizeof *stereo) : NULL;
    enum ob_err err = stereo ? OB_OK : words > 0 ? OB_ERR_NO_MEMORY : OB_ERR_EMPTY;
    for (size_t i = 0; !err && i < words; i++) {
        stereo[2 * i] = x[i * (size_t)channels];
        stereo[2 * i + 1] = x[i * (size_t)channels + (channels > 1)];
    }
    free(x);
    if (!err && how == OB_POLISH_MADE)
        soften(stereo, words, clip_rate_hz);
    if (!err) {
        fade_ends(stereo, words, clip_rate_hz);
        err = level(stereo, words, clip_rate_hz);
    }
    if (!err && room > 0)
        err = add_room(stereo, words, words + room, clip_rate_hz);
    if (err) {
        free(stereo);
        return err;
    }
    *clip_out = (struct ob_spoken_clip){stereo, (uint32_t)(words + room), (uint32_t)words, clip_rate_hz};
    *words_s_out = (double)words / clip_rate_hz;
    return OB_OK;
}
