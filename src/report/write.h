/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session in the forms in which it leaves the program. Columns, keys and conventions are documented in
 * docs/export.md, the JSON in docs/schema/session.schema.json; both are contracts. Nothing is written that was not
 * measured: what is not known is an empty cell, a null, or missing.
 *
 * Text grows in memory; text.failed afterwards means that there was too little of it. */
#ifndef OB_REPORT_WRITE_H
#define OB_REPORT_WRITE_H

#include "report/copy.h"
#include "report/sheet.h"

/* Intervals in milliseconds, one a line. Raw, or (nn) after artefact correction, where an interval over missed beats is
 * its equal parts and one without a corrected value is a hole. Time that was lost is a line with its length, so that
 * the sum of all lines is the time from the first beat to the last. Of a simulated person, and of a pulse wave, a
 * comment in front says so; other lists are numbers alone, which every program reads. */
void ob_write_rr(struct ob_sheet *text, const struct ob_copy *copy, bool nn);

/* A row a beat; heading: the line with the names of the columns comes first. */
void ob_write_csv(struct ob_sheet *text, const struct ob_copy *copy, bool heading);

/* One object by the schema. */
void ob_write_json(struct ob_sheet *text, const struct ob_copy *copy);

/* An EDF+ file: RR, heart rate, breathing and pacer rate as signals; beats, gaps, marks and stages as annotations. It
 * is written beside, read again, compared, and only then there (edf/edf.h). */
enum ob_err ob_write_edf(const char *path, const struct ob_copy *copy, bool replace, char *sentence_out, size_t size);

#endif
