/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All soundscapes side by side, of which one is heard; another one comes in as a crossfade of OB_BLEND_S.
 *
 * Every state is made at init, so that a change while sound runs allocates nothing. Only what is heard is rendered: one
 * soundscape, two within a crossfade. Who asks for a third one meanwhile gets it when the crossfade is over; who asks
 * for the first one again gets it back at once. Pure; OB_RT for tick. */
#ifndef OB_SYNTH_BLEND_H
#define OB_SYNTH_BLEND_H

#include "synth/soundscape.h"
#include "synth/synth.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_BLEND_S 4.0

struct ob_blend {
    /* immutable after init */
    const struct ob_soundscape *what[OB_SOUNDSCAPES];
    void *state[OB_SOUNDSCAPES]; /* owned */
    const struct ob_loop *loops;
    uint32_t count;
    float step;
    /* state */
    uint32_t from, to; /* equal when nothing changes */
    float share_01;    /* of the way from one to the other */
    bool started;
};

/* loops: OB_SOUNDSCAPE_OWN and on; they stay the caller's. False without memory. */
bool ob_blend_init(struct ob_blend *blend, double sample_rate_hz, uint64_t seed, const struct ob_loop *loops,
                   uint32_t loop_count);
void ob_blend_finish(struct ob_blend *blend);

/* Adds one tick to the buses, which come zeroed. wanted: which soundscape is asked for; one that is not there changes
 * nothing. The first tick begins with it at once. OB_RT. */
void ob_blend_tick(struct ob_blend *blend, uint32_t wanted, const struct ob_cue *cue, struct ob_buses *buses);

#endif
