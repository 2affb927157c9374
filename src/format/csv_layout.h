/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a signal CSV is laid out, found from its first lines. Private to csv.c. */
#ifndef OB_FORMAT_CSV_LAYOUT_H
#define OB_FORMAT_CSV_LAYOUT_H

#include "format/csv.h"

/* Sets everything that stands above `frames` in struct ob_csv, or err. given: 1 when the first line was names. */
void ob_csv_find_layout(struct ob_csv *csv);

/* A time cell in the file's own unit, or in seconds for h:m:s. */
bool ob_csv_parse_time(const char *cell, char decimal, double *time_out, bool *clock_out);

/* "# fs = 250", "# Sampling rate: 250 Hz": 0 when the comment says nothing of the kind. */
double ob_csv_rate_in_comment(const char *comment);

#endif
