/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session leaves in a folder: session.csv (a row a beat), features.csv (a row a second), events.oblog,
 * summary.json.
 *
 * Rows are written as they come, so that whatever happens later, what was recorded is there. A full disk is remembered
 * and told once; the session itself goes on. One thread at a time. */
#ifndef OB_APP_SESSION_FILES_H
#define OB_APP_SESSION_FILES_H

#include "base/err.h"
#include "base/event.h"
#include "base/histogram.h"
#include "breath/search.h"
#include "engine/snapshot.h"
#include "store/key.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_session_files;

/* What the summary says beside what the snapshots say. */
struct ob_session_about {
    const char *source; /* "simulated person", a file's name, ... */
    const char *person; /* description of the simulated person, or NULL */
    uint64_t seed;
    double minutes;
    const char *protocol;                        /* the name of the one that was followed, or NULL */
    double wall_s;                               /* how long it took */
    const struct ob_histogram *snapshot_latency; /* arrival to snapshot, or NULL */
    const struct ob_search_result *search;       /* what a guided search found, or NULL */
};

/* Makes the folder. On failure a sentence is in problem_out. */
enum ob_err ob_session_files_open(const char *folder, struct ob_session_files **files_out, char *problem_out,
                                  int problem_size);

/* An event, in the order in which the engine took it. */
void ob_session_files_event(struct ob_session_files *files, const struct ob_event *event);

/* Call at least each second of session time: writes the beats that are new, and a row of features for each whole
 * second. */
void ob_session_files_look(struct ob_session_files *files, const struct ob_snapshot *snapshot);

/* Something happened that is worth a line in the summary ("pause", "dizzy", "gap", ...). */
void ob_session_files_mark(struct ob_session_files *files, const char *kind, double t_s);

/* Writes summary.json, closes all. The first error of all writing, if there was one; frees. NULL is fine. */
enum ob_err ob_session_files_close(struct ob_session_files *files, const struct ob_session_about *about);

/* Appends events to one .oblog file; also what --record uses. */
/* While the disk is full, events wait in memory (1 MiB) and are written when there is room again; only what does not
 * fit there is lost, and write says so. */
struct ob_event_file;
enum ob_err ob_event_file_open(const char *path, struct ob_event_file **file_out);

/* The same log inside a sealed file (store/seal.h, label "raw"), under a person's key: a crash leaves all that was
 * flushed. Here a full disk ends the recording; what came before is whole. */
enum ob_err ob_event_file_open_sealed(const char *path, const struct ob_key *key, struct ob_event_file **file_out);
enum ob_err ob_event_file_write(struct ob_event_file *file, const struct ob_event *event);
enum ob_err ob_event_file_flush(struct ob_event_file *file); /* to the system: a crash of the program loses no more */
enum ob_err ob_event_file_close(struct ob_event_file *file); /* syncs; NULL is fine */

#endif
