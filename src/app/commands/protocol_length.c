/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/protocol_length.h"

#include <math.h>
#include <stdio.h>

static int longest_phase(const struct ob_protocol *protocol)
{
    int longest = 0;
    for (int i = 1; i < protocol->phase_count; i++)
        if (protocol->phases[i].seconds > protocol->phases[longest].seconds)
            longest = i;
    return longest;
}

static bool move_words(struct ob_protocol *protocol, int phase, double times, char *clause_out, size_t size)
{
    double last_s = -OB_WORDS_APART_S;
    for (int i = 0; i < protocol->caption_count; i++) {
        struct ob_protocol_caption *c = &protocol->captions[i];
        if (c->phase != phase)
            continue;
        c->at_s *= times;
        c->for_s = fmin(c->for_s, c->for_s * fmax(times, 0.5));
        if (c->at_s - last_s < OB_WORDS_APART_S) {
            snprintf(clause_out, size, "its words would come less than %g s apart", OB_WORDS_APART_S);
            return false;
        }
        last_s = c->at_s;
    }
    return true;
}

bool ob_protocol_make_minutes(struct ob_protocol *protocol, double minutes, char *clause_out, size_t size)
{
    struct ob_protocol other = *protocol;
    const int longest = longest_phase(&other);
    struct ob_session_phase *phase = &other.phases[longest];
    const double before_s = phase->seconds;
    phase->seconds += minutes * 60.0 - ob_protocol_seconds(&other);
    if (phase->seconds < OB_PHASE_SECONDS_MIN) {
        snprintf(clause_out, size, "its other parts already last %.3g minutes",
                 (minutes * 60.0 - phase->seconds) / 60.0);
        return false;
    }
    if (!move_words(&other, longest, phase->seconds / before_s, clause_out, size))
        return false;
    for (int i = 0; i < other.phase_count; i++) {
        enum ob_phase_field field;
        if (!ob_phase_check(&other.phases[i], i > 0 ? &other.phases[i - 1] : NULL, other.kiosk, &field, clause_out,
                            size))
            return false;
    }
    if (!ob_protocol_check(&other, clause_out, size))
        return false;
    *protocol = other;
    return true;
}
