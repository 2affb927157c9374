/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last minutes of a session as they can be drawn: beats, breathing rates second by second, marks. A snapshot knows
 * the newest beats; what it tells of the breath is only ever of now, and is gathered here while it goes by. Main
 * thread. */
#ifndef OB_APP_TRAIL_H
#define OB_APP_TRAIL_H

#include "engine/snapshot.h"
#include "hrv/series.h"
#include "plot/heart.h"
#include "signal/nn_list.h"

#define OB_TRAIL_S     180 /* this far back */
#define OB_TRAIL_MARKS 16

struct ob_trail {
    int64_t begin_ns; /* of the session that is gathered; another one begins anew */
    int64_t row_ns;   /* of the newest row */
    size_t rows;
    struct ob_heart_breath row[OB_TRAIL_S]; /* oldest first */
    uint64_t notes;
    size_t marks;
    struct ob_heart_mark mark[OB_TRAIL_MARKS]; /* set by somebody */
};

/* Cheap; as often as there is a new snapshot. */
void ob_trail_look(struct ob_trail *trail, const struct ob_snapshot *snapshot);

/* The newest beats of a snapshot, as a list with times since the session's beginning and as the series that spectra are
 * computed from. The list comes empty and stays the caller's. False without memory. */
bool ob_trail_beats(const struct ob_snapshot *snapshot, struct ob_nn_list *list_out, struct ob_nn_series *series_out);

/* The strip without its words: it points into the trail, the list and the marks (OB_TRAIL_MARKS + OB_SNAPSHOT_MARKS).
 */
struct ob_heart_plot ob_trail_strip(const struct ob_trail *trail, const struct ob_snapshot *snapshot,
                                    const struct ob_nn_list *list, struct ob_heart_mark *marks_out);

#endif
