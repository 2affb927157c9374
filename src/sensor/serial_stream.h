/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a board says to events: blocks of samples with fitted times, beats, contact, gaps. Private to serial.c.
 *
 * Samples go out in SAMPLES events of at most 48 frames and about 40 ms, stamped by a fit of the rate to their arrival
 * (rate_fit.h); intervals become RR events, measured when their line arrives. What is lost is a GAP event. */
#ifndef OB_SENSOR_SERIAL_STREAM_H
#define OB_SENSOR_SERIAL_STREAM_H

#include "sensor/rate_fit.h"
#include "sensor/sensor.h"
#include "sensor/serial_decode.h"

struct ob_serial_block {
    struct ob_event event;
    int64_t since_ns; /* arrival of its first frame */
};

struct ob_serial_stream {
    struct ob_serial_decode decode;
    struct ob_rate_fit fit;
    int signal_kind; /* enum ob_signal_kind + 1; 0: by the format */
    int64_t age_ns;
    int contact;             /* -1: nothing said yet, 0 off, 1 on */
    int64_t sample_heard_ns; /* 0: none since the last break */
    /* private */
    int64_t now_ns;
    uint32_t batch; /* samples decoded in this call, not yet in the fit */
    struct ob_serial_block heart, breath;
    int64_t beat_ns; /* arrival of the last; 0: none since the last gap */
    float state_ms;  /* a plotter's last interval */
    bool gap_told;   /* nothing has come since the last GAP event */
    ob_sensor_emit_fn *emit;
    void *emit_user;
};

void ob_serial_stream_init(struct ob_serial_stream *stream, enum ob_serial_format format, double fs_hz,
                           int signal_kind);

/* Before the others, once in each service call. */
void ob_serial_stream_begin(struct ob_serial_stream *stream, int64_t now_ns, ob_sensor_emit_fn *emit, void *user);

/* What has arrived by now_ns; then end(), once all of it is taken. */
void ob_serial_stream_bytes(struct ob_serial_stream *stream, const unsigned char *bytes, size_t count);
void ob_serial_stream_end(struct ob_serial_stream *stream);

/* Sends blocks that are old enough; when the oldest of the others will be (INT64_MAX: there is none). */
void ob_serial_stream_flush(struct ob_serial_stream *stream);
int64_t ob_serial_stream_due_ns(const struct ob_serial_stream *stream);

/* The line is cut, or its speed is changed: what is unfinished is dropped, and a gap told if anything had come. */
void ob_serial_stream_break(struct ob_serial_stream *stream);

#endif
