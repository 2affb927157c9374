/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disk that fails on purpose, between SQLite and the real one (after the idea of SQLite's own test_vfs).
 *
 * Every write goes to the real file, so that the program sees what it wrote; beside that, each file has an image of
 * what a power cut would leave: what was written before the last sync that succeeded. Writes since then are pending; at
 * a cut each of them is there, not there, or torn at a sector. A sync that fails may have written some of what was
 * pending and forgets the rest for ever, as Linux does: a later sync that succeeds does not bring it back.
 *
 * Nothing really reaches a disk here, so that it is quick. Any thread; one fault at a time for all files. */
#ifndef OB_TESTS_STORE_FAULT_VFS_H
#define OB_TESTS_STORE_FAULT_VFS_H

#include <stdbool.h>
#include <stdint.h>

#define FAULT_VFS "faulty"

/* Registers it once, and forgets all images and plans. */
void fault_begin(uint64_t seed);

/* Frees everything. */
void fault_end(void);

/* At the n-th operation (write, sync, truncate) from now the power is cut: the images at that moment go into this
 * folder (existing), and note is called. The program itself goes on. 0: never. */
void fault_cut_at(uint64_t nth, const char *folder, void (*note)(void *user), void *user);

/* The n-th sync from now fails (on files whose name ends so; NULL: any), and so do `more` after it. */
void fault_sync_at(uint64_t nth, int more, const char *ending);

/* From now on no write finds room; or finds it again. */
void fault_full(bool full);

/* How many operations, syncs that failed, and whether the cut has happened. */
uint64_t fault_operations(void);
uint64_t fault_syncs_failed(void);
bool fault_was_cut(void);

#endif
