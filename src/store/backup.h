/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup: the whole store as one file, and back.
 *
 *   header   8 bytes "OBBACK" CR LF, u8 version 1, u8 sealed (1: under a passphrase), 2 bytes 0, u32 passes, u64 memory
 *            in bytes, 16 bytes salt, 32 bytes key (sealed: zero), 24 bytes of the stream's own header
 *   block    as in a sealed file (seal.h). The stream holds entries:
 *            u8 1, u8 length of name, name, u64 size, then the bytes of the file; u8 0 at the end
 *   names    store.db, keys/<id>.key, people/<id>/<name>; nothing else is taken
 *
 * What is in it stays sealed under each person's key. Under a passphrase the backup holds every key and opens on any
 * machine. Without one it holds no key that lies open in a file: it then opens only beside the keys/ folder that it was
 * made with, which guards against a broken database but not against a lost disk. Caller's thread. */
#ifndef OB_STORE_BACKUP_H
#define OB_STORE_BACKUP_H

#include "store/store.h"

struct ob_backup_report {
    uint64_t files, bytes;
    uint64_t people, sessions;
    uint64_t keys_left_out; /* people whose key is not in it */
    bool sealed;
};

/* Written beside path and renamed over it. Works while a session is being written: it holds what was acknowledged. */
enum ob_err ob_store_backup(struct ob_store *store, const char *path, const char *passphrase, size_t passphrase_size,
                            struct ob_backup_report *report_out, char *problem_out, size_t problem_size);

/* Does it want a passphrase? OB_ERR_FORMAT: no backup. */
enum ob_err ob_backup_sealed(const char *path, bool *sealed_out);

/* Reads all of it into folder/restore.new, checks it (every block, the names, SQLite's own check, the schema), and only
 * then puts it in the place of what is there; a crash in between is finished by the next opening. Without keys in the
 * backup those in folder/keys are kept. No store may be open on the folder by this program; OB_ERR_BUSY when another
 * writes to it. OB_ERR_TRUNCATED, OB_ERR_DAMAGED, OB_ERR_KEY (wrong passphrase), OB_ERR_NO_KEY (one is wanted),
 * OB_ERR_NEWER: nothing was changed. */
enum ob_err ob_store_restore(const char *folder, const char *path, const char *passphrase, size_t passphrase_size,
                             struct ob_backup_report *report_out, char *problem_out, size_t problem_size);

#endif
