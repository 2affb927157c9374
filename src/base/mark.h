/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The marks that somebody sets while a session runs: what a therapist sees, at the moment it is seen.
 *
 * One way for all of them, whoever sets them (key, pedal, presenter, console): an OB_EVENT_MARK with a label, and words
 * of somebody's own where there are some. The engine counts it (note_count of the snapshot), the event log keeps it,
 * and the keeper writes it into the session's own rows, sealed, under the names below. A mark never changes pacing or
 * scores; "turned over" begins a new posture, across which nothing is compared. Pure; any thread. */
#ifndef OB_BASE_MARK_H
#define OB_BASE_MARK_H

#include <stddef.h>

/* The number stands in event logs and the name in the store, in files and on the command line: both are contracts, and
 * new ones are added at the end. */
#define OB_MARK_TABLE(X)                                                                                               \
    X(BREATH_CHANGED, "breath changed")                                                                                \
    X(SIGH, "sigh")                                                                                                    \
    X(JAW, "jaw")                                                                                                      \
    X(SHOULDERS, "shoulders")                                                                                          \
    X(ASLEEP, "asleep")                                                                                                \
    X(STOMACH, "stomach")                                                                                              \
    X(NOSE, "nose")                                                                                                    \
    X(PRESSURE, "pressure")                                                                                            \
    X(TURNED_OVER, "turned over")                                                                                      \
    X(TEXT, "text")

/* Marks that the program itself sets where a session is kept: an exhale moment, with "known_s= heart_bpm= swing_pct=
 * breath_brpm= paced= sighs= sigh_s=" as its words (breath_brpm and sighs only where a belt or the chest told them;
 * breath/moment.h reads and writes them); at the end for how long one would have been seen, could not be told, and
 * had nothing yet to be compared with: "watched_s= could_not_tell_s= too_early_s="; and where a part of a protocol
 * begins, with "number= measured=" (1: a window that is compared with another). */
#define OB_MOMENT_KIND "exhale moment"
#define OB_WATCH_KIND  "exhale watch"
#define OB_PHASE_KIND  "phase"

enum ob_mark_label {
#define OB_MARK_ENUM(code, name) OB_MARK_##code,
    OB_MARK_TABLE(OB_MARK_ENUM)
#undef OB_MARK_ENUM
        OB_MARK_LABELS
};

/* "breath changed", ... Static memory; "" out of range. */
const char *ob_mark_name(unsigned label);

/* The other way round; a blank may also be written - or _. -1: none of this name. */
int ob_mark_of(const char *name);

/* Copies words into out (size bytes, ended with a 0) letter by letter as long as they fit: what is no UTF-8 is left
 * out, line breaks and control characters become blanks. NULL counts as "". */
void ob_mark_words(const char *words, char *out, size_t size);

#endif
