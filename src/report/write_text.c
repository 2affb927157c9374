/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/write.h"

#include <math.h>

/* Less than this between the end of one interval and the beginning of the next is the unevenness of stamps. */
#define SLACK_MS 50.0
#define GAP_MS   3000.0

/* All but the age of the newest beat: each row has its own beat's. */
#define IN_CSV(feature) ((feature) != OB_FEATURE_AGE_MS)

static void line(struct ob_sheet *text, double ms)
{
    ob_sheet_number(text, ms, 3);
    ob_sheet_add(text, "\n", 1);
}

/* Time between this beat's interval and the beat before, which nothing was measured in; 0: none. */
static double lost_before_ms(const struct ob_copy *copy, size_t i)
{
    if (i == 0 || copy->beats[i].flag != OB_BEAT_GAP)
        return 0.0;
    const double span_ms = (double)(copy->beats[i].time_ns - copy->beats[i - 1].time_ns) * 1e-6;
    const double lost_ms = span_ms - (double)copy->beats[i].rr_ms;
    return lost_ms > SLACK_MS ? lost_ms : 0.0;
}

static void write_raw(struct ob_sheet *text, const struct ob_copy *copy)
{
    for (size_t i = 0; i < copy->beat_count; i++) {
        const double rr_ms = (double)copy->beats[i].rr_ms;
        const double lost_ms = lost_before_ms(copy, i);
        /* a hole too short to be seen as one in a list stays part of the interval after it */
        if (lost_ms > GAP_MS)
            line(text, lost_ms);
        line(text, lost_ms > GAP_MS ? rr_ms : rr_ms + lost_ms);
    }
}

static void write_corrected(struct ob_sheet *text, const struct ob_copy *copy)
{
    double hole_ms = 0.0;
    for (size_t i = 0; i < copy->beat_count; i++) {
        const struct ob_copy_beat *beat = &copy->beats[i];
        const double rr_ms = (double)beat->rr_ms, nn_ms = (double)beat->nn_ms;
        hole_ms += lost_before_ms(copy, i);
        if (!(nn_ms > 0.0)) {
            /* the first half of a split interval has its time in the second's NN */
            hole_ms += beat->flag == OB_BEAT_EXTRA ? 0.0 : rr_ms;
            continue;
        }
        if (hole_ms > 0.0)
            line(text, hole_ms);
        hole_ms = 0.0;
        const double parts = beat->flag == OB_BEAT_MISSED ? round(rr_ms / nn_ms) : 1.0;
        for (int k = 0; k < (parts >= 1.0 && parts < 60.0 ? (int)parts : 1); k++)
            line(text, nn_ms);
    }
    if (hole_ms > GAP_MS)
        line(text, hole_ms);
}

void ob_write_rr(struct ob_sheet *text, const struct ob_copy *copy, bool nn)
{
    if (copy->simulated)
        ob_sheet_put(text, "# simulated person, not measured\n");
    if (copy->beats_from == OB_BEATS_PPG)
        ob_sheet_put(text, "# PRV: pulse-to-pulse intervals, not heartbeats\n");
    if (nn)
        write_corrected(text, copy);
    else
        write_raw(text, copy);
}

void ob_write_csv(struct ob_sheet *text, const struct ob_copy *copy, bool heading)
{
    if (heading) {
        ob_sheet_put(text, "session,start_utc,label,simulated,time_s,rr_ms,nn_ms,flag,age_ms,stage");
        for (int f = 0; f < OB_FEATURES; f++)
            if (IN_CSV(f))
                ob_sheet_put(text, ",%s", ob_feature_name((enum ob_feature)f));
        ob_sheet_put(text, "\n");
    }
    char start[40] = "";
    if (copy->start_wall_ns != 0)
        ob_sheet_utc(copy->start_wall_ns, start);
    size_t second = 0;
    for (size_t i = 0; i < copy->beat_count; i++) {
        const struct ob_copy_beat *beat = &copy->beats[i];
        while (second < copy->second_count && copy->seconds[second].time_ns <= beat->time_ns)
            second++;
        ob_sheet_put(text, "%llu,%s,%s,%d,", (unsigned long long)copy->number, start, ob_copy_label(copy),
                     copy->simulated);
        ob_sheet_ns(text, beat->time_ns, 9);
        ob_sheet_put(text, ",");
        ob_sheet_float(text, beat->rr_ms);
        ob_sheet_put(text, ",");
        if (beat->nn_ms > 0.0f)
            ob_sheet_float(text, beat->nn_ms);
        ob_sheet_put(text, ",%s,", ob_beat_flag_name((enum ob_beat_flag)beat->flag));
        ob_sheet_ns(text, beat->age_ns, 6);
        /* the newest second that was over when the beat came; before the first there is none */
        const struct ob_copy_second *now = second > 0 ? &copy->seconds[second - 1] : NULL;
        ob_sheet_put(text, ",%s", now ? ob_copy_stage_name(now->stage) : "");
        for (int f = 0; f < OB_FEATURES; f++) {
            if (!IN_CSV(f))
                continue;
            ob_sheet_put(text, ",");
            if (now)
                ob_sheet_number(text, (double)now->values[f], 6);
        }
        ob_sheet_put(text, "\n");
    }
}
