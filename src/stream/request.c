/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/request.h"

#include "format/json.h"

#include <string.h>

/* What an object says, as far as it is there; the texts are the reader's. */
struct members {
    const char *verb, *label, *how, *words, *name, *appointment;
    const struct ob_json_value *on, *number;
    const char *number_key;
};

static const char *const silents[OB_SILENT_KINDS] = {"off", "light", "dark"};

const char *ob_silent_name(unsigned silent)
{
    return silent < OB_SILENT_KINDS ? silents[silent] : "";
}

static bool take_text(const struct ob_json *json, const struct ob_json_value *value, const char **text)
{
    const bool first = !*text;
    *text = ob_json_string_of(json, value);
    return first && *text;
}

static bool take_number(const struct ob_json_value *value, const char *key, struct members *m)
{
    const bool first = !m->number;
    m->number = value;
    m->number_key = key;
    return first && value->kind == OB_JSON_NUMBER;
}

static bool take_member(const struct ob_json *json, const struct ob_json_value *value, struct members *m)
{
    const char *key = ob_json_name_of(json, value);
    if (strcmp(key, "do") == 0)
        return take_text(json, value, &m->verb);
    if (strcmp(key, "label") == 0)
        return take_text(json, value, &m->label);
    if (strcmp(key, "how") == 0)
        return take_text(json, value, &m->how);
    if (strcmp(key, "words") == 0)
        return take_text(json, value, &m->words);
    if (strcmp(key, "name") == 0)
        return take_text(json, value, &m->name);
    if (strcmp(key, "appointment") == 0)
        return take_text(json, value, &m->appointment);
    if (strcmp(key, "on") == 0) {
        const bool first = !m->on;
        m->on = value;
        return first && (value->kind == OB_JSON_TRUE || value->kind == OB_JSON_FALSE);
    }
    if (strcmp(key, "brpm") == 0 || strcmp(key, "level") == 0 || strcmp(key, "sitting") == 0)
        return take_number(value, key, m);
    return false;
}

static bool take_members(const struct ob_json *json, struct members *m)
{
    const struct ob_json_value *whole = ob_json_root(json);
    if (!whole || whole->kind != OB_JSON_OBJECT)
        return false;
    for (const struct ob_json_value *v = ob_json_first(json, whole); v; v = ob_json_next(json, v))
        if (!take_member(json, v, m))
            return false;
    return m->verb != NULL;
}

/* ---- meaning ---------------------------------------------------------------------------------------------------- */

enum wants {
    WANTS_NOTHING,
    WANTS_ON,
    WANTS_NUMBER,
    WANTS_NAME,
    WANTS_HOW,
    WANTS_MARK,
    WANTS_LEAVER,
    WANTS_SITTER,
    WANTS_PAGE
};

#define SITTINGS 9007199254740991.0 /* the largest whole number that a double has without gaps */

static const struct verb {
    const char *word;
    enum ob_request_kind kind;
    enum wants wants;
    const char *number_key;
    double low, high;
} verbs[] = {
    {"mark", OB_REQUEST_MARK, WANTS_MARK, NULL, 0, 0},
    {"pause", OB_REQUEST_PAUSE, WANTS_ON, NULL, 0, 0},
    {"breathe", OB_REQUEST_BREATHE, WANTS_ON, NULL, 0, 0},
    {"pace", OB_REQUEST_PACE, WANTS_NUMBER, "brpm", 3, 12},
    {"volume", OB_REQUEST_VOLUME, WANTS_NUMBER, "level", 0, 1},
    {"scene", OB_REQUEST_SCENE, WANTS_NAME, NULL, 0, 0},
    {"sound", OB_REQUEST_SOUND, WANTS_NAME, NULL, 0, 0},
    {"silent", OB_REQUEST_SILENT, WANTS_HOW, NULL, 0, 0},
    {"consent", OB_REQUEST_CONSENT, WANTS_ON, NULL, 0, 0},
    {"part", OB_REQUEST_PART, WANTS_NOTHING, NULL, 0, 0},
    {"next", OB_REQUEST_NEXT, WANTS_LEAVER, "sitting", 0, SITTINGS},
    {"end", OB_REQUEST_END, WANTS_SITTER, "sitting", 0, SITTINGS},
    {"report", OB_REQUEST_REPORT, WANTS_PAGE, "sitting", 0, SITTINGS},
};

static int silent_of(const char *name)
{
    for (int i = 0; i < OB_SILENT_KINDS; i++)
        if (strcmp(name, silents[i]) == 0)
            return i;
    return -1;
}

static bool understand(const struct members *m, const struct verb *verb, struct ob_request *request)
{
    const enum wants w = verb->wants;
    const bool counts = w == WANTS_NUMBER || w == WANTS_LEAVER || w == WANTS_SITTER || w == WANTS_PAGE,
               named = w == WANTS_NAME || (m->name && w == WANTS_LEAVER);
    if (!m->on != (w != WANTS_ON) || !m->number != !counts || !m->name != !named || !m->how != (w != WANTS_HOW) ||
        !m->label != (w != WANTS_MARK) || (m->words && w != WANTS_MARK && w != WANTS_PAGE) ||
        (m->appointment && w != WANTS_PAGE))
        return false;
    request->on = m->on && m->on->kind == OB_JSON_TRUE;
    if (counts) {
        const double number = m->number->number;
        if (strcmp(m->number_key, verb->number_key) != 0 || number < verb->low || number > verb->high)
            return false;
        request->value = number;
    }
    if (named) {
        if (!m->name[0] || strlen(m->name) >= OB_REQUEST_WORDS)
            return false;
        ob_mark_words(m->name, request->words, sizeof request->words);
    }
    if (w == WANTS_PAGE) {
        ob_mark_words(m->appointment, request->words, sizeof request->words);
        ob_mark_words(m->words, request->text, sizeof request->text);
        return true;
    }
    const int code = w == WANTS_HOW ? silent_of(m->how) : w == WANTS_MARK ? ob_mark_of(m->label) : 0;
    if (code < 0 || (m->words && code != OB_MARK_TEXT))
        return false;
    request->code = (uint32_t)code;
    if (m->words)
        ob_mark_words(m->words, request->words, sizeof request->words);
    return w != WANTS_MARK || code != OB_MARK_TEXT || request->words[0];
}

static bool read_members(const struct members *m, struct ob_request *request)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(m->verb, verbs[i].word) == 0) {
            request->kind = verbs[i].kind;
            return understand(m, &verbs[i], request);
        }
    return false;
}

bool ob_request_read(const char *bytes, size_t size, struct ob_request *request_out)
{
    struct ob_json json;
    struct members m = {0};
    struct ob_request request;
    memset(request_out, 0, sizeof *request_out);
    memset(&request, 0, sizeof request);
    if (size > OB_REQUEST_MAX)
        return false;
    const bool read =
        ob_json_parse(&json, bytes, size) == OB_OK && take_members(&json, &m) && read_members(&m, &request);
    ob_json_finish(&json);
    if (read)
        *request_out = request;
    return read;
}
