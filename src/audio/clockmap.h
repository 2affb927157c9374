/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audio clock map: which monotonic time a frame of the stream is heard at.
 *
 * Drivers stamp their callbacks with jitter of milliseconds, and a sound card's crystal is off by up to a few hundred
 * parts per million. The map fits a straight line through (frame, stamp) with a memory that grows to about 10 s (the
 * expanding-memory polynomial filter: Brookner 1998, Tracking and Kalman Filtering Made Easy, chapter 1), and lets
 * what it tells glide to the fit, at most 5 ms a second, so that a breath never jumps. With +-5 ms of jitter and
 * 100 ppm of drift it is within 1 ms after 5 s.
 *
 * Pure and OB_RT: no clock is read here. One thread. */
#ifndef OB_AUDIO_CLOCKMAP_H
#define OB_AUDIO_CLOCKMAP_H

#include <stdbool.h>
#include <stdint.h>

struct ob_clockmap {
    /* immutable after init */
    double nominal_ns; /* per frame */
    double callbacks_in_memory;
    /* the fit: at frame `frame` the stamp is expected to be origin_ns + fit_ns, and frames are slope_ns apart */
    int64_t origin_ns;
    uint64_t frame;
    double fit_ns;
    double slope_ns;
    double stamps; /* seen, up to callbacks_in_memory */
    double spread_ns;
    uint32_t astray; /* stamps in a row that were nowhere near the line */
    /* what is told */
    double told_ns;
    double told_slope_ns;
};

/* frames_per_buffer: the usual block, to size the memory. */
void ob_clockmap_init(struct ob_clockmap *map, double sample_rate_hz, uint32_t frames_per_buffer);

/* The block that starts with stream frame `frame` is heard at about stamp_ns. Returns when its first frame is heard by
 * the map, and how far apart its frames are. Frames count up from call to call. After half a second of stamps more than
 * 50 ms off the line (a device that stopped and went on) the map starts anew; that is its only jump. */
int64_t ob_clockmap_heard(struct ob_clockmap *map, uint64_t frame, int64_t stamp_ns, double *ns_per_frame_out);

#endif
