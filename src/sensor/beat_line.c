/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/beat_line.h"

#include "base/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SETTLE_S      30.0 /* before, a packet that is too early only says that the first ones were late */
#define LOSS_WINDOW_S 6.0  /* packets that are all late for so long are late for ever */
#define LOSS_OVERDUE  2    /* packets of the window; one may only follow on another that was held up */
#define OVERDUE_S     0.06
#define LOSS_PACKETS  4
#define LOSS_S        0.4
#define LOSS_BEYOND_S 0.15 /* what is usual */
#define USUAL_LEAST   8
#define HOLD_S        55.0
#define HOLD_BEFORE_S 0.03 /* the best place, where packets leave as they like */
#define HOLD_TIMED_S  0.3
#define HOLD_WITHIN_S 0.06
#define DUPLICATE_01  0.5 /* of its intervals must still lie in the future */

static double c_of(const struct ob_beat_line *line, uint64_t ticks)
{
    return (double)(ticks - line->start_ticks) / line->ticks_per_s;
}

static double offset_s(const struct ob_beat_line *line, double c_s)
{
    if (!line->held)
        return ob_drift_fit_offset_s(&line->fit, c_s);
    return line->held_s + line->fit.drift_ppm * 1e-6 * (c_s - line->held_c_s);
}

/* Held at the early end of what fits, so that no beat is later than the arrivals to come, and moved only when the
 * packets no longer allow it. */
static void hold(struct ob_beat_line *line, double c_s)
{
    double earliest_s, latest_s;
    if (!line->held && c_s < HOLD_S)
        return;
    ob_drift_fit_range_s(&line->fit, c_s, &earliest_s, &latest_s);
    if (!line->held) {
        const double most_s = line->timer.regular ? HOLD_TIMED_S : HOLD_BEFORE_S;
        line->held_s = fmax(earliest_s, offset_s(line, c_s) - most_s);
        line->held_c_s = c_s;
        line->held = true;
    }
    const double at_s = offset_s(line, c_s), low_s = earliest_s - HOLD_WITHIN_S;
    line->held_s += fmax(low_s - at_s, 0.0) - fmax(at_s - latest_s, 0.0);
}

void ob_beat_line_init(struct ob_beat_line *line, int ticks_per_s)
{
    memset(line, 0, sizeof *line);
    line->ticks_per_s = ticks_per_s;
}

void ob_beat_line_gap(struct ob_beat_line *line)
{
    line->running = line->held = false;
    ob_send_timer_restart(&line->timer);
    line->gap = true;
    line->last_count = 0;
}

static void begin(struct ob_beat_line *line, int64_t arrived_ns, uint64_t sum)
{
    const bool known = line->fit.spread_ppm > 0.0 && line->fit.spread_ppm < 50.0;
    const double ppm = known ? line->fit.drift_ppm : 0.0, spread = known ? 2.0 * line->fit.spread_ppm : 100.0;
    line->running = true;
    line->held = false;
    line->fit_c_s = 0.0;
    line->start_ticks = line->ticks;
    line->origin_ns = arrived_ns;
    line->late_count = 0;
    const double c_s = (double)sum / line->ticks_per_s;
    ob_drift_fit_init(&line->fit, c_s, -c_s, ppm, spread);
}

static bool same_again(const struct ob_beat_line *line, const uint16_t *ticks, size_t count)
{
    return line->last_count > 0 && (size_t)line->last_count == count &&
           memcmp(line->last, ticks, count * sizeof *ticks) == 0;
}

static int by_size(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* How late a packet is on an ordinary day: nine of ten of those before the window. Where packets leave at a fixed time
 * that is about an interval, and the lateness of neighbours is alike, so a threshold of its own would not do. */
static double usual_lateness_s(const struct ob_beat_line *line, int older, double rr_s)
{
    double sorted[OB_BEAT_LATE_MAX];
    if (older < USUAL_LEAST)
        return rr_s;
    for (int i = 0; i < older; i++)
        sorted[i] = line->late[i].late_s;
    qsort(sorted, (size_t)older, sizeof *sorted, by_size);
    return sorted[older * 9 / 10];
}

/* Whether even the least late of the last packets is so late that beats must be missing. Where packets leave by a
 * timer, a heart of the timer's own rhythm may be late for long; but then no beat was due before the packet before it
 * left. */
static bool beats_are_missing(struct ob_beat_line *line, int64_t now_ns, double late_s, double early_s, double rr_s)
{
    if (line->late_count == OB_BEAT_LATE_MAX)
        memmove(&line->late[0], &line->late[1], (size_t)--line->late_count * sizeof line->late[0]);
    line->late[line->late_count].arrived_ns = now_ns;
    line->late[line->late_count].early_s = early_s;
    line->late[line->late_count++].late_s = late_s;
    double least_s = INFINITY, spanned_s = 0.0;
    int older = line->late_count, overdue = 0;
    while (older > 0 && spanned_s < LOSS_WINDOW_S) {
        older--;
        least_s = fmin(least_s, line->late[older].late_s);
        overdue += line->late[older].early_s > OVERDUE_S;
        spanned_s = ob_s_from_ns(now_ns - line->late[older].arrived_ns);
    }
    if (spanned_s < LOSS_WINDOW_S || line->late_count - older < LOSS_PACKETS)
        return false;
    if (line->timer.regular)
        return least_s > LOSS_S && overdue >= LOSS_OVERDUE;
    return least_s > fmax(LOSS_S, usual_lateness_s(line, older, rr_s) + LOSS_BEYOND_S);
}

static void take_drift_from_timer(struct ob_beat_line *line)
{
    double ppm = 0.0, spread_ppm = 0.0;
    (void)ob_send_timer_drift(&line->timer, &ppm, &spread_ppm);
    ob_drift_fit_hint(&line->fit, ppm, spread_ppm);
}

/* Fits the line to the packet; begins a new one where that is not possible. */
static void fit_packet(struct ob_beat_line *line, int64_t arrived_ns, const uint16_t *ticks, uint64_t sum)
{
    const double first_c_s = c_of(line, line->ticks + ticks[0]), last_c_s = c_of(line, line->ticks + sum);
    const double before_s = ob_s_from_ns(line->left_ns - line->origin_ns);
    const bool was_regular = line->timer.regular;
    line->left_ns = ob_send_timer_packet(&line->timer, arrived_ns);
    const double arrived_s = ob_s_from_ns(line->left_ns - line->origin_ns);
    take_drift_from_timer(line);
    if (line->timer.regular && !was_regular && !line->held) { /* what came before was blurred by the radio */
        ob_drift_fit_init(&line->fit, last_c_s, arrived_s - last_c_s, 0.0, 100.0);
        take_drift_from_timer(line);
        line->fit_c_s = last_c_s;
        return;
    }
    const bool fits = ob_drift_fit_packet(&line->fit, first_c_s, before_s - first_c_s, last_c_s, arrived_s - last_c_s);
    if (!fits && last_c_s - line->fit_c_s > SETTLE_S) { /* more beats than the clock has room for */
        line->gap = true;
        begin(line, arrived_ns, sum);
        return;
    }
    hold(line, last_c_s);
    const double late_s = arrived_s - last_c_s - ob_drift_fit_offset_s(&line->fit, last_c_s);
    const double early_s = before_s - first_c_s - ob_drift_fit_offset_s(&line->fit, first_c_s);
    if (beats_are_missing(line, arrived_ns, late_s, early_s, (double)ticks[0] / line->ticks_per_s)) {
        line->losses++;
        line->gap = true;
        begin(line, arrived_ns, sum);
    }
}

static bool place_beat(struct ob_beat_line *line, int64_t arrived_ns, uint16_t ticks, struct ob_line_beat *beat_out)
{
    line->ticks += ticks;
    const double rr_ms = ticks * 1e3 / line->ticks_per_s, c_s = c_of(line, line->ticks);
    if (ticks == 0)
        return false;
    if (rr_ms < 200.0 || rr_ms > 3000.0) { /* no interval of a heart; its time has passed all the same */
        line->gap = true;
        return false;
    }
    int64_t time_ns = line->origin_ns + ob_ns_from_s(c_s + offset_s(line, c_s));
    if (time_ns > arrived_ns)
        time_ns = arrived_ns;
    if (line->beat_ns != 0 && !line->gap && time_ns < line->beat_ns + ob_ns_from_s(rr_ms * 0.5e-3))
        time_ns = line->beat_ns + ob_ns_from_s(rr_ms * 0.5e-3);
    if (time_ns <= line->beat_ns)
        time_ns = line->beat_ns + 1;
    line->beat_ns = time_ns;
    *beat_out = (struct ob_line_beat){
        .time_ns = time_ns, .age_ns = arrived_ns - time_ns, .rr_ms = rr_ms, .after_gap = line->gap};
    line->gap = false;
    return true;
}

size_t ob_beat_line_packet(struct ob_beat_line *line, int64_t arrived_ns, const uint16_t *rr_ticks, size_t count,
                           struct ob_line_beat *beats_out)
{
    uint64_t sum = 0;
    count = count < OB_HRS_RR_MAX ? count : OB_HRS_RR_MAX;
    for (size_t i = 0; i < count; i++)
        sum += rr_ticks[i];
    if (sum == 0) {
        line->arrived_ns = arrived_ns;
        return 0;
    }
    if (line->running) {
        const double c_s = c_of(line, line->ticks + sum), arrived_s = ob_s_from_ns(arrived_ns - line->origin_ns);
        const double ahead_s = c_s + offset_s(line, c_s) - arrived_s;
        if (ahead_s > DUPLICATE_01 * (double)sum / line->ticks_per_s && same_again(line, rr_ticks, count)) {
            line->duplicates++;
            return 0;
        }
        fit_packet(line, arrived_ns, rr_ticks, sum);
    } else {
        begin(line, arrived_ns, sum);
        line->left_ns = ob_send_timer_packet(&line->timer, arrived_ns);
    }
    line->arrived_ns = arrived_ns;
    line->last_count = (int)count;
    memcpy(line->last, rr_ticks, count * sizeof *rr_ticks);
    size_t beats = 0;
    for (size_t i = 0; i < count; i++)
        if (place_beat(line, arrived_ns, rr_ticks[i], &beats_out[beats]))
            beats_out[beats++].from = i;
    return beats;
}
