/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strip of the heart and the trend, of a summary. */
#include "base/mark.h"
#include "plot/heart.h"
#include "plot/trend.h"
#include "report/page.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct named_mark {
    char name[24];
};

static int by_time(const void *a, const void *b)
{
    const struct ob_heart_mark *m = a, *n = b;
    return (m->at_s > n->at_s) - (m->at_s < n->at_s);
}

static size_t collect(const struct ob_summary *s, struct ob_heart_mark *marks, struct named_mark *names)
{
    size_t count = 0;
    for (size_t i = 0; i < s->mark_count; i++) {
        snprintf(names[i].name, sizeof names[i].name, "%zu", i + 1);
        marks[count++] =
            (struct ob_heart_mark){.at_s = s->marks[i].at_s,
                                   .sign = s->marks[i].label == OB_MARK_TURNED_OVER ? OB_SIGN_TURN : OB_SIGN_MARK,
                                   .name = names[i].name};
    }
    for (size_t i = 0; i < s->moment_count; i++)
        marks[count++] = (struct ob_heart_mark){.at_s = (double)s->moments[i].at_ns * 1e-9, .sign = OB_SIGN_MOMENT};
    qsort(marks, count, sizeof *marks, by_time);
    return count;
}

bool ob_page_strip(const struct ob_plot_pen *pen, const struct ob_plot_place *place, const struct ob_summary *s,
                   const struct ob_tongue *t)
{
    struct ob_heart_mark *marks = calloc(s->mark_count + s->moment_count + 1, sizeof *marks);
    struct named_mark *names = calloc(s->mark_count + 1, sizeof *names);
    struct ob_heart_window windows[2];
    size_t count = 0;
    if (!marks || !names) {
        free(marks);
        free(names);
        return false;
    }
    if (s->windows.before.there)
        windows[count++] =
            (struct ob_heart_window){s->windows.before.from_s, s->windows.before.to_s, ob_in(t, "before")};
    if (s->windows.after.there)
        windows[count++] = (struct ob_heart_window){s->windows.after.from_s, s->windows.after.to_s, ob_in(t, "after")};
    bool paced = false;
    for (size_t i = 0; i < s->breath_count; i++)
        paced = paced || isfinite(s->breaths[i].pacer_brpm);
    const struct ob_heart_plot plot = {
        .list = &s->list,
        .from_s = 0.0,
        .to_s = s->duration_s,
        .breaths = s->breaths,
        .breath_count = s->breath_count,
        .windows = windows,
        .window_count = count,
        .marks = marks,
        .mark_count = collect(s, marks, names),
        .heart_name = s->pulse ? ob_in(t, "Pulse rate, bpm, beat by beat (tachogram of the pulse)")
                               : ob_in(t, "Heart rate, bpm, beat by beat (tachogram)"),
        .breath_name = paced ? ob_in(t, "Breaths/min: the person's (line), the pace (dots)") : ob_in(t, "Breaths/min"),
        .minutes = ob_in(t, "min"),
        .no_beats = ob_in(t, "No heart beat was recorded."),
    };
    ob_plot_heart(pen, place, &plot);
    free(marks);
    free(names);
    return true;
}

bool ob_page_trend(const struct ob_plot_pen *pen, const struct ob_plot_place *place, const struct ob_summary *s,
                   const struct ob_tongue *t, enum ob_usual_kind kind)
{
    static const char *const names[OB_USUAL_KINDS] = {OB_IN("Heart rate, bpm, session by session"),
                                                      OB_IN("RMSSD, ms, session by session"),
                                                      OB_IN("Breaths/min, session by session")};
    struct ob_trend_point *points = calloc(s->past_count + 1, sizeof *points);
    size_t count = 0;
    if (!points)
        return false;
    for (size_t i = 0; i < s->past_count; i++) {
        const struct ob_past_session *past = &s->past[i];
        const struct ob_metric *before = ob_usual_metric(kind, &past->windows.before);
        const struct ob_metric *after = ob_usual_metric(kind, &past->windows.after);
        const bool fit = past->pulse == s->pulse && past->windows.compare != OB_COMPARE_UNFIT;
        if (!fit || (!before->valid && !after->valid))
            continue;
        points[count++] = (struct ob_trend_point){.before = before->valid ? before->value : (double)NAN,
                                                  .after = after->valid ? after->value : (double)NAN,
                                                  .compared = past->windows.compare == OB_COMPARE_FINE,
                                                  .ringed = i + 1 == s->past_count};
    }
    const struct ob_trend_plot plot = {.points = points,
                                       .count = count,
                                       .usual_low = s->change[kind].typical_low,
                                       .usual_high = s->change[kind].typical_high,
                                       .y_name = ob_in(t, names[kind])};
    if (count > 0)
        ob_plot_trend(pen, place, &plot);
    free(points);
    return true;
}
