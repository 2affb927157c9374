/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The breath as it is felt in the hands: how strongly the two motors of a game controller turn at a moment.
 *
 * Inhale and exhale are told apart without eyes or ears: the small, fast motor rises softly through the inhale and is
 * gone by its end; the great, slow one carries the exhale, comes within OB_RUMBLE_ONSET_S and fades for as long as the
 * exhale lasts. Holds are still. The reward of the exhale (exhale_01, tail_01, bloom_01) is felt where it is heard and
 * seen: somewhat stronger, and fading later. Nothing in it has the heart's tempo: pulse_01 is left out.
 *
 * Nothing jumps: the strength changes by at most its whole range in OB_RUMBLE_ONSET_S, as long as the pacer and its
 * parameters do not jump. Pure; any thread. The curves are our own and have not been tried on people. */
#ifndef OB_BREATH_RUMBLE_H
#define OB_BREATH_RUMBLE_H

#include "breath/pacer.h"
#include "breath/params.h"

#define OB_RUMBLE_MAX_01  0.6f /* of what a motor can do: felt, not shaken; no setting goes beyond */
#define OB_RUMBLE_ONSET_S 0.4  /* how long the exhale takes to come */

struct ob_rumble {
    float slow_01; /* the great motor, 0 to OB_RUMBLE_MAX_01 */
    float fast_01; /* the small one */
};

/* strength_01: what the person has chosen, less what the protocol takes away; clamped. Nothing where the pacer does not
 * lead (guidance_01), and as much as the session is there (presence_01). */
struct ob_rumble ob_rumble_at(const struct ob_pacer_segment *pacer, const struct ob_params *params, float strength_01,
                              int64_t time_ns);

#endif
