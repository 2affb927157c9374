/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/json.h"

#include "base/utf8.h"

#include <stddef.h>
#include <stdint.h>

void ob_json_string(FILE *out, const char *text)
{
    if (!text) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        const size_t length = ob_utf8_letter(p, SIZE_MAX);
        if (length == 0) {
            fputs("\\ufffd", out);
            p++;
            continue;
        }
        if (*p == '"' || *p == '\\')
            fprintf(out, "\\%c", *p);
        else if (*p < 0x20)
            fprintf(out, "\\u%04x", *p);
        else
            fwrite(p, 1, length, out);
        p += length;
    }
    fputc('"', out);
}
