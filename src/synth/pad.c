/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pad: a warm chord of many soft voices behind two slow filters, and a long sigh.
 *
 * Two notes stay, A3 and D4; others come and go around them, so that every second breath the harmony is another one:
 * D with its ninth, B minor, G, and A waiting. The change comes in as a breath begins, never by a clock. The inhale
 * opens the filters from 400 to 1200 Hz, and a leading voice climbs from A to D, which belong to all four chords. The
 * exhale closes them, and a sigh goes out: noise through the two lowest formants of an open vowel, both sinking.
 * Reward adds a choir above in that same exhale, feedback opens filters and room, bloom is high and glassy. */
#include "base/rt.h"
#include "base/words.h"
#include "synth/dsp.h"
#include "synth/soundscape.h"

#include <math.h>

enum { LEAD = 0, NOTES = 4, GLOW = 24, BLOOM = 30, VOICES = 33 };
enum { CHORDS = 4, NOTE_COUNT = (GLOW - NOTES) / 2 };
enum timbre { STRING, SOFT, GLASS, TIMBRES };

/* A pair of voices for each note, one each side. Just intonation over A2 = 110 Hz, for the same reason as in shore.c:
 * pure intervals do not beat. */
struct note_plan {
    float hz;
    enum timbre timbre;
    float level;      /* RMS of both voices together */
    float spread;     /* how far to the sides */
    float in[CHORDS]; /* how much of it each chord has */
};

static const struct note_plan notes[NOTE_COUNT] = {
    /* bass */
    {146.6667f, SOFT, 0.0340f, 0.10f, {1.0f, 0.0f, 0.0f, 0.0f}}, /* D3 */
    {122.2222f, SOFT, 0.0340f, 0.10f, {0.0f, 1.0f, 0.0f, 0.0f}}, /* B2 */
    {97.7778f, SOFT, 0.0330f, 0.10f, {0.0f, 0.0f, 1.0f, 0.0f}},  /* G2 */
    {110.0000f, SOFT, 0.0330f, 0.10f, {0.0f, 0.0f, 0.0f, 1.0f}}, /* A2 */
    /* what stays */
    {220.0000f, STRING, 0.0330f, 0.60f, {1.0f, 0.6f, 0.5f, 1.0f}}, /* A3 */
    {293.3333f, STRING, 0.0290f, 0.70f, {1.0f, 1.0f, 1.0f, 0.9f}}, /* D4 */
    /* what moves */
    {244.4444f, STRING, 0.0270f, 0.50f, {0.0f, 0.8f, 1.0f, 0.0f}}, /* B3 */
    {330.0000f, STRING, 0.0250f, 0.80f, {0.6f, 0.0f, 0.0f, 1.0f}}, /* E4 */
    {366.6667f, STRING, 0.0230f, 0.80f, {1.0f, 1.0f, 0.9f, 0.0f}}, /* F#4 */
    {165.0000f, STRING, 0.0240f, 0.40f, {0.0f, 0.0f, 0.0f, 1.0f}}, /* E3 */
};

struct high_plan {
    float hz, level, pan;
};

static const struct high_plan high[VOICES - GLOW] = {
    {440.0000f, 0.0200f, -0.5f}, {440.3000f, 0.0200f, 0.5f}, /* glow: A4 F#5 E5 */
    {733.3333f, 0.0110f, 0.7f},  {733.6000f, 0.0110f, -0.7f}, {660.0000f, 0.0120f, -0.8f}, {660.2500f, 0.0120f, 0.8f},
    {1173.333f, 0.0220f, -0.4f}, {1760.000f, 0.0230f, 0.6f},  {2346.667f, 0.0160f, -0.6f}, /* bloom */
};

struct pad {
    float rate_hz;
    struct ob_wave wave[TIMBRES];
    struct ob_voice voice[VOICES];
    struct ob_drift swell[VOICES];
    float level[NOTE_COUNT]; /* glides to what the chord wants */
    float level_share;
    int breath; /* breaths begun, modulo two for each chord */
    bool armed;
    struct ob_drift west, east, tide; /* of the filters and the sigh */
    struct ob_filter low, high, top, first, second;
    uint32_t random[2];
    float first_gain, second_gain, first_send, second_send; /* where the last tick ended */
};

static void start(void *state, double sample_rate_hz, uint64_t seed)
{
    struct pad *pad = state;
    const uint32_t base = (uint32_t)(seed ^ (seed >> 32));
    pad->rate_hz = (float)sample_rate_hz;
    float string[20];
    float soft[6];
    for (int n = 1; n <= 20; n++)
        string[n - 1] = (float)pow(n, -0.95);
    for (int n = 1; n <= 6; n++)
        soft[n - 1] = (float)pow(n, -1.7);
    const float glass[4] = {1.0f, 0.14f, 0.05f, 0.02f};
    ob_wave_fill(&pad->wave[STRING], string, 20);
    ob_wave_fill(&pad->wave[SOFT], soft, 6);
    ob_wave_fill(&pad->wave[GLASS], glass, 4);
    for (uint32_t v = 0; v < VOICES; v++) {
        pad->voice[v].wave = v < NOTES  ? &pad->wave[v < 2 ? SOFT : STRING]
                             : v < GLOW ? &pad->wave[notes[(v - NOTES) / 2].timbre]
                                        : &pad->wave[GLASS];
        pad->voice[v].phase = (base + 7u * v) * 2654435761u;
        ob_drift_init(&pad->voice[v].drift, base + 131 * v, 8.0 + 0.7 * v, sample_rate_hz);
        ob_drift_init(&pad->swell[v], base + 131 * v + 60, 10.0 + 0.9 * v, sample_rate_hz);
    }
    for (int n = 0; n < NOTE_COUNT; n++)
        pad->level[n] = notes[n].in[0];
    pad->level_share = (float)(1.0 - exp(-OB_SYNTH_TICK / (sample_rate_hz * 1.1)));
    ob_drift_init(&pad->west, base + 11, 9.1, sample_rate_hz);
    ob_drift_init(&pad->east, base + 12, 11.7, sample_rate_hz);
    ob_drift_init(&pad->tide, base + 13, 4.9, sample_rate_hz);
    pad->random[0] = base * 668265263u + 7u;
    pad->random[1] = base * 374761393u + 13u;
}

static void sing(struct pad *pad, int v, float hz, float amount, float pan, float *left, float *right)
{
    struct ob_voice *voice = &pad->voice[v];
    const float cents = (v % 2 == 0 ? -0.5f : 0.5f) + 0.6f * ob_drift_next(&voice->drift);
    const float swell = 1.0f + 0.18f * ob_drift_next(&pad->swell[v]);
    const float cycles = hz * ob_exp2(cents * (1.0f / 1200.0f)) / pad->rate_hz;
    ob_voice_tick(voice, cycles, amount * swell * sqrtf(0.5f - 0.5f * pan), amount * swell * sqrtf(0.5f + 0.5f * pan),
                  left, right);
}

/* Two breaths a chord; the next one comes as a breath begins. */
static void follow_harmony(struct pad *pad, const struct ob_cue *cue)
{
    if (cue->exhale_01 > 0.5f) {
        pad->armed = true;
    } else if (pad->armed && cue->inhale_01 > 0.1f) {
        pad->armed = false;
        pad->breath = (pad->breath + 1) % (2 * CHORDS);
    }
    for (int n = 0; n < NOTE_COUNT; n++)
        pad->level[n] += pad->level_share * (notes[n].in[pad->breath / 2] - pad->level[n]);
}

static void chord(struct pad *pad, const struct ob_cue *cue, struct ob_buses *buses)
{
    float low_left[OB_SYNTH_TICK] = {0};
    float low_right[OB_SYNTH_TICK] = {0};
    float left[OB_SYNTH_TICK] = {0};
    float right[OB_SYNTH_TICK] = {0};
    const float bed = 0.55f + 0.35f * cue->guidance_01;
    for (int n = 0; n < NOTE_COUNT; n++) {
        const float amount = 0.7071f * bed * notes[n].level * pad->level[n];
        float *to_left = n < 4 ? low_left : left;
        float *to_right = n < 4 ? low_right : right;
        sing(pad, NOTES + 2 * n, notes[n].hz, amount, -notes[n].spread, to_left, to_right);
        sing(pad, NOTES + 2 * n + 1, notes[n].hz, amount, notes[n].spread, to_left, to_right);
    }
    /* The leading voice: heard in the inhale, a trace of it otherwise. */
    const float hz = 220.0f * ob_exp2(0.4150375f * cue->full_01);
    const float lead = 0.20f + 0.80f * cue->inhale_01;
    sing(pad, LEAD + 0, hz, 0.052f * lead, -0.1f, low_left, low_right);
    sing(pad, LEAD + 1, hz, 0.020f * lead, 0.5f, low_left, low_right);
    sing(pad, LEAD + 2, 2.0f * hz, 0.020f * lead * (0.3f + 0.7f * cue->full_01), 0.5f, left, right);
    sing(pad, LEAD + 3, 2.0f * hz, 0.020f * lead * (0.3f + 0.7f * cue->full_01), -0.5f, left, right);

    const float west = ob_drift_next(&pad->west);
    const float east = ob_drift_next(&pad->east);
    const float open = 400.0f + 800.0f * cue->full_01;
    const float wide = 1.0f + 0.5f * cue->open_01;
    ob_filter_tick(&pad->low, OB_FILTER_LOW, 0.9f * open * wide * (1.0f + 0.12f * west) / pad->rate_hz, 1.3f, low_left,
                   low_right);
    ob_filter_tick(&pad->high, OB_FILTER_LOW, 1.1f * open * wide * (1.0f + 0.18f * east) / pad->rate_hz, 1.0f, left,
                   right);
    const float send = 0.25f + 0.20f * cue->open_01;
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        left[i] += low_left[i];
        right[i] += low_right[i];
        buses->left[i] += left[i];
        buses->right[i] += right[i];
        buses->send_left[i] += send * left[i];
        buses->send_right[i] += send * right[i];
    }
}

static void lights(struct pad *pad, const struct ob_cue *cue, struct ob_buses *buses)
{
    float left[OB_SYNTH_TICK] = {0};
    float right[OB_SYNTH_TICK] = {0};
    const float bloom = sqrtf(cue->bloom_01);
    for (int v = GLOW; v < VOICES; v++) {
        const struct high_plan *plan = &high[v - GLOW];
        sing(pad, v, plan->hz, plan->level * (v < BLOOM ? cue->reward_01 : bloom), plan->pan, left, right);
    }
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        buses->left[i] += 0.5f * left[i];
        buses->right[i] += 0.5f * right[i];
        buses->send_left[i] += 0.5f * left[i];
        buses->send_right[i] += 0.5f * right[i];
    }
}

static void sigh(struct pad *pad, const struct ob_cue *cue, struct ob_buses *buses)
{
    float first_left[OB_SYNTH_TICK];
    float first_right[OB_SYNTH_TICK];
    float second_left[OB_SYNTH_TICK];
    float second_right[OB_SYNTH_TICK];
    ob_noise_tick(&pad->random[0], first_left);
    ob_noise_tick(&pad->random[1], first_right);
    const float width = 0.30f + 0.30f * cue->fall_01;
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        const float middle = 0.75f * first_left[i];
        const float side = width * first_right[i];
        first_left[i] = middle + side;
        first_right[i] = middle - side;
    }
    const float tide = ob_drift_next(&pad->tide);
    /* A sigh has no hiss: the throat darkens as it empties. */
    const float top_hz = 1900.0f * ob_exp2(-0.9f * cue->fall_01 + 0.25f * cue->open_01);
    ob_filter_tick(&pad->top, OB_FILTER_LOW, top_hz / pad->rate_hz, 1.5f, first_left, first_right);
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        second_left[i] = first_left[i];
        second_right[i] = first_right[i];
    }
    /* From "ah" towards "oo". */
    const float first_hz = 640.0f * ob_exp2(-1.0f * cue->fall_01 + 0.06f * tide);
    const float second_hz = 1150.0f * ob_exp2(-0.75f * cue->fall_01 - 0.06f * tide + 0.2f * cue->open_01);
    ob_filter_tick(&pad->first, OB_FILTER_BAND, first_hz / pad->rate_hz, 0.65f, first_left, first_right);
    ob_filter_tick(&pad->second, OB_FILTER_BAND, second_hz / pad->rate_hz, 0.55f, second_left, second_right);
    const float breath = cue->exhale_01 * (1.0f + 0.10f * tide);
    const float first = 0.004f + 0.25f * breath;
    const float second = 0.002f + 0.10f * breath * cue->exhale_01;
    const float send = 0.20f + 0.25f * cue->tail_01;
    ob_add_ramp(buses->left, first_left, pad->first_gain, first);
    ob_add_ramp(buses->right, first_right, pad->first_gain, first);
    ob_add_ramp(buses->left, second_left, pad->second_gain, second);
    ob_add_ramp(buses->right, second_right, pad->second_gain, second);
    ob_add_ramp(buses->send_left, first_left, pad->first_send, send * first);
    ob_add_ramp(buses->send_right, first_right, pad->first_send, send * first);
    ob_add_ramp(buses->send_left, second_left, pad->second_send, send * second);
    ob_add_ramp(buses->send_right, second_right, pad->second_send, send * second);
    pad->first_gain = first;
    pad->second_gain = second;
    pad->first_send = send * first;
    pad->second_send = send * second;
}

OB_RT static void tick(void *state, const struct ob_cue *cue, struct ob_buses *buses)
{
    struct pad *pad = state;
    follow_harmony(pad, cue);
    chord(pad, cue, buses);
    lights(pad, cue, buses);
    sigh(pad, cue, buses);
    buses->space_01 = 0.30f + 0.35f * cue->open_01 + 0.20f * cue->tail_01 * cue->exhale_01 + 0.15f * cue->bloom_01;
}

const struct ob_soundscape ob_soundscape_pad = {
    .name = "pad",
    .title = OB_TR("Warm pad"),
    .size = sizeof(struct pad),
    .start = start,
    .tick = tick,
};
