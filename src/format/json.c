/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/json.h"

#include "base/utf8.h"
#include "format/lines.h"

#include <stdlib.h>
#include <string.h>

/* Strings are decoded in place: what they say is never longer than how it is written. */
struct reader {
    struct ob_json *json;
    size_t at, size;
    enum ob_err err;
    int depth;
};

static uint32_t fail(struct reader *r, enum ob_err err)
{
    if (!r->err)
        r->err = err;
    return 0;
}

static int peek(struct reader *r)
{
    return r->at < r->size ? (unsigned char)r->json->text[r->at] : -1;
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->size && strchr(" \t\r\n", r->json->text[r->at]) && r->json->text[r->at])
        r->json->line += r->json->text[r->at++] == '\n';
}

static uint32_t add(struct reader *r, enum ob_json_kind kind)
{
    struct ob_json *json = r->json;
    if (json->count == json->room) {
        const size_t room = json->room ? 2 * json->room : 1024;
        struct ob_json_value *values = room < UINT32_MAX ? realloc(json->values, room * sizeof *values) : NULL;
        if (!values)
            return fail(r, OB_ERR_NO_MEMORY);
        json->values = values;
        json->room = room;
    }
    json->values[json->count] = (struct ob_json_value){.kind = kind};
    return (uint32_t)json->count++;
}

static bool take_word(struct reader *r, const char *word)
{
    const size_t length = strlen(word);
    if (r->size - r->at < length || memcmp(r->json->text + r->at, word, length) != 0)
        return false;
    r->at += length;
    return true;
}

static bool take_hex(struct reader *r, uint32_t *code_out)
{
    uint32_t code = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        const int c = peek(r);
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return false;
        code = code << 4 | (uint32_t)digit;
    }
    *code_out = code;
    return true;
}

static size_t put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[more] | code >> (6 * more));
    for (int i = 1; i <= more; i++)
        out[i] = (char)(0x80 | (code >> (6 * (more - i)) & 0x3F));
    return (size_t)more + 1;
}

/* Behind the backslash. 0: no such escape, or one for a character that a string of ours can't hold. */
static size_t take_escape(struct reader *r, char *out)
{
    static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    const int c = peek(r);
    const char *name = c > 0 ? strchr(names, c) : NULL;
    r->at++;
    if (name) {
        *out = means[name - names];
        return 1;
    }
    uint32_t code, low;
    if (c != 'u' || !take_hex(r, &code) || code == 0 || (code >= 0xDC00 && code < 0xE000))
        return 0;
    if (code >= 0xD800 && code < 0xDC00) {
        if (!take_word(r, "\\u") || !take_hex(r, &low) || low < 0xDC00 || low >= 0xE000)
            return 0;
        code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00));
    }
    return put_utf8(out, code);
}

/* The offset of the decoded string; the quotation mark is where reading stands. */
static bool take_string(struct reader *r, uint32_t *offset_out)
{
    char *text = r->json->text;
    size_t to = ++r->at;
    *offset_out = (uint32_t)to;
    while (r->at < r->size) {
        const unsigned char c = (unsigned char)text[r->at];
        if (c == '"') {
            r->at++;
            text[to] = 0;
            return true;
        }
        if (c < 0x20)
            break;
        if (c == '\\') {
            r->at++;
            const size_t length = take_escape(r, text + to);
            if (length == 0)
                break;
            to += length;
        } else {
            const size_t length = ob_utf8_letter(text + r->at, r->size - r->at);
            if (length == 0)
                break;
            memmove(text + to, text + r->at, length);
            to += length;
            r->at += length;
        }
    }
    (void)fail(r, OB_ERR_FORMAT);
    return false;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static uint32_t take_number(struct reader *r)
{
    const size_t from = r->at;
    bool negative = false, whole = true;
    if (peek(r) == '-') {
        negative = true;
        r->at++;
    }
    if (!is_digit(peek(r)))
        return fail(r, OB_ERR_FORMAT);
    uint64_t integer = 0;
    const bool zero_first = peek(r) == '0';
    size_t digits = 0;
    for (; is_digit(peek(r)); r->at++, digits++) {
        const uint64_t digit = (uint64_t)(peek(r) - '0');
        whole = whole && integer <= (uint64_t)(INT64_MAX / 10) && 10 * integer + digit <= (uint64_t)INT64_MAX;
        integer = whole ? 10 * integer + digit : integer;
    }
    if (zero_first && digits > 1)
        return fail(r, OB_ERR_FORMAT);
    if (peek(r) == '.') {
        whole = false;
        r->at++;
        if (!is_digit(peek(r)))
            return fail(r, OB_ERR_FORMAT);
        while (is_digit(peek(r)))
            r->at++;
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        whole = false;
        r->at++;
        if (peek(r) == '+' || peek(r) == '-')
            r->at++;
        if (!is_digit(peek(r)))
            return fail(r, OB_ERR_FORMAT);
        while (is_digit(peek(r)))
            r->at++;
    }
    char number[64];
    double value;
    const size_t length = r->at - from;
    if (length >= sizeof number)
        return fail(r, OB_ERR_FORMAT);
    memcpy(number, r->json->text + from, length);
    number[length] = 0;
    if (ob_number_parse(number, '.', &value) != OB_NUMBER)
        return fail(r, OB_ERR_FORMAT);
    const uint32_t index = add(r, OB_JSON_NUMBER);
    if (index) {
        r->json->values[index].number = value;
        r->json->values[index].whole = whole;
        r->json->values[index].integer = negative ? -(int64_t)integer : (int64_t)integer;
    }
    return index;
}

static uint32_t take_value(struct reader *r);

static uint32_t take_members(struct reader *r, bool object)
{
    const int end = object ? '}' : ']';
    const uint32_t index = add(r, object ? OB_JSON_OBJECT : OB_JSON_ARRAY);
    if (!index)
        return 0;
    if (++r->depth > OB_JSON_DEPTH)
        return fail(r, OB_ERR_RANGE);
    r->at++;
    skip_blanks(r);
    uint32_t before = 0;
    while (peek(r) != end) {
        uint32_t name = 0;
        if (before) {
            if (peek(r) != ',')
                return fail(r, OB_ERR_FORMAT);
            r->at++;
            skip_blanks(r);
        }
        if (object) {
            if (peek(r) != '"' || !take_string(r, &name))
                return fail(r, OB_ERR_FORMAT);
            skip_blanks(r);
            if (peek(r) != ':')
                return fail(r, OB_ERR_FORMAT);
            r->at++;
            skip_blanks(r);
        }
        const uint32_t value = take_value(r);
        if (!value)
            return 0;
        r->json->values[value].name = name;
        if (before)
            r->json->values[before].next = value;
        else
            r->json->values[index].first = value;
        before = value;
        skip_blanks(r);
    }
    r->at++;
    r->depth--;
    return index;
}

static uint32_t take_value(struct reader *r)
{
    const int c = peek(r);
    if (c == '{' || c == '[')
        return take_members(r, c == '{');
    if (c == '"') {
        const uint32_t index = add(r, OB_JSON_STRING);
        uint32_t offset;
        if (!index || !take_string(r, &offset))
            return 0;
        r->json->values[index].string = offset;
        return index;
    }
    if (c == '-' || is_digit(c))
        return take_number(r);
    if (take_word(r, "null"))
        return add(r, OB_JSON_NULL);
    if (take_word(r, "true"))
        return add(r, OB_JSON_TRUE);
    if (take_word(r, "false"))
        return add(r, OB_JSON_FALSE);
    return fail(r, OB_ERR_FORMAT);
}

enum ob_err ob_json_parse(struct ob_json *json, const char *bytes, size_t size)
{
    memset(json, 0, sizeof *json);
    json->line = 1;
    if (size > OB_JSON_MAX)
        return OB_ERR_RANGE;
    json->text = malloc(size + 1);
    if (!json->text)
        return OB_ERR_NO_MEMORY;
    if (size > 0)
        memcpy(json->text, bytes, size);
    json->text[size] = 0;
    struct reader r = {.json = json, .size = size};
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        r.at = 3;
    (void)add(&r, OB_JSON_NULL); /* so that 0 is no value */
    skip_blanks(&r);
    (void)take_value(&r);
    skip_blanks(&r);
    if (!r.err && r.at != size)
        r.err = OB_ERR_FORMAT;
    return r.err;
}

void ob_json_finish(struct ob_json *json)
{
    free(json->values);
    free(json->text);
    memset(json, 0, sizeof *json);
}

static const struct ob_json_value *at(const struct ob_json *json, uint32_t index)
{
    return index > 0 && index < json->count ? &json->values[index] : NULL;
}

const struct ob_json_value *ob_json_root(const struct ob_json *json)
{
    return at(json, 1);
}

const struct ob_json_value *ob_json_first(const struct ob_json *json, const struct ob_json_value *value)
{
    return value && (value->kind == OB_JSON_ARRAY || value->kind == OB_JSON_OBJECT) ? at(json, value->first) : NULL;
}

const struct ob_json_value *ob_json_next(const struct ob_json *json, const struct ob_json_value *value)
{
    return value ? at(json, value->next) : NULL;
}

const char *ob_json_name_of(const struct ob_json *json, const struct ob_json_value *value)
{
    return json->text + value->name;
}

const struct ob_json_value *ob_json_get(const struct ob_json *json, const struct ob_json_value *value, const char *name)
{
    if (!value || value->kind != OB_JSON_OBJECT)
        return NULL;
    for (const struct ob_json_value *v = ob_json_first(json, value); v; v = ob_json_next(json, v))
        if (strcmp(ob_json_name_of(json, v), name) == 0)
            return v;
    return NULL;
}

const char *ob_json_string_of(const struct ob_json *json, const struct ob_json_value *value)
{
    return value && value->kind == OB_JSON_STRING ? json->text + value->string : NULL;
}
