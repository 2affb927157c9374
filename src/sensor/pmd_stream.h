/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From Polar's frames of ECG or acceleration to SAMPLES events with times of our clock. Pure.
 *
 * Each frame says, on the device's clock, when its last sample was taken. That clock may stand anywhere (it begins in
 * 2019 when its battery was empty), runs a little fast or slow, and packets come late, never early: offset and drift
 * are fitted to the arrivals (envelope_fit.h). The sampling rate is what the stamps say, not what was ordered: it may
 * be two percent off.
 *
 * A frame that comes twice, or after a later one, is dropped. Missing samples are a GAP event (of an ECG; in
 * acceleration the times alone show them). A stamp that time cannot have reached is disbelieved, with its frame; when
 * three such frames on end agree with each other, the device's clock was set, and a new line begins after a GAP. */
#ifndef OB_SENSOR_PMD_STREAM_H
#define OB_SENSOR_PMD_STREAM_H

#include "sensor/envelope_fit.h"
#include "sensor/pmd_decode.h"
#include "sensor/sensor.h"

struct ob_pmd_stream {
    uint64_t frames;     /* samples passed on so far */
    uint64_t duplicates; /* packets dropped: they came twice, or after a later one */
    uint64_t odd;        /* packets dropped: their stamps cannot be */
    uint64_t gaps, restarts;
    double period_ns; /* from sample to sample on our clock */
    int64_t age_ns;   /* of the newest sample when it came */
    /* private */
    enum ob_pmd_type type;
    double nominal_ns, factor, device_period_ns;
    bool running, broken;
    uint64_t origin_ns, last_ns; /* the device's clock */
    int64_t origin_at_ns, arrived_ns, measured_ns;
    uint64_t run_origin_ns, run_frames;
    int odd_run;
    uint64_t odd_ns;
    int64_t odd_at_ns;
    struct ob_envelope_fit fit;
};

/* rate_hz: as ordered (0: 130 for ECG, 50 for acceleration). factor: of values that are in g. */
void ob_pmd_stream_init(struct ob_pmd_stream *stream, enum ob_pmd_type type, double rate_hz, double factor);

/* The stream broke off; what comes next is behind a gap. */
void ob_pmd_stream_break(struct ob_pmd_stream *stream, int64_t now_ns, ob_sensor_emit_fn *emit, void *user);

/* A frame that arrived at now_ns, which never goes backwards. Frames of another type are passed over. */
void ob_pmd_stream_frame(struct ob_pmd_stream *stream, int64_t now_ns, const struct ob_pmd_frame *frame,
                         ob_sensor_emit_fn *emit, void *user);

#endif
