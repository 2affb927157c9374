/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing of whole files, and what errno means. Caller's thread. */
#ifndef OB_OS_FILE_H
#define OB_OS_FILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum ob_err ob_err_from_errno(int code);

/* Reads a whole file into *bytes_out (freed by the caller with free; one 0 byte stands behind the contents).
 * OB_ERR_EMPTY for an empty file, OB_ERR_RANGE above limit bytes, OB_ERR_IO for a folder. */
enum ob_err ob_file_read(const char *path, size_t limit, unsigned char **bytes_out, size_t *size_out);

/* Writes beside the file, syncs, and renames over it: either the old or the new contents are there, never a part. */
enum ob_err ob_file_write_atomic(const char *path, const void *bytes, size_t size);

/* Syncs a finished temporary file and gives it its name, in the same folder. replace: over a file of that name; else
 * OB_ERR_EXISTS when there is one, also when it came to be in this very moment. On an error the temporary file is
 * untouched. */
enum ob_err ob_file_place(const char *temporary, const char *path, bool replace);

#endif
