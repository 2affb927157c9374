/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sound.h"

#include "app/plan.h"
#include "base/maths.h"
#include "os/clock.h"

#include <string.h>

static void render(void *user, float *out, uint32_t frames, int64_t heard_ns, double ns_per_frame)
{
    struct ob_sound *sound = user;
    const struct ob_snapshot *s = ob_triple_read(&sound->wires->to_sound, NULL);
    const struct ob_synth_input input = {
        .pacer = s->pacer,
        .params = s->params,
        .volume_01 = ob_plan_volume_01(atomic_load_explicit(&sound->volume_01, memory_order_relaxed), s->sound_db),
        .probe_count = sound->probe ? (uint32_t)s->arrivals : 0,
    };
    ob_synth_render(sound->synth, &input, heard_ns, ns_per_frame, out, frames);
    if (s->arrivals != sound->heard_arrivals) {
        sound->heard_arrivals = s->arrivals;
        if (s->arrivals == 0)
            return; /* a session ended */
        const int64_t lag_ns = ob_clock_monotonic_ns() - s->last_arrived_ns;
        ob_ring_push(&sound->lag_ring, &lag_ns);
    }
}

enum ob_err ob_sound_init(struct ob_sound *sound, const struct ob_sound_desc *desc)
{
    memset(sound, 0, sizeof *sound);
    sound->wires = desc->wires;
    sound->probe = desc->probe;
    atomic_init(&sound->volume_01, (float)desc->volume_01);
    ob_ring_init(&sound->lag_ring, sound->lag_slots, sizeof sound->lag_slots[0], OB_SOUND_LAGS);
    const struct ob_synth_desc synth = {.seed = desc->seed};
    sound->synth = ob_synth_create(&synth);
    if (!sound->synth)
        return OB_ERR_NO_MEMORY;
    const struct ob_audio_desc audio = {
        .device = desc->device && desc->device[0] ? desc->device : NULL,
        .frames_per_buffer = desc->frames_per_buffer,
        .render = render,
        .user = sound,
    };
    if (desc->mute || ob_audio_portaudio.open(&audio, &sound->audio))
        sound->audio = NULL; /* the picture alone carries it */
    return OB_OK;
}

void ob_sound_finish(struct ob_sound *sound)
{
    ob_audio_portaudio.close(sound->audio);
    sound->audio = NULL;
    ob_synth_destroy(sound->synth);
    sound->synth = NULL;
}

double ob_sound_volume_01(const struct ob_sound *sound)
{
    return (double)atomic_load(&sound->volume_01);
}

void ob_sound_change_volume(struct ob_sound *sound, double by)
{
    atomic_store(&sound->volume_01, (float)ob_clamp01(ob_sound_volume_01(sound) + by));
}

void ob_sound_status(const struct ob_sound *sound, struct ob_audio_status *status_out)
{
    memset(status_out, 0, sizeof *status_out);
    if (sound->audio)
        ob_audio_portaudio.status(sound->audio, status_out);
}
