/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mark.h"

#include "base/utf8.h"

#include <stdint.h>
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

void ob_mark_words(const char *words, char *out, size_t size)
{
    const unsigned char *p = (const unsigned char *)(words ? words : "");
    size_t used = 0;
    while (*p) {
        const size_t length = ob_utf8_letter(p, SIZE_MAX);
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
