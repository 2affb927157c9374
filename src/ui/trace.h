/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A live trace: a wave with its beats marked, or where there are only beats, their rate from beat to beat.
 *
 * It is written as a monitor at a bedside does: from left to right, then from the left again over what is oldest, with
 * a gap before the newest. What is written stands still, so that the eye can rest on it and the picture hardly changes.
 * A hole in the data is a hole in the line. Pure. */
#ifndef OB_UI_TRACE_H
#define OB_UI_TRACE_H

#include "ui/canvas.h"

#include <stdint.h>

#define OB_UI_TRACE_POINTS 512
#define OB_UI_TRACE_BEATS  48

struct ob_ui_trace {
    bool wave;
    int points; /* of the wave, oldest first; NaN: a hole */
    float point[OB_UI_TRACE_POINTS];
    int64_t last_ns; /* time of the newest point */
    int64_t step_ns; /* from point to point */
    int beats;       /* oldest first */
    int64_t beat_ns[OB_UI_TRACE_BEATS];
    float rr_ms[OB_UI_TRACE_BEATS]; /* 0: not known, or behind a hole */
    int64_t span_ns;                /* that is shown, up to the newest point or beat */
    int64_t newest_ns;              /* what is shown */
};

void ob_ui_trace(const struct ob_ui_canvas *canvas, const struct ob_ui_trace *trace, struct ob_ui_box box);

#endif
