/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings for the tests of this room: read whole, or skipped with a word when they are not there. */
#ifndef OB_TESTS_FORMAT_DATA_H
#define OB_TESTS_FORMAT_DATA_H

#include <stdio.h>
#include <stdlib.h>

/* Contents of a file of the data folder, freed by the caller; NULL (and a word) when it is not there. */
static inline unsigned char *read_data(const char *name, size_t *size_out)
{
    const char *folder = getenv("OB_DATA");
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder && *folder ? folder : OB_TEST_DATA_DEFAULT, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        printf("skipped: %s is not there\n", path);
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    rewind(file);
    unsigned char *bytes = size > 0 ? malloc((size_t)size) : NULL;
    if (bytes && fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    *size_out = bytes ? (size_t)size : 0;
    return bytes;
}

#endif
