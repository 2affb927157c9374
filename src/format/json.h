/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading of JSON (RFC 8259) into a tree, for files and messages that come from outside: any bytes, bounded depth, no
 * recursion beyond it, numbers without the C locale and whole numbers exactly. Caller's thread. */
#ifndef OB_FORMAT_JSON_H
#define OB_FORMAT_JSON_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_JSON_DEPTH 16
#define OB_JSON_MAX   (256u << 20) /* bytes; more are refused */

enum ob_json_kind {
    OB_JSON_NULL,
    OB_JSON_FALSE,
    OB_JSON_TRUE,
    OB_JSON_NUMBER,
    OB_JSON_STRING,
    OB_JSON_ARRAY,
    OB_JSON_OBJECT
};

struct ob_json_value {
    enum ob_json_kind kind;
    bool whole;      /* NUMBER: written without a point or exponent, and within int64_t */
    uint32_t first;  /* ARRAY, OBJECT: index of the first member; 0: empty */
    uint32_t next;   /* index of the next member; 0: the last */
    uint32_t name;   /* in an OBJECT: offset of the key in text */
    uint32_t string; /* STRING: offset in text, 0-terminated UTF-8 without 0 inside */
    double number;
    int64_t integer;
};

struct ob_json {
    struct ob_json_value *values; /* [0] is unused, [1] the whole */
    size_t count, room;
    char *text;
    size_t line; /* where it broke, from 1 */
};

/* OB_ERR_FORMAT (line says where), OB_ERR_RANGE (too large or too deep), OB_ERR_NO_MEMORY. Finish in any case. */
enum ob_err ob_json_parse(struct ob_json *json_out, const char *bytes, size_t size);
void ob_json_finish(struct ob_json *json);

/* The root, a member of an object by name, an element's follower; NULL where there is none. value may be NULL. */
const struct ob_json_value *ob_json_root(const struct ob_json *json);
const struct ob_json_value *ob_json_get(const struct ob_json *json, const struct ob_json_value *value,
                                        const char *name);
const struct ob_json_value *ob_json_first(const struct ob_json *json, const struct ob_json_value *value);
const struct ob_json_value *ob_json_next(const struct ob_json *json, const struct ob_json_value *value);

/* The string of a STRING, else NULL. */
const char *ob_json_string_of(const struct ob_json *json, const struct ob_json_value *value);
/* The name under which a value stands in its object. */
const char *ob_json_name_of(const struct ob_json *json, const struct ob_json_value *value);

#endif
