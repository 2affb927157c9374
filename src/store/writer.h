/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door of a live session into the store: a ring, and a thread that commits once a second.
 *
 * The engine's thread pushes items and never waits. Each second the writer seals what came and commits it in one
 * transaction; a beat is *acknowledged* when its number is published after COMMIT returned, and from then on neither a
 * crash nor a power cut loses it. What is not committed yet stays in memory:
 *
 *   disk full, folder read-only, another Outbreath keeps a session   the state is OB_KEEP_WAITING with a sentence; it
 *                          is tried again each second, and nothing is lost as long as memory lasts (32 MiB: days)
 *   fsync or write failed  the database is closed and opened anew, the journal's bytes are written once more, and the
 *                          batch is committed again from memory: an fsync that failed is never asked a second time,
 *                          since the system may have dropped what it could not write and call it clean
 *   damaged database       it is set aside; the session so far goes into a new one from memory as far as it is there
 *
 * Overflow: the ring holds 4096 items (half an hour of a heart and its numbers); the newest is refused and counted. */
#ifndef OB_STORE_WRITER_H
#define OB_STORE_WRITER_H

#include "store/store.h"

struct ob_writer;

struct ob_writer_desc {
    const char *folder;          /* as ob_store_desc */
    const char *vfs;             /* NULL: the usual one. For tests */
    const struct ob_key *key;    /* whose session it is; copied */
    struct ob_session_row start; /* what is given at the start; start_wall_ns 0: now */
    int64_t every_ns;            /* from commit to commit; 0: one second */
    int journal_pages;           /* of 4 KiB: from there on the journal goes into the database; 0: 1000 */
};

enum ob_keep {
    OB_KEEP_STARTING, /* nothing had to be kept yet */
    OB_KEEP_KEEPING,
    OB_KEEP_WAITING, /* not being kept now: see the sentence */
    OB_KEEP_CLOSED,
};

struct ob_writer_status {
    enum ob_keep keep;
    char sentence[160]; /* "" while all is well */
    struct ob_id session;
    uint64_t acknowledged_beats; /* in the order in which they were pushed: the first so many are safe */
    uint64_t waiting_bytes;
    uint64_t refused; /* items that a full ring or full memory did not take */
    uint64_t commits, failures, reopened;
};

/* Starts the thread; the store is opened there, so that a slow disk delays nobody. NULL memory is the only failure. */
enum ob_err ob_writer_create(const struct ob_writer_desc *desc, struct ob_writer **writer_out);

/* The engine's thread (or whoever owns the producer's end). False when the ring is full, and counted. */
bool ob_writer_push(struct ob_writer *writer, const struct ob_item *item);

/* The same for callers that run faster than real time: waits for room. */
void ob_writer_push_wait(struct ob_writer *writer, const struct ob_item *item);

/* Any thread: the newest state. */
void ob_writer_status(struct ob_writer *writer, struct ob_writer_status *status_out);

/* Any thread: how many beats are acknowledged. */
uint64_t ob_writer_acknowledged(const struct ob_writer *writer);

/* Bytes to be kept for the person when the session ends (copied; the last of a kind counts). Main thread. */
enum ob_err ob_writer_blob(struct ob_writer *writer, enum ob_blob kind, const void *bytes, size_t size);

/* Any thread: what the beats turned out to come from (enum ob_beat_source), for the session's header when it ends. */
void ob_writer_beats_from(struct ob_writer *writer, uint32_t beats_from);

/* Ends the session: commits what waits (tries for at most patience_ns, 0: five seconds), fills in the header, packs the
 * seconds into few rows, joins the thread and frees. row_out (may be NULL): the session as it was kept. Not OB_OK: some
 * of it was not kept, and the sentence says why. NULL is fine. */
enum ob_err ob_writer_finish(struct ob_writer *writer, const uint32_t checkin[2], int64_t patience_ns,
                             struct ob_session_row *row_out, char *problem_out, size_t problem_size);

#endif
