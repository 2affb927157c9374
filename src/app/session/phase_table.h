/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was seen in each phase of a protocol, for the summary: medians of the rows of features.csv, so that windows can
 * be compared. A number looks back over up to a minute, and what comes first after a change is no picture of the phase
 * (the stepped search of Fisher & Lehrer 2021 drops 45 s). So medians begin
 * OB_PHASE_SKIP_S into a phase, and a shorter one has none. One thread at a time. */
#ifndef OB_APP_PHASE_TABLE_H
#define OB_APP_PHASE_TABLE_H

#include "base/event.h"
#include "breath/protocol.h"
#include "engine/features.h"

#include <stdio.h>

#define OB_PHASE_SKIP_S 75.0

/* A value of each feature at each second, as long as it was known. */
struct ob_phase_series {
    double *values;
    size_t count;
};

struct ob_phase_row {
    double from_s, to_s; /* of the session */
    bool begun, counted; /* counted: the skipped seconds are over */
    size_t first[OB_FEATURES], last[OB_FEATURES];
};

struct ob_phase_table {
    int count, now; /* now: the phase under way, -1 before the first */
    struct ob_session_phase phases[OB_PROTOCOL_PHASES];
    struct ob_phase_row rows[OB_PROTOCOL_PHASES];
};

/* An event that goes into the session: its phases are noted. */
void ob_phase_table_event(struct ob_phase_table *table, const struct ob_event *event);

/* After each second's row; size[i]: how many values of feature i there are now. True when a phase began since the last
 * call. */
bool ob_phase_table_look(struct ob_phase_table *table, const struct ob_snapshot *snapshot,
                         const size_t size[OB_FEATURES]);

/* The JSON array; the values within a phase are sorted by it. */
void ob_phase_table_write(const struct ob_phase_table *table, const struct ob_phase_series series[OB_FEATURES],
                          FILE *out);

#endif
