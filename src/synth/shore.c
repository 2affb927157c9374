/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shore: a warm chord that rises and opens with the inhale, and a wave that runs out on sand with the exhale.
 *
 * Home is an open chord on D (D2 A2 D3 A3), static and low. Over it a leading voice climbs a fourth, A to D, as the
 * lungs fill, and sinks back as they empty; it dwells at both ends, where it is consonant with the chord. The exhale
 * belongs to noise: a body that sinks from 950 to 330 Hz, a little foam above it that is gone sooner, both widening as
 * the wave runs out. Reward adds a glow of the third and ninth above (F#4, A4, E5) into the room in that same exhale;
 * bloom adds high soft tones for its minute. Voices are a cent or so apart and wander slowly: their beating stays below
 * the tempo of any heart. */
#include "base/rt.h"
#include "base/words.h"
#include "synth/dsp.h"
#include "synth/soundscape.h"

#include <math.h>

enum { LEAD = 0, CHORD = 4, GLOW = 10, BLOOM = 16, VOICES = 19 };

enum timbre { WARM, SOFT, GLASS, TIMBRES };

struct voice_plan {
    float semitones; /* above A2, 110 Hz */
    enum timbre timbre;
    float level; /* RMS of both sides together at full swell */
    float pan;   /* -1 left to 1 right */
    float cents; /* off the pitch */
};

/* Just intonation over A2: octaves, fourths 4/3, thirds 5/4 and fifths 3/2 are pure, so that no pair of partials beats
 * at a tempo of its own (an equal-tempered third on D beats at 3 Hz, which is a heart's). */
#define FOURTH 4.9804500f
#define THIRD  20.8435871f /* F#4, 10/3 of A2 */
#define NINTH  31.0195500f /* E5, 6 of A2 */

static const struct voice_plan plan[VOICES] = {
    /* leading voice and its octave, one each side */
    [LEAD + 0] = {0.0f, WARM, 0.0440f, -0.55f, -0.5f},
    [LEAD + 1] = {0.0f, WARM, 0.0440f, 0.55f, 0.5f},
    [LEAD + 2] = {12.0f, SOFT, 0.0325f, 0.65f, -0.4f},
    [LEAD + 3] = {12.0f, SOFT, 0.0325f, -0.65f, 0.4f},
    /* home chord */
    [CHORD + 0] = {FOURTH - 12.0f, WARM, 0.0290f, 0.0f, 0.0f},
    [CHORD + 1] = {0.0f, SOFT, 0.0170f, -0.3f, 0.3f},
    [CHORD + 2] = {FOURTH, SOFT, 0.0160f, -0.7f, -0.4f},
    [CHORD + 3] = {FOURTH, SOFT, 0.0160f, 0.7f, 0.4f},
    [CHORD + 4] = {12.0f, SOFT, 0.0105f, 0.5f, -0.4f},
    [CHORD + 5] = {12.0f, SOFT, 0.0105f, -0.5f, 0.4f},
    /* glow */
    [GLOW + 0] = {THIRD, GLASS, 0.0200f, -0.5f, -0.4f},
    [GLOW + 1] = {THIRD, GLASS, 0.0200f, 0.5f, 0.4f},
    [GLOW + 2] = {24.0f, GLASS, 0.0170f, 0.7f, -0.3f},
    [GLOW + 3] = {24.0f, GLASS, 0.0170f, -0.7f, 0.3f},
    [GLOW + 4] = {NINTH, GLASS, 0.0080f, -0.8f, -0.2f},
    [GLOW + 5] = {NINTH, GLASS, 0.0080f, 0.8f, 0.2f},
    /* bloom: above the wave's noise, where little is enough */
    [BLOOM + 0] = {48.0f, GLASS, 0.0310f, -0.4f, 0.0f},
    [BLOOM + 1] = {FOURTH + 48.0f, GLASS, 0.0280f, 0.6f, 0.2f},
    [BLOOM + 2] = {THIRD + 36.0f, GLASS, 0.0175f, -0.7f, -0.2f},
};

struct shore {
    float rate_hz;
    struct ob_wave wave[TIMBRES];
    struct ob_voice voice[VOICES];
    struct ob_drift swell[VOICES]; /* of loudness */
    struct ob_filter tone, top, body, air;
    struct ob_drift tide, sand; /* slow movement of the noise */
    uint32_t random[2];
    float body_gain, air_gain, width, noise_send; /* where the last tick ended */
};

static void start(void *state, double sample_rate_hz, uint64_t seed)
{
    struct shore *shore = state;
    shore->rate_hz = (float)sample_rate_hz;
    float warm[16];
    float soft[8];
    for (int n = 1; n <= 16; n++)
        warm[n - 1] = (float)(pow(n, -1.05) * (n % 2 == 0 ? 0.8 : 1.0));
    for (int n = 1; n <= 8; n++)
        soft[n - 1] = (float)(pow(n, -1.6));
    const float glass[4] = {1.0f, 0.10f, 0.05f, 0.01f};
    ob_wave_fill(&shore->wave[WARM], warm, 16);
    ob_wave_fill(&shore->wave[SOFT], soft, 8);
    ob_wave_fill(&shore->wave[GLASS], glass, 4);
    const uint32_t base = (uint32_t)(seed ^ (seed >> 32));
    for (uint32_t v = 0; v < VOICES; v++) {
        shore->voice[v].wave = &shore->wave[plan[v].timbre];
        shore->voice[v].phase = (base + v) * 2654435761u;
        ob_drift_init(&shore->voice[v].drift, base + 101 * v, 7.0 + 0.9 * v, sample_rate_hz);
        ob_drift_init(&shore->swell[v], base + 101 * v + 50, 9.0 + 1.1 * v, sample_rate_hz);
    }
    ob_drift_init(&shore->tide, base + 7, 5.3, sample_rate_hz);
    ob_drift_init(&shore->sand, base + 8, 3.1, sample_rate_hz);
    shore->random[0] = base * 2891336453u + 1u;
    shore->random[1] = base * 1181783497u + 77u;
}

static void sing(struct shore *shore, int v, float semitones, float level, float *left, float *right)
{
    struct ob_voice *voice = &shore->voice[v];
    const float cents = plan[v].cents + 0.6f * ob_drift_next(&voice->drift);
    const float hz = 110.0f * ob_exp2((plan[v].semitones + semitones + 0.01f * cents) * (1.0f / 12.0f));
    const float swell = 1.0f + 0.16f * ob_drift_next(&shore->swell[v]);
    /* Equal power by a chord of the quarter circle, near enough: 0.5 +- p/2 under a root needs no libm either. */
    const float pan = 0.5f * plan[v].pan;
    const float amount = plan[v].level * level * swell;
    ob_voice_tick(voice, hz / shore->rate_hz, amount * sqrtf(0.5f - pan), amount * sqrtf(0.5f + pan), left, right);
}

static void tones(struct shore *shore, const struct ob_cue *cue, struct ob_buses *buses)
{
    float left[OB_SYNTH_TICK] = {0};
    float right[OB_SYNTH_TICK] = {0};
    const float climb = FOURTH * cue->full_01;
    /* Low and closed it needs more to be heard as well. */
    const float weight = 1.0f + 0.45f * (1.0f - cue->full_01);
    const float lead =
        0.30f + 0.13f * (1.0f - cue->full_01) * (1.0f - cue->inhale_01) + 0.64f * cue->inhale_01 * weight;
    const float octave = (0.15f + 0.85f * cue->full_01) * lead * (1.0f + 0.5f * cue->open_01);
    sing(shore, LEAD + 0, climb, lead, left, right);
    sing(shore, LEAD + 1, climb, lead, left, right);
    sing(shore, LEAD + 2, climb, octave, left, right);
    sing(shore, LEAD + 3, climb, octave, left, right);
    for (int v = CHORD; v < GLOW; v++)
        sing(shore, v, 0.0f, v >= CHORD + 4 ? 0.6f + 0.6f * cue->open_01 : 1.0f, left, right);
    const float hz = (400.0f + 800.0f * cue->full_01) * (1.0f + 0.35f * cue->open_01);
    ob_filter_tick(&shore->tone, OB_FILTER_LOW, hz / shore->rate_hz, 1.25f, left, right);
    const float send = 0.16f + 0.14f * cue->open_01;
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        buses->left[i] += left[i];
        buses->right[i] += right[i];
        buses->send_left[i] += send * left[i];
        buses->send_right[i] += send * right[i];
    }
}

static void lights(struct shore *shore, const struct ob_cue *cue, struct ob_buses *buses)
{
    float left[OB_SYNTH_TICK] = {0};
    float right[OB_SYNTH_TICK] = {0};
    for (int v = GLOW; v < BLOOM; v++)
        sing(shore, v, 0.0f, cue->reward_01, left, right);
    for (int v = BLOOM; v < VOICES; v++)
        sing(shore, v, 0.0f, sqrtf(cue->bloom_01), left, right);
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        buses->left[i] += 0.5f * left[i];
        buses->right[i] += 0.5f * right[i];
        buses->send_left[i] += 0.45f * left[i];
        buses->send_right[i] += 0.45f * right[i];
    }
}

static void surf(struct shore *shore, const struct ob_cue *cue, struct ob_buses *buses)
{
    float middle[OB_SYNTH_TICK];
    float side[OB_SYNTH_TICK];
    ob_noise_tick(&shore->random[0], middle);
    ob_noise_tick(&shore->random[1], side);
    /* The wave comes in narrow and runs out wide. */
    const float width = 0.25f + 0.40f * cue->fall_01 + 0.15f * cue->open_01;
    float body_left[OB_SYNTH_TICK];
    float body_right[OB_SYNTH_TICK];
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        const float share = shore->width + (width - shore->width) * (float)(i + 1) * (1.0f / OB_SYNTH_TICK);
        body_left[i] = 0.75f * middle[i] + share * side[i];
        body_right[i] = 0.75f * middle[i] - share * side[i];
    }
    shore->width = width;
    const float tide = ob_drift_next(&shore->tide);
    const float sand = ob_drift_next(&shore->sand);
    const float top_hz = 2400.0f * ob_exp2(-0.8f * cue->fall_01 + 0.10f * sand + 0.25f * cue->open_01);
    ob_filter_tick(&shore->top, OB_FILTER_LOW, top_hz / shore->rate_hz, 1.6f, body_left, body_right);
    float air_left[OB_SYNTH_TICK];
    float air_right[OB_SYNTH_TICK];
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        air_left[i] = body_left[i];
        air_right[i] = body_right[i];
    }
    const float body_hz = 880.0f * ob_exp2(-1.45f * cue->fall_01 + 0.12f * tide);
    ob_filter_tick(&shore->body, OB_FILTER_BAND, body_hz / shore->rate_hz, 1.2f, body_left, body_right);
    const float air_hz = 950.0f * ob_exp2(1.1f * cue->full_01 + 0.10f * sand);
    ob_filter_tick(&shore->air, OB_FILTER_BAND, air_hz / shore->rate_hz, 0.8f, air_left, air_right);

    const float wave = cue->exhale_01;
    const float body = (0.011f + 0.275f * wave * (1.0f + 0.45f * cue->fall_01 * (1.0f - 0.6f * cue->tail_01))) *
                       (1.0f + 0.12f * tide) * (1.0f + 0.10f * sand);
    const float air = 0.006f + 0.017f * cue->inhale_01 + 0.066f * wave * wave * (1.0f + 0.3f * sand);
    const float send = 0.10f + 0.20f * cue->tail_01;
    ob_add_ramp(buses->left, body_left, shore->body_gain, body);
    ob_add_ramp(buses->right, body_right, shore->body_gain, body);
    ob_add_ramp(buses->left, air_left, shore->air_gain, air);
    ob_add_ramp(buses->right, air_right, shore->air_gain, air);
    ob_add_ramp(buses->send_left, body_left, shore->noise_send, send * body);
    ob_add_ramp(buses->send_right, body_right, shore->noise_send, send * body);
    shore->body_gain = body;
    shore->air_gain = air;
    shore->noise_send = send * body;
}

OB_RT static void tick(void *state, const struct ob_cue *cue, struct ob_buses *buses)
{
    struct shore *shore = state;
    tones(shore, cue, buses);
    lights(shore, cue, buses);
    surf(shore, cue, buses);
    buses->space_01 = 0.25f + 0.35f * cue->open_01 + 0.25f * cue->tail_01 * cue->exhale_01 + 0.15f * cue->bloom_01;
}

const struct ob_soundscape ob_soundscape_shore = {
    .name = "shore",
    .title = OB_TR("Shore"),
    .size = sizeof(struct shore),
    .start = start,
    .tick = tick,
};
