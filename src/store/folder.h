/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and folders that nobody else may read. Private to this room. */
#ifndef OB_STORE_FOLDER_H
#define OB_STORE_FOLDER_H

#include "base/err.h"

#include <stddef.h>

/* mkdir -p, the last one with mode 0700. */
enum ob_err ob_folder_make(const char *path);

/* The names in it are on the disk from here on. A file system that can't is not an error. */
void ob_folder_sync(const char *path);

/* Removes it and the plain files and folders in it, two levels of folders deep. OB_OK when it is not there. */
enum ob_err ob_folder_remove(const char *path);

/* path_out = folder/name; OB_ERR_RANGE when it does not fit. */
enum ob_err ob_folder_join(const char *folder, const char *name, char *path_out, size_t size);

/* All bytes or an error. */
enum ob_err ob_write_all(int fd, const void *bytes, size_t size);

/* size bytes, or fewer at the end of the file. */
enum ob_err ob_read_all(int fd, void *out, size_t size, size_t *got_out);

#endif
