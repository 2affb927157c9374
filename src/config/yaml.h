/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small, strict reading of YAML: what people need to write settings and protocols, and nothing that can be used
 * against them. libyaml does the scanning, from memory.
 *
 * A document is maps, lists and scalars. Refused, each with a sentence and its line: text that is not UTF-8, control
 * characters, tabs as indentation, anchors and aliases, tags, a second document, keys that are not plain words, a key
 * twice in one map, more than OB_YAML_DEPTH levels, OB_YAML_NODES nodes or OB_YAML_SIZE bytes. Scalars stay text:
 * whoever asks for a number knows its range and unit. Heap, pure, one thread at a time. */
#ifndef OB_CONFIG_YAML_H
#define OB_CONFIG_YAML_H

#include "base/err.h"
#include "config/problems.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_YAML_SIZE  65536
#define OB_YAML_NODES 4096
#define OB_YAML_DEPTH 8

enum ob_yaml_kind { OB_YAML_SCALAR, OB_YAML_MAP, OB_YAML_LIST };

struct ob_yaml_node {
    enum ob_yaml_kind kind;
    int line;         /* from 1 */
    size_t from, to;  /* bytes of the value in the text */
    bool quoted;      /* a scalar in quotes: always text */
    bool flow;        /* a map or list in braces */
    const char *key;  /* in a map, else NULL */
    int key_line;     /* 0 without a key */
    size_t key_from;  /* first byte of the key */
    bool again;       /* the same key stands before it in this map; this one does not count */
    const char *text; /* of a scalar, "" where nothing stands */
    int first, next;  /* index of the first child and of the next sibling, -1: none */
    int count;        /* children */
};

struct ob_yaml; /* nodes and their texts */

/* Reads a document. On success *yaml_out is the caller's (ob_yaml_destroy); an empty document is an empty map.
 * OB_ERR_FORMAT with at least one problem when it can't be read as a whole; OB_ERR_NO_MEMORY. A key that stands twice
 * is a problem, and the first one counts. */
enum ob_err ob_yaml_read(const char *bytes, size_t size, struct ob_problems *problems, struct ob_yaml **yaml_out);
void ob_yaml_destroy(struct ob_yaml *yaml);

/* The node with this index, NULL for -1. The root has index 0. */
const struct ob_yaml_node *ob_yaml_node(const struct ob_yaml *yaml, int index);

/* The child with this key, NULL if there is none. */
const struct ob_yaml_node *ob_yaml_child(const struct ob_yaml *yaml, const struct ob_yaml_node *map, const char *key);

/* Nothing was written there: an empty plain scalar, ~ or null. */
bool ob_yaml_is_null(const struct ob_yaml_node *node);

/* A plain scalar as a finite decimal number. */
bool ob_yaml_number(const struct ob_yaml_node *node, double *number_out);

/* The same for any text. */
bool ob_text_number(const char *text, double *number_out);

/* A plain scalar as true or false: the words true, false, yes, no, on, off. */
bool ob_yaml_bool(const struct ob_yaml_node *node, bool *value_out);
bool ob_text_bool(const char *text, bool *value_out);

/* What stands there, in a few words for a sentence: "'40'", "a list". */
const char *ob_yaml_shown(const struct ob_yaml_node *node, char *out, size_t size);

#endif
