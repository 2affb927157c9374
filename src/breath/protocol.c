/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/protocol.h"

#include "base/maths.h"
#include "breath/guide.h"

#include <math.h>
#include <stdio.h>

double ob_protocol_seconds(const struct ob_protocol *protocol)
{
    double seconds = 0.0;
    for (int i = 0; i < protocol->phase_count; i++)
        seconds += protocol->phases[i].seconds;
    return seconds;
}

bool ob_phase_leads(const struct ob_session_phase *phase)
{
    return phase->kind != OB_PHASE_UNPACED;
}

/* Each breath longer by the same time d: the length L of a breath grows by d in L seconds, so L squared grows evenly.
 */
static double brpm_by_breath(const struct ob_session_phase *phase, double share)
{
    const double first_s = 60.0 / phase->from_brpm, last_s = 60.0 / phase->to_brpm;
    return 60.0 / sqrt(first_s * first_s + (last_s * last_s - first_s * first_s) * share);
}

double ob_phase_brpm(const struct ob_session_phase *phase, double at_s)
{
    const double share = ob_clamp01(at_s / phase->seconds);
    if (phase->flags & OB_PHASE_BY_BREATH)
        return brpm_by_breath(phase, share);
    return phase->from_brpm + (phase->to_brpm - phase->from_brpm) * share;
}

double ob_phase_sound_db(const struct ob_session_phase *phase, double at_s)
{
    const double share = ob_clamp01(at_s / phase->seconds);
    return phase->sound_from_db + (phase->sound_to_db - phase->sound_from_db) * share;
}

/* The steepest place of a ramp, breaths/min each minute. */
static double steepest(const struct ob_session_phase *phase)
{
    const double step_s = fmin(1.0, phase->seconds / 8.0);
    double worst = 0.0;
    for (double at_s = 0.0; at_s + step_s <= phase->seconds; at_s += step_s)
        worst = fmax(worst, fabs(ob_phase_brpm(phase, at_s + step_s) - ob_phase_brpm(phase, at_s)) * 60.0 / step_s);
    return worst;
}

static bool rate_ok(double brpm, const struct ob_session_phase *phase, char *clause_out, size_t size)
{
    const bool automatic = phase->kind == OB_PHASE_GUIDED;
    const double low = automatic ? OB_PACE_AUTO_MIN_BRPM : OB_PACE_CHOSEN_MIN_BRPM;
    const double high = automatic ? OB_PACE_AUTO_MAX_BRPM : OB_PACE_CHOSEN_MAX_BRPM;
    if (brpm >= low && brpm <= high)
        return true;
    snprintf(clause_out, size, "%.4g breaths/min is outside of the limits: %s pace is from %g to %g", brpm,
             automatic ? "a guided" : "a chosen", low, high);
    return false;
}

static bool holds_ok(const struct ob_session_phase *phase, bool kiosk, enum ob_phase_field *field_out, char *clause_out,
                     size_t size)
{
    const double breath_s = 60.0 / fmax(phase->from_brpm, phase->to_brpm);
    *field_out = phase->hold_in_s != 0.0 ? OB_FIELD_HOLD_IN : OB_FIELD_HOLD_OUT;
    if (kiosk && (phase->hold_in_s != 0.0 || phase->hold_out_s != 0.0)) {
        snprintf(clause_out, size, "a kiosk has no holds");
        return false;
    }
    const double holds[] = {phase->hold_in_s, phase->hold_out_s};
    for (int i = 0; i < 2; i++)
        if (!(holds[i] >= 0.0 && holds[i] <= OB_HOLD_MAX_S)) {
            *field_out = i ? OB_FIELD_HOLD_OUT : OB_FIELD_HOLD_IN;
            snprintf(clause_out, size, "a hold lasts from 0 to %g s", OB_HOLD_MAX_S);
            return false;
        }
    if (phase->hold_in_s + phase->hold_out_s > 0.5 * breath_s + 1e-9) {
        snprintf(clause_out, size, "holds of %.4g s are more than half of a breath of %.4g s",
                 phase->hold_in_s + phase->hold_out_s, breath_s);
        return false;
    }
    return true;
}

static bool ramp_ok(const struct ob_session_phase *phase, const struct ob_session_phase *before,
                    enum ob_phase_field *field_out, char *clause_out, size_t size)
{
    *field_out = OB_FIELD_TO;
    if (phase->kind == OB_PHASE_GUIDED) {
        if (phase->from_brpm >= phase->to_brpm)
            return true; /* it glides as far as there is time, by its own rules */
        snprintf(clause_out, size, "a guided pace starts at its target or above it");
        return false;
    }
    const double ramp = phase->from_brpm == phase->to_brpm ? 0.0 : steepest(phase);
    if (ramp > OB_RAMP_MAX * (1.0 + 1e-6)) {
        snprintf(clause_out, size, "from %.4g to %.4g in %.4g s is %.3g breaths/min each minute; the limit is %g",
                 phase->from_brpm, phase->to_brpm, phase->seconds, ramp, OB_RAMP_MAX);
        return false;
    }
    *field_out = OB_FIELD_FROM;
    const double step = before && ob_phase_leads(before) ? fabs(phase->from_brpm - before->to_brpm) : 0.0;
    const double needs_s = step / OB_RAMP_MAX * 60.0;
    if (needs_s > phase->seconds) {
        snprintf(
            clause_out, size,
            "from %.4g of the phase before to %.4g takes %.0f s at %g breaths/min each minute; this phase has %.4g",
            before->to_brpm, phase->from_brpm, needs_s, OB_RAMP_MAX, phase->seconds);
        return false;
    }
    return true;
}

bool ob_phase_check(const struct ob_session_phase *phase, const struct ob_session_phase *before, bool kiosk,
                    enum ob_phase_field *field_out, char *clause_out, size_t size)
{
    *field_out = OB_FIELD_NONE;
    if (phase->kind >= OB_PHASE_KINDS) {
        snprintf(clause_out, size, "there is no such kind of phase");
        return false;
    }
    *field_out = OB_FIELD_LENGTH;
    /* A ramp that is far too steep is told as that, not as a phase that is short. */
    const bool ramp = phase->kind == OB_PHASE_PACED && phase->from_brpm != phase->to_brpm;
    if (!(phase->seconds <= OB_PROTOCOL_MINUTES * 60.0) || !(phase->seconds > 0.0) ||
        (!ramp && phase->seconds < OB_PHASE_SECONDS_MIN)) {
        snprintf(clause_out, size, "a phase lasts from %g s to %g minutes", OB_PHASE_SECONDS_MIN, OB_PROTOCOL_MINUTES);
        return false;
    }
    *field_out = OB_FIELD_SOUND;
    const double sounds[] = {phase->sound_from_db, phase->sound_to_db};
    for (int i = 0; i < 2; i++)
        if (!(sounds[i] <= 0.0 && sounds[i] >= OB_SILENT_DB)) {
            snprintf(clause_out, size, "sound is from %g dB (silent) to 0 (as loud as chosen)", OB_SILENT_DB);
            return false;
        }
    if (phase->kind == OB_PHASE_UNPACED)
        return true;
    *field_out = OB_FIELD_FROM;
    if (!rate_ok(phase->from_brpm, phase, clause_out, size))
        return false;
    *field_out = OB_FIELD_TO;
    if (!rate_ok(phase->to_brpm, phase, clause_out, size))
        return false;
    *field_out = OB_FIELD_INHALE;
    if (phase->inhale_share != 0.0 && !(phase->inhale_share >= 1.0 / 3.0 - 0.005 && phase->inhale_share <= 0.5)) {
        snprintf(clause_out, size, "the inhale is from one third to half of inhale and exhale together");
        return false;
    }
    if (!holds_ok(phase, kiosk, field_out, clause_out, size) || !ramp_ok(phase, before, field_out, clause_out, size))
        return false;
    *field_out = OB_FIELD_LENGTH;
    if (phase->seconds < OB_PHASE_SECONDS_MIN) {
        snprintf(clause_out, size, "a phase lasts from %g s to %g minutes", OB_PHASE_SECONDS_MIN, OB_PROTOCOL_MINUTES);
        return false;
    }
    *field_out = OB_FIELD_NONE;
    return true;
}

void ob_protocol_fill(struct ob_protocol *protocol, double start_brpm, double target_brpm, double inhale_share)
{
    for (int i = 0; i < protocol->phase_count; i++) {
        struct ob_session_phase *phase = &protocol->phases[i];
        if (!ob_phase_leads(phase))
            continue;
        if (phase->inhale_share == 0.0)
            phase->inhale_share = inhale_share;
        if (phase->kind != OB_PHASE_GUIDED)
            continue;
        if (phase->to_brpm == 0.0)
            phase->to_brpm = phase->from_brpm > 0.0 ? fmin(target_brpm, phase->from_brpm) : target_brpm;
        if (phase->from_brpm == 0.0)
            phase->from_brpm = fmax(start_brpm, phase->to_brpm);
    }
}

bool ob_protocol_check(const struct ob_protocol *protocol, char *clause_out, size_t size)
{
    const double minutes = ob_protocol_seconds(protocol) / 60.0;
    if (protocol->phase_count == 0) {
        snprintf(clause_out, size, "a protocol has at least one phase");
        return false;
    }
    if (minutes > OB_PROTOCOL_MINUTES) {
        snprintf(clause_out, size, "all phases together last %.4g minutes; the limit is %g", minutes,
                 OB_PROTOCOL_MINUTES);
        return false;
    }
    if (protocol->kiosk && (minutes < OB_PROTOCOL_KIOSK_MIN || minutes > OB_PROTOCOL_KIOSK_MAX)) {
        snprintf(clause_out, size, "a kiosk's session lasts from %g to %g minutes, not %.4g", OB_PROTOCOL_KIOSK_MIN,
                 OB_PROTOCOL_KIOSK_MAX, minutes);
        return false;
    }
    for (int i = 0; protocol->search != OB_SEARCH_NONE && i < protocol->phase_count; i++)
        if (protocol->phases[i].kind == OB_PHASE_GUIDED) {
            snprintf(clause_out, size, "a search goes through paces that are written down: it has no guided phase");
            return false;
        }
    return true;
}

const char *ob_protocol_words(const struct ob_protocol *protocol, int phase, double at_s)
{
    const char *words = "";
    for (int i = 0; i < protocol->caption_count; i++) {
        const struct ob_protocol_caption *c = &protocol->captions[i];
        if (c->phase == phase && at_s >= c->at_s && at_s < c->at_s + c->for_s)
            words = c->text;
    }
    return words;
}
