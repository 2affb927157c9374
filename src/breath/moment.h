/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exhale moment in words: what was seen, when, and how much that is worth. One wording for summary, report, console
 * and screen, in the language of tr (NULL: in English, with a decimal point). It says what changed and never why; a
 * sigh only where a belt or the chest showed one. Pure; any thread. */
#ifndef OB_BREATH_MOMENT_H
#define OB_BREATH_MOMENT_H

#include "base/words.h"
#include "breath/settling.h"

#include <stddef.h>

#define OB_MOMENT_TEXT 640 /* bytes that hold any of the texts */

/* "settling", or "settling with sigh". Static memory. */
const char *ob_moment_label(const struct ob_settling_mark *mark);

/* How often there is a mark without a shift, and that nobody knows the cause: stands wherever a mark does. A sentence;
 * static memory. */
const char *ob_moment_chance(ob_tr_fn *tr);

/* "A shift around 12:40: the heart slowed by 3.3 bpm and stayed slower. ..." Sentences; times since begin_ns. */
void ob_moment_text(const struct ob_settling_mark *mark, int64_t begin_ns, ob_tr_fn *tr, char *out, size_t size);

/* For how long a shift would have been noticed, for how long it could not be told, and for how long there was not yet
 * enough to compare. Sentences. */
void ob_moment_watch_text(double watched_s, double blind_s, double early_s, ob_tr_fn *tr, char *out, size_t size);

/* The mark as "key=value" words, for the store (base/mark.h), without its at_ns; and back, at_ns and begin_ns 0 given:
 * times are then since the session's beginning. False: they are no such words; what is not there is not known. */
void ob_moment_encode(const struct ob_settling_mark *mark, int64_t begin_ns, char *out, size_t size);
bool ob_moment_decode(const char *words, int64_t at_ns, struct ob_settling_mark *mark_out);

#endif
