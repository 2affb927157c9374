/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/search.h"

#include "base/maths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SLOWEST_BRPM    4.0
#define FASTEST_BRPM    7.5
#define STEADY_BRPM     0.05
#define LEAST_STEPS     4
#define LEAST_SLOWING   1.5
#define LEAST_SLIDING_S 300.0
#define MINUTE_S        60.0
#define SYNC_APART      0.05 /* below this two steps are alike by the criterion */
#define SWING_APART     0.03 /* as a share */

void ob_search_init(struct ob_search *search, const struct ob_session_phase *phases, int count)
{
    memset(search, 0, sizeof *search);
    for (int i = 0; i < count; i++) {
        const struct ob_session_phase *p = &phases[i];
        const double low = fmin(p->from_brpm, p->to_brpm), high = fmax(p->from_brpm, p->to_brpm);
        if (p->kind != OB_PHASE_PACED || low < SLOWEST_BRPM || high > FASTEST_BRPM)
            continue;
        if (high - low >= LEAST_SLOWING && p->seconds >= LEAST_SLIDING_S) {
            search->kind = OB_SEARCH_SLIDING;
            search->steps = 1;
            search->phase_of[0] = i;
            return;
        }
        if (high - low <= STEADY_BRPM && p->seconds > 2.0 * OB_SEARCH_DROP_S && search->steps < OB_SEARCH_STEPS) {
            search->phase_of[search->steps] = i;
            search->brpm_of[search->steps++] = p->to_brpm;
        }
    }
    search->kind = search->steps >= LEAST_STEPS ? OB_SEARCH_STEPPED : OB_SEARCH_NONE;
}

void ob_search_breath(struct ob_search *search, int phase, double at_s, double brpm, double swing_bpm, double sync_01)
{
    if (search->kind == OB_SEARCH_NONE || at_s < OB_SEARCH_DROP_S || search->count >= OB_SEARCH_BREATHS)
        return;
    bool asked = false;
    for (int i = 0; i < search->steps; i++)
        asked |= search->phase_of[i] == phase;
    if (!asked)
        return;
    search->breaths[search->count++] = (struct ob_search_breath){.brpm = (float)brpm,
                                                                 .swing_bpm = (float)swing_bpm,
                                                                 .sync_01 = (float)sync_01,
                                                                 .at_s = (float)at_s,
                                                                 .phase = phase};
}

/* Of the breaths of a phase between two times. */
static struct ob_search_step step_of(const struct ob_search *search, int phase, double from_s, double to_s)
{
    struct ob_search_step step = {.phase = phase};
    double swings[OB_SEARCH_BREATHS];
    for (uint32_t i = 0; i < search->count; i++) {
        const struct ob_search_breath *b = &search->breaths[i];
        if (b->phase != phase || (double)b->at_s < from_s || (double)b->at_s >= to_s)
            continue;
        const double swing = (double)b->swing_bpm;
        swings[step.breaths++] = swing;
        step.brpm += (double)b->brpm;
        step.sync_01 += (double)b->sync_01;
        step.power_bpm2 += swing * swing / 8.0;
    }
    if (step.breaths > 0) {
        step.brpm /= step.breaths;
        step.sync_01 /= step.breaths;
        step.power_bpm2 /= step.breaths;
        step.swing_bpm = ob_median(swings, step.breaths);
    }
    return step;
}

static bool better(const struct ob_search_step *a, const struct ob_search_step *b)
{
    if (fabs(a->sync_01 - b->sync_01) > SYNC_APART)
        return a->sync_01 > b->sync_01;
    if (fabs(a->swing_bpm - b->swing_bpm) > SWING_APART * fmax(a->swing_bpm, b->swing_bpm))
        return a->swing_bpm > b->swing_bpm;
    return a->power_bpm2 > b->power_bpm2;
}

void ob_search_result(const struct ob_search *search, struct ob_search_result *result)
{
    memset(result, 0, sizeof *result);
    result->kind = search->kind;
    result->best = -1;
    if (search->kind == OB_SEARCH_STEPPED) {
        result->count = search->steps;
        for (int i = 0; i < search->steps; i++) {
            struct ob_search_step *step = &result->steps[i];
            *step = step_of(search, search->phase_of[i], 0.0, (double)INFINITY);
            step->brpm = search->brpm_of[i];
            if (step->breaths >= OB_SEARCH_ENOUGH && (result->best < 0 || better(step, &result->steps[result->best])))
                result->best = i;
        }
    } else if (search->kind == OB_SEARCH_SLIDING) {
        /* The minute around each breath in turn. */
        for (uint32_t i = 0; i < search->count; i++) {
            const double middle = (double)search->breaths[i].at_s;
            const struct ob_search_step minute =
                step_of(search, search->phase_of[0], middle - 0.5 * MINUTE_S, middle + 0.5 * MINUTE_S);
            if (minute.breaths >= OB_SEARCH_ENOUGH && minute.swing_bpm > result->steps[0].swing_bpm) {
                result->steps[0] = minute;
                result->steps[0].brpm = (double)search->breaths[i].brpm;
                result->count = 1;
                result->best = 0;
            }
        }
    }
}

size_t ob_search_text(const struct ob_search_result *result, ob_tr_fn *tr, char *out, size_t size)
{
    int length = 0;
    if (size > 0)
        out[0] = '\0';
    if (result->kind == OB_SEARCH_NONE)
        return 0;
    if (result->best < 0)
        length =
            snprintf(out, size,
                     ob_words_in(tr, OB_TR("The search saw too few breaths that followed the pacer to say anything.")));
    else
        length = snprintf(
            out, size,
            ob_words_in(
                tr, OB_TR("In this search the heart moved most with %.1f breaths a minute. A second search often finds "
                          "another pace: see the interval beside it.")),
            result->steps[result->best].brpm);
    return length > 0 ? (size_t)length : 0;
}
