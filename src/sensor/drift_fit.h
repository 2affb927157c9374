/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a device's clock lies on ours, from packets that come late by unknown and varying times. Pure.
 *
 * The device's time is c, ours is c + offset(c), and offset is a line: a constant and a drift of at most 150 ppm. A
 * packet says two things about it. What it holds was over when it arrived: an upper bound. What it holds first was not
 * yet over when the packet before it left: a lower bound. All lines that fit form a convex polygon, clipped packet by
 * packet; its centroid and spread are what is known of the drift. Where packets come as soon as there is something to
 * say, the lower bounds are far away and a least-squares line knows more: the two are weighted by their variances.
 *
 * A lower bound can be wrong (a packet that was held up on its way) and is left out when nothing would fit; an upper
 * bound cannot, so when one leaves nothing the polygon starts afresh around the line, with a wider margin. */
#ifndef OB_SENSOR_DRIFT_FIT_H
#define OB_SENSOR_DRIFT_FIT_H

#include <stdbool.h>

#define OB_DRIFT_CORNERS_MAX 48
#define OB_DRIFT_PPM_MAX     150.0

struct ob_drift_fit {
    double drift_ppm;  /* by which our clock runs faster than the device's */
    double spread_ppm; /* standard deviation of that estimate */
    /* private */
    double hint_ppm, hint_spread_ppm; /* spread 0: none */
    double origin_s, base_s, margin_ms;
    int corners;
    struct ob_drift_corner {
        double offset_ms, ppm;
    } corner[OB_DRIFT_CORNERS_MAX];
    double weight, last_s, mean_x, mean_y, xx, xy, yy;
};

/* A line through (c_s, offset_s) at its latest; ppm and spread_ppm: what is known of the drift (0 and 100: nothing). */
void ob_drift_fit_init(struct ob_drift_fit *fit, double c_s, double offset_s, double ppm, double spread_ppm);

/* A packet whose content spans first_c_s to last_c_s on the device's clock; offsets are arrival minus c: of the packet
 * itself at last_c_s, and of the packet before at first_c_s. False: the line had to be moved by more than a quarter of
 * a second to make room for it, so something is wrong with what was believed before. */
bool ob_drift_fit_packet(struct ob_drift_fit *fit, double first_c_s, double before_offset_s, double last_c_s,
                         double offset_s);

/* What is known of the drift from elsewhere, from the next packet on; it counts as long as the packets do not speak
 * against it. spread_ppm 0: nothing any more. */
void ob_drift_fit_hint(struct ob_drift_fit *fit, double ppm, double spread_ppm);

/* The offset at c_s with the drift as it is estimated now, in seconds: the latest that fits all packets, or up to 20 ms
 * before it, in the middle of those that fit once they are few. */
double ob_drift_fit_offset_s(const struct ob_drift_fit *fit, double c_s);

/* The earliest and the latest offset that fit, at that drift, in seconds. */
void ob_drift_fit_range_s(const struct ob_drift_fit *fit, double c_s, double *earliest_out, double *latest_out);

#endif
