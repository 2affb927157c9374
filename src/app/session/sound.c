/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/sound.h"

#include "app/session/plan.h"
#include "base/maths.h"
#include "base/time.h"
#include "os/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LATE_MOST_MS 500.0
#define NO_WORDS_NS  (OB_NS_PER_S / 2) /* longer than the synth needs to fade them, and a device to look ahead */

static void render(void *user, float *out, uint32_t frames, int64_t leaves_ns, double ns_per_frame)
{
    struct ob_sound *sound = user;
    const int64_t heard_ns = leaves_ns + atomic_load_explicit(&sound->late_ns, memory_order_relaxed);
    const struct ob_snapshot *s = ob_triple_read(&sound->wires->to_sound, NULL);
    const bool hushed = atomic_load_explicit(&sound->hushed, memory_order_relaxed);
    const float wanted_01 = hushed ? 0.0f : atomic_load_explicit(&sound->volume_01, memory_order_relaxed);
    const float volume_01 = fminf(wanted_01, atomic_load_explicit(&sound->maximum_01, memory_order_relaxed));
    const bool words = heard_ns > atomic_load_explicit(&sound->no_words_until_ns, memory_order_relaxed);
    const struct ob_synth_input input = {
        .pacer = s->pacer,
        .params = s->params,
        .volume_01 = ob_plan_volume_01(volume_01, s->sound_db),
        .spoken = &sound->spoken,
        .voice_01 = words ? volume_01 : 0.0f,
        .soundscape = atomic_load_explicit(&sound->soundscape, memory_order_acquire),
        .gong_count = atomic_load_explicit(&sound->gongs, memory_order_relaxed),
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
    const float maximum_01 = desc->maximum_01 > 0.0 ? (float)desc->maximum_01 : 1.0f;
    atomic_init(&sound->maximum_01, maximum_01);
    atomic_init(&sound->volume_01, fminf((float)desc->volume_01, maximum_01));
    atomic_init(&sound->late_ns, 0);
    ob_sound_be_sooner(sound, desc->late_ms);
    ob_own_sounds_init(&sound->own, desc->data);
    atomic_init(&sound->hushed, false);
    ob_spoken_queue_init(&sound->spoken);
    atomic_init(&sound->no_words_until_ns, INT64_MIN);
    ob_ring_init(&sound->lag_ring, sound->lag_slots, sizeof sound->lag_slots[0], OB_SOUND_LAGS);
    const struct ob_synth_desc synth = {
        .sample_rate_hz = OB_OWN_SOUNDS_RATE_HZ,
        .seed = desc->seed,
        .ease_in_s = OB_PLAN_EASE_IN_S,
        .loops = sound->own.loops,
        .loop_count = sound->own.count,
    };
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

void ob_sound_be_sooner(struct ob_sound *sound, double late_ms)
{
    atomic_store_explicit(&sound->late_ns, ob_ns_from_s(ob_clamp(late_ms, 0.0, LATE_MOST_MS) / 1e3),
                          memory_order_relaxed);
}

void ob_sound_finish(struct ob_sound *sound)
{
    ob_audio_portaudio.close(sound->audio);
    sound->audio = NULL;
    ob_synth_destroy(sound->synth);
    sound->synth = NULL;
    ob_own_sounds_finish(&sound->own);
}

/* One that is built in is heard at once, an own one as soon as it is loaded: ob_sound_step() sees to that. One that
 * could not be loaded is tried again: its file may have been put right. */
static void want(struct ob_sound *sound, uint32_t soundscape)
{
    sound->turn = sound->wanted = soundscape;
    if (soundscape < OB_SOUNDSCAPE_OWN) {
        atomic_store_explicit(&sound->soundscape, soundscape, memory_order_release);
        return;
    }
    _Atomic int *state = &sound->own.list[soundscape - OB_SOUNDSCAPE_OWN].state;
    if (atomic_load_explicit(state, memory_order_acquire) == OB_OWN_FAILED)
        atomic_store_explicit(state, OB_OWN_LISTED, memory_order_relaxed);
}

bool ob_sound_choose(struct ob_sound *sound, const char *name, char *problem_out, size_t size)
{
    uint32_t soundscape;
    if (!ob_own_sounds_resolve(&sound->own, name, &soundscape, problem_out, size))
        return false;
    sound->usual = soundscape;
    want(sound, soundscape);
    return true;
}

void ob_sound_begin(struct ob_sound *sound, const char *name)
{
    uint32_t soundscape;
    if (!name || !*name || !ob_own_sounds_resolve(&sound->own, name, &soundscape, NULL, 0))
        soundscape = sound->usual;
    want(sound, soundscape);
}

const char *ob_sound_next(struct ob_sound *sound, int by)
{
    const uint32_t count = OB_SOUNDSCAPE_OWN + sound->own.count;
    sound->usual = (sound->turn + count + (uint32_t)(by % (int)count + (int)count)) % count;
    want(sound, sound->usual);
    return ob_own_sounds_title(&sound->own, sound->usual);
}

const char *ob_sound_title(const struct ob_sound *sound)
{
    return ob_own_sounds_title(&sound->own, sound->usual);
}

const char *ob_sound_name(const struct ob_sound *sound)
{
    return ob_own_sounds_name(&sound->own, sound->usual);
}

bool ob_sound_step(struct ob_sound *sound, char *text_out, size_t size)
{
    if (sound->wanted == atomic_load_explicit(&sound->soundscape, memory_order_relaxed))
        return false;
    const uint32_t place = sound->wanted - OB_SOUNDSCAPE_OWN;
    switch ((enum ob_own_state)atomic_load_explicit(&sound->own.list[place].state, memory_order_acquire)) {
    case OB_OWN_LISTED:
        ob_own_sounds_ask(&sound->own, place);
        return false;
    case OB_OWN_LOADING:
        return false;
    case OB_OWN_READY:
        atomic_store_explicit(&sound->soundscape, sound->wanted, memory_order_release);
        return false;
    case OB_OWN_FAILED:
        break;
    }
    sound->wanted = sound->usual = atomic_load_explicit(&sound->soundscape, memory_order_relaxed);
    snprintf(text_out, size, "%s", sound->own.list[place].problem);
    return true;
}

void ob_sound_gong(struct ob_sound *sound)
{
    atomic_fetch_add_explicit(&sound->gongs, 1, memory_order_relaxed);
}

struct ob_spoken_queue *ob_sound_spoken(struct ob_sound *sound)
{
    return &sound->spoken;
}

void ob_sound_stop_words(struct ob_sound *sound)
{
    atomic_store_explicit(&sound->no_words_until_ns, ob_clock_monotonic_ns() + NO_WORDS_NS, memory_order_relaxed);
}

double ob_sound_volume_01(const struct ob_sound *sound)
{
    return (double)atomic_load(&sound->volume_01);
}

void ob_sound_change_volume(struct ob_sound *sound, double by)
{
    const float volume_01 = (float)ob_clamp01(ob_sound_volume_01(sound) + by);
    atomic_store(&sound->volume_01, fminf(volume_01, sound->maximum_01));
}

void ob_sound_limit(struct ob_sound *sound, double maximum_01)
{
    atomic_store(&sound->maximum_01, fmaxf(0.05f, fminf(1.0f, (float)maximum_01)));
    ob_sound_change_volume(sound, 0.0);
}

void ob_sound_hush(struct ob_sound *sound, bool hushed)
{
    atomic_store_explicit(&sound->hushed, hushed, memory_order_relaxed);
}

void ob_sound_status(const struct ob_sound *sound, struct ob_audio_status *status_out)
{
    memset(status_out, 0, sizeof *status_out);
    if (sound->audio)
        ob_audio_portaudio.status(sound->audio, status_out);
}
