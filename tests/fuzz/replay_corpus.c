/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where there is no libFuzzer: runs a target over every file of the folders and files named. An input that once crashed
 * is a regression test for ever. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -1;
    }
    uint8_t *data = NULL;
    size_t size = 0, got;
    do {
        uint8_t *more = realloc(data, size + 65536);
        if (!more) {
            free(data);
            fclose(file);
            return -1;
        }
        data = more;
        size += got = fread(data + size, 1, 65536, file);
    } while (got > 0);
    fclose(file);
    /* A copy of exactly its size: a sanitizer then sees every byte read past the end. */
    uint8_t *exact = malloc(size ? size : 1);
    if (exact) {
        memcpy(exact, data, size);
        LLVMFuzzerTestOneInput(exact, size);
    }
    free(data);
    free(exact);
    return exact ? 1 : -1;
}

static int replay(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return replay_file(path);
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        char inner[4096];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        const int one = replay(inner);
        if (one < 0) {
            count = -1;
            break;
        }
        count += one;
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        const int some = replay(argv[i]);
        if (some < 0)
            return 1;
        count += some;
    }
    printf("%d inputs\n", count);
    if (count == 0) {
        fprintf(stderr, "no inputs: a target needs seeds in tests/fuzz/corpus\n");
        return 1;
    }
    return 0;
}
