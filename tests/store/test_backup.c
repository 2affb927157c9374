/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup brings everything back, and one that is not whole changes nothing. */
#include "scratch.h"
#include "store/backup.h"
#include "store/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char problem[400];
static struct ob_backup_report report;

struct place {
    char here[300], there[300], file[300], other[300];
};

static struct place places(void)
{
    struct place p;
    const char *folder = scratch_begin();
    snprintf(p.here, sizeof p.here, "%s/here", folder);
    snprintf(p.there, sizeof p.there, "%s/there", folder);
    snprintf(p.file, sizeof p.file, "%s/backup", folder);
    snprintf(p.other, sizeof p.other, "%s/other", folder);
    return p;
}

static struct ob_key *fill(const char *folder, const char *name, size_t beats)
{
    struct ob_store *store = open_store(folder);
    struct ob_key *key = add_person(store, name, NULL);
    char path[400];
    struct ob_sealed_writer *writer = NULL;
    assert_int_equal(ob_store_person_folder(store, ob_key_person(key), path, sizeof path), OB_OK);
    strcat(path, "/one.raw.sealed");
    assert_int_equal(ob_sealed_create(path, key, "raw", &writer), OB_OK);
    assert_int_equal(ob_sealed_write(writer, "raw", 3), OB_OK);
    assert_int_equal(ob_sealed_close(writer), OB_OK);
    ob_store_close(store);
    keep_session(folder, key, beats);
    return key;
}

static void back_up(const char *folder, const char *file, const char *passphrase)
{
    struct ob_store *store = open_store(folder);
    if (ob_store_backup(store, file, passphrase, passphrase ? strlen(passphrase) : 0, &report, problem, sizeof problem))
        fail_msg("%s", problem);
    ob_store_close(store);
}

static enum ob_err restore(const char *folder, const char *file, const char *passphrase)
{
    return ob_store_restore(folder, file, passphrase, passphrase ? strlen(passphrase) : 0, &report, problem,
                            sizeof problem);
}

/* Everything of this person is there and opens with the key that is there. */
static void check_person(const char *folder, const struct ob_id *id, size_t beats)
{
    struct ob_store *store = open_store(folder);
    struct ob_key *key = NULL;
    struct ob_verify verify;
    if (ob_key_load(folder, id, NULL, 0, &key, problem, sizeof problem))
        fail_msg("%s", problem);
    assert_int_equal(ob_store_verify(store, &key, 1, &verify), OB_OK);
    assert_true(ob_verify_sound(&verify));
    assert_int_equal(verify.beats, beats);
    assert_int_equal(verify.files, 1);
    ob_key_destroy(key);
    ob_store_close(store);
}

static void test_under_a_passphrase_it_opens_anywhere(void **state)
{
    (void)state;
    const struct place p = places();
    struct ob_key *key = fill(p.here, "Ada", 500);
    back_up(p.here, p.file, "open sesame");
    assert_int_equal(report.people, 1);
    assert_int_equal(report.keys_left_out, 0);
    struct stat status;
    assert_int_equal(stat(p.file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(restore(p.there, p.file, NULL), OB_ERR_NO_KEY);
    assert_int_equal(restore(p.there, p.file, "open sesam"), OB_ERR_KEY);
    assert_int_equal(restore(p.there, p.file, "open sesame"), OB_OK);
    check_person(p.there, ob_key_person(key), 500);
    /* And in the place of something else. */
    struct ob_key *bob = fill(p.other, "Bob", 30);
    assert_int_equal(restore(p.other, p.file, "open sesame"), OB_OK);
    check_person(p.other, ob_key_person(key), 500);
    keep_session(p.other, key, 20); /* life goes on there */
    check_person(p.other, ob_key_person(key), 520);
    ob_key_destroy(bob);
    ob_key_destroy(key);
    scratch_end();
}

static void test_without_one_no_key_leaves(void **state)
{
    (void)state;
    const struct place p = places();
    struct ob_key *key = fill(p.here, "Ada", 100);
    char path[400], id[OB_ID_TEXT];
    unsigned char bytes[112];
    ob_id_text(ob_key_person(key), id);
    snprintf(path, sizeof path, "%s/keys/%s.key", p.here, id);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    assert_int_equal(fread(bytes, 1, sizeof bytes, in), sizeof bytes);
    fclose(in);
    back_up(p.here, p.file, NULL);
    assert_int_equal(report.keys_left_out, 1);
    assert_int_equal(restore(p.there, p.file, NULL), OB_OK);
    struct ob_key *none = NULL;
    assert_int_equal(ob_key_load(p.there, ob_key_person(key), NULL, 0, &none, problem, sizeof problem),
                     OB_ERR_NOT_FOUND);
    assert_false(found_on_disk(p.there, bytes + 64, 32));
    assert_int_equal(restore(p.here, p.file, NULL), OB_OK); /* beside the key it opens */
    check_person(p.here, ob_key_person(key), 100);
    ob_key_destroy(key);
    scratch_end();
}

static void test_what_is_not_whole_changes_nothing(void **state)
{
    (void)state;
    const struct place p = places();
    struct ob_key *key = fill(p.here, "Ada", 300), *bob = fill(p.there, "Bob", 40);
    back_up(p.here, p.file, NULL);
    FILE *in = fopen(p.file, "rb");
    assert_non_null(in);
    static unsigned char bytes[1 << 20];
    const size_t size = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    assert_true(size > 1000 && size < sizeof bytes);
    for (size_t i = 0; i < 60; i++) {
        const bool cut = i % 2 == 0;
        const size_t at = i < 40 ? i * size / 40 : size - 1 - (i - 40);
        FILE *out = fopen(p.other, "wb");
        assert_non_null(out);
        bytes[at] ^= cut ? 0 : 1;
        fwrite(bytes, 1, cut ? at : size, out);
        fclose(out);
        bytes[at] ^= cut ? 0 : 1;
        problem[0] = '\0';
        assert_int_not_equal(restore(p.there, p.other, NULL), OB_OK);
        assert_non_null(strstr(problem, "nothing was changed"));
    }
    FILE *out = fopen(p.other, "wb"); /* and one with something behind it */
    fwrite(bytes, 1, size, out);
    fputc(0, out);
    fclose(out);
    assert_int_equal(restore(p.there, p.other, NULL), OB_ERR_DAMAGED);
    check_person(p.there, ob_key_person(bob), 40);
    char path[400];
    snprintf(path, sizeof path, "%s/restore.new", p.there);
    assert_int_not_equal(access(path, F_OK), 0);
    ob_key_destroy(bob);
    ob_key_destroy(key);
    scratch_end();
}

static void test_a_crash_in_between_is_finished_or_undone(void **state)
{
    (void)state;
    const struct place p = places();
    char command[2000];
    struct ob_key *key = fill(p.here, "Ada", 300), *bob = fill(p.there, "Bob", 40);
    back_up(p.here, p.file, "x");
    /* What a crash while unpacking leaves: a stage without the mark. */
    snprintf(command, sizeof command, "mkdir '%s/restore.new' && echo half >'%s/restore.new/store.db'", p.there,
             p.there);
    assert_int_equal(system(command), 0);
    check_person(p.there, ob_key_person(bob), 40);
    snprintf(command, sizeof command, "test ! -e '%s/restore.new'", p.there);
    assert_int_equal(system(command), 0);
    /* And one while moving: some of it is in its place. */
    assert_int_equal(restore(p.other, p.file, "x"), OB_OK);
    snprintf(
        command, sizeof command,
        "cd '%s' && mkdir restore.new && cp -r '%s'/store.db '%s'/people restore.new/ && touch restore.new/whole && "
        "cp '%s'/keys/* keys/",
        p.there, p.other, p.other, p.other);
    assert_int_equal(system(command), 0);
    check_person(p.there, ob_key_person(key), 300);
    snprintf(command, sizeof command, "test ! -e '%s/restore.new'", p.there);
    assert_int_equal(system(command), 0);
    ob_key_destroy(bob);
    ob_key_destroy(key);
    scratch_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_under_a_passphrase_it_opens_anywhere),
        cmocka_unit_test(test_without_one_no_key_leaves),
        cmocka_unit_test(test_what_is_not_whole_changes_nothing),
        cmocka_unit_test(test_a_crash_in_between_is_finished_or_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
