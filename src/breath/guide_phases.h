/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A guide that follows the phases of a protocol instead of the one glide of a plain session. Part of the guide: the
 * engine sees only breath/guide.h. Pure. */
#ifndef OB_BREATH_GUIDE_PHASES_H
#define OB_BREATH_GUIDE_PHASES_H

#include "breath/guide.h"

/* Time passes in the phase under way, and the next one begins when it is over. Sets the stage. */
void ob_guide_phases_tick(struct ob_guide *guide, int64_t now_ns);

/* True while a PACED phase says what the pace is. */
bool ob_guide_phases_pace(const struct ob_guide *guide);

/* Moves the pace as the PACED phase says, at most OB_RAMP_MAX; a pace that the person chose since then stays. */
void ob_guide_phases_move(struct ob_guide *guide, double dt_s);

/* A fresh breath begins, and the pacer leads. */
void ob_guide_enter_guided(struct ob_guide *guide, int64_t now_ns);

#endif
