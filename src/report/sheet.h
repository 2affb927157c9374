/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that grows in memory while it is written, and the few forms that files need: exact numbers, times, JSON strings.
 * Numbers are written without the C locale. Zero-initialise; one thread. */
#ifndef OB_REPORT_SHEET_H
#define OB_REPORT_SHEET_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ob_sheet {
    char *bytes; /* NULL while empty; a 0 stands behind size bytes */
    size_t size, room;
    bool failed; /* memory ran out: what is here is not whole */
};

void ob_sheet_finish(struct ob_sheet *text);

void ob_sheet_add(struct ob_sheet *text, const char *bytes, size_t size);
void ob_sheet_put(struct ob_sheet *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A number with so many decimals at most, zeros at the end left out: "812.5", "800". Not finite: nothing. */
void ob_sheet_number(struct ob_sheet *text, double value, int decimals);

/* Nanoseconds in units of 10^digits of them (9: seconds, 6: milliseconds), to the last digit. */
void ob_sheet_ns(struct ob_sheet *text, int64_t ns, int digits);

/* Nine digits: read back it is the same float. Not finite: null. */
void ob_sheet_float(struct ob_sheet *text, float value);

/* In quotes, escaped (RFC 8259); bytes that are no UTF-8 become U+FFFD. NULL: null. */
void ob_sheet_json(struct ob_sheet *text, const char *string);

/* 2026-11-21T14:56:01.123456789Z of ns since 1970, and back; exact. False when it is no such time. */
void ob_sheet_utc(int64_t wall_ns, char out[40]);
bool ob_sheet_utc_parse(const char *string, int64_t *wall_ns_out);

/* Writes it to a file of mode 0600: beside, synced, then under its name; replace: over one that is there, else
 * OB_ERR_EXISTS. What there is afterwards is whole. The sentence names the file. */
enum ob_err ob_sheet_save(const struct ob_sheet *text, const char *path, bool replace, char *sentence_out, size_t size);

#endif
