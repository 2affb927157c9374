/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that grows in memory while it is written, and the few forms that files need: exact numbers, times, JSON strings.
 * Numbers are written without the C locale. Zero-initialise; one thread. */
#ifndef OB_REPORT_TEXT_H
#define OB_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ob_text {
    char *bytes; /* NULL while empty; a 0 stands behind size bytes */
    size_t size, room;
    bool failed; /* memory ran out: what is here is not whole */
};

void ob_text_finish(struct ob_text *text);

void ob_text_add(struct ob_text *text, const char *bytes, size_t size);
void ob_text_put(struct ob_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A number with so many decimals at most, zeros at the end left out: "812.5", "800". Not finite: nothing. */
void ob_text_number(struct ob_text *text, double value, int decimals);

/* Nine digits: read back it is the same float. Not finite: null. */
void ob_text_float(struct ob_text *text, float value);

/* In quotes, escaped (RFC 8259); bytes that are no UTF-8 become U+FFFD. NULL: null. */
void ob_text_json(struct ob_text *text, const char *string);

/* 2026-11-21T14:56:01.123456789Z of ns since 1970, and back; exact. False when it is no such time. */
void ob_text_utc(int64_t wall_ns, char out[40]);
bool ob_text_utc_parse(const char *string, int64_t *wall_ns_out);

#endif
