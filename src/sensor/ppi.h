/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an optical armband's pulse intervals (Polar's PPI frames) to events. Pure.
 *
 * Frames carry intervals in whole milliseconds, each with the sensor's own estimate of its error and with its opinion
 * of skin contact and movement, and no time; so beats are placed as those of a strap are (beat_line.h). An interval
 * that the sensor itself calls unusable, or whose error is 50 ms or more, leaves a gap. The quality of the others falls
 * from 1 at an error of 10 ms or less to 0 at 50. They are pulse intervals (PRV), and marked so. */
#ifndef OB_SENSOR_PPI_H
#define OB_SENSOR_PPI_H

#include "sensor/beat_line.h"
#include "sensor/pmd_decode.h"
#include "sensor/sensor.h"

struct ob_ppi {
    struct ob_beat_line line;
    int contact;       /* -1: nothing said yet, 0 off the skin, 1 on it */
    bool gap_told;     /* nothing has come since the last GAP event */
    uint64_t beats;    /* passed on so far */
    uint64_t unusable; /* left out so far */
    float quality_01;  /* running mean over about ten intervals; an unusable one counts as 0 */
    int64_t age_ns;    /* of the newest beat when it came */
};

void ob_ppi_init(struct ob_ppi *ppi);

/* A frame of PPI that arrived at now_ns; others are passed over. */
void ob_ppi_frame(struct ob_ppi *ppi, int64_t now_ns, const struct ob_pmd_frame *frame, ob_sensor_emit_fn *emit,
                  void *user);

/* The stream broke off: a GAP event, if beats came since the last. */
void ob_ppi_break(struct ob_ppi *ppi, int64_t now_ns, ob_sensor_emit_fn *emit, void *user);

#endif
