/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/exhale.h"

#include "base/maths.h"

#include <math.h>
#include <string.h>

#define USUAL_START_BPM 6.0
#define USUAL_MIN_BPM   1.5
#define USUAL_MAX_BPM   25.0
#define RISE_TAU_S      0.35
#define CLEAR_TAU_S     0.4 /* what is left of the last reward when a new exhale begins */

void ob_exhale_init(struct ob_exhale *exhale)
{
    memset(exhale, 0, sizeof *exhale);
    exhale->usual_bpm = USUAL_START_BPM;
}

static double reward_01(const struct ob_exhale *exhale, double slowing_bpm)
{
    return slowing_bpm / (slowing_bpm + exhale->usual_bpm);
}

static void finish(struct ob_exhale *exhale)
{
    if (!exhale->seen)
        return;
    exhale->last_slowing_bpm = exhale->slowing_bpm;
    exhale->last_breath = exhale->breath;
    exhale->last_known = true;
    if (exhale->spoiled)
        return;
    /* The first few teach quickly, later ones slowly. */
    const double share = fmax(0.1, 1.0 / (2.0 + exhale->finished));
    exhale->usual_bpm += share * (exhale->slowing_bpm - exhale->usual_bpm);
    exhale->usual_bpm = ob_clamp(exhale->usual_bpm, USUAL_MIN_BPM, USUAL_MAX_BPM);
    exhale->finished++;
}

void ob_exhale_beat(struct ob_exhale *exhale, uint64_t breath, const struct ob_pacer_state *pacer_then, double hr_bpm,
                    bool normal)
{
    if (breath != exhale->breath) {
        finish(exhale);
        exhale->breath = breath;
        exhale->peak_bpm = 0.0;
        exhale->slowing_bpm = 0.0;
        exhale->spoiled = false;
        exhale->seen = false;
    }
    if (!normal)
        exhale->spoiled = true;
    if (exhale->spoiled)
        return;
    const bool inhaling = pacer_then->stage == OB_INHALE;
    if (inhaling && pacer_then->stage_01 < 0.5)
        return;
    exhale->peak_bpm = fmax(exhale->peak_bpm, hr_bpm);
    if (inhaling || pacer_then->stage == OB_HOLD_FULL)
        return;
    exhale->seen = true;
    exhale->slowing_bpm = fmax(exhale->slowing_bpm, exhale->peak_bpm - hr_bpm);
}

static void approach(double *value, double target, double dt_s, double tau_s)
{
    *value += (target - *value) * ob_lag(dt_s, tau_s);
}

void ob_exhale_tick(struct ob_exhale *exhale, uint64_t breath, const struct ob_pacer_state *pacer_now, double age_s,
                    bool known, double dt_s)
{
    const bool exhaling = pacer_now->stage == OB_EXHALE;
    if (exhaling && (!exhale->exhaling || exhale->shown_breath != breath)) {
        exhale->shown_breath = breath;
        exhale->tail_01 = 0.0;
    }
    exhale->exhaling = exhaling;
    if (!exhaling) {
        /* Beats are judged one beat late: the last ones of an exhale still lengthen its tail. */
        if (known && age_s <= OB_EXHALE_FRESH_S && exhale->breath == exhale->shown_breath) {
            const double late = reward_01(exhale, exhale->slowing_bpm);
            if (late > exhale->tail_01)
                approach(&exhale->tail_01, late, dt_s, RISE_TAU_S);
        }
        approach(&exhale->level_01, 0.0, dt_s, 0.5 + 2.0 * exhale->tail_01);
        return;
    }
    double earned = 0.0;
    if (known && age_s <= OB_EXHALE_FRESH_S) {
        if (exhale->breath == breath)
            earned = reward_01(exhale, exhale->slowing_bpm);
    } else if (known && exhale->last_known && breath - exhale->last_breath <= 2) {
        earned = reward_01(exhale, exhale->last_slowing_bpm) * ob_smoothstep(0.0, 0.6, pacer_now->stage_01);
    }
    if (earned > exhale->tail_01)
        approach(&exhale->tail_01, earned, dt_s, RISE_TAU_S);
    if (earned > exhale->level_01)
        approach(&exhale->level_01, earned, dt_s, RISE_TAU_S);
    else if (exhale->level_01 > exhale->tail_01)
        approach(&exhale->level_01, exhale->tail_01, dt_s, CLEAR_TAU_S);
}
