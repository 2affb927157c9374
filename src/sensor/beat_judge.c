/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/beat_judge.h"

#include "base/time.h"
#include "os/tr.h"
#include "sensor/hrs_decode.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define SILENT_S    15.0
#define STUCK_RUN   8
#define STUCK_01    0.6
#define WILD_01     0.2
#define MISMATCH_01 0.15
#define MS_RATIO    (1000.0 / OB_HRS_TICKS_PER_S) /* of an interval read as ticks that was meant as milliseconds */
#define MS_SPAN_S   60.0
#define OLD_S       8.0
/* Averaging over eight beats leaves fourth differences (scaled to the noise of one interval) below 1.3 ms, and makes
 * neighbouring differences alike. Single hearts are as even as that for a while, so it has to last. */
#define SMOOTH_MS    1.3
#define SMOOTH_LAG1  0.45
#define SMOOTH_LEAST 48
#define SMOOTH_MOST  96
#define SMOOTH_LASTS 32

void ob_beat_judge_init(struct ob_beat_judge *judge)
{
    memset(judge, 0, sizeof *judge);
}

void ob_beat_judge_gap(struct ob_beat_judge *judge)
{
    const enum ob_beat_verdict verdict = judge->verdict;
    memset(judge, 0, sizeof *judge);
    judge->verdict = verdict;
}

static double ms(uint16_t ticks)
{
    return ticks * 1e3 / OB_HRS_TICKS_PER_S;
}

static void remember(struct ob_beat_judge *j, uint16_t ticks)
{
    j->run = j->count > 0 && j->ticks[j->count - 1] == ticks ? j->run + 1 : 1;
    if (j->count == OB_JUDGE_WINDOW)
        memmove(&j->ticks[0], &j->ticks[1], (size_t)--j->count * sizeof j->ticks[0]);
    j->ticks[j->count++] = ticks;
}

static double mean_ms(const struct ob_beat_judge *j)
{
    double sum = 0.0;
    for (int i = 0; i < j->count; i++)
        sum += ms(j->ticks[i]);
    return sum / j->count;
}

static double wild_01(const struct ob_beat_judge *j)
{
    int wild = 0;
    for (int i = 0; i < j->count; i++)
        wild += ms(j->ticks[i]) < 300.0 || ms(j->ticks[i]) > 2000.0;
    return (double)wild / j->count;
}

static double commonest_01(const struct ob_beat_judge *j)
{
    int most = 0;
    for (int i = 0; i < j->count; i++) {
        int same = 0;
        for (int k = 0; k < j->count; k++)
            same += j->ticks[k] == j->ticks[i];
        most = same > most ? same : most;
    }
    return (double)most / j->count;
}

/* A slow swing survives smoothing, and so is no sign of its absence: fourth differences take it away, and what is left
 * is how far single beats scatter. Median of their magnitudes, so that one early beat does not acquit. */
static double scatter_ms(const struct ob_beat_judge *j)
{
    double fourth[OB_JUDGE_WINDOW];
    int n = 0;
    for (int i = 4; i < j->count; i++) {
        const uint16_t *t = &j->ticks[i - 4];
        const double value = fabs(ms(t[0]) - 4.0 * ms(t[1]) + 6.0 * ms(t[2]) - 4.0 * ms(t[3]) + ms(t[4]));
        int at = n++;
        for (; at > 0 && fourth[at - 1] > value; at--)
            fourth[at] = fourth[at - 1];
        fourth[at] = value;
    }
    return n > 0 ? fourth[n / 2] / 0.6745 / sqrt(70.0) : 1e9;
}

static double lag1_of_differences(const struct ob_beat_judge *j)
{
    double both = 0.0, square = 0.0, before = 0.0;
    for (int i = 1; i < j->count; i++) {
        const double difference = ms(j->ticks[i]) - ms(j->ticks[i - 1]);
        both += difference * before;
        square += difference * difference;
        before = difference;
    }
    return square > 0.0 ? both / square : 0.0;
}

static enum ob_beat_verdict judge_window(const struct ob_beat_judge *j, int64_t now_ns, int64_t age_ns)
{
    if (j->run >= STUCK_RUN)
        return OB_BEATS_STUCK;
    if (j->count < 20)
        return OB_BEATS_GOOD;
    if (wild_01(j) > WILD_01)
        return OB_BEATS_IMPLAUSIBLE;
    if (commonest_01(j) > STUCK_01)
        return OB_BEATS_STUCK;
    const double wall_s = ob_s_from_ns(now_ns - j->begun_ns);
    const double hr_ratio = j->hr_count > 0 ? j->hr_rr_sum / j->hr_sum : 1.0;
    if (wall_s >= MS_SPAN_S && fabs(j->sum_s / wall_s - MS_RATIO) < 0.012 && fabs(hr_ratio - MS_RATIO) < 0.012 &&
        j->sum_s < wall_s - 1.2)
        return OB_BEATS_MILLISECONDS;
    if (j->hr_count >= 20 && fabs(hr_ratio - 1.0) > MISMATCH_01)
        return OB_BEATS_MISMATCH;
    if (j->smooth_run >= SMOOTH_LASTS)
        return OB_BEATS_SMOOTHED;
    return ob_s_from_ns(age_ns) > OLD_S ? OB_BEATS_OLD : OB_BEATS_GOOD;
}

enum ob_beat_verdict ob_beat_judge_packet(struct ob_beat_judge *j, int64_t arrived_ns, unsigned hr_bpm,
                                          const uint16_t *rr_ticks, size_t count, int64_t age_ns)
{
    if (count == 0) {
        if (hr_bpm > 0 && j->silent_since_ns == 0)
            j->silent_since_ns = arrived_ns;
        if (hr_bpm > 0 && ob_s_from_ns(arrived_ns - j->silent_since_ns) >= SILENT_S)
            j->verdict = OB_BEATS_HR_ONLY;
        return j->verdict;
    }
    j->silent_since_ns = 0;
    if (j->begun_ns == 0)
        j->begun_ns = arrived_ns;
    else
        for (size_t i = 0; i < count; i++)
            j->sum_s += ms(rr_ticks[i]) * 1e-3;
    for (size_t i = 0; i < count; i++)
        remember(j, rr_ticks[i]);
    if (hr_bpm > 0) { /* the ratio fades over about two windows, so that a device may come to its senses */
        const double keep = 1.0 - 0.5 / OB_JUDGE_WINDOW;
        j->hr_sum = j->hr_sum * keep + 60000.0 / hr_bpm;
        j->hr_rr_sum = j->hr_rr_sum * keep + mean_ms(j);
        j->hr_count++;
    }
    const bool smooth = j->count >= SMOOTH_LEAST && scatter_ms(j) < SMOOTH_MS && lag1_of_differences(j) > SMOOTH_LAG1;
    j->smooth_run += smooth ? (int)count : -(int)count;
    j->smooth_run = j->smooth_run < 0 ? 0 : j->smooth_run > SMOOTH_MOST ? SMOOTH_MOST : j->smooth_run;
    return j->verdict = judge_window(j, arrived_ns, age_ns);
}

const char *ob_beat_verdict_sentence(enum ob_beat_verdict verdict)
{
    switch (verdict) {
    case OB_BEATS_GOOD:
        return "";
    case OB_BEATS_HR_ONLY:
        return ob_tr("It sends a heart rate but no beat intervals, so nothing is scored. A chest strap sends them.");
    case OB_BEATS_IMPLAUSIBLE:
        return ob_tr(
            "Many of its intervals can be no heart beats: moisten the electrodes, and see that it sits firmly.");
    case OB_BEATS_STUCK:
        return ob_tr(
            "It repeats the same interval again and again, so nothing is scored. See that it touches the skin.");
    case OB_BEATS_MILLISECONDS:
        return ob_tr("It sends milliseconds where 1/1024 s are due; its intervals are not scored.");
    case OB_BEATS_MISMATCH:
        return ob_tr("Its intervals and its own heart rate do not belong together, so nothing is scored.");
    case OB_BEATS_SMOOTHED:
        return ob_tr("It smooths its intervals, which hides what is to be seen, so nothing is scored.");
    case OB_BEATS_OLD:
        return ob_tr("Its beats come more than 8 seconds late, so nothing is scored.");
    }
    return "";
}
