/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/blend.h"

#include "base/rt.h"
#include "synth/own.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct ob_soundscape *const built_in[OB_SOUNDSCAPE_OWN] = {
    [OB_SOUNDSCAPE_SHORE] = &ob_soundscape_shore,
    [OB_SOUNDSCAPE_BOWLS] = &ob_soundscape_bowls,
    [OB_SOUNDSCAPE_PAD] = &ob_soundscape_pad,
};

const char *ob_soundscape_name(uint32_t sound)
{
    return sound < OB_SOUNDSCAPE_OWN ? built_in[sound]->name : NULL;
}

const char *ob_soundscape_title(uint32_t sound)
{
    return sound < OB_SOUNDSCAPE_OWN ? built_in[sound]->title : NULL;
}

bool ob_blend_init(struct ob_blend *blend, double sample_rate_hz, uint64_t seed, const struct ob_loop *loops,
                   uint32_t loop_count)
{
    *blend = (struct ob_blend){.loops = loops};
    blend->count = OB_SOUNDSCAPE_OWN + (loop_count < OB_SOUNDSCAPE_LOOPS ? loop_count : OB_SOUNDSCAPE_LOOPS);
    blend->step = (float)(OB_SYNTH_TICK / (sample_rate_hz * OB_BLEND_S));
    for (uint32_t i = 0; i < blend->count; i++) {
        blend->what[i] = i < OB_SOUNDSCAPE_OWN ? built_in[i] : &ob_soundscape_own;
        blend->state[i] = calloc(1, blend->what[i]->size);
        if (!blend->state[i]) {
            ob_blend_finish(blend);
            return false;
        }
        blend->what[i]->start(blend->state[i], sample_rate_hz, seed);
        if (i >= OB_SOUNDSCAPE_OWN)
            ob_own_take(blend->state[i], &loops[i - OB_SOUNDSCAPE_OWN]);
    }
    return true;
}

void ob_blend_finish(struct ob_blend *blend)
{
    for (uint32_t i = 0; i < OB_SOUNDSCAPES; i++) {
        free(blend->state[i]);
        blend->state[i] = NULL;
    }
}

static bool is_there(const struct ob_blend *blend, uint32_t sound)
{
    return sound < OB_SOUNDSCAPE_OWN || (sound < blend->count && blend->loops[sound - OB_SOUNDSCAPE_OWN].frames > 0);
}

static void choose(struct ob_blend *blend, uint32_t wanted)
{
    if (wanted == blend->to || !is_there(blend, wanted))
        return;
    if (!blend->started) {
        blend->from = blend->to = wanted;
    } else if (blend->from == blend->to) {
        blend->to = wanted;
        blend->share_01 = 0.0f;
    } else if (wanted == blend->from) {
        blend->from = blend->to;
        blend->to = wanted;
        blend->share_01 = 1.0f - blend->share_01;
    }
}

struct weights {
    float leaving, coming;
};

/* Of equal power, and level where it begins and ends. The two halves mirror each other, so that a way back is one. */
static struct weights weights_at(float share_01)
{
    const float t = share_01 * share_01 * (3.0f - 2.0f * share_01);
    return (struct weights){sqrtf(1.0f - t), sqrtf(t)};
}

static void scale(float *x, float before, float after)
{
    const float step = (after - before) * (1.0f / OB_SYNTH_TICK);
    for (int i = 0; i < OB_SYNTH_TICK; i++)
        x[i] *= before + step * (float)(i + 1);
}

static void scale_all(struct ob_buses *buses, float before, float after)
{
    scale(buses->left, before, after);
    scale(buses->right, before, after);
    scale(buses->send_left, before, after);
    scale(buses->send_right, before, after);
}

static void add(float *restrict x, const float *restrict y)
{
    for (int i = 0; i < OB_SYNTH_TICK; i++)
        x[i] += y[i];
}

OB_RT void ob_blend_tick(struct ob_blend *blend, uint32_t wanted, const struct ob_cue *cue, struct ob_buses *buses)
{
    choose(blend, wanted);
    blend->started = true;
    blend->what[blend->from]->tick(blend->state[blend->from], cue, buses);
    if (blend->from == blend->to)
        return;
    struct ob_buses coming;
    memset(&coming, 0, sizeof coming);
    blend->what[blend->to]->tick(blend->state[blend->to], cue, &coming);
    const struct weights before = weights_at(blend->share_01);
    blend->share_01 = fminf(blend->share_01 + blend->step, 1.0f);
    const struct weights after = weights_at(blend->share_01);
    scale_all(buses, before.leaving, after.leaving);
    scale_all(&coming, before.coming, after.coming);
    add(buses->left, coming.left);
    add(buses->right, coming.right);
    add(buses->send_left, coming.send_left);
    add(buses->send_right, coming.send_right);
    buses->space_01 += blend->share_01 * (coming.space_01 - buses->space_01);
    if (blend->share_01 >= 1.0f)
        blend->from = blend->to;
}
