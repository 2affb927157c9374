/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording as if it came from a sensor now: RR text, signal CSV or WFDB, at true speed or faster.
 *
 * The recording's time 0 is the first service() call. With a virtual clock every event is exact: a frame i of a signal
 * is measured at start + i / fs / speed, a beat at start + the sum of all intervals so far / speed. Intervals and the
 * period of samples stay as they were recorded whatever the speed: only their arrival is hurried.
 *
 * Signals arrive in blocks of at most 48 frames or 50 ms. Missing samples stay NaN in their place; behind a hole of a
 * second or more there is a GAP event, as behind intervals that stand for a gap. At the end the source is ENDED. */
#ifndef OB_SENSOR_REPLAY_H
#define OB_SENSOR_REPLAY_H

#include "sensor/recording.h"
#include "sensor/sensor.h"

struct ob_replay_desc {
    struct ob_recording_desc recording;
    const char *channel; /* name or number; NULL: the best of signal_kind, see ob_recording_choose() */
    int signal_kind;     /* enum ob_signal_kind + 1; 0: what the channel's name says, else ECG */
    double speed;        /* 0 counts as 1; 0.01-10000 */
};

/* On an error *sensor_out is NULL and a sentence for people is in sentence_out. */
enum ob_err ob_replay_open(const struct ob_replay_desc *desc, struct ob_sensor **sensor_out, char *sentence_out,
                           size_t size);

#endif
