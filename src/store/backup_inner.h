/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restored store on its way to its place. Private to this room. */
#ifndef OB_STORE_BACKUP_INNER_H
#define OB_STORE_BACKUP_INNER_H

#include "base/err.h"

#include <stdbool.h>

/* Is there a restore.new, whole or not? */
bool ob_restore_waits(const char *folder);

/* Moves a whole one into its place, removes one that is not whole. Needs the lock. May be repeated. */
enum ob_err ob_restore_finish(const char *folder);

#endif
