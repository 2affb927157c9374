/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/windows.h"

#include "base/mark.h"
#include "base/maths.h"
#include "hrv/time_domain.h"
#include "report/tongue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define JOIN      0.35 /* of an interval: more than that between two is a gap */
#define LEAST_NN  0.5  /* of a window's time for a heart rate */
#define LEAST_RMS 60.0 /* seconds of NN for a variability */
#define STRETCHES 64

static double s_of(int64_t ns)
{
    return (double)ns / 1e9;
}

bool ob_windows_intervals(const struct ob_copy *copy, struct ob_nn_list *list)
{
    ob_nn_list_init(list);
    double end_s = -INFINITY;
    for (size_t i = 0; i < copy->beat_count; i++) {
        const struct ob_copy_beat *beat = &copy->beats[i];
        const double nn_s = (double)beat->nn_ms * 1e-3, time_s = s_of(beat->time_ns);
        if (!(nn_s > 0.0))
            continue;
        double parts = beat->flag == OB_BEAT_MISSED ? round((double)beat->rr_ms * 1e-3 / nn_s) : 1.0;
        if (!(parts >= 1.0 && parts < 60.0))
            parts = 1.0;
        for (int k = 0; k < (int)parts; k++) {
            const double ends_s = time_s - (parts - 1.0 - k) * nn_s;
            const struct ob_nn one = {.time_s = ends_s,
                                      .nn_ms = nn_s * 1e3,
                                      .joined = fabs(ends_s - nn_s - end_s) < JOIN * nn_s,
                                      .corrected = beat->flag != OB_BEAT_NORMAL};
            if (!ob_nn_list_add(list, one))
                return false;
            end_s = ends_s;
        }
    }
    return true;
}

/* ---- where they lie --------------------------------------------------------------------------------------------- */

struct stretch {
    double from_s, to_s;
    int side; /* -1 before, 1 after, 0 by its place */
};

struct stretches {
    struct stretch items[STRETCHES];
    int count;
};

static void add(struct stretches *all, double from_s, double to_s, int side)
{
    if (to_s - from_s >= OB_WINDOW_LEAST_S && all->count < STRETCHES)
        all->items[all->count++] = (struct stretch){from_s, to_s, side};
}

static int side_of(uint32_t stage)
{
    return stage == OB_STAGE_UNPACED_BEFORE ? -1 : stage == OB_STAGE_UNPACED_AFTER ? 1 : 0;
}

/* Seconds in a row of one stage. A pause ends a window: nobody knows what was done in it. */
static void by_stage(const struct ob_copy *copy, struct stretches *all)
{
    for (size_t i = 0; i < copy->second_count;) {
        const int side = side_of(copy->seconds[i].stage);
        size_t end = i + 1;
        while (end < copy->second_count && copy->seconds[end].stage == copy->seconds[i].stage)
            end++;
        if (side != 0)
            add(all, i == 0 ? 0.0 : s_of(copy->seconds[i].time_ns), s_of(copy->seconds[end - 1].time_ns) + 1.0, side);
        i = end;
    }
}

/* Parts of a protocol that are measured while nothing leads: a treatment's. */
static void by_phase(const struct ob_copy *copy, struct stretches *all)
{
    double from_s = 0.0, last_s = copy->duration_s;
    bool measured = false;
    if (copy->second_count > 0)
        last_s = s_of(copy->seconds[copy->second_count - 1].time_ns) + 1.0;
    for (size_t i = 0; i < copy->mark_count; i++) {
        const struct ob_copy_mark *mark = &copy->marks[i];
        if (strcmp(mark->kind, OB_PHASE_KIND) != 0)
            continue;
        if (measured)
            add(all, from_s, s_of(mark->time_ns), 0);
        measured = strstr(mark->words, "measured=1") != NULL;
        from_s = s_of(mark->time_ns);
    }
    if (measured)
        add(all, from_s, last_s, 0);
}

static bool is_turn(const struct ob_copy_mark *mark)
{
    return strcmp(mark->kind, ob_mark_name(OB_MARK_TURNED_OVER)) == 0;
}

/* The longest part of a stretch in which nobody turned over. */
static struct stretch without_turns(const struct ob_copy *copy, struct stretch all)
{
    struct stretch best = {all.from_s, all.from_s, all.side};
    double from_s = all.from_s;
    for (;;) {
        double to_s = all.to_s;
        for (size_t i = 0; i < copy->mark_count; i++)
            if (is_turn(&copy->marks[i]) && s_of(copy->marks[i].time_ns) > from_s)
                to_s = fmin(to_s, s_of(copy->marks[i].time_ns));
        if (to_s - from_s > best.to_s - best.from_s)
            best = (struct stretch){from_s, to_s, all.side};
        if (to_s >= all.to_s)
            return best;
        from_s = to_s;
    }
}

static int turns_between(const struct ob_copy *copy, double from_s, double to_s)
{
    int count = 0;
    for (size_t i = 0; i < copy->mark_count; i++)
        count +=
            is_turn(&copy->marks[i]) && s_of(copy->marks[i].time_ns) >= from_s && s_of(copy->marks[i].time_ns) <= to_s;
    return count;
}

/* ---- what was measured ------------------------------------------------------------------------------------------ */

static void breath_of(const struct ob_copy *copy, struct ob_window *w)
{
    double *rates = malloc((copy->second_count + 1) * sizeof *rates);
    size_t count = 0, seconds = 0;
    for (size_t i = 0; rates && i < copy->second_count; i++) {
        const double t = s_of(copy->seconds[i].time_ns);
        if (t < w->from_s || t > w->to_s)
            continue;
        const double brpm = (double)copy->seconds[i].values[OB_FEATURE_BREATH_BRPM];
        seconds++;
        if (isfinite(brpm))
            rates[count++] = brpm;
    }
    w->breath_brpm = count > 0 && 3 * count >= seconds ? ob_metric_of(ob_median(rates, count))
                                                       : ob_metric_none(OB_IN("breathing could not be told"));
    free(rates);
}

static void measure(const struct ob_copy *copy, const struct ob_nn_list *list, struct stretch at, struct ob_window *w)
{
    size_t bad = 0;
    double nn_s = 0.0;
    *w = (struct ob_window){.there = true, .from_s = at.from_s, .to_s = at.to_s};
    for (size_t i = 0; i < copy->beat_count; i++) {
        const double t = s_of(copy->beats[i].time_ns);
        if (t < at.from_s || t >= at.to_s)
            continue;
        w->beats++;
        bad += copy->beats[i].flag != OB_BEAT_NORMAL;
    }
    const struct ob_nn_list part = ob_nn_list_part(list, at.from_s, at.to_s);
    for (size_t i = 0; i < part.count; i++)
        nn_s += part.items[i].nn_ms * 1e-3;
    w->artefact_01 = w->beats ? (double)bad / (double)w->beats : 0.0;
    w->covered_01 = ob_clamp01(nn_s / (at.to_s - at.from_s));
    struct ob_time_domain time = {.hr_bpm = {.value = 0.0}};
    ob_time_domain_compute(&part, &time);
    if (w->beats == 0)
        w->hr_bpm = ob_metric_none(OB_IN("there were no heart beats"));
    else if (w->covered_01 < LEAST_NN || w->artefact_01 > OB_UNFIT_ARTEFACTS)
        w->hr_bpm = ob_metric_none(OB_IN("too few good beats"));
    else
        w->hr_bpm = time.hr_bpm;
    if (!w->hr_bpm.valid)
        w->rmssd_ms = w->hr_bpm;
    else if (w->artefact_01 > OB_WINDOW_ARTEFACTS)
        /* xgettext:no-c-format */
        w->rmssd_ms = ob_metric_none(OB_IN("more than 5% of the beats had to be corrected"));
    else if (nn_s < LEAST_RMS)
        w->rmssd_ms = ob_metric_none(OB_IN("less than a minute of good beats"));
    else
        w->rmssd_ms = time.rmssd_ms;
    breath_of(copy, w);
}

static enum ob_compare comparable(const struct ob_copy *copy, const struct ob_windows *w)
{
    size_t bad = 0;
    for (size_t i = 0; i < copy->beat_count; i++)
        bad += copy->beats[i].flag != OB_BEAT_NORMAL;
    if ((double)bad > OB_UNFIT_ARTEFACTS * (double)copy->beat_count)
        return OB_COMPARE_UNFIT;
    if (!w->before.there || !w->after.there)
        return w->before.there ? OB_COMPARE_NO_AFTER : w->after.there ? OB_COMPARE_NO_BEFORE : OB_COMPARE_NO_WINDOWS;
    if (w->turned_over > 0)
        return OB_COMPARE_TURNED;
    return w->before.hr_bpm.valid && w->after.hr_bpm.valid ? OB_COMPARE_FINE : OB_COMPARE_NO_DATA;
}

bool ob_windows_find(const struct ob_copy *copy, struct ob_windows *w)
{
    struct stretches all = {.count = 0};
    struct ob_nn_list list;
    memset(w, 0, sizeof *w);
    if (!ob_windows_intervals(copy, &list)) {
        ob_nn_list_finish(&list);
        return false;
    }
    by_stage(copy, &all);
    if (all.count == 0)
        by_phase(copy, &all);
    const struct stretch *before = NULL, *after = NULL;
    for (int i = 0; i < all.count; i++) {
        struct stretch *one = &all.items[i];
        /* A single window without a side is the one that comes first. */
        const int side = one->side ? one->side : i == 0 ? -1 : 1;
        if (side < 0 && !before)
            before = one;
        if (side > 0)
            after = one;
    }
    if (before)
        measure(copy, &list, without_turns(copy, *before), &w->before);
    if (after)
        measure(copy, &list, without_turns(copy, *after), &w->after);
    w->turned_over =
        before && after ? turns_between(copy, w->before.to_s, w->after.from_s) : turns_between(copy, -1.0, INFINITY);
    w->compare = comparable(copy, w);
    ob_nn_list_finish(&list);
    return true;
}
