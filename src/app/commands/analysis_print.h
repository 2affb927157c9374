/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Analyses for people and for programs. What could not be computed is null with a reason, never 0. */
#ifndef OB_APP_ANALYSIS_PRINT_H
#define OB_APP_ANALYSIS_PRINT_H

#include "app/commands/analysis.h"

#include <stdio.h>

/* One object, or an array of them for several: file, kind, label, seconds, beats, artefact_share, artefacts by class,
 * usable, cautions, each metric by its key, and reasons for those that are null. A file that could not be read has
 * file and error only. */
void ob_analysis_print_json(FILE *out, const struct ob_analysis *analyses, size_t count);

/* A row of names, then a row a file; an empty cell where there is no number. */
void ob_analysis_print_csv(FILE *out, const struct ob_analysis *analyses, size_t count);

void ob_analysis_print_table(FILE *out, const struct ob_analysis *analyses, size_t count);

#endif
