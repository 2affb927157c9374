/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paced breathing sound: from pacer and parameters to stereo samples, as one of several soundscapes.
 *
 * ob_synth_render() is real-time code (OB_RT): it never allocates, locks, logs or enters the kernel, and every
 * parameter is smoothed inside. Pure: the same inputs give the same samples. create and destroy may allocate; render
 * belongs to one thread (the audio callback, or the loop of a file).
 *
 * What is heard (physiology: sound is complete by itself with eyes closed): the inhale climbs a fourth and opens, the
 * exhale is a breath of noise that runs out; both are eased in over 150 ms and more, and a breath's loudness moves by
 * less than 6 dB. feedback_01 above 0.5 opens timbre and room; exhale_01 lets a glow into this exhale, tail_01 lets it
 * run on into the inhale; bloom_01 adds high soft tones; guidance_01 0 leaves a quiet bed without breath;
 * presence_01 fades all of it. pulse_01, signal_01 and fit_01 are not heard: nothing here has a heart's tempo. A number
 * that is not one counts as neutral. About -23 LUFS (ITU-R BS.1770) at volume 0.6. */
#ifndef OB_SYNTH_SYNTH_H
#define OB_SYNTH_SYNTH_H

#include "breath/pacer.h"
#include "breath/params.h"

#include <stdint.h>

struct ob_synth;
struct ob_spoken_queue; /* synth/spoken.h */

/* The soundscapes. From OB_SOUNDSCAPE_OWN on they are laid over the loops that the description brings. */
enum ob_soundscape_kind { OB_SOUNDSCAPE_SHORE, OB_SOUNDSCAPE_BOWLS, OB_SOUNDSCAPE_PAD, OB_SOUNDSCAPE_OWN };

#define OB_SOUNDSCAPE_LOOPS 8
#define OB_SOUNDSCAPES      (OB_SOUNDSCAPE_OWN + OB_SOUNDSCAPE_LOOPS)

/* The name of one that is built in, as settings have it, and its title for people; NULL for others. */
const char *ob_soundscape_name(uint32_t sound);
const char *ob_soundscape_title(uint32_t sound);

/* A sound that goes round without a seam: at the synth's sample rate, its loudness near that of a bed (-29 LUFS) once
 * gain is applied. A place whose frames are 0 is empty; it may be filled later, by whoever also makes sure that render
 * sees the samples before an input names it (a release and an acquire between them). */
struct ob_loop {
    const int16_t *interleaved; /* stereo; the caller's, as long as the synth lives */
    uint32_t frames;
    float gain; /* from 16-bit numbers to samples */
};

struct ob_synth_desc {
    double sample_rate_hz;       /* 48000 when 0; 8000-192000 */
    uint64_t seed;               /* of the noise */
    double ease_in_s;            /* a gentle start: from silence over this long; 0: at once */
    const struct ob_loop *loops; /* places for a person's own; outlive the synth */
    uint32_t loop_count;         /* at most OB_SOUNDSCAPE_LOOPS */
};

/* What the synth follows during one block. */
struct ob_synth_input {
    struct ob_pacer_segment pacer;
    struct ob_params params;
    float volume_01;      /* the person's volume, 0.6 by default: a gain of (v / 0.6) squared; ramped inside */
    uint32_t soundscape;  /* enum ob_soundscape_kind, or OB_SOUNDSCAPE_OWN + a place that is filled: a change is a
                             crossfade of 4 s */
    uint32_t gong_count;  /* a closing bowl is struck each time this grows */
    uint32_t probe_count; /* latency probe: a click each time this grows; leave 0 otherwise */
    struct ob_spoken_queue *spoken; /* words to lay over it; NULL: none */
    float voice_01;                 /* their volume, as that of the rest; 0: nobody speaks */
};

/* NULL without memory or for a rate out of range. */
struct ob_synth *ob_synth_create(const struct ob_synth_desc *desc);
void ob_synth_destroy(struct ob_synth *synth);

/* Renders frames of interleaved stereo. heard_ns: when the first of them will be heard, on the pacer's clock;
 * ns_per_frame: how far apart they are on that clock (the audio clock map fits it; 1e9 / sample rate nominally).
 * Sound leads the pacer by the cue lead inside (150 ms). Never exceeds -1 dBTP. */
void ob_synth_render(struct ob_synth *synth, const struct ob_synth_input *input, int64_t heard_ns, double ns_per_frame,
                     float *interleaved_out, uint32_t frames);

#endif
