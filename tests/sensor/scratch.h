/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder for the files of one test program, removed at its end. */
#ifndef OB_TESTS_SENSOR_SCRATCH_H
#define OB_TESTS_SENSOR_SCRATCH_H

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch_folder[256];

static inline int scratch_make(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(scratch_folder, sizeof scratch_folder, "%.200s/outbreath-test-XXXXXX", base && *base ? base : "/tmp");
    return mkdtemp(scratch_folder) ? 0 : -1;
}

static inline int scratch_remove(void **state)
{
    (void)state;
    DIR *folder = opendir(scratch_folder);
    for (const struct dirent *entry; folder && (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
    return rmdir(scratch_folder);
}

/* Path of a file in the folder. Static memory, two at a time. */
static inline const char *scratch_path(const char *name)
{
    static char paths[2][PATH_MAX];
    static int which;
    which = !which;
    snprintf(paths[which], sizeof paths[which], "%s/%s", scratch_folder, name);
    return paths[which];
}

static inline const char *scratch_write(const char *name, const void *bytes, size_t size)
{
    const char *path = scratch_path(name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
    return path;
}

/* How many files there are in the folder, but for hidden ones. */
static inline int scratch_entries(void)
{
    DIR *folder = opendir(scratch_folder);
    int count = 0;
    for (const struct dirent *entry; folder && (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    return count;
}

#endif
