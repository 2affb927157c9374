/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/feedback.h"

#include "base/maths.h"

#include <math.h>
#include <string.h>

#define SPREAD_MIN    0.15
#define SPREAD_NEW    0.30 /* of a person of whom only the median is known */
#define SATURATION    0.75
#define DOUBT_BREATH  0.03 /* in ln(amplitude), for each breath that was left out of the baseline */
#define DOUBT_MAX     0.30
#define DOUBT         2.0 /* reward that each share of corrected beats costs */
#define IMPROVE_TAU_S 4.0
#define DECLINE_TAU_S 20.0

void ob_feedback_init(struct ob_feedback *feedback, double baseline_rsa_bpm)
{
    memset(feedback, 0, sizeof *feedback);
    if (baseline_rsa_bpm > 0.0) {
        feedback->median_ln = log(baseline_rsa_bpm);
        feedback->spread_ln = SPREAD_NEW;
        feedback->baseline_known = true;
    }
}

void ob_feedback_breath(struct ob_feedback *feedback, double rsa_bpm)
{
    if (feedback->baseline_known || rsa_bpm <= 0.0)
        return;
    feedback->ln_rsa[feedback->baseline_count++] = log(rsa_bpm);
    if (feedback->baseline_count < OB_BASELINE_BREATHS)
        return;
    double sorted[OB_BASELINE_BREATHS], away[OB_BASELINE_BREATHS];
    memcpy(sorted, feedback->ln_rsa, sizeof sorted);
    feedback->median_ln = ob_median(sorted, OB_BASELINE_BREATHS);
    for (int i = 0; i < OB_BASELINE_BREATHS; i++)
        away[i] = fabs(feedback->ln_rsa[i] - feedback->median_ln);
    /* 1.4826 MAD estimates the standard deviation of a normal distribution. */
    feedback->spread_ln = fmax(SPREAD_MIN, 1.4826 * ob_median(away, OB_BASELINE_BREATHS));
    feedback->baseline_known = true;
}

void ob_feedback_spoiled(struct ob_feedback *feedback)
{
    if (!feedback->baseline_known)
        feedback->doubt_ln = fmin(feedback->doubt_ln + DOUBT_BREATH, DOUBT_MAX);
}

/* How much a fit counts: 0 below .40, 1 from .70 (spontaneous breathing reaches .58, paced begins at .56). */
static double gate_01(double fit_01)
{
    return ob_smoothstep(0.40, 0.70, fit_01);
}

/* Standard normal distribution function by the error function's Abramowitz and Stegun form 7.1.26 (error below 1.5e-7).
 */
static double normal_below(double z)
{
    const double x = fabs(z) * 0.7071067811865476;
    const double t = 1.0 / (1.0 + 0.3275911 * x);
    const double tail =
        t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * exp(-x * x);
    return z < 0.0 ? 0.5 * tail : 1.0 - 0.5 * tail;
}

void ob_feedback_tick(struct ob_feedback *feedback, double rsa_bpm, double fit_01, double clean_01, bool known,
                      bool hold, double dt_s)
{
    double target = 0.0;
    const bool scored = known && feedback->baseline_known && rsa_bpm > 0.0;
    if (scored) {
        const double p = normal_below((log(rsa_bpm) - feedback->median_ln - feedback->doubt_ln) / feedback->spread_ln);
        target = fmin(p / SATURATION, 1.0) * gate_01(fit_01) * fmax(1.0 - DOUBT * (1.0 - clean_01), 0.0);
    }
    /* Beside an artefact the score stands; clean breaths around it may lower it, but nothing raises it. */
    if (hold && (!scored || target > feedback->score_01))
        return;
    feedback->target_01 = target;
    feedback->score_01 +=
        (target - feedback->score_01) * ob_lag(dt_s, target > feedback->score_01 ? IMPROVE_TAU_S : DECLINE_TAU_S);
}

double ob_feedback_01(const struct ob_feedback *feedback)
{
    return 0.5 + 0.5 * feedback->score_01;
}
