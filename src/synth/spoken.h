/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in the mix: finished clips, handed over without a lock, laid over the soundscape.
 *
 * Somebody else makes the words (the speech room, on a thread of its own) and posts them into a queue with the moment
 * at which they are to be heard. The synth takes them from there, plays one at a time, lowers the soundscape by
 * OB_SPOKEN_DUCK_DB around it in slow curves, and gives each clip back when it has been played or has come too late. It
 * never copies and never frees one. What is spoken passes the limiter like everything else. Pure: the same posts and
 * times give the same samples. */
#ifndef OB_SYNTH_SPOKEN_H
#define OB_SYNTH_SPOKEN_H

#include "base/ring.h"
#include "synth/cue.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_SPOKEN_DUCK_DB 5.0 /* what the soundscape yields while there are words */
#define OB_SPOKEN_WAITING 4   /* clips that can wait for their moment inside the synth */
#define OB_SPOKEN_VOICES  4   /* clips that can sound at a time: one in words, the others in the rooms behind theirs */
#define OB_SPOKEN_POSTS   16  /* and in the queue before it */

/* Interleaved stereo at the synth's own rate, begun and ended in silence. Immutable while it is lent. */
struct ob_spoken_clip {
    const float *stereo;
    uint32_t frames;
    uint32_t words_frames; /* of them, the words: the next clip may begin over what rings on behind; 0: all */
    double sample_rate_hz;
};

/* One clip, lent. */
struct ob_spoken_post {
    const struct ob_spoken_clip *clip;
    int64_t start_ns; /* when its first frame is to be heard, on the pacer's clock; what is past begins at once */
    int64_t until_ns; /* a clip that has not begun by then is given back unplayed; 0: it waits as long as it must */
    uint32_t urgent;  /* 1: what is being said is faded out, what waits is given back, and this begins */
};

/* Between one thread that posts and one that renders. Both may outlive a synth: clips that a destroyed synth still had
 * are the poster's to know. */
struct ob_spoken_queue {
    struct ob_ring posts, returns;
    struct ob_spoken_post post_slots[OB_SPOKEN_POSTS];
    const struct ob_spoken_clip *return_slots[4 * OB_SPOKEN_POSTS];
    _Atomic uint32_t sounding; /* 1 while words are heard or fade; any thread may look */
};

void ob_spoken_queue_init(struct ob_spoken_queue *queue);

/* Poster. False when it is full: the clip is still the poster's. Never more than 2 * OB_SPOKEN_POSTS clips may be lent
 * at a time, so that there is room for every return. */
bool ob_spoken_post(struct ob_spoken_queue *queue, const struct ob_spoken_post *post);

/* Poster: a clip that came back, NULL for none. Call often. */
const struct ob_spoken_clip *ob_spoken_returned(struct ob_spoken_queue *queue);

/* A clip that sounds. */
struct ob_spoken_voice {
    const struct ob_spoken_clip *clip; /* NULL: free */
    uint32_t at;                       /* frames of it that were played */
    float fade;                        /* 1, and falling once it has to stop early */
};

/* The synth's side. */
struct ob_spoken {
    struct ob_spoken_post waiting[OB_SPOKEN_WAITING];
    uint32_t waiting_count;
    struct ob_spoken_voice voices[OB_SPOKEN_VOICES];
    float fade_step;
    struct ob_lag2 gain;       /* of the voice */
    struct ob_lag2 duck;       /* how far the soundscape yields, 0-1 */
    float gain_last, bed_last; /* at the end of the last tick */
    float tick_s;
    double sample_rate_hz;
};

void ob_spoken_init(struct ob_spoken *spoken, double sample_rate_hz);

/* One tick in place: lowers what is in left and right, and adds the words. queue: NULL for none. volume_01: of the
 * voice, like that of the synth; at 0 what is being said fades out and is given back. heard_ns: when the tick's first
 * frame will be heard. OB_RT. */
void ob_spoken_tick(struct ob_spoken *spoken, struct ob_spoken_queue *queue, float volume_01, int64_t heard_ns,
                    double ns_per_frame, float *left, float *right);

#endif
