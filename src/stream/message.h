/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page of the console is sent: JSON of one line, told by its "is". Numbers have a point in every locale, what is
 * not known is null, bytes that are no UTF-8 become a question mark. Times are seconds since the session began.
 *
 *     {"is":"beats","at":NS,"beats":[[s, rr ms, nn ms, "normal"], ...],"newest":[s, rr ms]}
 *         judged beats, and the newest one as it came, which is judged when the next one comes; at: when it arrived
 *         (monotonic ns)
 *     {"is":"now", ...}                                               numbers and stage, four times a second
 *     {"is":"view", ...}                                              all of stream/console_view.h, when it changes
 *     {"is":"moments","moments":[[s, "sentence"], ...]}               the exhale moments, when one is new
 *
 * Sentences are in the language of tr (NULL: English); marks and stages go by their names, which the page puts into
 * words. Pure; any thread. Each writes at most size bytes with a 0 and returns the length; 0 when it does not fit. */
#ifndef OB_STREAM_MESSAGE_H
#define OB_STREAM_MESSAGE_H

#include "base/words.h"
#include "engine/snapshot.h"
#include "stream/console_view.h"

#include <stddef.h>

#define OB_MESSAGE_MAX 24576

/* The beats from number *beats_told on that the snapshot still has; *beats_told is then what the snapshot has. */
size_t ob_message_beats(const struct ob_snapshot *snapshot, uint64_t *beats_told, char *out, size_t size);

/* The pacer's past comes along in the same way. */
size_t ob_message_now(const struct ob_snapshot *snapshot, uint64_t *trace_told, ob_tr_fn *tr, char *out, size_t size);

size_t ob_message_view(const struct ob_console_view *view, const struct ob_snapshot *snapshot, char *out, size_t size);
size_t ob_message_moments(const struct ob_snapshot *snapshot, ob_tr_fn *tr, char *out, size_t size);

#endif
