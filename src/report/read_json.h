/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session that comes back from JSON. Whatever the bytes: what breaks the schema is refused with a sentence, keys that
 * are not known are passed over, numbers of a newer program too. Strings that are too long for their place are refused,
 * not cut. */
#ifndef OB_REPORT_READ_JSON_H
#define OB_REPORT_READ_JSON_H

#include "format/json.h"
#include "report/copy.h"

#include <stddef.h>

/* Whether bytes begin like one of our JSON files, by the format in its first lines: "outbreath-session",
 * "outbreath-person". */
bool ob_json_is(const char *bytes, size_t size, const char *format);

/* The sentence does not name the file. OB_ERR_FORMAT, OB_ERR_NEWER, OB_ERR_RANGE, OB_ERR_NO_MEMORY. copy is zeroed
 * first, and finished on an error. */
enum ob_err ob_read_json(struct ob_copy *copy_out, const char *bytes, size_t size, char *sentence_out,
                         size_t sentence_size);

/* The same of a part of a larger tree. */
enum ob_err ob_read_json_value(struct ob_copy *copy_out, const struct ob_json *json, const struct ob_json_value *value,
                               char *sentence_out, size_t sentence_size);

#endif
