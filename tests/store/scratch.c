/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scratch.h"

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char folder[256];

const char *scratch_begin(void)
{
    snprintf(folder, sizeof folder, "%s/outbreath-store-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (!mkdtemp(folder))
        fail_msg("no folder for the test");
    return folder;
}

void scratch_end(void)
{
    char command[600];
    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -rf '%s'", folder, folder);
    if (system(command) != 0)
        print_message("the folder %s stays\n", folder);
}

struct ob_store *open_store(const char *path)
{
    char problem[300] = "";
    struct ob_store *store = NULL;
    const struct ob_store_desc desc = {.folder = path};
    if (ob_store_open(&desc, &store, problem, sizeof problem))
        fail_msg("%s", problem);
    return store;
}

struct ob_key *add_person(struct ob_store *store, const char *name, const char *passphrase)
{
    char problem[300] = "";
    static struct ob_person_record record;
    memset(&record, 0, sizeof record);
    snprintf(record.name, sizeof record.name, "%s", name);
    snprintf(record.notes, sizeof record.notes, "notes of %s", name);
    struct ob_key *key = NULL;
    if (ob_store_person_add(store, &record, passphrase ? OB_LOCK_PASSPHRASE : OB_LOCK_KEY_FILE, passphrase,
                            passphrase ? strlen(passphrase) : 0, NULL, &key, problem, sizeof problem))
        fail_msg("%s", problem);
    return key;
}

struct ob_item beat_item(uint64_t n)
{
    struct ob_item item = {.kind = OB_ITEM_BEAT};
    item.u.beat = (struct ob_item_beat){.time_ns = (int64_t)n * 900000000 + (int64_t)(n * n % 7) * 1000,
                                        .age_ns = (int64_t)(n % 13) * 1000000,
                                        .rr_ms = 900.0f + (float)(n % 50),
                                        .nn_ms = 900.0f + (float)(n % 50),
                                        .flag = n % 29 == 0 ? OB_BEAT_ECTOPIC : OB_BEAT_NORMAL};
    return item;
}

struct ob_item features_item(uint64_t n)
{
    struct ob_item item = {.kind = OB_ITEM_FEATURES};
    item.u.features.time_ns = (int64_t)(n + 1) * 1000000000;
    item.u.features.stage = OB_STAGE_GUIDED;
    for (int i = 0; i < OB_FEATURES; i++)
        item.u.features.values[i] = i == (int)(n % OB_FEATURES) ? (float)NAN : (float)i + (float)(n % 100) / 100.0f;
    return item;
}

struct ob_item mark_item(uint64_t n, const char *kind, const char *words)
{
    struct ob_item item = {.kind = OB_ITEM_MARK};
    item.u.mark.time_ns = (int64_t)n * 1000000000;
    snprintf(item.u.mark.kind, sizeof item.u.mark.kind, "%s", kind);
    snprintf(item.u.mark.words, sizeof item.u.mark.words, "%s", words);
    return item;
}

void check_beats(const struct ob_recording *recording, size_t count)
{
    assert_true(recording->beat_count >= count);
    for (size_t i = 0; i < count; i++) {
        const struct ob_item wanted = beat_item(i);
        assert_memory_equal(&recording->beats[i], &wanted.u.beat, sizeof wanted.u.beat);
    }
}

struct ob_session_row keep_session(const char *path, const struct ob_key *key, size_t beats)
{
    char problem[300] = "";
    struct ob_writer *writer = NULL;
    struct ob_session_row row;
    const struct ob_writer_desc desc = {
        .folder = path, .key = key, .start = {.protocol = "guided", .source = "a test", .planned_minutes = 10.0}};
    assert_int_equal(ob_writer_create(&desc, &writer), OB_OK);
    for (size_t i = 0; i < beats; i++) {
        const struct ob_item beat = beat_item(i), features = features_item(i);
        ob_writer_push_wait(writer, &beat);
        ob_writer_push_wait(writer, &features);
    }
    if (ob_writer_finish(writer, NULL, 0, &row, problem, sizeof problem))
        fail_msg("%s", problem);
    return row;
}

static bool found_in_file(const char *path, const void *bytes, size_t size)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return false;
    struct stat status;
    bool found = false;
    if (fstat(fileno(in), &status) == 0 && status.st_size > 0) {
        char *all = malloc((size_t)status.st_size);
        const size_t got = all ? fread(all, 1, (size_t)status.st_size, in) : 0;
        found = all && memmem(all, got, bytes, size) != NULL;
        free(all);
    }
    fclose(in);
    return found;
}

bool found_on_disk(const char *path, const void *bytes, size_t size)
{
    DIR *dir = opendir(path);
    if (!dir)
        return found_in_file(path, bytes, size);
    bool found = false;
    for (const struct dirent *entry; !found && (entry = readdir(dir)) != NULL;) {
        char inner[1024];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        found = entry->d_name[0] != '.' && found_on_disk(inner, bytes, size);
    }
    closedir(dir);
    return found;
}
