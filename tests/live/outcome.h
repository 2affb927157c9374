/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recorded session tells afterwards: its event log through `outbreath replay`, and the tables that it leaves. */
#ifndef OB_TESTS_OUTCOME_H
#define OB_TESTS_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

struct outcome {
    int status;               /* of replay */
    double seconds;           /* of session in the log */
    size_t beats;             /* rows of session.csv */
    size_t gaps;              /* of them, beats after a gap */
    double last_s;            /* of the last beat */
    double least_ms, most_ms; /* intervals */
    double hr_bpm;            /* mean of features.csv where it is valid */
    size_t hr_rows;
};

/* log: an .oblog file; folder: where to put the tables. false: replay could not do it. */
bool outcome_read(const char *log, const char *folder, struct outcome *outcome_out);

#endif
