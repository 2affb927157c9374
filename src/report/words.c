/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/words.h"

#include "base/mark.h"
#include "breath/moment.h"
#include "report/sheet.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Adds a sentence, with a blank before it where there is one already. */
static void add(struct ob_said *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct ob_said *out, const char *format, ...)
{
    size_t used = strlen(out->text);
    if (used > 0 && used + 1 < sizeof out->text && out->text[used - 1] != '\n')
        out->text[used++] = ' ';
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->text + used, sizeof out->text - used, format, arguments);
    va_end(arguments);
}

static void clear(struct ob_said *out)
{
    out->text[0] = '\0';
}

/* ---- the head --------------------------------------------------------------------------------------------------- */

void ob_said_when(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    static const char *const months[] = {OB_IN("January"),   OB_IN("February"), OB_IN("March"),    OB_IN("April"),
                                         OB_IN("May"),       OB_IN("June"),     OB_IN("July"),     OB_IN("August"),
                                         OB_IN("September"), OB_IN("October"),  OB_IN("November"), OB_IN("December")};
    char utc[40];
    int year = 0, month = 0, day = 0, hour = 0, minute = 0;
    clear(out);
    if (s->start_wall_ns == 0)
        return;
    ob_sheet_utc(s->start_wall_ns + (int64_t)s->utc_offset_s * 1000000000, utc);
    if (sscanf(utc, "%d-%d-%dT%d:%d", &year, &month, &day, &hour, &minute) != 5 || month < 1 || month > 12)
        return;
    /* day, month, year, hour, minute */
    snprintf(out->text, sizeof out->text, ob_in(t, "%1$d %2$s %3$d, %4$02d:%5$02d"), day, ob_in(t, months[month - 1]),
             year, hour, minute);
}

const char *ob_said_plainly(const char *text)
{
    static const struct {
        const char *begins, *words;
    } kinds[] = {
        {"serial port", OB_IN("a board on a serial line")},
        {"Bluetooth heart strap", OB_IN("a Bluetooth heart strap")},
        {"recording ", OB_IN("a recording")},
        {"imported from ", OB_IN("a recording")},
        {"simulated person", OB_IN("simulated person")},
        {"no sensor", OB_IN("none")},
        {"guided, chosen pace", OB_IN("guided, chosen pace")},
        {"guided", OB_IN("guided")},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(text, kinds[i].begins, strlen(kinds[i].begins)) == 0)
            return kinds[i].words;
    return text;
}

void ob_said_about(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    char minutes[32];
    clear(out);
    ob_in_number(t, s->duration_s / 60.0, s->duration_s < 600.0 ? 1 : 0, 0, minutes, sizeof minutes);
    const char *way = s->title[0] ? s->title : ob_said_plainly(s->protocol);
    if (way[0])
        add(out, ob_in(t, "Session %llu, %s minutes, %s."), (unsigned long long)s->number, minutes, ob_in(t, way));
    else
        add(out, ob_in(t, "Session %llu, %s minutes."), (unsigned long long)s->number, minutes);
    if (s->source[0])
        add(out, ob_in(t, "Sensor: %s."), ob_in(t, ob_said_plainly(s->source)));
    if (s->interrupted)
        add(out, "%s", ob_in(t, "The session broke off; what is here had been kept until then."));
    if (s->imported)
        add(out, "%s", ob_in(t, "The recording comes from a file."));
}

/* ---- before and after ------------------------------------------------------------------------------------------- */

static void said_beyond(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    static const char *const lower[OB_USUAL_KINDS] = {OB_IN("The heart rate is lower by more than is usual."),
                                                      OB_IN("RMSSD is lower by more than is usual."),
                                                      OB_IN("Breathing is slower by more than is usual.")};
    static const char *const higher[OB_USUAL_KINDS] = {OB_IN("The heart rate is higher by more than is usual."),
                                                       OB_IN("RMSSD is higher by more than is usual."),
                                                       OB_IN("Breathing is faster by more than is usual.")};
    int beyond = 0, within = 0;
    for (int kind = 0; kind < OB_USUAL_KINDS; kind++) {
        const struct ob_change *c = &s->change[kind];
        within += c->known && !c->beyond && c->basis != OB_USUAL_UNKNOWN;
        if (!c->known || !c->beyond)
            continue;
        add(out, "%s", ob_in(t, c->change < 0.0 ? lower[kind] : higher[kind]));
        beyond++;
    }
    if (beyond > 0 && within > 0)
        add(out, "%s", ob_in(t, "All else that could be compared is within what is usual."));
    else if (beyond == 0)
        add(out, "%s", ob_in(t, "From before to after, what changed is within what is usual."));
}

void ob_said_change(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    clear(out);
    if (s->beats == 0) {
        add(out, "%s", ob_in(t, "No heart beat was recorded, so nothing is compared."));
        return;
    }
    switch (s->windows.compare) {
    case OB_COMPARE_FINE:
        said_beyond(s, t, out);
        break;
    case OB_COMPARE_NO_WINDOWS:
        add(out, "%s", ob_in(t, "This session had no unpaced windows, so nothing is compared."));
        break;
    case OB_COMPARE_NO_BEFORE:
        add(out, "%s", ob_in(t, "There is no window before, so nothing is compared."));
        break;
    case OB_COMPARE_NO_AFTER:
        add(out, "%s", ob_in(t, "There is no window after, so nothing is compared."));
        break;
    case OB_COMPARE_TURNED:
        add(out, "%s",
            ob_in(t, "There was a turn to another posture between the two windows, so they are not compared."));
        break;
    case OB_COMPARE_NO_DATA:
        add(out, "%s", ob_in(t, "There were too few good heart beats in one of the windows to compare them."));
        break;
    case OB_COMPARE_UNFIT:
        add(out, "%s",
            ob_in(t, "These scores do not fit this recording, so none is shown. This is not a heart check."));
        break;
    }
}

void ob_said_heading(const struct ob_tongue *t, struct ob_said_row *out)
{
    static const char *const names[OB_CELLS] = {"", OB_IN("Before"), OB_IN("After"), OB_IN("Change (95%)"),
                                                OB_IN("What is usual")};
    for (int i = 0; i < OB_CELLS; i++)
        snprintf(out->cells[i], sizeof out->cells[i], "%s", names[i][0] ? ob_in(t, names[i]) : "");
}

struct kind_words {
    enum ob_usual_kind kind;
    const char *name, *unit;
    int decimals;
};

static struct kind_words kind_of(const struct ob_summary *s, enum ob_row_of row)
{
    switch (row) {
    case OB_ROW_HR:
        return s->pulse ? (struct kind_words){OB_USUAL_HR, OB_IN("Pulse rate"), OB_IN("%s bpm"), 1}
                        : (struct kind_words){OB_USUAL_HR, OB_IN("Heart rate"), OB_IN("%s bpm"), 1};
    case OB_ROW_RMSSD:
        return s->pulse ? (struct kind_words){OB_USUAL_RMSSD, OB_IN("RMSSD of the pulse (PRV)"), OB_IN("%s ms"), 1}
                        : (struct kind_words){OB_USUAL_RMSSD, OB_IN("RMSSD (HRV)"), OB_IN("%s ms"), 1};
    default:
        return (struct kind_words){OB_USUAL_BREATH, OB_IN("Breathing"), OB_IN("%s breaths/min"), 1};
    }
}

static void window_cell(const struct ob_summary *s, const struct ob_tongue *t, const struct kind_words *k,
                        const struct ob_window *w, char *out, size_t size)
{
    char number[32];
    const struct ob_metric *m = ob_usual_metric(k->kind, w);
    if (!w->there) {
        snprintf(out, size, "%s", ob_in(t, "no window"));
        return;
    }
    if (!m->valid || (s->unfit && k->kind != OB_USUAL_BREATH)) {
        snprintf(out, size, "%s", ob_in(t, "not known"));
        return;
    }
    ob_in_number(t, m->value, k->decimals, 0, number, sizeof number);
    snprintf(out, size, ob_in(t, k->unit), number);
}

static void number_row(const struct ob_summary *s, const struct ob_tongue *t, enum ob_row_of row,
                       struct ob_said_row *out)
{
    const struct kind_words k = kind_of(s, row);
    const struct ob_change *c = &s->change[k.kind];
    char change[32], low[32], high[32];
    snprintf(out->cells[0], sizeof out->cells[0], "%s", ob_in(t, k.name));
    window_cell(s, t, &k, &s->windows.before, out->cells[1], sizeof out->cells[1]);
    window_cell(s, t, &k, &s->windows.after, out->cells[2], sizeof out->cells[2]);
    if (!c->known)
        return;
    ob_in_number(t, c->change, k.decimals, 1, change, sizeof change);
    if (c->basis == OB_USUAL_UNKNOWN) {
        snprintf(out->cells[3], sizeof out->cells[3], "%s", change);
        snprintf(out->cells[4], sizeof out->cells[4], "%s", ob_in(t, "not known yet"));
        return;
    }
    ob_in_number(t, c->low, k.decimals, 1, low, sizeof low);
    ob_in_number(t, c->high, k.decimals, 1, high, sizeof high);
    snprintf(out->cells[3], sizeof out->cells[3], ob_in(t, "%s (%s to %s)"), change, low, high);
    ob_in_number(t, c->usual_low, k.decimals, 1, low, sizeof low);
    ob_in_number(t, c->usual_high, k.decimals, 1, high, sizeof high);
    snprintf(out->cells[4], sizeof out->cells[4],
             c->beyond ? ob_in(t, "more than %s to %s") : ob_in(t, "within %s to %s"), low, high);
}

static void time_cell(const struct ob_window *w, char *out, size_t size)
{
    char from[24], to[24];
    if (!w->there)
        return;
    ob_in_clock(w->from_s, from, sizeof from);
    ob_in_clock(w->to_s + 0.001, to, sizeof to);
    snprintf(out, size, "%s\xe2\x80\x93%s", from, to);
}

void ob_said_row(const struct ob_summary *s, const struct ob_tongue *t, enum ob_row_of row, struct ob_said_row *out)
{
    memset(out, 0, sizeof *out);
    if (row == OB_ROW_TIME) {
        snprintf(out->cells[0], sizeof out->cells[0], "%s", ob_in(t, "Window"));
        time_cell(&s->windows.before, out->cells[1], sizeof out->cells[1]);
        time_cell(&s->windows.after, out->cells[2], sizeof out->cells[2]);
        return;
    }
    if (row != OB_ROW_POSTURE) {
        number_row(s, t, row, out);
        return;
    }
    const char *posture = s->posture[0] ? ob_in(t, s->posture) : ob_in(t, "not noted");
    snprintf(out->cells[0], sizeof out->cells[0], "%s", ob_in(t, "Posture"));
    if (s->windows.before.there)
        snprintf(out->cells[1], sizeof out->cells[1], "%s", posture);
    if (!s->windows.after.there)
        return;
    if (s->windows.turned_over == 0 || !s->windows.before.there)
        snprintf(out->cells[2], sizeof out->cells[2], "%s", posture);
    else if (s->windows.turned_over == 1)
        snprintf(out->cells[2], sizeof out->cells[2], "%s", ob_in(t, "turned over once"));
    else
        snprintf(out->cells[2], sizeof out->cells[2], ob_in(t, "turned over %d times"), s->windows.turned_over);
}

static void missing(const struct ob_tongue *t, const struct kind_words *k, const struct ob_window *w,
                    const char *window, struct ob_said *out)
{
    const struct ob_metric *m = ob_usual_metric(k->kind, w);
    if (w->there && !m->valid && m->reason)
        add(out, ob_in(t, "%s, %s: %s."), ob_in(t, k->name), ob_in(t, window), ob_in(t, m->reason));
}

void ob_said_basis(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    bool own = false, general = false;
    size_t sessions = 0;
    clear(out);
    for (int kind = 0; kind < OB_USUAL_KINDS; kind++) {
        own = own || s->change[kind].basis == OB_USUAL_OWN;
        general = general || s->change[kind].basis == OB_USUAL_GENERAL;
        if (s->change[kind].sessions > sessions)
            sessions = s->change[kind].sessions;
    }
    if (own)
        add(out, ob_in(t, "Usual: how far the window before wandered over %d of your own sessions in this posture."),
            (int)sessions);
    if (general)
        add(out,
            ob_in(t, "Usual: the difference of one repetition in 30 people at rest (J Hum Kinet 2016, "
                     "doi:10.1515/hukin-2015-0146); from %d comparable sessions on it is your own."),
            OB_USUAL_SESSIONS);
    if (own || general)
        add(out, "%s", ob_in(t, "RMSSD follows breathing and posture: read it beside them."));
    for (int row = OB_ROW_HR; !s->unfit && s->beats > 0 && row <= OB_ROW_BREATH; row++) {
        const struct kind_words k = kind_of(s, (enum ob_row_of)row);
        missing(t, &k, &s->windows.before, OB_IN("before"), out);
        missing(t, &k, &s->windows.after, OB_IN("after"), out);
    }
}

/* ---- on the way ------------------------------------------------------------------------------------------------- */

void ob_said_moments(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    char text[OB_MOMENT_TEXT];
    clear(out);
    /* More than a few would be a page of its own; the CSV has all. */
    for (size_t i = 0; i < s->moment_count && i < 3; i++) {
        ob_moment_text(&s->moments[i], 0, t ? t->tr : NULL, text, sizeof text);
        add(out, "%s", text);
    }
    if (s->moment_count > 3)
        add(out, ob_in(t, "And %d more."), (int)(s->moment_count - 3));
    if (s->moment_count == 0 && s->watched_known && s->watched_s >= 30.0)
        add(out, "%s", ob_in(t, "None was seen."));
    else if (s->moment_count == 0 && s->watched_known)
        add(out, "%s", ob_in(t, "It could not be told."));
    else if (s->moment_count == 0)
        add(out, "%s", ob_in(t, "Nothing was kept of it with this session."));
}

void ob_said_chance(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    char text[OB_MOMENT_TEXT];
    ob_tr_fn *tr = t ? t->tr : NULL;
    clear(out);
    if (!s->watched_known && s->moment_count == 0)
        return;
    if (s->watched_known) {
        ob_moment_watch_text(s->watched_s, s->could_not_tell_s, s->too_early_s, tr, text, sizeof text);
        add(out, "%s", text);
    }
    add(out, "%s", ob_moment_chance(tr));
    add(out, "%s",
        ob_in(t, "(Simulated: 1 in 37 of 1,000 half hours, 95% between 1 in 53 and 1 in 26; real hearts probably more "
                 "often.)"));
}

void ob_said_mark(const struct ob_summary_mark *mark, const struct ob_tongue *t, struct ob_said *out)
{
    clear(out);
    if (mark->label != OB_MARK_TEXT)
        snprintf(out->text, sizeof out->text, "%s", ob_in(t, ob_mark_name((unsigned)mark->label)));
    if (mark->words[0])
        add(out, mark->label == OB_MARK_TEXT ? "%s" : "(%s)", mark->words);
}

void ob_said_quality(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    char share[32], covered[32], gap[32];
    clear(out);
    if (s->beats == 0) {
        add(out, "%s", ob_in(t, "No heart beat was recorded."));
        return;
    }
    ob_in_number(t, 100.0 * s->artefact_01, 1, 0, share, sizeof share);
    ob_in_number(t, 100.0 * s->covered_01, 0, 0, covered, sizeof covered);
    ob_in_number(t, s->longest_gap_s, 0, 0, gap, sizeof gap);
    add(out, ob_in(t, "%llu beats, of which %s%% had to be corrected or left out."), (unsigned long long)s->beats,
        share);
    add(out, ob_in(t, "Good intervals cover %s%% of the time."), covered);
    if (s->longest_gap_s >= 120.0) {
        ob_in_clock(s->longest_gap_s, gap, sizeof gap);
        add(out, ob_in(t, "The longest gap lasted %s minutes."), gap);
    } else if (s->longest_gap_s >= 3.0)
        add(out, ob_in(t, "The longest gap lasted %s s."), gap);
    if (s->pulse)
        add(out, "%s", ob_in(t, "The beats come from a pulse wave: this is pulse rate variability (PRV)."));
}

void ob_said_checkin(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    clear(out);
    if (s->checkin[0] && s->checkin[1])
        add(out, ob_in(t, "Tension, as it was said: %d before, %d after (of 10)."), (int)s->checkin[0] - 1,
            (int)s->checkin[1] - 1);
    else if (s->checkin[0])
        add(out, ob_in(t, "Tension, as it was said before: %d (of 10)."), (int)s->checkin[0] - 1);
    else if (s->checkin[1])
        add(out, ob_in(t, "Tension, as it was said after: %d (of 10)."), (int)s->checkin[1] - 1);
}

/* ---- on at home ------------------------------------------------------------------------------------------------- */

void ob_said_suggestion(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    static const char *const texts[OB_SUGGESTIONS] = {
        OB_IN("Now and then a few breaths that are a little slower: easy, not deep, through the nose."),
        OB_IN("A few minutes of stillness without a screen, wherever they fit."),
        OB_IN("A glass of water, and a moment to drink it."),
        OB_IN("Move gently instead of pushing through: a short walk, a slow stretch."),
        OB_IN("Once or twice a day, notice the body for a moment: feet, shoulders, jaw."),
        OB_IN("Little and often: the next appointment is a good moment to go on."),
    };
    clear(out);
    add(out, "%s", ob_in(t, texts[s->suggestion]));
}

void ob_said_pace(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    char mean[32], low[32], high[32];
    clear(out);
    if (!s->pace_known)
        return;
    ob_in_number(t, s->pace.mean_brpm, 1, 0, mean, sizeof mean);
    ob_in_number(t, s->pace.low_brpm, 1, 0, low, sizeof low);
    ob_in_number(t, s->pace.high_brpm, 1, 0, high, sizeof high);
    if (s->pace.word == OB_PACE_NUMBER)
        add(out, ob_in(t, "A comfortable pace, as far as it is known: near %s breaths/min (likely %s to %s)."), mean,
            low, high);
    else if (s->pace.word == OB_PACE_ANYWHERE)
        add(out, "%s", ob_in(t, "A comfortable pace: this heart answers alike over the whole range, so any suits."));
    else
        add(out, "%s",
            ob_in(t, "A comfortable pace: anywhere near 5.5 to 6 breaths/min suits; more is not known yet."));
}

void ob_said_appointment(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    clear(out);
    if (s->appointment[0])
        add(out, ob_in(t, "Next appointment: %s"), s->appointment);
}

void ob_said_foot(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out)
{
    clear(out);
    if (s->simulated)
        add(out, "%s", ob_in(t, "The heart on this page is simulated: nobody was measured."));
    add(out, "%s",
        ob_in(t, "This is not a medical record and not a heart check. It cannot show that massage, or anything else, "
                 "caused what changed."));
    add(out, "%s", ob_in(t, "It holds personal data in clear: whoever has this page can read it."));
    add(out, ob_in(t, "Made by Outbreath %s."), OB_VERSION);
}
