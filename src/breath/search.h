/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a guided search for the person's pace found, step by step.
 *
 * Stepped (Lehrer, Vaschillo & Vaschillo 2000, doi:10.1023/A:1009554825745; Fisher & Lehrer 2021,
 * doi:10.1007/s10484-021-09524-0): several paces of two or three minutes each, of which the first 45 s are left out.
 * Criteria in order: how well the heart goes with the pacer ("pacer sync": against the breath itself only with a
 * breathing sensor), peak to trough, power at the pace. A step is better when it is clearly better by the first
 * criterion that parts two steps. Power is that of a sine of the swing, swing squared over eight.
 * Sliding (the same paper): the pace slows breath by breath; the middle of the minute with the highest median swing.
 *
 * Such a choice does not repeat well: in a study of 21 people two of three got another step the second time, and
 * simulated persons of one fixed resonance got the same step in a fifth to less than a half of runs. So it is shown
 * beside the posterior of breath/pace.h with its interval, never alone. Pure; one thread at a time. */
#ifndef OB_BREATH_SEARCH_H
#define OB_BREATH_SEARCH_H

#include "base/words.h"
#include "breath/protocol.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_SEARCH_STEPS   8
#define OB_SEARCH_BREATHS 128
#define OB_SEARCH_DROP_S  45.0
#define OB_SEARCH_ENOUGH  4 /* usable breaths that a step needs to count */

struct ob_search_step {
    int phase; /* of the protocol */
    double brpm;
    uint32_t breaths;  /* usable ones */
    double sync_01;    /* mean pacer fit */
    double swing_bpm;  /* median peak to trough */
    double power_bpm2; /* at the pace: mean of swing squared over eight */
};

struct ob_search_result {
    enum ob_search_kind kind;
    int count; /* of steps; 1 for the sliding search: its best minute */
    int best;  /* index, or -1: too little was seen */
    struct ob_search_step steps[OB_SEARCH_STEPS];
};

struct ob_search {
    enum ob_search_kind kind;
    int steps;
    int phase_of[OB_SEARCH_STEPS];
    double brpm_of[OB_SEARCH_STEPS];
    uint32_t count;
    struct ob_search_breath {
        float brpm, swing_bpm, sync_01, at_s;
        int32_t phase;
    } breaths[OB_SEARCH_BREATHS];
};

/* From the phases of a session: four or more steady paces between 4 and 7.5 are a stepped search, one pace that slows
 * by 1.5/min or more over at least five minutes a sliding one. Anything else is none, and costs nothing. */
void ob_search_init(struct ob_search *search, const struct ob_session_phase *phases, int count);

/* A usable breath of a phase that is at_s old: its pace, its swing, pacer fit. */
void ob_search_breath(struct ob_search *search, int phase, double at_s, double brpm, double swing_bpm, double sync_01);

void ob_search_result(const struct ob_search *search, struct ob_search_result *result_out);

/* A sentence for people; "" where no search was made. tr: NULL for English. Returns its length as snprintf does. */
size_t ob_search_text(const struct ob_search_result *result, ob_tr_fn *tr, char *out, size_t size);

#endif
