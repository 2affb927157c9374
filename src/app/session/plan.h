/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of a session, from the settings, and what a protocol makes of sound and picture. */
#ifndef OB_APP_PLAN_H
#define OB_APP_PLAN_H

#include "base/event.h"
#include "breath/protocol.h"
#include "config/settings.h"
#include "engine/snapshot.h"

/* A measured session has unpaced windows of this length before and after. */
#define OB_PLAN_UNPACED_S 120.0

/* What the settings say of session and pacer, and how long a protocol is where one is followed (else without phases);
 * who breathes (seed, simulated) is the caller's to fill in. */
struct ob_session_plan ob_plan_of(const struct ob_settings *settings, const struct ob_protocol *protocol);

/* A gentle start: the sound of a session comes in over this long. */
#define OB_PLAN_EASE_IN_S 6.0

/* The volume of a moment: what the person has chosen, less what the protocol takes away. Real-time safe. */
float ob_plan_volume_01(float chosen_01, double sound_db);

/* Whether the bowl that closes a session is due: four seconds before its end, when its picture and sound begin to fade.
 * Not where a protocol leaves at once, so that nothing marks the end of winding down, and not for somebody asleep. */
bool ob_plan_gong_due(const struct ob_protocol *protocol, const struct ob_snapshot *snapshot);

/* How much light is left: a protocol without a picture fades it within ten seconds, until the session is over. 1 for
 * all others. */
float ob_plan_light_01(const struct ob_protocol *protocol, const struct ob_snapshot *snapshot);

#endif
