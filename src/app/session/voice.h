/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language of what is spoken, and where recordings lie. Main thread. */
#ifndef OB_APP_VOICE_H
#define OB_APP_VOICE_H

#include "base/err.h"

#include <stddef.h>

typedef const char *ob_voice_tr_fn(const char *english);

/* The language to speak: what was asked for ("auto" or NULL: what the environment says). Static memory: "en", "de", or
 * NULL when something else was asked for. What the environment wants and is not there becomes English. */
const char *ob_voice_language(const char *asked);

/* How lines come into it: by the catalogue; NULL for English. Call ob_tr_begin() before. */
ob_voice_tr_fn *ob_voice_tr(const char *language);

/* The folder of recordings, voice/ beside what is kept (data: NULL for the usual one). */
enum ob_err ob_voice_folder(const char *data, char *path_out, size_t size);

#endif
