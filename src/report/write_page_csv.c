/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mark.h"
#include "report/page.h"
#include "report/words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* In quotes where a comma, a quote or a line break stands in it (RFC 4180); a leading sign that a spreadsheet would
 * take for a formula gets an apostrophe before it. */
static void field(struct ob_sheet *csv, const char *text)
{
    const bool formula = text[0] && strchr("=+-@\t\r", text[0]);
    if (!formula && !strpbrk(text, ",\"\r\n")) {
        ob_sheet_add(csv, text, strlen(text));
        return;
    }
    ob_sheet_add(csv, "\"", 1);
    if (formula)
        ob_sheet_add(csv, "'", 1);
    for (const char *p = text; *p; p++)
        ob_sheet_add(csv, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
    ob_sheet_add(csv, "\"", 1);
}

static void row(struct ob_sheet *csv, const char *item, const char *window, double value, int decimals,
                const char *unit, const char *note)
{
    ob_sheet_put(csv, "%s,%s,", item, window);
    if (isfinite(value))
        ob_sheet_number(csv, value, decimals);
    ob_sheet_put(csv, ",%s,", unit);
    field(csv, note);
    ob_sheet_add(csv, "\n", 1);
}

static void windows(struct ob_sheet *csv, const struct ob_summary *s)
{
    static const char *const names[OB_USUAL_KINDS] = {"hr", "rmssd", "breath"};
    static const char *const units[OB_USUAL_KINDS] = {"bpm", "ms", "breaths/min"};
    static const char *const basis[] = {"nothing to hold it against", "general range", "own sessions"};
    static const char *const compared[] = {"compared",
                                           "no windows",
                                           "no window before",
                                           "no window after",
                                           "turned over",
                                           "too few good beats",
                                           "scores do not fit this recording"};
    const struct ob_window *both[2] = {&s->windows.before, &s->windows.after};
    static const char *const window[2] = {"before", "after"};
    row(csv, "compare", "", s->windows.compare == OB_COMPARE_FINE, 0, "", compared[s->windows.compare]);
    row(csv, "turned_over", "", s->windows.turned_over, 0, "times", "");
    for (int i = 0; i < 2; i++) {
        if (!both[i]->there)
            continue;
        row(csv, "from", window[i], both[i]->from_s, 3, "s", "");
        row(csv, "to", window[i], both[i]->to_s, 3, "s", "");
        for (int kind = 0; kind < OB_USUAL_KINDS; kind++) {
            const struct ob_metric *m = ob_usual_metric((enum ob_usual_kind)kind, both[i]);
            const bool shown = m->valid && (!s->unfit || kind == OB_USUAL_BREATH);
            row(csv, names[kind], window[i], shown ? m->value : (double)NAN, 3, units[kind],
                shown       ? ""
                : s->unfit  ? "scores do not fit this recording"
                : m->reason ? m->reason
                            : "");
        }
        row(csv, "artefact_share", window[i], both[i]->artefact_01, 5, "", "");
        row(csv, "covered_share", window[i], both[i]->covered_01, 5, "", "");
    }
    for (int kind = 0; kind < OB_USUAL_KINDS; kind++) {
        const struct ob_change *c = &s->change[kind];
        if (!c->known)
            continue;
        row(csv, names[kind], "change", c->change, 3, units[kind],
            c->basis == OB_USUAL_UNKNOWN ? ""
            : c->beyond                  ? "more than usual"
                                         : "within what is usual");
        if (c->basis == OB_USUAL_UNKNOWN)
            continue;
        row(csv, names[kind], "change_low", c->low, 3, units[kind], "95%");
        row(csv, names[kind], "change_high", c->high, 3, units[kind], "95%");
        row(csv, names[kind], "usual_low", c->usual_low, 3, units[kind], basis[c->basis]);
        row(csv, names[kind], "usual_high", c->usual_high, 3, units[kind], basis[c->basis]);
    }
}

void ob_write_page_csv(struct ob_sheet *csv, const struct ob_summary *s)
{
    char start[40] = "";
    const double none = (double)NAN;
    ob_sheet_put(csv, "item,window,value,unit,note\n");
    row(csv, "session", "", (double)s->number, 0, "", s->simulated ? "simulated" : "");
    row(csv, "name", "", none, 0, "", s->name);
    if (s->start_wall_ns)
        ob_sheet_utc(s->start_wall_ns, start);
    row(csv, "start_utc", "", none, 0, "", start);
    row(csv, "duration", "", s->duration_s, 3, "s", ob_said_plainly(s->protocol));
    row(csv, "sensor", "", none, 0, "", ob_said_plainly(s->source));
    row(csv, "variability", "", none, 0, "", s->pulse ? "PRV" : "HRV");
    row(csv, "posture", "", none, 0, "", s->posture);
    static const char *const checkin[2] = {"before", "after"};
    for (int i = 0; i < 2; i++)
        if (s->checkin[i])
            row(csv, "tension", checkin[i], (double)s->checkin[i] - 1.0, 0, "of 10", "");
    windows(csv, s);
    for (size_t i = 0; i < s->moment_count; i++) {
        const struct ob_settling_mark *m = &s->moments[i];
        row(csv, "exhale_moment", "", (double)m->at_ns * 1e-9, 0, "s", m->paced ? "paced" : "");
        row(csv, "exhale_moment_hr", "", m->heart_bpm, 1, "bpm", "");
        row(csv, "exhale_moment_swing", "", m->swing_percent, 0, "%", "");
        row(csv, "exhale_moment_breath", "", m->breath_known ? m->breath_brpm : none, 1, "breaths/min", "");
        row(csv, "exhale_moment_sighs", "", m->sighs_known ? (double)m->sighs : none, 0, "", "");
    }
    if (s->watched_known) {
        row(csv, "exhale_watched", "", s->watched_s, 0, "s",
            "about 1 in 20 quiet half-hours show a mark by chance (simulated only); the cause is unknown");
        row(csv, "exhale_could_not_tell", "", s->could_not_tell_s, 0, "s", "");
        row(csv, "exhale_too_early", "", s->too_early_s, 0, "s", "");
    }
    row(csv, "beats", "", (double)s->beats, 0, "", "");
    row(csv, "artefact_share", "", s->beats ? s->artefact_01 : none, 5, "", "");
    row(csv, "covered_share", "", s->covered_01, 5, "", "");
    row(csv, "longest_gap", "", s->longest_gap_s, 1, "s", "");
    for (size_t i = 0; i < s->mark_count; i++) {
        ob_sheet_put(csv, "mark,%s,", ob_mark_name((unsigned)s->marks[i].label));
        ob_sheet_number(csv, s->marks[i].at_s, 3);
        ob_sheet_put(csv, ",s,");
        field(csv, s->marks[i].words);
        ob_sheet_add(csv, "\n", 1);
    }
    if (s->pace_known && s->pace.word == OB_PACE_NUMBER) {
        row(csv, "own_pace", "", s->pace.mean_brpm, 3, "breaths/min", "");
        row(csv, "own_pace", "low90", s->pace.low_brpm, 3, "breaths/min", "");
        row(csv, "own_pace", "high90", s->pace.high_brpm, 3, "breaths/min", "");
    }
    row(csv, "suggestion", "", none, 0, "", ob_suggestion_name(s->suggestion));
    if (s->appointment[0])
        row(csv, "appointment", "", none, 0, "", s->appointment);
    if (s->words[0])
        row(csv, "words", "", none, 0, "", s->words);
    row(csv, "note", "", none, 0, "",
        "not a medical record; cannot show that massage, or anything else, caused what changed");
}
