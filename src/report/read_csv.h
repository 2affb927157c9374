/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions that come back from the CSV that ob_write_csv writes: their beats to the last digit; what stands there once
 * a second is not complete and is not taken. */
#ifndef OB_REPORT_READ_CSV_H
#define OB_REPORT_READ_CSV_H

#include "report/copy.h"

/* Whether bytes begin with the heading of such a file. */
bool ob_csv_is_ours(const char *bytes, size_t size);

/* One session after the other: *at_out is where the next one begins, size at the end. A row that does not read is told
 * with its line; copy is zeroed first, and finished on an error. */
enum ob_err ob_read_csv(struct ob_copy *copy_out, const char *bytes, size_t size, size_t *at, uint64_t *line,
                        char *sentence_out, size_t sentence_size);

#endif
