/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which language a report is written: whoever asks for one hands in how a sentence is translated. Pure. */
#ifndef OB_REPORT_TONGUE_H
#define OB_REPORT_TONGUE_H

#include "base/words.h"

#include <stddef.h>

struct ob_tongue {
    ob_tr_fn *tr;     /* NULL: as it stands here, in English */
    char decimal;     /* between whole and part of a number; 0: a point */
    const char *code; /* of the language, for the page: "de"; NULL: "en" */
};

/* Marks a text in a table for the catalogue of words; ob_in() translates it where it is used. */
#define OB_IN(text) text

/* The sentence in the tongue's language; NULL tongue: as it is. Static memory of the translator. */
const char *ob_in(const struct ob_tongue *tongue, const char *text);

/* "-3.1" with a real minus; signed: also a plus. Not finite: an empty text. */
void ob_in_number(const struct ob_tongue *tongue, double value, int decimals, int with_plus, char *out, size_t size);

/* "12:40", "1:02:40" of seconds since the session's beginning. */
void ob_in_clock(double seconds, char *out, size_t size);

#endif
