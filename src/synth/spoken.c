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
    spoken->fade = 1.0f;
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

OB_RT static void take_posts(struct ob_spoken *spoken, struct ob_spoken_queue *queue, int64_t heard_ns)
{
    struct ob_spoken_post post;
    while (ob_ring_pop(&queue->posts, &post)) {
        if (post.urgent) {
            drop_waiting(spoken, queue);
            if (spoken->now.clip && spoken->fade == 1.0f)
                spoken->fade -= spoken->fade_step;
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

/* Begins what is due in this tick. Returns the frame of the tick at which it begins. */
OB_RT static uint32_t begin_due(struct ob_spoken *spoken, int64_t heard_ns, double ns_per_frame)
{
    if (spoken->now.clip || spoken->waiting_count == 0)
        return 0;
    const uint32_t first = first_waiting(spoken);
    const int64_t ahead_ns = spoken->waiting[first].start_ns - heard_ns;
    if (ahead_ns >= (int64_t)(OB_SYNTH_TICK * ns_per_frame))
        return 0;
    spoken->now = spoken->waiting[first];
    spoken->at = 0;
    spoken->fade = 1.0f;
    forget(spoken, first);
    const double frame = ahead_ns > 0 ? (double)ahead_ns / ns_per_frame : 0.0;
    return frame < OB_SYNTH_TICK ? (uint32_t)frame : OB_SYNTH_TICK - 1;
}

OB_RT static bool expects_words(const struct ob_spoken *spoken, int64_t heard_ns)
{
    if (spoken->now.clip)
        return spoken->at + (uint32_t)(DUCK_AHEAD_S * spoken->sample_rate_hz) < spoken->now.clip->frames;
    return spoken->waiting_count > 0 &&
           spoken->waiting[first_waiting(spoken)].start_ns - heard_ns < (int64_t)(DUCK_AHEAD_S * 1e9);
}

OB_RT static void add_words(struct ob_spoken *spoken, struct ob_spoken_queue *queue, uint32_t from, float gain,
                            float *left, float *right)
{
    const float step = (gain - spoken->gain_last) * (1.0f / OB_SYNTH_TICK);
    const struct ob_spoken_clip *clip = spoken->now.clip;
    for (uint32_t i = from; i < OB_SYNTH_TICK && spoken->at < clip->frames && spoken->fade > 0.0f; i++, spoken->at++) {
        const float level = (spoken->gain_last + step * (float)(i + 1)) * spoken->fade;
        left[i] += level * clip->stereo[2 * spoken->at];
        right[i] += level * clip->stereo[2 * spoken->at + 1];
        if (spoken->fade < 1.0f)
            spoken->fade -= spoken->fade_step;
    }
    if (spoken->at >= clip->frames || spoken->fade <= 0.0f || (gain < 1e-4f && spoken->gain_last < 1e-4f)) {
        give_back(queue, clip);
        spoken->now.clip = NULL;
        spoken->fade = 1.0f;
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
    const uint32_t from = silent ? 0 : begin_due(spoken, heard_ns, ns_per_frame);
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
    if (spoken->now.clip)
        add_words(spoken, queue, from, gain, left, right);
    spoken->gain_last = gain;
    atomic_store_explicit(&queue->sounding, spoken->now.clip != NULL, memory_order_relaxed);
}
