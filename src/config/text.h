/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text that grows: pages and edited files are made in it. Heap, pure, one thread at a time. */
#ifndef OB_CONFIG_TEXT_H
#define OB_CONFIG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct ob_text {
    char *bytes; /* ends with a 0 that size does not count; NULL while empty */
    size_t size, room;
    bool failed; /* there was no memory; what is there is not complete */
};

void ob_text_finish(struct ob_text *text); /* a zeroed struct is an empty text */
void ob_text_put(struct ob_text *text, const char *bytes, size_t size);
void ob_text_print(struct ob_text *text, const char *format, ...); /* at most 2000 bytes a call */

/* Words, one after the other with blanks between, in lines of at most width characters, each after the same lead. */
void ob_text_wrap(struct ob_text *text, const char *lead, int width, const char *words);

#endif
