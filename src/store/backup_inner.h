/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What making and restoring of backups share. Private to this room. */
#ifndef OB_STORE_BACKUP_INNER_H
#define OB_STORE_BACKUP_INNER_H

#include "base/err.h"

#include <stdbool.h>

/* store.db, keys/<id>.key or people/<id>/<plain name>: nothing that could lead out of a folder. */
bool ob_backup_name_is_fine(const char *name);

/* Is there a restore.new, whole or not? */
bool ob_restore_waits(const char *folder);

/* Moves a whole one into its place, removes one that is not whole. Needs the lock. May be repeated after a crash. */
enum ob_err ob_restore_finish(const char *folder);

/* Reads a backup's entries into a folder that is there: the parser of a foreign file. */
struct ob_backup_reader;
struct ob_backup_report;
enum ob_err ob_restore_unpack(struct ob_backup_reader *reader, const char *folder, struct ob_backup_report *report);

#endif
