/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a device's clock lies on ours, from stamped packets that come late by varying times, never early. Pure.
 *
 * The device's time is c, ours is c + offset(c), and offset is a line. Of every five seconds only the packet that was
 * delayed least counts, which leaves out whatever was held up; a least-squares line through those of the last quarter
 * of an hour is the offset. As long as they say little of the drift, it is drawn to what is expected of a quartz, 0
 * with a standard deviation of 100 ppm. (Intervals without stamps know less and need drift_fit.h.) */
#ifndef OB_SENSOR_ENVELOPE_FIT_H
#define OB_SENSOR_ENVELOPE_FIT_H

#include <stdbool.h>

#define OB_ENVELOPE_BLOCKS 180

struct ob_envelope_fit {
    double drift_ppm;  /* by which our clock runs faster than the device's */
    double spread_ppm; /* standard deviation of that estimate, if the line is what it seems */
    /* private */
    bool begun;
    double prior_ppm, prior_spread_ppm;
    double mean_c_s, mean_ms; /* a point of the line */
    int count, next;
    struct ob_envelope_point {
        double c_s, late_ms;
    } block[OB_ENVELOPE_BLOCKS], now;
    double begun_s; /* of the block under way */
};

/* ppm and spread_ppm: what is known of the drift from before; 0 and 0: nothing. */
void ob_envelope_fit_init(struct ob_envelope_fit *fit, double ppm, double spread_ppm);

/* A packet whose last sample was at c_s by the device's clock (rising), and which came offset_s later by the
 * difference of the clocks. */
void ob_envelope_fit_packet(struct ob_envelope_fit *fit, double c_s, double offset_s);

/* The offset at c_s by the line as it is now, in seconds. 0 before the first packet. */
double ob_envelope_fit_offset_s(const struct ob_envelope_fit *fit, double c_s);

#endif
