/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRINT_MAX 2048

void ob_text_finish(struct ob_text *text)
{
    free(text->bytes);
    memset(text, 0, sizeof *text);
}

void ob_text_put(struct ob_text *text, const char *bytes, size_t size)
{
    if (text->failed)
        return;
    if (text->size + size + 1 > text->room) {
        const size_t room = 2 * (text->size + size) + 256;
        char *larger = realloc(text->bytes, room);
        if (!larger) {
            text->failed = true;
            return;
        }
        text->bytes = larger;
        text->room = room;
    }
    if (size > 0)
        memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void ob_text_print(struct ob_text *text, const char *format, ...)
{
    char line[PRINT_MAX];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (length > 0)
        ob_text_put(text, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

void ob_text_wrap(struct ob_text *text, const char *lead, int width, const char *words)
{
    const int indent = (int)strlen(lead);
    int column = 0;
    while (*words) {
        const int length = (int)strcspn(words, " ");
        if (column > 0 && column + 1 + length > width) {
            ob_text_put(text, "\n", 1);
            column = 0;
        }
        if (column == 0) {
            ob_text_put(text, lead, (size_t)indent);
            column = indent;
        } else {
            ob_text_put(text, " ", 1);
            column++;
        }
        ob_text_put(text, words, (size_t)length);
        column += length;
        words += length;
        words += strspn(words, " ");
    }
    ob_text_put(text, "\n", 1);
}
