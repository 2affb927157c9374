/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup of somebody else's making: as the file itself (first byte even), and as what is inside its sealed stream
 * (odd), where a fuzzer would never come by guessing. Nothing may be written outside of the folder. */
#include "store/backup.h"
#include "store/backup_inner.h"
#include "store/backup_stream.h"
#include "store/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static char folder[64], file[96], inner[96];

static void clean_up(void)
{
    unlink(file);
    ob_folder_remove(folder);
}

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/ob-fuzz-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    snprintf(file, sizeof file, "%s.backup", folder);
    snprintf(inner, sizeof inner, "%s/inner", folder);
    atexit(clean_up);
}

static void write_raw(const unsigned char *data, size_t size)
{
    FILE *out = fopen(file, "wb");
    if (!out || (size > 0 && fwrite(data, 1, size, out) != size))
        abort();
    fclose(out);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static bool begun;
    if (!begun)
        begin();
    begun = true;
    if (size == 0)
        return 0;
    if (data[0] % 2 == 0)
        write_raw(data + 1, size - 1);
    else {
        struct ob_backup_writer *writer = NULL;
        if (ob_backup_writer_open(file, NULL, 0, &writer) || ob_backup_put(writer, data + 1, size - 1) ||
            ob_backup_writer_close(writer))
            abort();
    }
    struct ob_backup_reader *reader = NULL;
    struct ob_backup_report report = {0};
    bool sealed;
    if (ob_backup_reader_open(file, NULL, 0, &reader, &sealed) == OB_OK) {
        if (ob_folder_make(inner))
            abort();
        ob_restore_unpack(reader, inner, &report);
        ob_backup_reader_close(reader);
        if (ob_folder_remove(inner) || access(inner, F_OK) == 0)
            abort();
        if (rmdir(folder) || mkdir(folder, 0700)) /* empty: nothing went beside */
            abort();
    }
    return 0;
}
