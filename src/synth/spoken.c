/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/spoken.h"

#include "base/rt.h"

#include <string.h>

#define BED_DUCKED   0.5623413f /* OB_SPOKEN_DUCK_DB */
#define STOP_S       0.08       /* a clip that has to stop early is gone in this time */
#define DUCK_AHEAD_S 0.45       /* the soundscape begins to yield this long before a word that is awaited */
#define YIELD_S      0.16f
#define RETURN_S     0.55f

void ob_spoken_queue_init(struct ob_spoken_queue *queue)
{
    ob_ring_init(&queue->posts, queue->post_slots, sizeof queue->post_slots[0], OB_SPOKEN_POSTS);
    ob_ring_init(&queue->returns, queue->return_slots, sizeof queue->return_slots[0], 4 * OB_SPOKEN_POSTS);
    atomic_init(&queue->sounding, 0);
}

bool ob_spoken_post(struct ob_spoken_queue *queue, const struct ob_spoken_post *post)
{
    return ob_ring_push(&queue->posts, post);
}

const struct ob_spoken_clip *ob_spoken_returned(struct ob_spoken_queue *queue)
{
    const struct ob_spoken_clip *clip = NULL;
    return ob_ring_pop(&queue->returns, &clip) ? clip : NULL;
}

void ob_spoken_init(struct ob_spoken *spoken, double sample_rate_hz)
{
    memset(spoken, 0, sizeof *spoken);
    spoken->sample_rate_hz = sample_rate_hz;
    spoken->tick_s = (float)(OB_SYNTH_TICK / sample_rate_hz);
    spoken->fade_step = (float)(1.0 / (STOP_S * sample_rate_hz));
    spoken->bed_last = 1.0f;
}

OB_RT static void give_back(struct ob_spoken_queue *queue, const struct ob_spoken_clip *clip)
{
    ob_ring_push(&queue->returns, &clip);
}

OB_RT static void drop_waiting(struct ob_spoken *spoken, struct ob_spoken_queue *queue)
{
    for (uint32_t i = 0; i < spoken->waiting_count; i++)
        give_back(queue, spoken->waiting[i].clip);
    spoken->waiting_count = 0;
}

OB_RT static void forget(struct ob_spoken *spoken, uint32_t which)
{
    spoken->waiting_count--;
    for (uint32_t i = which; i < spoken->waiting_count; i++)
        spoken->waiting[i] = spoken->waiting[i + 1];
}

OB_RT static bool in_words(const struct ob_spoken_voice *voice)
{
    const struct ob_spoken_clip *clip = voice->clip;
    return clip && voice->fade == 1.0f && voice->at < (clip->words_frames ? clip->words_frames : clip->frames);
}

OB_RT static void stop_words(struct ob_spoken *spoken)
{
    for (uint32_t i = 0; i < OB_SPOKEN_VOICES; i++)
        if (in_words(&spoken->voices[i]))
            spoken->voices[i].fade -= spoken->fade_step;
}

OB_RT static void take_posts(struct ob_spoken *spoken, struct ob_spoken_queue *queue, int64_t heard_ns)
{
    struct ob_spoken_post post;
    while (ob_ring_pop(&queue->posts, &post)) {
        if (post.urgent) {
            drop_waiting(spoken, queue);
            stop_words(spoken);
        }
        const bool fits = post.clip->sample_rate_hz == spoken->sample_rate_hz && post.clip->frames > 0;
        if (fits && spoken->waiting_count < OB_SPOKEN_WAITING)
            spoken->waiting[spoken->waiting_count++] = post;
        else
            give_back(queue, post.clip);
    }
    for (uint32_t i = spoken->waiting_count; i-- > 0;)
        if (spoken->waiting[i].until_ns != 0 && heard_ns > spoken->waiting[i].until_ns) {
            give_back(queue, spoken->waiting[i].clip);
            forget(spoken, i);
        }
}

/* The clip whose moment comes first. */
OB_RT static uint32_t first_waiting(const struct ob_spoken *spoken)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i < spoken->waiting_count; i++)
        if (spoken->waiting[i].start_ns < spoken->waiting[first].start_ns)
            first = i;
    return first;
}

/* Begins what is due in this tick. Returns the voice, or OB_SPOKEN_VOICES; *from_out: the frame at which it begins. */
OB_RT static uint32_t begin_due(struct ob_spoken *spoken, int64_t heard_ns, double ns_per_frame, uint32_t *from_out)
{
    if (spoken->waiting_count == 0)
        return OB_SPOKEN_VOICES;
    const uint32_t first = first_waiting(spoken);
    const int64_t start_ns = spoken->waiting[first].start_ns;
    if (start_ns >= heard_ns + (int64_t)(OB_SYNTH_TICK * ns_per_frame))
        return OB_SPOKEN_VOICES;
    uint32_t free_voice = OB_SPOKEN_VOICES;
    for (uint32_t i = 0; i < OB_SPOKEN_VOICES; i++) {
        if (in_words(&spoken->voices[i]))
            return OB_SPOKEN_VOICES;
        if (!spoken->voices[i].clip)
            free_voice = i;
    }
    if (free_voice == OB_SPOKEN_VOICES)
        return OB_SPOKEN_VOICES;
    spoken->voices[free_voice] = (struct ob_spoken_voice){.clip = spoken->waiting[first].clip, .fade = 1.0f};
    forget(spoken, first);
    const double frame = start_ns > heard_ns ? (double)(start_ns - heard_ns) / ns_per_frame : 0.0;
    *from_out = frame < OB_SYNTH_TICK ? (uint32_t)frame : OB_SYNTH_TICK - 1;
    return free_voice;
}

OB_RT static bool expects_words(const struct ob_spoken *spoken, int64_t heard_ns)
{
    const int64_t soon_ns = heard_ns + (int64_t)(DUCK_AHEAD_S * 1e9);
    if (spoken->waiting_count > 0 && spoken->waiting[first_waiting(spoken)].start_ns < soon_ns)
        return true;
    for (uint32_t i = 0; i < OB_SPOKEN_VOICES; i++)
        if (in_words(&spoken->voices[i]))
            return true;
    return false;
}

OB_RT static void add_words(struct ob_spoken *spoken, struct ob_spoken_queue *queue, struct ob_spoken_voice *voice,
                            uint32_t from, float gain, float *left, float *right)
{
    const float step = (gain - spoken->gain_last) * (1.0f / OB_SYNTH_TICK);
    const struct ob_spoken_clip *clip = voice->clip;
    for (uint32_t i = from; i < OB_SYNTH_TICK && voice->at < clip->frames && voice->fade > 0.0f; i++, voice->at++) {
        const float level = (spoken->gain_last + step * (float)(i + 1)) * voice->fade;
        left[i] += level * clip->stereo[2 * voice->at];
        right[i] += level * clip->stereo[2 * voice->at + 1];
        if (voice->fade < 1.0f)
            voice->fade -= spoken->fade_step;
    }
    if (voice->at >= clip->frames || voice->fade <= 0.0f || (gain < 1e-4f && spoken->gain_last < 1e-4f)) {
        give_back(queue, clip);
        voice->clip = NULL;
    }
}

OB_RT void ob_spoken_tick(struct ob_spoken *spoken, struct ob_spoken_queue *queue, float volume_01, int64_t heard_ns,
                          double ns_per_frame, float *left, float *right)
{
    if (!queue)
        return;
    take_posts(spoken, queue, heard_ns);
    const bool silent = !(volume_01 > 0.0f);
    if (silent)
        drop_waiting(spoken, queue);
    const float gain = ob_lag2(&spoken->gain, ob_volume_gain(volume_01), ob_lag_share(spoken->tick_s, 0.04f));
    uint32_t from = 0;
    const uint32_t begun = silent ? OB_SPOKEN_VOICES : begin_due(spoken, heard_ns, ns_per_frame, &from);
    const bool words = !silent && expects_words(spoken, heard_ns);
    const float duck =
        ob_lag2(&spoken->duck, words ? 1.0f : 0.0f, ob_lag_share(spoken->tick_s, words ? YIELD_S : RETURN_S));
    const float bed = 1.0f - (1.0f - BED_DUCKED) * duck;
    const float bed_step = (bed - spoken->bed_last) * (1.0f / OB_SYNTH_TICK);
    if (bed != 1.0f || spoken->bed_last != 1.0f)
        for (int i = 0; i < OB_SYNTH_TICK; i++) {
            const float level = spoken->bed_last + bed_step * (float)(i + 1);
            left[i] *= level;
            right[i] *= level;
        }
    spoken->bed_last = bed;
    uint32_t sounding = 0;
    for (uint32_t i = 0; i < OB_SPOKEN_VOICES; i++) {
        struct ob_spoken_voice *voice = &spoken->voices[i];
        if (voice->clip)
            add_words(spoken, queue, voice, i == begun ? from : 0, gain, left, right);
        sounding |= voice->clip != NULL;
    }
    spoken->gain_last = gain;
    atomic_store_explicit(&queue->sounding, sounding, memory_order_relaxed);
}
