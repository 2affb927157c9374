/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mark.h"

#include <stdbool.h>
#include <string.h>

static const char *const names[OB_MARK_LABELS] = {
#define OB_MARK_NAME(code, name) name,
    OB_MARK_TABLE(OB_MARK_NAME)
#undef OB_MARK_NAME
};

const char *ob_mark_name(unsigned label)
{
    return label < OB_MARK_LABELS ? names[label] : "";
}

int ob_mark_of(const char *name)
{
    for (int i = 0; i < OB_MARK_LABELS; i++) {
        size_t k = 0;
        while (name[k] && (name[k] == names[i][k] || (names[i][k] == ' ' && (name[k] == '-' || name[k] == '_'))))
            k++;
        if (!name[k] && !names[i][k])
            return i;
    }
    return -1;
}

/* Bytes of the letter that begins here (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF); 0: none. */
static size_t letter(const unsigned char *p)
{
    if (p[0] < 0x80)
        return 1;
    const size_t length = p[0] >= 0xc2 && p[0] <= 0xdf   ? 2
                          : (p[0] & 0xf0) == 0xe0        ? 3
                          : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4
                                                         : 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    const bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    const bool outside = (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f);
    return overlong || outside ? 0 : length;
}

void ob_mark_words(const char *words, char *out, size_t size)
{
    const unsigned char *p = (const unsigned char *)(words ? words : "");
    size_t used = 0;
    while (*p) {
        const size_t length = letter(p);
        if (length == 0) {
            p++;
            continue;
        }
        if (used + length >= size)
            break;
        if (length == 1)
            out[used] = *p < 0x20 || *p == 0x7f ? ' ' : (char)*p;
        else
            memcpy(out + used, p, length);
        used += length;
        p += length;
    }
    memset(out + used, 0, size - used);
}
