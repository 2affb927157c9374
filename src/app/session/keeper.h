/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps a session: what the engine shows and takes goes to the store's writer, in the same way for a window and for
 * headless. Nobody is kept by mistake: a simulated person is kept only on request and as a simulated one.
 *
 * begin and end on the main thread; look and event on the engine's. */
#ifndef OB_APP_KEEPER_H
#define OB_APP_KEEPER_H

#include "app/session/session_files.h"
#include "engine/engine.h"
#include "store/keepsake.h"
#include "store/writer.h"

#include <stdbool.h>

struct ob_keeper;

struct ob_keeper_desc {
    const char *data; /* folder, or NULL */
    const char *who;  /* name, number or id, or NULL: the only one; the first one ever is made, with a key file */
    const char *passphrase_file;
    const char *source;    /* kind of sensor, for people */
    const char *protocol;  /* name of the one that is followed; NULL or "": guided, or a chosen pace */
    bool simulated;        /* the heart is a simulated person's */
    bool faster;           /* than real time: pushing waits for room */
    int64_t start_wall_ns; /* 0: now */
    int32_t utc_offset_s;  /* with start_wall_ns */
};

/* Whose it is: the one named, or, with NULL, the only one there is; the first one ever is made, with a key file. Needs
 * the lock only for that. Not OB_EXIT_DONE: a sentence was said. */
int ob_keeper_person(struct ob_store *store, const char *who, struct ob_person_row *row_out);

/* Finds the person and opens the key, fills in what the plan knows of the person (baseline, a gentle start after the
 * dizziness key), and starts the writer. Not OB_EXIT_DONE: a sentence was said, and nothing is kept. OB_EXIT_FAILED:
 * the folder can't be used, and a session may go on without being kept; anything else is a mistake in what was asked
 * for. */
int ob_keeper_begin(const struct ob_keeper_desc *desc, struct ob_session_plan *plan, struct ob_keeper **keeper_out);

/* Each snapshot, at least each second of the session. NULL is fine. */
void ob_keeper_look(struct ob_keeper *keeper, const struct ob_snapshot *snapshot);

/* Each event as the engine takes it: commands, gaps and marks become marks. NULL is fine. */
void ob_keeper_event(struct ob_keeper *keeper, const struct ob_event *event);

/* What sessions before have learnt of the person's own pace, as the event that the engine takes right after BEGIN.
 * False: nothing is known. Engine's thread; NULL is fine. */
bool ob_keeper_past(const struct ob_keeper *keeper, struct ob_event *event_out);

/* Takes over what the engine has learnt, before it is destroyed. Engine's thread; NULL is fine. */
void ob_keeper_learn(struct ob_keeper *keeper, const struct ob_engine *engine);

/* Any thread. */
void ob_keeper_status(struct ob_keeper *keeper, struct ob_writer_status *status_out);

/* A log of all events beside the session, sealed under the person's key: people/<id>/<session>.raw.sealed. It is
 * deleted with the session or the person. The caller closes it. Main thread. */
enum ob_err ob_keeper_raw(struct ob_keeper *keeper, struct ob_event_file **file_out);

/* What somebody answers afterwards, 0-10; less: nothing. Before ob_keeper_end(); NULL is fine. */
void ob_keeper_check_in(struct ob_keeper *keeper, int before, int after);

/* With what picture, sound and volume it is; an empty value leaves what was kept before. Before ob_keeper_end(). */
void ob_keeper_surroundings(struct ob_keeper *keeper, const struct ob_keepsake *chosen);

/* What was kept, for whoever makes a page of it: the key of its person is open as long as this is not finished. */
struct ob_kept_session {
    char folder[4096];
    struct ob_key *key; /* NULL: nothing was kept */
    struct ob_id session;
};

/* Wipes it; one that is all zeros is fine. */
void ob_kept_session_finish(struct ob_kept_session *kept);

/* Closes the session, keeps baseline and the gentle flag, frees. Prints one line about what was kept, or says what was
 * not. Returns code, or OB_EXIT_FAILED where something could not be kept. kept_out (finished or zeroed; NULL: nobody
 * asks) then holds it, or nothing. A NULL keeper is fine and leaves it as it is. */
int ob_keeper_end(struct ob_keeper *keeper, int code, struct ob_kept_session *kept_out);

/* Where the raw log of a session lies, whether it is there or not. */
enum ob_err ob_keeper_raw_path(const char *person_folder, const struct ob_id *session, char *path_out, size_t size);

#endif
