/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole session as a strip: the heart rate beat by beat (the tachogram), breathing below it, the windows that are
 * compared, and marks. A gap stays a gap; where there are more beats than the width can show, their range stands for
 * them. Pure; one thread at a time. */
#ifndef OB_PLOT_HEART_H
#define OB_PLOT_HEART_H

#include "plot/pen.h"
#include "signal/nn_list.h"

#include <stdbool.h>
#include <stddef.h>

struct ob_heart_window {
    double from_s, to_s;
    const char *name; /* "before"; NULL: none */
};

enum ob_heart_sign {
    OB_SIGN_MARK,   /* a small filled triangle above: somebody marked it */
    OB_SIGN_TURN,   /* a line through all: another posture from here on */
    OB_SIGN_MOMENT, /* an open diamond with a line: the exhale moment */
};

struct ob_heart_mark {
    double at_s;
    enum ob_heart_sign sign;
    const char *name; /* a number or a letter or two; left out where it would cover another */
};

/* A row a second. NaN: not known. */
struct ob_heart_breath {
    float time_s, own_brpm, pacer_brpm;
};

struct ob_heart_plot {
    const struct ob_nn_list *list; /* time_s since the session's beginning */
    double from_s, to_s;
    const struct ob_heart_breath *breaths;
    size_t breath_count;
    const struct ob_heart_window *windows;
    size_t window_count;
    const struct ob_heart_mark *marks; /* by time */
    size_t mark_count;
    const char *heart_name;  /* "heart rate, bpm" */
    const char *breath_name; /* "breaths/min: own (line), pace (dots)" */
    const char *minutes;     /* "min"; a day is told in hours, "h" */
    const char *no_beats;    /* said in the place of the trace where there is none */
};

void ob_plot_heart(const struct ob_plot_pen *pen, const struct ob_plot_place *place, const struct ob_heart_plot *heart);

#endif
