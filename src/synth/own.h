/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Own: a loop of the person's as the bed, and a breath laid over it.
 *
 * Nothing is known of the key of a loop, so the breath has no pitch of its own: the inhale is a narrow breath of air
 * that climbs from 500 to 900 Hz while the loop opens, the exhale a wide one that sinks and runs out while it closes.
 */
#ifndef OB_SYNTH_OWN_H
#define OB_SYNTH_OWN_H

#include "synth/soundscape.h"
#include "synth/synth.h"

/* Names the loop of a state of ob_soundscape_own; it outlives the state and may be filled later. Not OB_RT. */
void ob_own_take(void *state, const struct ob_loop *loop);

#endif
