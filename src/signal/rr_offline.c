/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/rr_offline.h"

#include "base/maths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AROUND      45 /* beats on either side that thresholds come from: 91 in all */
#define AROUND_MED  5  /* and that the local median comes from: 11 in all */
#define WINDOW_MAX  (2 * AROUND + 1)
#define C1          0.13
#define C2          0.17
#define RR_MIN_MS   300.0
#define RR_MAX_MS   2000.0
#define PAIR_SHARE  0.15 /* contrast of the weakest ectopic pair: a beat 7.5% early */
#define SURE_SHARE  0.25 /* from here on the early beat need not be earlier than all of the last breath */
#define LONG_SHARE  1.45 /* without a fitting neighbour, what is milder than these is the heart's own */
#define SHORT_SHARE 0.78

/* A window of values kept sorted while it slides: each step costs one search and a short move. */
struct window {
    double sorted[WINDOW_MAX];
    size_t count;
};

static size_t window_place(const struct window *window, double value)
{
    size_t low = 0, high = window->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (window->sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void window_add(struct window *window, double value)
{
    size_t place = window_place(window, value);
    memmove(window->sorted + place + 1, window->sorted + place, (window->count - place) * sizeof value);
    window->sorted[place] = value;
    window->count++;
}

static void window_remove(struct window *window, double value)
{
    size_t place = window_place(window, value);
    window->count--;
    memmove(window->sorted + place, window->sorted + place + 1, (window->count - place) * sizeof value);
}

static double window_rank(const struct window *window, double p01)
{
    double rank = p01 * (double)(window->count - 1);
    size_t below = (size_t)rank;
    if (below + 1 >= window->count)
        return window->sorted[window->count - 1];
    return ob_lerp(window->sorted[below], window->sorted[below + 1], rank - (double)below);
}

/* For every i: a rank statistic of values[i - around .. i + around], as far as there are any. */
static void slide(const double *values, size_t count, size_t around, double (*statistic)(const struct window *),
                  double *out)
{
    struct window window = {.count = 0};
    for (size_t i = 0; i < count && i < around; i++)
        window_add(&window, values[i]);
    for (size_t i = 0; i < count; i++) {
        if (i > around)
            window_remove(&window, values[i - around - 1]);
        if (i + around < count)
            window_add(&window, values[i + around]);
        out[i] = statistic(&window);
    }
}

static double middle_of(const struct window *window)
{
    return window_rank(window, 0.5);
}

static double threshold_of(const struct window *window)
{
    return 5.2 * 0.5 * (window_rank(window, 0.75) - window_rank(window, 0.25));
}

/* Everything the method derives from one run of intervals without a gap. */
struct run {
    const double *rr;
    size_t count;
    unsigned char *kinds;
    double *drr; /* in units of th1 */
    double *mrr; /* in units of th2 */
    double *median;
    double *th1;
    double *th2;
    double *scratch;
    bool published_only;
};

static double at(const double *values, size_t count, size_t i)
{
    return i < count ? values[i] : 0.0;
}

static void derive(struct run *run)
{
    size_t count = run->count;
    const double *rr = run->rr;
    slide(rr, count, AROUND_MED, middle_of, run->median);
    run->drr[0] = 0.0;
    for (size_t i = 1; i < count; i++)
        run->drr[i] = rr[i] - rr[i - 1];
    for (size_t i = 0; i < count; i++)
        run->scratch[i] = fabs(run->drr[i]);
    slide(run->scratch, count, AROUND, threshold_of, run->th1);
    for (size_t i = 0; i < count; i++) {
        double off = rr[i] - run->median[i];
        run->mrr[i] = off < 0.0 ? 2.0 * off : off;
        run->scratch[i] = fabs(run->mrr[i]);
    }
    slide(run->scratch, count, AROUND, threshold_of, run->th2);
    for (size_t i = 0; i < count; i++) {
        /* A recording in steps of whole milliseconds or samples can have a quartile deviation of nothing. */
        double median = run->median[i];
        double least = run->published_only ? 0.001 * median : OB_RR_OFFLINE_FLOOR * median;
        double most = run->published_only ? (double)INFINITY : OB_RR_OFFLINE_CAP * median;
        run->th1[i] = fmin(fmax(run->th1[i], least), most);
        run->th2[i] = fmin(fmax(run->th2[i], least), most);
        run->drr[i] /= run->th1[i];
        run->mrr[i] /= run->th2[i];
    }
}

/* The shortest of about a breath before the pair that ends with beat i. */
static double lowest_before(const struct run *run, size_t i)
{
    double lowest = RR_MAX_MS;
    for (size_t k = i < 15 ? 0 : i - 15; k + 1 < i; k++)
        lowest = fmin(lowest, run->rr[k]);
    return lowest;
}

/* The step into beat i is large and the steps on both sides of it go the other way. */
static bool is_ectopic(const struct run *run, size_t i)
{
    double step = run->drr[i];
    double before = i > 0 ? run->drr[i - 1] : 0.0;
    double after = at(run->drr, run->count, i + 1);
    if (!run->published_only) {
        double contrast = fabs(step) * run->th1[i] / run->median[i];
        bool below_all = run->rr[i - 1] < 0.98 * lowest_before(run, i);
        if (contrast < PAIR_SHARE || (contrast < SURE_SHARE && step > 0.0 && !below_all))
            return false;
    }
    if (step > 1.0)
        return fmax(before, after) < -C1 * step - C2;
    if (step < -1.0)
        return fmin(before, after) > -C1 * step + C2 && (run->published_only || run->rr[i] < lowest_before(run, i));
    return false;
}

/* Class of beat i where it is too long or too short, else NORMAL. */
static enum ob_rr_class long_or_short(const struct run *run, size_t i)
{
    double step = run->drr[i];
    double next = at(run->drr, run->count, i + 1);
    double second = at(run->drr, run->count, i + 2);
    bool is_long = step > 1.0 && fmin(next, second) < -1.0;
    bool is_short = step < -1.0 && fmax(next, second) > 1.0;
    if (!is_long && !is_short && fabs(run->mrr[i]) <= 3.0)
        return OB_RR_NORMAL;
    bool longer = is_long || (!is_short && run->mrr[i] > 3.0);
    if (longer && fabs(0.5 * run->rr[i] - run->median[i]) < run->th2[i])
        return OB_RR_MISSED;
    if (!longer && i + 1 < run->count && fabs(run->rr[i] + run->rr[i + 1] - run->median[i]) < run->th2[i])
        return OB_RR_EXTRA;
    double share = run->rr[i] / run->median[i];
    if (!run->published_only && share > SHORT_SHARE && share < LONG_SHARE)
        return OB_RR_NORMAL;
    return longer ? OB_RR_LONG : OB_RR_SHORT;
}

static void judge_published(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        /* The first interval has no step into it, only its distance from the median. */
        bool first = i == 0 && !run->published_only;
        if (run->kinds[i] != OB_RR_NORMAL || (fabs(run->drr[i]) <= 1.0 && !first))
            continue;
        if (i > 0 && is_ectopic(run, i)) {
            run->kinds[i] = OB_RR_ECTOPIC;
            /* the short interval of the pair, which looked merely short until its pause was seen */
            unsigned char before = run->kinds[i - 1];
            if (before == OB_RR_NORMAL || before == OB_RR_SHORT || before == OB_RR_LONG)
                run->kinds[i - 1] = OB_RR_ECTOPIC;
            continue;
        }
        enum ob_rr_class kind = long_or_short(run, i);
        run->kinds[i] = (unsigned char)kind;
        /* The step back belongs to this beat; where it is the smaller one, the next beat is looked at as well. */
        if (kind == OB_RR_NORMAL && fabs(at(run->drr, run->count, i + 1)) < fabs(at(run->drr, run->count, i + 2)) &&
            i + 1 < run->count && !is_ectopic(run, i + 1))
            run->kinds[i + 1] = (unsigned char)long_or_short(run, i + 1);
        if (run->kinds[i] == OB_RR_EXTRA)
            run->kinds[i + 1] = OB_RR_EXTRA;
    }
}

/* The live corrector takes its thresholds from corrected intervals, so frequent ectopy does not blind it. Where the
 * published method saw nothing at all, its pairs are believed. */
static void judge_pairs(struct run *run)
{
    struct ob_rr_causal causal;
    struct ob_rr_out out[OB_RR_OUT_MAX];
    ob_rr_causal_init(&causal);
    size_t decided = 0;
    for (size_t i = 0; i <= run->count; i++) {
        struct ob_rr_in in = {.rr_ms = i < run->count ? run->rr[i] : 0.0, .confidence_01 = 1.0f};
        int got = i < run->count ? ob_rr_causal_push(&causal, &in, out) : ob_rr_causal_gap(&causal, out);
        for (int k = 0; k < got; k++, decided++)
            run->scratch[decided] = (double)out[k].kind;
    }
    for (size_t i = 0; i < run->count; i++) {
        bool swollen = run->th1[i] >= OB_RR_OFFLINE_CAP * run->median[i];
        if (swollen)
            run->kinds[i] = (unsigned char)run->scratch[i];
    }
    for (size_t i = 0; i + 1 < run->count; i++) {
        double kind = run->scratch[i];
        bool ectopic = kind == (double)OB_RR_ECTOPIC, extra = kind == (double)OB_RR_EXTRA;
        if (run->scratch[i + 1] != kind || !(ectopic || extra))
            continue;
        bool both_normal = run->kinds[i] == OB_RR_NORMAL && run->kinds[i + 1] == OB_RR_NORMAL;
        bool left_over = run->kinds[i] != OB_RR_EXTRA && run->kinds[i + 1] != OB_RR_EXTRA &&
                         fmin(run->rr[i], run->rr[i + 1]) < RR_MIN_MS;
        if ((ectopic && both_normal) || (extra && left_over))
            run->kinds[i] = run->kinds[i + 1] = (unsigned char)kind;
        i++;
    }
}

static bool possible(double value_ms)
{
    return value_ms >= RR_MIN_MS && value_ms <= RR_MAX_MS;
}

/* What follows position i once things are put right: the next ordinary interval or the mean of the next pair. */
static double course_after(const struct run *run, size_t i)
{
    for (size_t k = i; k < run->count && k < i + 6; k++) {
        if (run->kinds[k] == OB_RR_NORMAL && possible(run->rr[k]))
            return run->rr[k];
        if (run->kinds[k] == OB_RR_ECTOPIC && k + 1 < run->count && run->kinds[k + 1] == OB_RR_ECTOPIC)
            return 0.5 * (run->rr[k] + run->rr[k + 1]);
    }
    return run->median[i < run->count ? i : run->count - 1];
}

struct writer {
    struct ob_nn_list *series;
    double last_ms;
    double before_ms; /* the one before that, 0 where it isn't joined */
    bool joined;
    bool ok;
};

static void write_nn(struct writer *writer, double end_s, double nn_ms, bool corrected)
{
    struct ob_nn nn = {.time_s = end_s, .nn_ms = nn_ms, .joined = writer->joined, .corrected = corrected};
    writer->ok = writer->ok && ob_nn_list_add(writer->series, nn);
    writer->before_ms = writer->joined ? writer->last_ms : 0.0;
    writer->joined = true;
    writer->last_ms = nn_ms;
}

/* Difference of the two intervals that intervals i and i + 1 stood for: the parabola through the two before whose next
 * two have the sum; from the other side where there are none before. One side only, on purpose: an average over both
 * is the better guess, but leaves the pair smoother than a heart is and RMSSD too small (2-4% at 5% artefacts). */
static double slope_between(const struct run *run, size_t i, size_t after, const struct writer *writer, double sum)
{
    double slope = 0.0;
    if (writer->joined && writer->before_ms > 0.0)
        slope = 0.5 * sum - writer->last_ms - 0.5 * (writer->last_ms - writer->before_ms);
    else if (after + 1 < run->count && run->kinds[after] == OB_RR_NORMAL && run->kinds[after + 1] == OB_RR_NORMAL)
        slope = -(0.5 * sum - run->rr[after] - 0.5 * (run->rr[after] - run->rr[after + 1]));
    double most = 0.7 * fmin(run->th1[i], OB_RR_OFFLINE_CAP * run->median[i]);
    return ob_clamp(slope, -most, most);
}

static void leave_out(const struct run *run, size_t i, struct writer *writer)
{
    run->kinds[i] = OB_RR_GAP;
    writer->joined = false;
}

/* Writes what intervals i and i + 1, an ectopic beat between them, stood for. */
static void write_pair(const struct run *run, size_t i, double start_s, struct writer *writer)
{
    double a = run->rr[i], b = run->rr[i + 1], sum = a + b;
    double after = course_after(run, i + 2);
    double before = writer->joined ? writer->last_ms : after;
    double course = 0.5 * (before + after);
    if (fabs(0.5 * sum - course) > 0.2 * course) /* no full pause: the sinus node was reset, the sum means nothing */
        sum = 2.0 * course;
    double first = 0.5 * (sum - slope_between(run, i, i + 2, writer, sum));
    if (!possible(first) || !possible(sum - first)) {
        leave_out(run, i, writer);
        leave_out(run, i + 1, writer);
        return;
    }
    write_nn(writer, start_s + (a + b) / 1000.0 * (first / sum), first, true);
    write_nn(writer, start_s + (a + b) / 1000.0, sum - first, true);
}

/* Writes interval i (or i and the next); how many were used. */
static size_t write_interval(const struct run *run, size_t i, double start_s, struct writer *writer)
{
    double rr = run->rr[i];
    double end_s = start_s + rr / 1000.0;
    unsigned char kind = run->kinds[i];
    bool next_same = i + 1 < run->count && run->kinds[i + 1] == kind;
    if (kind == OB_RR_NORMAL && possible(rr)) {
        write_nn(writer, end_s, rr, false);
        return 1;
    }
    if (kind == OB_RR_ECTOPIC && next_same) {
        write_pair(run, i, start_s, writer);
        return 2;
    }
    if (kind == OB_RR_EXTRA && next_same && possible(rr + run->rr[i + 1])) {
        write_nn(writer, end_s + run->rr[i + 1] / 1000.0, rr + run->rr[i + 1], true);
        return 2;
    }
    double parts = kind == OB_RR_MISSED ? fmax(2.0, floor(rr / run->median[i] + 0.5)) : 1.0;
    if (kind == OB_RR_MISSED && possible(rr / parts)) {
        double slope = parts == 2.0 ? slope_between(run, i, i + 1, writer, rr) : 0.0;
        if (!possible(0.5 * (rr - fabs(slope))))
            slope = 0.0;
        double used = 0.0;
        for (double k = 1.0; k <= parts; k += 1.0) {
            double part = k == parts ? rr - used : rr / parts - 0.5 * slope;
            used += part;
            write_nn(writer, start_s + used / 1000.0, part, true);
        }
        return 1;
    }
    if (kind != OB_RR_NORMAL && possible(rr)) {
        double after = course_after(run, i + 1);
        double nn = writer->joined ? 0.5 * (writer->last_ms + after) : after;
        if (possible(nn)) {
            write_nn(writer, end_s, nn, true);
            return 1;
        }
    }
    leave_out(run, i, writer);
    return 1;
}

static bool is_hole(double rr_ms)
{
    return !isfinite(rr_ms) || rr_ms <= 0.0 || rr_ms > OB_RR_HOLE_MS;
}

static void conclude(struct ob_rr_report *report, const unsigned char *kinds, size_t count,
                     const struct ob_nn_list *series, size_t first_nn)
{
    for (size_t i = 0; i < count; i++)
        report->by_class[kinds[i]]++;
    report->beats = count - report->by_class[OB_RR_GAP];
    /* An ectopic beat spoils two intervals, and an extra one as well: count beats. */
    double artefacts =
        0.5 * (double)(report->by_class[OB_RR_ECTOPIC] + report->by_class[OB_RR_EXTRA]) +
        (double)(report->by_class[OB_RR_MISSED] + report->by_class[OB_RR_LONG] + report->by_class[OB_RR_SHORT]);
    double unexplained = (double)(report->by_class[OB_RR_LONG] + report->by_class[OB_RR_SHORT]);
    double beats = (double)report->beats;
    report->corrected_01 = beats > 0.0 ? artefacts / beats : 0.0;
    size_t erratic = 0, steps = 0;
    for (size_t i = first_nn + 1; i < series->count; i++) {
        const struct ob_nn *nn = &series->items[i];
        if (!nn->joined || nn->corrected || nn[-1].corrected)
            continue;
        steps++;
        erratic += fabs(nn->nn_ms - nn[-1].nn_ms) > 0.12 * nn->nn_ms;
    }
    if (report->beats < 20)
        report->reason = "there are fewer than 20 beats";
    else if (report->gap_s > report->seconds)
        report->reason = "more than half of the time was lost";
    else if (report->corrected_01 > 0.40)
        report->reason = "more than 40% of the beats had to be corrected";
    else if (unexplained > 0.15 * beats)
        report->reason = "more than 15% of the intervals fit no rhythm";
    else if (steps > 20 && (double)erratic > 0.45 * (double)steps)
        report->reason = "the rhythm is irregular from beat to beat, as in atrial fibrillation";
    report->usable = report->reason == NULL;
}

bool ob_rr_offline(const double *rr_ms, size_t count, double start_s, const struct ob_rr_offline_options *options,
                   unsigned char *kinds, struct ob_nn_list *series, struct ob_rr_report *report_out)
{
    struct ob_rr_report report = {.beats = 0};
    size_t first_nn = series->count;
    double *memory = malloc((count + 1) * 6 * sizeof *memory);
    if (!memory)
        return false;
    bool published_only = options && options->published_only;
    struct writer writer = {.series = series, .ok = true};
    double time_s = start_s;
    for (size_t i = 0; i < count;) {
        if (is_hole(rr_ms[i])) {
            kinds[i] = OB_RR_GAP;
            double lost_s = isfinite(rr_ms[i]) && rr_ms[i] > 0.0 ? rr_ms[i] / 1000.0 : 0.0;
            report.gap_s += lost_s;
            time_s += lost_s;
            i++;
            continue;
        }
        size_t end = i;
        while (end < count && !is_hole(rr_ms[end]))
            end++;
        struct run run = {.rr = rr_ms + i,
                          .count = end - i,
                          .kinds = kinds + i,
                          .drr = memory,
                          .mrr = memory + count,
                          .median = memory + 2 * count,
                          .th1 = memory + 3 * count,
                          .th2 = memory + 4 * count,
                          .scratch = memory + 5 * count,
                          .published_only = published_only};
        memset(run.kinds, OB_RR_NORMAL, run.count);
        derive(&run);
        judge_published(&run);
        if (!published_only)
            judge_pairs(&run);
        writer.joined = false;
        for (size_t k = 0; k < run.count;) {
            size_t used = write_interval(&run, k, time_s, &writer);
            for (; used > 0; used--, k++) {
                time_s += run.rr[k] / 1000.0;
                report.seconds += run.rr[k] / 1000.0;
            }
        }
        i = end;
    }
    free(memory);
    conclude(&report, kinds, count, series, first_nn);
    *report_out = report;
    return writer.ok;
}
