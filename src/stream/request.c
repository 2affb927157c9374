/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/request.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

struct reader {
    const unsigned char *p, *end;
};

struct members {
    bool has_do, has_label, has_words, has_on, has_number, has_name, has_how, has_appointment;
    char verb[16], label[32], how[16], number_key[16];
    char words[OB_REQUEST_MAX + 1], name[OB_REQUEST_MAX + 1], appointment[OB_REQUEST_MAX + 1];
    bool on;
    double number;
};

static const char *const silents[OB_SILENT_KINDS] = {"off", "light", "dark"};

const char *ob_silent_name(unsigned silent)
{
    return silent < OB_SILENT_KINDS ? silents[silent] : "";
}

static void skip_blanks(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

static bool take(struct reader *r, char wanted)
{
    skip_blanks(r);
    if (r->p >= r->end || *r->p != (unsigned char)wanted)
        return false;
    r->p++;
    return true;
}

static bool take_word(struct reader *r, const char *word)
{
    const size_t length = strlen(word);
    if ((size_t)(r->end - r->p) < length || memcmp(r->p, word, length) != 0)
        return false;
    r->p += length;
    return true;
}

/* ---- strings ---------------------------------------------------------------------------------------------------- */

static bool hex4(struct reader *r, uint32_t *unit_out)
{
    if (r->end - r->p < 4)
        return false;
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        const unsigned char c = *r->p++;
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return false;
        unit = unit << 4 | (uint32_t)digit;
    }
    *unit_out = unit;
    return true;
}

/* What stands behind a backslash, as UTF-8; returns how many bytes, 0: nothing that there is. */
static size_t escaped(struct reader *r, char out[4])
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (r->p >= r->end)
        return 0;
    const unsigned char c = *r->p++;
    if (c != 'u') {
        const char *at = c ? strchr(from, c) : NULL;
        out[0] = at ? to[at - from] : '\0';
        return at != NULL;
    }
    uint32_t code, low;
    if (!hex4(r, &code))
        return 0;
    if (code >= 0xd800 && code <= 0xdbff) {
        if (!take_word(r, "\\u") || !hex4(r, &low) || low < 0xdc00 || low > 0xdfff)
            return 0;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (code == 0 || (code >= 0xdc00 && code <= 0xdfff))
        return 0;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)((0xf00u >> length & 0xf0u) | code);
    return length;
}

/* A string that fits into size bytes with its 0. */
static bool take_string(struct reader *r, char *out, size_t size)
{
    size_t used = 0;
    if (!take(r, '"'))
        return false;
    while (r->p < r->end && *r->p != '"') {
        char bytes[4];
        size_t length;
        if (*r->p == '\\') {
            r->p++;
            length = escaped(r, bytes);
        } else {
            length = *r->p < 0x20 ? 0 : ob_utf8_letter(r->p, (size_t)(r->end - r->p));
            memcpy(bytes, r->p, length);
            r->p += length;
        }
        if (length == 0 || used + length >= size)
            return false;
        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = '\0';
    return r->p < r->end && *r->p++ == '"';
}

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

static bool is_digit(const struct reader *r)
{
    return r->p < r->end && *r->p >= '0' && *r->p <= '9';
}

/* By hand, since strtod() follows the locale. Sixteen digits are more than anything here needs. */
static bool take_number(struct reader *r, double *number_out)
{
    skip_blanks(r);
    const bool negative = r->p < r->end && *r->p == '-';
    r->p += negative;
    if (!is_digit(r) || (*r->p == '0' && r->end - r->p > 1 && r->p[1] >= '0' && r->p[1] <= '9'))
        return false;
    double value = 0.0, scale = 1.0;
    for (; is_digit(r); r->p++)
        value = value * 10.0 + (*r->p - '0');
    if (r->p < r->end && *r->p == '.') {
        r->p++;
        if (!is_digit(r))
            return false;
        for (int digits = 0; is_digit(r); r->p++, digits++) {
            if (digits >= 15)
                continue;
            scale *= 10.0;
            value = value * 10.0 + (*r->p - '0');
        }
    }
    if (r->p < r->end && (*r->p == 'e' || *r->p == 'E'))
        return false; /* nothing that is asked for is so large or so small */
    *number_out = (negative ? -value : value) / scale;
    return isfinite(*number_out);
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

static bool first(bool *seen)
{
    const bool was = *seen;
    *seen = true;
    return !was;
}

static bool take_member(struct reader *r, struct members *m)
{
    char key[16];
    if (!take_string(r, key, sizeof key) || !take(r, ':'))
        return false;
    if (strcmp(key, "do") == 0)
        return first(&m->has_do) && take_string(r, m->verb, sizeof m->verb);
    if (strcmp(key, "label") == 0)
        return first(&m->has_label) && take_string(r, m->label, sizeof m->label);
    if (strcmp(key, "how") == 0)
        return first(&m->has_how) && take_string(r, m->how, sizeof m->how);
    if (strcmp(key, "words") == 0)
        return first(&m->has_words) && take_string(r, m->words, sizeof m->words);
    if (strcmp(key, "name") == 0)
        return first(&m->has_name) && take_string(r, m->name, sizeof m->name);
    if (strcmp(key, "appointment") == 0)
        return first(&m->has_appointment) && take_string(r, m->appointment, sizeof m->appointment);
    if (strcmp(key, "on") == 0) {
        skip_blanks(r);
        m->on = take_word(r, "true");
        return first(&m->has_on) && (m->on || take_word(r, "false"));
    }
    if (strcmp(key, "brpm") == 0 || strcmp(key, "level") == 0 || strcmp(key, "sitting") == 0) {
        memcpy(m->number_key, key, sizeof key);
        return first(&m->has_number) && take_number(r, &m->number);
    }
    return false;
}

static bool take_object(struct reader *r, struct members *m)
{
    if (!take(r, '{'))
        return false;
    do {
        if (!take_member(r, m))
            return false;
    } while (take(r, ','));
    if (!take(r, '}'))
        return false;
    skip_blanks(r);
    return r->p == r->end;
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
               named = w == WANTS_NAME || (m->has_name && w == WANTS_LEAVER);
    if (m->has_on != (w == WANTS_ON) || m->has_number != counts || m->has_name != named ||
        m->has_how != (w == WANTS_HOW) || m->has_label != (w == WANTS_MARK) ||
        (m->has_words && w != WANTS_MARK && w != WANTS_PAGE) || (m->has_appointment && w != WANTS_PAGE))
        return false;
    request->on = m->on;
    if (counts) {
        if (strcmp(m->number_key, verb->number_key) != 0 || m->number < verb->low || m->number > verb->high)
            return false;
        request->value = m->number;
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
    if (code < 0 || (m->has_words && code != OB_MARK_TEXT))
        return false;
    request->code = (uint32_t)code;
    if (m->has_words)
        ob_mark_words(m->words, request->words, sizeof request->words);
    return w != WANTS_MARK || code != OB_MARK_TEXT || request->words[0];
}

bool ob_request_read(const char *bytes, size_t size, struct ob_request *request_out)
{
    struct reader r = {(const unsigned char *)bytes, (const unsigned char *)bytes + size};
    struct members m;
    memset(&m, 0, sizeof m);
    memset(request_out, 0, sizeof *request_out);
    if (size > OB_REQUEST_MAX || !take_object(&r, &m) || !m.has_do)
        return false;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(m.verb, verbs[i].word) != 0)
            continue;
        struct ob_request request;
        memset(&request, 0, sizeof request);
        request.kind = verbs[i].kind;
        if (!understand(&m, &verbs[i], &request))
            return false;
        *request_out = request;
        return true;
    }
    return false;
}
