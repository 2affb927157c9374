/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the console's page in somebody's language. In a file of src/stream/page a sentence for people stands as
 * {{English sentence}}: po/update.sh gathers it from there into the same catalogue as all other words, and when the
 * page is served it becomes its translation, escaped for where it stands. Blanks and line breaks within it count as one
 * blank. Pure; any thread. */
#ifndef OB_STREAM_PHRASE_H
#define OB_STREAM_PHRASE_H

#include "base/words.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_PHRASE_MAX 512 /* bytes of an English sentence with the 0; a longer one stays as it is written */

/* The bytes with each sentence translated (tr; NULL: in English), size_out of them, to be freed; NULL without memory.
 * script: they are JavaScript, where a sentence stands between quotes; else HTML, where it stands in a text or between
 * double quotes. */
char *ob_phrase_fill(const char *bytes, size_t size, bool script, ob_tr_fn *tr, size_t *size_out);

#endif
