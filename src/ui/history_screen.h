/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Your weeks: the last seven days, half a year, the pace that suits, and the trend of what was measured at rest.
 * Nothing to win and nothing to lose. Pure. */
#ifndef OB_UI_HISTORY_SCREEN_H
#define OB_UI_HISTORY_SCREEN_H

#include "breath/pace.h"
#include "plot/trend.h"
#include "ui/canvas.h"
#include "ui/plots.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_UI_HISTORY_DAYS  182
#define OB_UI_HISTORY_TREND 24

struct ob_ui_history {
    char about[160]; /* in words, also where nothing is kept: a sentence; in the person's language already, as all here
                      */
    char week[96];   /* "4 of the last 7 days" */
    const char *day_names[7];                    /* oldest first */
    double minutes[OB_UI_HISTORY_DAYS];          /* oldest first, today last */
    int weekday;                                 /* of today, 0 Monday */
    const char *month_names[OB_UI_HISTORY_DAYS]; /* of the days with which a month begins; NULL: of all others */
    bool has_days;                               /* there is anything to show of days */
    bool has_pace;                               /* something is known of the own pace */
    char pace[200];                              /* in words */
    double probabilities[OB_PACE_RATES];         /* of the own pace */
    struct ob_own_pace_estimate estimate;
    /* Draws the newest session as a strip: its tachogram with breathing, windows and marks. NULL: there is none. */
    bool (*draw_last)(const void *user, const struct ob_plot_pen *pen, const struct ob_plot_place *place);
    const void *last_user;
    char last[96];                                    /* when that was */
    struct ob_ui_spectrum spectrum;                   /* of the whole of it */
    struct ob_trend_point trend[OB_UI_HISTORY_TREND]; /* heart rate at rest, bpm */
    size_t trend_count;                               /* 0: none was measured */
    double usual_low, usual_high;
};

void ob_ui_history_draw(struct ob_ui_canvas *canvas, const struct ob_ui_history *model);

/* Whether the key is the way back. */
bool ob_ui_history_is_back(uint64_t key);

#endif
