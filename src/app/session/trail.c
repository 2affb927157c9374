/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/trail.h"

#include "base/mark.h"
#include "base/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As the engine tells them: interval and distance agree unless something is missing between. */
#define AGREE_SHARE 0.35

static double since_s(const struct ob_snapshot *snapshot, int64_t time_ns)
{
    return ob_s_from_ns(time_ns - snapshot->begin_ns);
}

static float rate_or_nan(bool known, double brpm)
{
    return known ? (float)brpm : NAN;
}

void ob_trail_look(struct ob_trail *trail, const struct ob_snapshot *snapshot)
{
    if (snapshot->begin_ns != trail->begin_ns) {
        memset(trail, 0, sizeof *trail);
        trail->begin_ns = snapshot->begin_ns;
        trail->notes = snapshot->note_count;
    }
    if (snapshot->note_count != trail->notes) {
        trail->notes = snapshot->note_count;
        if (trail->marks == OB_TRAIL_MARKS)
            memmove(trail->mark, trail->mark + 1, --trail->marks * sizeof *trail->mark);
        trail->mark[trail->marks++] = (struct ob_heart_mark){
            .at_s = since_s(snapshot, snapshot->note_ns),
            .sign = snapshot->note == OB_MARK_TURNED_OVER ? OB_SIGN_TURN : OB_SIGN_MARK,
        };
    }
    if (trail->rows > 0 && snapshot->now_ns - trail->row_ns < OB_NS_PER_S)
        return;
    if (trail->rows == OB_TRAIL_S)
        memmove(trail->row, trail->row + 1, --trail->rows * sizeof *trail->row);
    trail->row_ns = snapshot->now_ns;
    trail->row[trail->rows++] = (struct ob_heart_breath){
        .time_s = (float)since_s(snapshot, snapshot->now_ns),
        .own_brpm = rate_or_nan(snapshot->breath_brpm.valid, snapshot->breath_brpm.value),
        .pacer_brpm = rate_or_nan(snapshot->stage == OB_STAGE_GUIDED, snapshot->pacer.rate_brpm),
    };
}

bool ob_trail_beats(const struct ob_snapshot *snapshot, struct ob_nn_list *list_out, struct ob_nn_series *series_out)
{
    const uint64_t count = snapshot->beat_count, held = OB_SNAPSHOT_BEATS;
    ob_nn_series_init(series_out);
    int64_t last_ns = INT64_MIN;
    for (uint64_t i = count > held ? count - held : 0; i < count; i++) {
        const struct ob_snapshot_beat *beat = &snapshot->beats[i % held];
        const double nn_ms = (double)beat->nn_ms;
        if (!(nn_ms > 0.0))
            continue;
        const bool joined =
            last_ns != INT64_MIN && fabs(ob_s_from_ns(beat->time_ns - last_ns) * 1e3 - nn_ms) < AGREE_SHARE * nn_ms;
        last_ns = beat->time_ns;
        const struct ob_nn_beat one = {
            .time_ns = beat->time_ns, .nn_ms = nn_ms, .normal = beat->flag == OB_BEAT_NORMAL, .follows = joined};
        const struct ob_nn nn = {.time_s = since_s(snapshot, beat->time_ns),
                                 .nn_ms = nn_ms,
                                 .joined = joined,
                                 .corrected = beat->flag != OB_BEAT_NORMAL};
        if (ob_nn_series_push(series_out, &one) && !ob_nn_list_add(list_out, nn))
            return false;
    }
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct ob_heart_mark *m = a, *n = b;
    return (m->at_s > n->at_s) - (m->at_s < n->at_s);
}

struct ob_heart_plot ob_trail_strip(const struct ob_trail *trail, const struct ob_snapshot *snapshot,
                                    const struct ob_nn_list *list, struct ob_heart_mark *marks_out)
{
    size_t count = trail->marks;
    memcpy(marks_out, trail->mark, count * sizeof *marks_out);
    const uint64_t first = snapshot->mark_count > OB_SNAPSHOT_MARKS ? snapshot->mark_count - OB_SNAPSHOT_MARKS : 0;
    for (uint64_t i = first; i < snapshot->mark_count; i++)
        marks_out[count++] = (struct ob_heart_mark){
            .at_s = since_s(snapshot, snapshot->marks[i % OB_SNAPSHOT_MARKS].at_ns), .sign = OB_SIGN_MOMENT};
    qsort(marks_out, count, sizeof *marks_out, by_time);
    const double to_s = fmax(60.0, since_s(snapshot, snapshot->now_ns));
    return (struct ob_heart_plot){.list = list,
                                  .from_s = fmax(0.0, to_s - OB_TRAIL_S),
                                  .to_s = to_s,
                                  .breaths = trail->row,
                                  .breath_count = trail->rows,
                                  .marks = marks_out,
                                  .mark_count = count};
}
