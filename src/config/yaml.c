/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/yaml.h"

#include "base/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct ob_yaml {
    struct ob_yaml_node *nodes;
    int count, room;
    char *words; /* every key and scalar, each with a 0 behind it */
    size_t used, words_size;
};

/* One map or list that is still open. */
struct level {
    int node, last; /* its own index, its newest child's; -1: none */
    const char *key;
    int key_line;
    size_t key_from;
    bool has_key, again;
};

struct reading {
    struct ob_yaml *yaml;
    struct ob_problems *problems;
    const char *bytes;
    size_t size;
    size_t begin;        /* behind a byte order mark */
    size_t at, at_chars; /* a byte and how many characters stand before it: marks only grow */
    struct level stack[OB_YAML_DEPTH];
    int depth;
    bool done; /* a document was read */
    enum ob_err err;
};

/* ---- the bytes before anything is made of them ------------------------------------------------------------------ */

static bool bytes_are_text(const char *bytes, size_t size, struct ob_problems *problems)
{
    const unsigned char *p = (const unsigned char *)bytes;
    if (size > OB_YAML_SIZE) {
        ob_problems_add(problems, 0, NULL, "the file is longer than %d bytes", OB_YAML_SIZE);
        return false;
    }
    if (size >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF))) {
        ob_problems_add(problems, 1, NULL, "this is UTF-16 text; save it as UTF-8");
        return false;
    }
    int line = 1;
    bool indenting = true;
    for (size_t i = 0; i < size;) {
        const size_t length = ob_utf8_letter(p + i, size - i);
        if (length == 0) {
            ob_problems_add(problems, line, NULL, "a byte that is not UTF-8 text; save the file as UTF-8");
            return false;
        }
        if ((p[i] < 0x20 && p[i] != '\n' && p[i] != '\r' && p[i] != '\t') || p[i] == 0x7F) {
            ob_problems_add(problems, line, NULL, "a control character (%02x); this is not a text file", p[i]);
            return false;
        }
        if (p[i] == '\t' && indenting) {
            ob_problems_add(problems, line, NULL, "a tab at the beginning of the line; YAML indents with spaces");
            return false;
        }
        if (p[i] == '\n') {
            line++;
            indenting = true;
        } else if (p[i] != ' ') {
            indenting = false;
        }
        i += length;
    }
    return true;
}

/* ---- the tree --------------------------------------------------------------------------------------------------- */

static void refuse(struct reading *r, size_t line, const char *sentence)
{
    const char *key = r->depth > 0 && r->stack[r->depth - 1].has_key ? r->stack[r->depth - 1].key : NULL;
    ob_problems_add(r->problems, (int)line + 1, key, "%s", sentence);
    r->err = OB_ERR_FORMAT;
}

/* libyaml counts characters, and an editor of the text needs bytes. */
static size_t byte_of(struct reading *r, const yaml_mark_t *mark)
{
    if (mark->index < r->at_chars) {
        r->at = r->begin;
        r->at_chars = 0;
    }
    while (r->at_chars < mark->index && r->at < r->size) {
        r->at++;
        while (r->at < r->size && ((unsigned char)r->bytes[r->at] & 0xC0) == 0x80)
            r->at++;
        r->at_chars++;
    }
    return r->at;
}

static const char *keep(struct reading *r, const yaml_event_t *event)
{
    struct ob_yaml *yaml = r->yaml;
    const size_t length = event->data.scalar.length;
    if (memchr(event->data.scalar.value, 0, length)) {
        refuse(r, event->start_mark.line, "a zero byte written as \\0 has no place here");
        return NULL;
    }
    if (length + 1 > yaml->words_size - yaml->used) {
        refuse(r, event->start_mark.line, "there is more text than a file can hold");
        return NULL;
    }
    char *text = yaml->words + yaml->used;
    memcpy(text, event->data.scalar.value, length);
    text[length] = '\0';
    yaml->used += length + 1;
    return text;
}

static int add_node(struct reading *r, enum ob_yaml_kind kind, const yaml_event_t *event)
{
    struct ob_yaml *yaml = r->yaml;
    if (yaml->count >= OB_YAML_NODES) {
        refuse(r, event->start_mark.line, "there are more values in this file than anybody needs");
        return -1;
    }
    if (yaml->count == yaml->room) {
        const int room = yaml->room * 2;
        struct ob_yaml_node *larger = realloc(yaml->nodes, (size_t)room * sizeof *larger);
        if (!larger) {
            r->err = OB_ERR_NO_MEMORY;
            return -1;
        }
        yaml->nodes = larger;
        yaml->room = room;
    }
    const int index = yaml->count++;
    struct ob_yaml_node *node = &yaml->nodes[index];
    *node = (struct ob_yaml_node){.kind = kind,
                                  .line = (int)event->start_mark.line + 1,
                                  .from = byte_of(r, &event->start_mark),
                                  .text = "",
                                  .first = -1,
                                  .next = -1};
    node->to = byte_of(r, &event->end_mark);
    if (r->depth == 0) {
        r->done = true;
        return index;
    }
    struct level *level = &r->stack[r->depth - 1];
    if (yaml->nodes[level->node].kind == OB_YAML_MAP) {
        node->key = level->key;
        node->key_line = level->key_line;
        node->key_from = level->key_from;
        node->again = level->again;
        level->has_key = false;
    }
    if (level->last >= 0)
        yaml->nodes[level->last].next = index;
    else
        yaml->nodes[level->node].first = index;
    level->last = index;
    yaml->nodes[level->node].count++;
    return index;
}

static bool expects_key(const struct reading *r)
{
    return r->depth > 0 && r->yaml->nodes[r->stack[r->depth - 1].node].kind == OB_YAML_MAP &&
           !r->stack[r->depth - 1].has_key;
}

static void take_scalar(struct reading *r, const yaml_event_t *event)
{
    if (event->data.scalar.anchor || event->data.scalar.tag) {
        refuse(r, event->start_mark.line, "anchors (&) and tags (!) are not used here; write the value itself");
        return;
    }
    const char *text = keep(r, event);
    if (!text)
        return;
    const bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (expects_key(r)) {
        struct level *level = &r->stack[r->depth - 1];
        const struct ob_yaml_node *map = &r->yaml->nodes[level->node];
        level->key = text;
        level->key_line = (int)event->start_mark.line + 1;
        level->key_from = byte_of(r, &event->start_mark);
        level->again = false;
        for (int i = map->first; i >= 0; i = r->yaml->nodes[i].next)
            if (strcmp(r->yaml->nodes[i].key, text) == 0) {
                ob_problems_add(r->problems, level->key_line, text,
                                "this key stands twice; the first one, in line %d, counts", r->yaml->nodes[i].key_line);
                level->again = true;
                break;
            }
        level->has_key = true;
        return;
    }
    const int index = add_node(r, OB_YAML_SCALAR, event);
    if (index < 0)
        return;
    r->yaml->nodes[index].text = text;
    r->yaml->nodes[index].quoted = !plain;
}

static void open_level(struct reading *r, enum ob_yaml_kind kind, const yaml_event_t *event)
{
    const bool marked = kind == OB_YAML_MAP ? event->data.mapping_start.anchor || event->data.mapping_start.tag
                                            : event->data.sequence_start.anchor || event->data.sequence_start.tag;
    if (marked)
        refuse(r, event->start_mark.line, "anchors (&) and tags (!) are not used here; write the value itself");
    else if (expects_key(r))
        refuse(r, event->start_mark.line, "a key is one word, not a map or a list");
    else if (r->depth >= OB_YAML_DEPTH)
        refuse(r, event->start_mark.line, "this is nested deeper than anything here needs");
    if (r->err)
        return;
    const int index = add_node(r, kind, event);
    if (index < 0)
        return;
    r->yaml->nodes[index].flow = kind == OB_YAML_MAP ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                                                     : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    r->stack[r->depth++] = (struct level){.node = index, .last = -1};
}

static void take_event(struct reading *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (r->done)
            refuse(r, event->start_mark.line, "a second document begins here; a file holds one");
        break;
    case YAML_ALIAS_EVENT:
        refuse(r, event->start_mark.line, "aliases (*) are not used here; write the value itself");
        break;
    case YAML_SCALAR_EVENT:
        take_scalar(r, event);
        break;
    case YAML_MAPPING_START_EVENT:
        open_level(r, OB_YAML_MAP, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        open_level(r, OB_YAML_LIST, event);
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        r->depth--;
        r->yaml->nodes[r->stack[r->depth].node].to = byte_of(r, &event->end_mark);
        break;
    default:
        break;
    }
}

static void scanner_stopped(struct reading *r, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        r->err = OB_ERR_NO_MEMORY;
        return;
    }
    const char *what = parser->problem ? parser->problem : "it can't be read";
    ob_problems_add(r->problems, (int)parser->problem_mark.line + 1, NULL, "this is not YAML: %s%s%s", what,
                    parser->context ? " " : "", parser->context ? parser->context : "");
    r->err = OB_ERR_FORMAT;
}

static enum ob_err read_events(struct reading *r)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return OB_ERR_NO_MEMORY;
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)r->bytes + r->begin, r->size - r->begin);
    bool more = true;
    while (more && !r->err) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            scanner_stopped(r, &parser);
            break;
        }
        take_event(r, &event);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return r->err;
}

enum ob_err ob_yaml_read(const char *bytes, size_t size, struct ob_problems *problems, struct ob_yaml **yaml_out)
{
    *yaml_out = NULL;
    if (!bytes_are_text(bytes, size, problems))
        return OB_ERR_FORMAT;
    struct ob_yaml *yaml = calloc(1, sizeof *yaml);
    if (!yaml)
        return OB_ERR_NO_MEMORY;
    /* No escape makes more than three bytes of two; each scalar needs one more. */
    yaml->words_size = 2 * size + 2 * OB_YAML_NODES;
    yaml->words = malloc(yaml->words_size);
    yaml->room = 64;
    yaml->nodes = malloc((size_t)yaml->room * sizeof *yaml->nodes);
    struct reading r = {.yaml = yaml, .problems = problems, .bytes = bytes, .size = size};
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        r.begin = r.at = 3;
    enum ob_err err = yaml->words && yaml->nodes ? read_events(&r) : OB_ERR_NO_MEMORY;
    /* Nothing but comments, or an empty document: a map in which nothing stands. */
    if (!err && (yaml->count == 0 || ob_yaml_is_null(&yaml->nodes[0]))) {
        yaml->nodes[0] =
            (struct ob_yaml_node){.kind = OB_YAML_MAP, .line = 1, .to = size, .text = "", .first = -1, .next = -1};
        yaml->count = 1;
    }
    if (err) {
        ob_yaml_destroy(yaml);
        return err;
    }
    *yaml_out = yaml;
    return OB_OK;
}

void ob_yaml_destroy(struct ob_yaml *yaml)
{
    if (!yaml)
        return;
    free(yaml->nodes);
    free(yaml->words);
    free(yaml);
}

/* ---- looking at it ---------------------------------------------------------------------------------------------- */

const struct ob_yaml_node *ob_yaml_node(const struct ob_yaml *yaml, int index)
{
    return index < 0 || index >= yaml->count ? NULL : &yaml->nodes[index];
}

const struct ob_yaml_node *ob_yaml_child(const struct ob_yaml *yaml, const struct ob_yaml_node *map, const char *key)
{
    if (map->kind != OB_YAML_MAP)
        return NULL;
    for (const struct ob_yaml_node *child = ob_yaml_node(yaml, map->first); child;
         child = ob_yaml_node(yaml, child->next))
        if (strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

bool ob_yaml_is_null(const struct ob_yaml_node *node)
{
    return node->kind == OB_YAML_SCALAR && !node->quoted &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

bool ob_text_number(const char *text, double *number_out)
{
    const size_t length = strlen(text);
    if (length == 0 || length > 40 || strspn(text, "0123456789+-.eE") != length)
        return false;
    char *end = NULL;
    const double number = strtod(text, &end);
    if (*end != '\0' || end == text || !isfinite(number))
        return false;
    *number_out = number;
    return true;
}

bool ob_yaml_number(const struct ob_yaml_node *node, double *number_out)
{
    return node->kind == OB_YAML_SCALAR && !node->quoted && ob_text_number(node->text, number_out);
}

bool ob_text_bool(const char *text, bool *value_out)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
    char lower[8];
    size_t length = strlen(text);
    if (length >= sizeof lower)
        return false;
    for (size_t i = 0; i <= length; i++)
        lower[i] = (char)tolower((unsigned char)text[i]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(lower, words[i]) == 0) {
            *value_out = i % 2 == 1;
            return true;
        }
    return false;
}

bool ob_yaml_bool(const struct ob_yaml_node *node, bool *value_out)
{
    return node->kind == OB_YAML_SCALAR && !node->quoted && ob_text_bool(node->text, value_out);
}

const char *ob_yaml_shown(const struct ob_yaml_node *node, char *out, size_t size)
{
    if (node->kind == OB_YAML_MAP)
        snprintf(out, size, "keys of its own");
    else if (node->kind == OB_YAML_LIST)
        snprintf(out, size, "a list");
    else if (ob_yaml_is_null(node))
        snprintf(out, size, "nothing");
    else
        snprintf(out, size, "'%.60s'%s", node->text, node->quoted ? " in quotes" : "");
    return out;
}
