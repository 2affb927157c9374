/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/phrase.h"

#include <stdlib.h>
#include <string.h>

struct sheet {
    char *bytes;
    size_t used, room;
    bool failed;
};

static void put(struct sheet *s, const char *bytes, size_t size)
{
    if (size == 0)
        return;
    if (s->used + size > s->room && !s->failed) {
        const size_t room = 2 * (s->used + size);
        char *larger = realloc(s->bytes, room);
        s->failed = !larger;
        s->bytes = larger ? larger : s->bytes;
        s->room = larger ? room : s->room;
    }
    if (s->failed)
        return;
    memcpy(s->bytes + s->used, bytes, size);
    s->used += size;
}

/* What would end the text or the quotes that a sentence stands in. A "</script>" can do no harm in a file of its own,
 * but < is escaped all the same. */
static const char *escaped(char c, bool script)
{
    switch (c) {
    case '<':
        return script ? "\\x3c" : "&lt;";
    case '>':
        return script ? NULL : "&gt;";
    case '&':
        return script ? NULL : "&amp;";
    case '"':
        return script ? "\\\"" : "&quot;";
    case '\'':
        return script ? "\\'" : NULL;
    case '`':
        return script ? "\\`" : NULL;
    case '$':
        return script ? "\\$" : NULL;
    case '\\':
        return script ? "\\\\" : NULL;
    case '\n':
        return script ? "\\n" : NULL;
    default:
        return NULL;
    }
}

static void put_escaped(struct sheet *s, const char *text, bool script)
{
    for (; *text; text++) {
        const char *instead = escaped(*text, script);
        put(s, instead ? instead : text, instead ? strlen(instead) : 1);
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The sentence without line breaks and indents; false: it is too long. */
static bool squeeze(const char *from, size_t size, char out[OB_PHRASE_MAX])
{
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        if (is_blank(from[i]) && (used == 0 || out[used - 1] == ' '))
            continue;
        if (used + 1 >= OB_PHRASE_MAX)
            return false;
        out[used++] = is_blank(from[i]) ? ' ' : from[i];
    }
    used -= used > 0 && out[used - 1] == ' ';
    out[used] = '\0';
    return true;
}

/* Where these two bytes stand; NULL: nowhere. */
static const char *find(const char *from, const char *end, const char two[2])
{
    for (; from + 1 < end; from++)
        if (from[0] == two[0] && from[1] == two[1])
            return from;
    return NULL;
}

char *ob_phrase_fill(const char *bytes, size_t size, bool script, ob_tr_fn *tr, size_t *size_out)
{
    struct sheet s = {.bytes = NULL};
    const char *end = bytes + size;
    for (const char *at = bytes; at < end && !s.failed;) {
        char english[OB_PHRASE_MAX];
        const char *open = find(at, end, "{{"), *close = open ? find(open + 2, end, "}}") : NULL;
        const bool whole = close && squeeze(open + 2, (size_t)(close - open - 2), english);
        const char *plain_end = whole ? open : close ? close + 2 : end;
        put(&s, at, (size_t)(plain_end - at));
        if (whole)
            put_escaped(&s, english[0] ? ob_words_in(tr, english) : "", script);
        at = whole ? close + 2 : plain_end;
    }
    put(&s, "", 1);
    *size_out = s.used - !s.failed;
    if (s.failed)
        free(s.bytes);
    return s.failed ? NULL : s.bytes;
}
