/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exhale's own reward: the fast path.
 *
 * How much the heart slows in this exhale, from its highest rate since the middle of the inhale, against what is usual
 * for this person (s / (s + usual): half the light for the usual exhale, more for more, never full). With data older
 * than a second the last exhale that is known shapes the one under way. A corrected beat holds what was earned so far;
 * it never adds. Pure. */
#ifndef OB_BREATH_EXHALE_H
#define OB_BREATH_EXHALE_H

#include "breath/pacer.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_EXHALE_FRESH_S 1.0

struct ob_exhale {
    /* the breath that measured beats belong to */
    uint64_t breath;
    double peak_bpm;    /* highest rate since mid-inhale; 0: none yet */
    double slowing_bpm; /* most slowing in the exhale so far */
    bool spoiled;       /* an artefact fell into it: no more is earned */
    bool seen;          /* it has beats in its exhale */
    /* finished breaths */
    double last_slowing_bpm;
    bool last_known;
    uint64_t last_breath;
    double usual_bpm;
    uint32_t finished;
    /* what is shown */
    double level_01, tail_01;
    uint64_t shown_breath;
    bool exhaling;
};

void ob_exhale_init(struct ob_exhale *exhale);

/* A beat with its heart rate (after correction), laid into the breath that was guided when it was measured. */
void ob_exhale_beat(struct ob_exhale *exhale, uint64_t breath, const struct ob_pacer_state *pacer_then, double hr_bpm,
                    bool normal);

/* One tick: what to show now. breath: the one under way; age_s: of the newest beat when it arrived; known: the signal
 * is live. Reads level_01 and tail_01 from the struct afterwards. */
void ob_exhale_tick(struct ob_exhale *exhale, uint64_t breath, const struct ob_pacer_state *pacer_now, double age_s,
                    bool known, double dt_s);

#endif
