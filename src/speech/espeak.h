/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words made by espeak-ng. The library is looked for when it is wanted, not when the program starts: without it, or
 * without its data, there is no voice and all else goes on.
 *
 * espeak-ng keeps global state: there is one at a time in a program, and one thread uses it. */
#ifndef OB_SPEECH_ESPEAK_H
#define OB_SPEECH_ESPEAK_H

#include "base/err.h"

#include <stddef.h>

struct ob_espeak;

/* library: a path or name; NULL: the system's. On failure a sentence for people: OB_ERR_NOT_FOUND without the library,
 * OB_ERR_DAMAGED where it lacks something, OB_ERR_DEVICE when it does not start (mostly for want of its data),
 * OB_ERR_BUSY when there is one already. */
enum ob_err ob_espeak_open(const char *library, struct ob_espeak **espeak_out, char *sentence_out, size_t size);
void ob_espeak_close(struct ob_espeak *espeak);

/* Speaks text (UTF-8) slowly and calmly into memory: mono, -1 to 1, freed by the caller with free. lang: "en", "de" or
 * another one that espeak-ng names so. OB_ERR_UNSUPPORTED: it does not know the language; OB_ERR_EMPTY: there was
 * nothing to say; OB_ERR_RANGE: longer than a minute. */
enum ob_err ob_espeak_say(struct ob_espeak *espeak, const char *lang, const char *text, float **mono_out,
                          size_t *frames_out, double *sample_rate_hz_out);

#endif
