/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/reverb.h"

#include "base/maths.h"
#include "base/rt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lengths in ms without common factors at the usual rates; from a small hall's mean free path. */
static const double line_ms[OB_REVERB_LINES] = {31.37, 37.91, 43.13, 49.61, 57.43, 64.69, 73.87, 83.03};
static const double diffuser_ms[OB_REVERB_DIFFUSERS] = {8.93, 13.31, 9.71, 12.17};

#define RING_SHORT_S 2.5
#define RING_LONG_S  7.0
#define DAMPING_HZ   3600.0
#define SWAY_S       11.0 /* one slow to and fro of the moving lines */
#define SWAY_MS      0.16 /* how far they move: about one cent of pitch */

static uint32_t power_above(uint32_t frames)
{
    uint32_t size = 1;
    while (size < frames || size < OB_SYNTH_TICK)
        size *= 2;
    return size;
}

bool ob_reverb_init(struct ob_reverb *reverb, double sample_rate_hz)
{
    *reverb = (struct ob_reverb){0};
    const double frames_per_ms = sample_rate_hz * 1e-3;
    reverb->sway_frames = (float)(SWAY_MS * frames_per_ms);
    uint32_t total = 0;
    for (int l = 0; l < OB_REVERB_LINES; l++) {
        struct ob_reverb_line *line = &reverb->line[l];
        line->delay = (uint32_t)(line_ms[l] * frames_per_ms);
        line->size = power_above(line->delay + 2 * (uint32_t)reverb->sway_frames + 2 * OB_SYNTH_TICK);
        total += line->size;
        reverb->gain_short[l] = (float)pow(10.0, -3.0 * line_ms[l] * 1e-3 / RING_SHORT_S);
        reverb->gain_long[l] = (float)pow(10.0, -3.0 * line_ms[l] * 1e-3 / RING_LONG_S);
    }
    for (int d = 0; d < OB_REVERB_DIFFUSERS; d++) {
        struct ob_reverb_line *line = &reverb->diffuser[d];
        line->delay = (uint32_t)(diffuser_ms[d] * frames_per_ms);
        if (line->delay < OB_SYNTH_TICK)
            line->delay = OB_SYNTH_TICK;
        line->size = power_above(line->delay + 2 * OB_SYNTH_TICK);
        total += line->size;
    }
    reverb->memory = calloc(total, sizeof *reverb->memory);
    if (!reverb->memory)
        return false;
    float *next = reverb->memory;
    for (int l = 0; l < OB_REVERB_LINES; l++) {
        reverb->line[l].buffer = next;
        next += reverb->line[l].size;
    }
    for (int d = 0; d < OB_REVERB_DIFFUSERS; d++) {
        reverb->diffuser[d].buffer = next;
        next += reverb->diffuser[d].size;
    }
    reverb->damping = (float)(1.0 - exp(-OB_TAU * fmin(DAMPING_HZ, 0.45 * sample_rate_hz) / sample_rate_hz));
    reverb->sway_step = (float)(OB_SYNTH_TICK / (sample_rate_hz * SWAY_S));
    return true;
}

void ob_reverb_finish(struct ob_reverb *reverb)
{
    free(reverb->memory);
    reverb->memory = NULL;
}

/* One tick out of a line, whole frames back. What is written never wraps within a tick (sizes and positions are
 * multiples of it), what is read may. */
static void read_fixed(const struct ob_reverb_line *line, uint32_t at, float *out)
{
    const uint32_t from = (at - line->delay) & (line->size - 1);
    const uint32_t straight = line->size - from < OB_SYNTH_TICK ? line->size - from : OB_SYNTH_TICK;
    memcpy(out, line->buffer + from, straight * sizeof *out);
    memcpy(out + straight, line->buffer, (OB_SYNTH_TICK - straight) * sizeof *out);
}

static float *write_place(const struct ob_reverb_line *line, uint32_t at)
{
    return line->buffer + (at & (line->size - 1));
}

static void allpass(float *restrict x, float *restrict kept, const float *restrict old)
{
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        kept[i] = x[i] - 0.6f * old[i];
        x[i] = old[i] + 0.6f * kept[i];
    }
}

static void diffuse(struct ob_reverb_line *line, uint32_t at, float *x)
{
    float old[OB_SYNTH_TICK];
    read_fixed(line, at, old);
    allpass(x, write_place(line, at), old);
}

/* A triangle rounded by a cubic: as good as a sine for a sway, and without libm. */
static float sway(float turns)
{
    const float t = turns < 0.5f ? 4.0f * turns - 1.0f : 3.0f - 4.0f * turns;
    return t * (1.5f - 0.5f * t * t);
}

/* Reads one tick of a line whose delay moves linearly from delay to delay + slope * tick. */
static void read_moving(const struct ob_reverb_line *line, uint32_t at, float delay, float slope, float *out)
{
    const uint32_t mask = line->size - 1;
    for (uint32_t i = 0; i < OB_SYNTH_TICK; i++) {
        const uint32_t whole = (uint32_t)(int32_t)delay;
        const float between = delay - (float)(int32_t)whole;
        const float near = line->buffer[(at + i - whole) & mask];
        const float far = line->buffer[(at + i - whole - 1) & mask];
        out[i] = near + between * (far - near);
        delay += slope;
    }
}

static void butterfly(float *restrict a, float *restrict b)
{
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        const float sum = a[i] + b[i];
        b[i] = a[i] - b[i];
        a[i] = sum;
    }
}

/* The Hadamard matrix of order eight as three rounds of butterflies. */
static void mix(float x[OB_REVERB_LINES][OB_SYNTH_TICK])
{
    for (int span = 1; span < OB_REVERB_LINES; span *= 2)
        for (int a = 0; a < OB_REVERB_LINES; a++)
            if (!(a & span))
                butterfly(x[a], x[a + span]);
}

/* Damps and shortens four lines side by side: each waits on its own past, so four run in the time of one. */
static void damp(float x[4][OB_SYNTH_TICK], float *state, const float *gain, float damping)
{
    float a = state[0];
    float b = state[1];
    float c = state[2];
    float d = state[3];
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        a += damping * (x[0][i] - a);
        b += damping * (x[1][i] - b);
        c += damping * (x[2][i] - c);
        d += damping * (x[3][i] - d);
        x[0][i] = gain[0] * a;
        x[1][i] = gain[1] * b;
        x[2][i] = gain[2] * c;
        x[3][i] = gain[3] * d;
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = d;
}

/* Four lines as one side hears them, with alternating signs so that neighbours do not add up. */
static void hear(float *restrict bus, const float *restrict a, const float *restrict b, const float *restrict c,
                 const float *restrict d)
{
    for (int i = 0; i < OB_SYNTH_TICK; i++)
        bus[i] += 0.5f * ((a[i] - b[i]) + (c[i] - d[i]));
}

static void feed(float *restrict place, const float *restrict x, const float *restrict send)
{
    const float unit = 0.35355339f; /* 1/sqrt(8): the matrix loses nothing */
    for (int i = 0; i < OB_SYNTH_TICK; i++)
        place[i] = unit * x[i] + 0.5f * send[i];
}

OB_RT void ob_reverb_tick(struct ob_reverb *reverb, struct ob_buses *buses)
{
    const uint32_t at = reverb->at;
    diffuse(&reverb->diffuser[0], at, buses->send_left);
    diffuse(&reverb->diffuser[1], at, buses->send_left);
    diffuse(&reverb->diffuser[2], at, buses->send_right);
    diffuse(&reverb->diffuser[3], at, buses->send_right);

    const float before = sway(reverb->sway_turns);
    reverb->sway_turns += reverb->sway_step;
    if (reverb->sway_turns >= 1.0f)
        reverb->sway_turns -= 1.0f;
    const float after = sway(reverb->sway_turns);
    const float slope = (after - before) * reverb->sway_frames * (1.0f / OB_SYNTH_TICK);

    float x[OB_REVERB_LINES][OB_SYNTH_TICK];
    for (int l = 0; l < OB_REVERB_LINES; l++) {
        const struct ob_reverb_line *line = &reverb->line[l];
        if (l == 2 || l == 5) {
            const float sign = l == 2 ? 1.0f : -1.0f;
            read_moving(line, at, (float)line->delay + sign * before * reverb->sway_frames, sign * slope, x[l]);
        } else {
            read_fixed(line, at, x[l]);
        }
    }
    hear(buses->left, x[0], x[2], x[4], x[6]);
    hear(buses->right, x[1], x[3], x[5], x[7]);

    float gain[OB_REVERB_LINES];
    for (int l = 0; l < OB_REVERB_LINES; l++)
        gain[l] = reverb->gain_short[l] + buses->space_01 * (reverb->gain_long[l] - reverb->gain_short[l]);
    damp(x, reverb->damped, gain, reverb->damping);
    damp(x + 4, reverb->damped + 4, gain + 4, reverb->damping);
    mix(x);
    for (int l = 0; l < OB_REVERB_LINES; l++)
        feed(write_place(&reverb->line[l], at), x[l], l % 2 == 0 ? buses->send_left : buses->send_right);
    reverb->at = at + OB_SYNTH_TICK;
}
