/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the beats of a heart-rate service, or of another sensor of intervals, were. Pure.
 *
 * Packets carry intervals and no time, and come batched and late. So the beats are placed by the sum of all intervals,
 * and only that sum as a whole is fitted to the arrivals (drift_fit.h). In the first minute of a line the place of the
 * whole still settles; then it is held, but for the drift of the device's clock, as long as it stays within 15 ms of
 * the best place: beats that are all early by the same few milliseconds do less harm than beats that slip. Packets that
 * leave by the device's own timer tell its drift by themselves (send_timer.h). A delay that
 * all packets share cannot be seen from here: beats may all be late by the same seconds, and age_ns does not contain
 * them.
 *
 * A packet that says the same again before its time has passed is dropped. When beats have been lost, the sum falls
 * behind the clock for good: after some seconds of that a new line begins, and its first beat says so. */
#ifndef OB_SENSOR_BEAT_LINE_H
#define OB_SENSOR_BEAT_LINE_H

#include "sensor/drift_fit.h"
#include "sensor/hrs_decode.h"
#include "sensor/send_timer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_BEAT_LATE_MAX 64

struct ob_line_beat {
    int64_t time_ns; /* monotonic; rises from beat to beat, never later than the arrival but to keep rising */
    int64_t age_ns;  /* arrival minus time */
    double rr_ms;    /* the interval that ended with this beat, 200-3000 ms */
    size_t from;     /* which interval of the packet it ended */
    bool after_gap;  /* something is missing before this interval: it does not join what came before */
};

struct ob_beat_line {
    uint64_t duplicates; /* packets dropped so far */
    uint64_t losses;     /* new lines that were begun because beats were missing */
    /* private */
    double ticks_per_s;
    bool running, gap;
    uint64_t ticks, start_ticks; /* sum of all intervals */
    int64_t origin_ns, arrived_ns, beat_ns;
    struct ob_drift_fit fit;
    double fit_c_s; /* when it began */
    bool held;
    double held_c_s, held_s; /* the offset is held there */
    struct ob_send_timer timer;
    int64_t left_ns; /* the packet before, by its timer */
    int late_count;  /* the last packets: how late each was, to tell a lost beat from a late packet */
    struct {
        int64_t arrived_ns;
        double late_s;  /* the last beat before the packet's arrival */
        double early_s; /* the first beat before the arrival of the packet before, in which it then should have been */
    } late[OB_BEAT_LATE_MAX];
    int last_count;
    uint16_t last[OB_HRS_RR_MAX];
};

/* ticks_per_s: unit of the intervals, OB_HRS_TICKS_PER_S or 1000. */
void ob_beat_line_init(struct ob_beat_line *line, int ticks_per_s);

/* Contact was lost, or the connection: the next beat begins a new line. What is known of the drift is kept. */
void ob_beat_line_gap(struct ob_beat_line *line);

/* The intervals of one packet, oldest first (count may be 0). Writes at most count beats, oldest first, and returns how
 * many. arrived_ns never goes backwards. */
size_t ob_beat_line_packet(struct ob_beat_line *line, int64_t arrived_ns, const uint16_t *rr_ticks, size_t count,
                           struct ob_line_beat *beats_out);

#endif
