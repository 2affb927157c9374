/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/moment.h"

#include "base/time.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SWING_ALIKE 10.0 /* percent: less is nothing to speak of */

const char *ob_moment_label(const struct ob_settling_mark *mark)
{
    return mark->sighs > 0 ? "settling with sigh" : "settling";
}

const char *ob_moment_chance(ob_tr_fn *tr)
{
    return ob_words_in(tr, OB_TR("About 1 in 20 quiet half-hours show this by chance; the cause is unknown."));
}

struct text {
    char *out;
    size_t size, used;
};

static void say(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(t->out + t->used, t->size - t->used, format, args);
    va_end(args);
    t->used += length > 0 ? (size_t)length : 0;
    if (t->used >= t->size)
        t->used = t->size - 1;
}

static void next_sentence(struct text *t)
{
    if (t->used > 0)
        say(t, " ");
}

static int whole_s(int64_t ns)
{
    return (int)floor(ob_s_from_ns(ns) + 0.5);
}

/* One decimal, with the sign that the language puts before it (each catalogue translates "."). */
static const char *tenths(double value, ob_tr_fn *tr, char out[16])
{
    const int length = snprintf(out, 16, "%.1f", value);
    if (length > 1 && length < 16)
        out[length - 2] = ob_words_in(tr, OB_TR("."))[0];
    return out;
}

void ob_moment_text(const struct ob_settling_mark *m, int64_t begin_ns, ob_tr_fn *tr, char *out, size_t size)
{
    struct text t = {.out = out, .size = size};
    char number[16];
    const int at_s = whole_s(m->at_ns - begin_ns);
    tenths(-m->heart_bpm, tr, number);
    if (m->paced)
        say(&t,
            ob_words_in(
                tr, OB_TR("A shift around %d:%02d, in paced breathing: the heart slowed by %s bpm and stayed slower.")),
            at_s / 60, at_s % 60, number);
    else
        say(&t, ob_words_in(tr, OB_TR("A shift around %d:%02d: the heart slowed by %s bpm and stayed slower.")),
            at_s / 60, at_s % 60, number);
    if (fabs(m->swing_percent) >= SWING_ALIKE) {
        next_sentence(&t);
        if (m->swing_percent > 0.0)
            say(&t, ob_words_in(tr, OB_TR("Its swing with the breath grew by %.0f%%.")), m->swing_percent);
        else
            say(&t, ob_words_in(tr, OB_TR("Its swing with the breath became smaller by %.0f%%.")), -m->swing_percent);
    }
    if (m->breath_known) {
        next_sentence(&t);
        say(&t, ob_words_in(tr, OB_TR("Breathing slowed by %s breaths/min.")), tenths(-m->breath_brpm, tr, number));
    }
    if (m->sighs > 0) {
        const int sigh_s = whole_s(m->sigh_ns - begin_ns);
        next_sentence(&t);
        say(&t, ob_words_in(tr, OB_TR("There was a sigh at %d:%02d.")), sigh_s / 60, sigh_s % 60);
    }
}

void ob_moment_watch_text(double watched_s, double blind_s, double early_s, ob_tr_fn *tr, char *out, size_t size)
{
    struct text t = {.out = out, .size = size};
    const double all_min = (watched_s + blind_s + early_s) / 60.0;
    const double watched_min = rint(watched_s / 60.0), blind_min = rint(blind_s / 60.0);
    if (all_min >= 1.5 && watched_min >= 1.0) /* less is nothing to speak of */
        say(&t, ob_words_in(tr, OB_TR("In %.0f of %.0f minutes a shift would have been looked for and noticed.")),
            watched_min, rint(all_min));
    else if (all_min >= 1.5)
        say(&t, ob_words_in(tr, OB_TR("In none of %.0f minutes could a shift be looked for.")), rint(all_min));
    if (blind_s >= 30.0) {
        next_sentence(&t);
        if (blind_s < 90.0)
            say(&t, "%s",
                ob_words_in(
                    tr, OB_TR("For a minute it could not be told: no signal, movement, or too many corrected beats.")));
        else
            say(&t,
                ob_words_in(
                    tr,
                    OB_TR("In %.0f minutes it could not be told: no signal, movement, or too many corrected beats.")),
                blind_min);
    }
    if (early_s >= 30.0) {
        next_sentence(&t);
        if (early_s < 90.0)
            say(&t, "%s", ob_words_in(tr, OB_TR("For a minute there was not yet enough of the same kind to compare.")));
        else
            say(&t, ob_words_in(tr, OB_TR("In %.0f minutes there was not yet enough of the same kind to compare.")),
                fmax(2.0, rint(all_min) - watched_min - blind_min)); /* together they are all of them */
    }
}

void ob_moment_encode(const struct ob_settling_mark *m, int64_t begin_ns, char *out, size_t size)
{
    struct text t = {.out = out, .size = size};
    say(&t, "known_s=%d heart_bpm=%.1f swing_pct=%.0f", whole_s(m->known_ns - begin_ns), m->heart_bpm,
        m->swing_percent);
    if (m->breath_known)
        say(&t, " breath_brpm=%.1f", m->breath_brpm);
    say(&t, " paced=%d", m->paced);
    if (m->sighs_known)
        say(&t, " sighs=%u", (unsigned)m->sighs);
    if (m->sighs > 0)
        say(&t, " sigh_s=%d", whole_s(m->sigh_ns - begin_ns));
}

/* The number behind "key="; false: it is not there, or no sound number. */
static bool number_of(const char *words, const char *key, double *out)
{
    const size_t length = strlen(key);
    for (const char *at = strstr(words, key); at; at = strstr(at + length, key)) {
        if ((at > words && at[-1] != ' ') || at[length] != '=')
            continue;
        char *end;
        const double value = strtod(at + length + 1, &end);
        if (end == at + length + 1 || (*end && *end != ' ') || !(fabs(value) < 1e7))
            return false;
        *out = value;
        return true;
    }
    return false;
}

bool ob_moment_decode(const char *words, int64_t at_ns, struct ob_settling_mark *mark_out)
{
    struct ob_settling_mark m = {.at_ns = at_ns};
    double known_s, paced, sighs, sigh_s;
    if (!number_of(words, "known_s", &known_s) || !number_of(words, "heart_bpm", &m.heart_bpm) ||
        !number_of(words, "swing_pct", &m.swing_percent) || !number_of(words, "paced", &paced))
        return false;
    m.known_ns = ob_ns_from_s(known_s);
    m.paced = paced > 0.0;
    m.breath_known = number_of(words, "breath_brpm", &m.breath_brpm);
    m.sighs_known = number_of(words, "sighs", &sighs) && sighs >= 0.0 && sighs < 1000.0;
    if (m.sighs_known && sighs >= 1.0 && number_of(words, "sigh_s", &sigh_s)) {
        m.sighs = (uint32_t)sighs;
        m.sigh_ns = ob_ns_from_s(sigh_s);
    }
    *mark_out = m;
    return true;
}
