/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the report says, sentence by sentence, in a language. PDF and HTML show the same texts; a claims lint reads
 * them. Each writes into the caller's memory and leaves "" where there is nothing to say. Pure; one thread. */
#ifndef OB_REPORT_WORDS_H
#define OB_REPORT_WORDS_H

#include "report/summary.h"
#include "report/tongue.h"

#include <stddef.h>

#define OB_SAID 900 /* bytes that hold any of these texts */

struct ob_said {
    char text[OB_SAID];
};

/* "21 November 2026, 17:52" of the place where it was; "" when nobody knows. */
void ob_said_when(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);
/* What a session has as its source and its way names a port, an address or a file; this says what it was, in English
 * for ob_in(). Static memory, or the text itself. */
const char *ob_said_plainly(const char *text);
/* "Session 7, 16 minutes, guided. Sensor: chest strap." */
void ob_said_about(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);
/* What changed, in a sentence or two. */
void ob_said_change(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);

/* The table: OB_ROWS rows of five cells (name, before, after, change with its interval, what is usual). */
enum ob_row_of { OB_ROW_HR, OB_ROW_RMSSD, OB_ROW_BREATH, OB_ROW_POSTURE, OB_ROW_TIME, OB_ROWS };
#define OB_CELLS 5
struct ob_said_row {
    char cells[OB_CELLS][160];
};
void ob_said_heading(const struct ob_tongue *t, struct ob_said_row *out);
void ob_said_row(const struct ob_summary *s, const struct ob_tongue *t, enum ob_row_of row, struct ob_said_row *out);
/* What "usual" is held against, and why a number is missing. */
void ob_said_basis(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);

/* The exhale moment: what was seen, and how often chance does that. */
void ob_said_moments(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);
void ob_said_chance(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);

/* A mark for people: "sigh", or somebody's own words. */
void ob_said_mark(const struct ob_summary_mark *mark, const struct ob_tongue *t, struct ob_said *out);

void ob_said_quality(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);
void ob_said_checkin(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);
void ob_said_suggestion(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);
void ob_said_pace(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);
void ob_said_appointment(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);
void ob_said_foot(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);

#endif
