/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of src/stream/page, compiled into the program. Immutable; any thread. */
#ifndef OB_STREAM_PAGE_FILE_H
#define OB_STREAM_PAGE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct ob_page_file {
    const char *name; /* "console.html"; NULL behind the last */
    const char *bytes;
    size_t size;
};

extern const struct ob_page_file ob_page_files[];

/* NULL: there is none. */
const struct ob_page_file *ob_page_file(const char *name);

/* Its media type, by the ending. */
const char *ob_page_type(const char *name);

/* Whether people read words in it, and whether it is a script (stream/phrase.h). */
bool ob_page_speaks(const char *name, bool *script_out);

#endif
