/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store of every schema there ever was opens, with all that was in it. The old ones lie in versions/ as text and are
 * never made anew: they also hold the forms of keys and sealed rows still. */
#include "scratch.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char *text_of(const char *name)
{
    char path[600];
    snprintf(path, sizeof path, OB_SOURCE_DIR "/tests/store/versions/%s", name);
    FILE *in = fopen(path, "rb");
    if (!in)
        fail_msg("%s is not there", path);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, in) > 0);
    fclose(in);
    return text;
}

static void lay_key(const char *folder, const char *name, struct ob_id *id_out)
{
    char *text = text_of(name), path[600];
    assert_int_equal(text[32], '\n');
    text[32] = '\0';
    assert_true(ob_id_parse(text, id_out));
    snprintf(path, sizeof path, "%s/keys", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/keys/%s.key", folder, text);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    for (const char *p = text + 33; *p && *p != '\n'; p += 2) {
        unsigned byte = 0;
        assert_int_equal(sscanf(p, "%2x", &byte), 1);
        fputc((int)byte, out);
    }
    fclose(out);
    free(text);
}

static void lay_database(const char *folder, const char *name)
{
    char path[600];
    char *text = text_of(name);
    sqlite3 *sql = NULL;
    snprintf(path, sizeof path, "%s/store.db", folder);
    assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
    if (sqlite3_exec(sql, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(sql));
    sqlite3_close(sql);
    free(text);
}

static void test_version_1(void **state)
{
    (void)state;
    const char *folder = scratch_begin();
    char problem[300] = "";
    static struct ob_person_record record;
    struct ob_id id;
    lay_key(folder, "v1.key", &id);
    lay_database(folder, "v1.sql");
    struct ob_store *store = open_store(folder);
    assert_string_equal(ob_store_notice(store), "");
    struct ob_key *key = NULL;
    if (ob_key_load(folder, &id, NULL, 0, &key, problem, sizeof problem))
        fail_msg("%s", problem);
    assert_int_equal(ob_store_person_get(store, key, &record), OB_OK);
    assert_string_equal(record.name, "Ada of version 1");
    struct ob_session_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(ob_store_sessions(store, key, &rows, &count, NULL), OB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].state, OB_SESSION_INTERRUPTED);
    assert_int_equal(rows[0].beats, 40);
    assert_true(rows[0].start_wall_ns == INT64_C(1700000000000000000));
    assert_string_equal(rows[0].source, "a strap");
    struct ob_recording recording = {0};
    assert_int_equal(ob_store_session_load(store, key, &rows[0].id, &recording), OB_OK);
    check_beats(&recording, 40);
    assert_int_equal(recording.feature_count, 40);
    assert_int_equal(recording.mark_count, 1);
    assert_string_equal(recording.marks[0].words, "noch ein Wort");
    ob_recording_finish(&recording);
    free(rows);
    /* What came with version 2 works in it. */
    assert_int_equal(ob_store_blob_put(store, key, OB_BLOB_PACE, "x", 1), OB_OK);
    struct ob_key *keys[] = {key};
    struct ob_verify verify;
    assert_int_equal(ob_store_verify(store, keys, 1, &verify), OB_OK);
    assert_true(ob_verify_sound(&verify));
    ob_key_destroy(key);
    ob_store_close(store);
    scratch_end();
}

static void test_a_step_that_fails_leaves_the_old_version(void **state)
{
    (void)state;
    const char *folder = scratch_begin();
    char path[600], problem[300];
    lay_database(folder, "v1.sql");
    sqlite3 *sql = NULL;
    snprintf(path, sizeof path, "%s/store.db", folder);
    assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
    /* Something of that name is there already: the step can't be done. */
    assert_int_equal(sqlite3_exec(sql, "CREATE TABLE blob (x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(sql);
    struct ob_store *store = NULL;
    const struct ob_store_desc desc = {.folder = folder};
    assert_int_not_equal(ob_store_open(&desc, &store, problem, sizeof problem), OB_OK);
    assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(sql, "PRAGMA user_version", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 1);
    sqlite3_finalize(statement);
    assert_int_not_equal(sqlite3_exec(sql, "SELECT * FROM pack", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(sql);
    scratch_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version_1),
        cmocka_unit_test(test_a_step_that_fails_leaves_the_old_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
