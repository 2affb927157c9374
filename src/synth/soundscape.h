/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A soundscape is one file that fills this table.
 *
 * It turns cues into four buses of one tick each: what is heard dry, and what is sent into the reverb, left and right.
 * The synth owns everything around it: cues, reverb, volume, limiter, probe. A soundscape adds to the buses, which come
 * zeroed. It needs no care against clicks as long as its levels follow the cue and ramp within a tick. It may be left
 * silent for any time and go on from where it was: it comes in through a crossfade (synth/blend.h). OB_RT for tick. */
#ifndef OB_SYNTH_SOUNDSCAPE_H
#define OB_SYNTH_SOUNDSCAPE_H

#include "synth/cue.h"

#include <stddef.h>
#include <stdint.h>

struct ob_buses {
    float left[OB_SYNTH_TICK];
    float right[OB_SYNTH_TICK];
    float send_left[OB_SYNTH_TICK];
    float send_right[OB_SYNTH_TICK];
    float space_01; /* how long the room rings: 0 about 2.5 s, 1 about 7 s; slow changes only */
};

struct ob_soundscape {
    const char *name;  /* as settings have it */
    const char *title; /* for people */
    size_t size;       /* of its state, which the synth allocates zeroed */
    void (*start)(void *state, double sample_rate_hz, uint64_t seed);
    void (*tick)(void *state, const struct ob_cue *cue, struct ob_buses *buses);
};

extern const struct ob_soundscape ob_soundscape_shore;
extern const struct ob_soundscape ob_soundscape_bowls;
extern const struct ob_soundscape ob_soundscape_pad;
extern const struct ob_soundscape ob_soundscape_own; /* over a loop of the person's: synth/own.h */

#endif
