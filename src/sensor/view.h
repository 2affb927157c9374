/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a source has sent lately, for eyes: a trace of the last seconds with its beats, and how good the signal is.
 *
 * It listens to a source's events beside whoever else does, and changes nothing. Beats of a wave are found by the same
 * detectors as the engine's (signal/ecg.h, signal/ppg.h); intervals are beats already. Pure; one thread at a time. */
#ifndef OB_SENSOR_VIEW_H
#define OB_SENSOR_VIEW_H

#include "base/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_VIEW_S      8
#define OB_VIEW_HZ     64
#define OB_VIEW_POINTS (OB_VIEW_S * OB_VIEW_HZ)
#define OB_VIEW_BEATS  48 /* of the last 30 s at most 96 bpm's; the newest ones */

/* What may be shown; copied whole. */
struct ob_view {
    bool wave;         /* points are a signal's; else there are only beats */
    uint32_t signal;   /* enum ob_signal_kind, where wave */
    bool breath;       /* the source sends breathing or movement as well */
    int64_t newest_ns; /* measured time of the newest point or beat; 0: nothing yet */
    uint64_t points;   /* so far; the newest is point[(points - 1) % OB_VIEW_POINTS] */
    int64_t last_ns;   /* its time; points are 1/64 s apart, NaN in a gap */
    float point[OB_VIEW_POINTS];
    uint64_t beats;                 /* so far, in the same way */
    int64_t beat_ns[OB_VIEW_BEATS]; /* measured */
    float rr_ms[OB_VIEW_BEATS];     /* the interval that it ends; 0: not known, or behind a gap */
    float quality_01;               /* of the signal; -1: not known yet */
    int contact;                    /* -1: not said, 0: off the skin, 1: on it */
};

struct ob_viewer;

struct ob_viewer *ob_viewer_create(void); /* NULL without memory */
void ob_viewer_destroy(struct ob_viewer *viewer);

void ob_viewer_event(struct ob_viewer *viewer, const struct ob_event *event);
const struct ob_view *ob_viewer_view(const struct ob_viewer *viewer);

/* Heart rate over the newest beats (at most eight intervals without a gap), bpm; 0: not known. */
double ob_view_bpm(const struct ob_view *view);

/* A sentence that helps where the signal is poor; "" where it is not, or not known to be. */
const char *ob_view_advice(const struct ob_view *view);

#endif
