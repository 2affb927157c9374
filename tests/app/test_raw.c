/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The raw log beside a session: sealed, replayed to the same snapshots, whole up to a crash, and deleted with it. */
#include "program.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *folder;

/* The one file of its kind below people/; static memory, "" when there is none. */
static const char *raw_file(void)
{
    static char path[600];
    char command[400];
    snprintf(command, sizeof command, "find '%s/data/people' -name '*.raw.sealed' 2>/dev/null", folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    path[0] = '\0';
    if (fgets(path, sizeof path, pipe))
        path[strcspn(path, "\n")] = '\0';
    pclose(pipe);
    return path;
}

static void a_kept_log_gives_the_same_snapshots(void **state)
{
    (void)state;
    assert_int_equal(run_program("headless --store --data %s/data --record kept --out %s/out --no-frames --no-sound "
                                 "--person seed=3 --minutes 1",
                                 folder, folder),
                     0);
    assert_int_equal(run_program("replay %s/out/events.oblog --hash", folder), 0);
    char hash[64];
    snprintf(hash, sizeof hash, "%s", printed());
    assert_int_equal(strlen(hash), 17);
    assert_int_equal(run_program("replay --session 1 --data %s/data --hash", folder), 0);
    assert_string_equal(printed(), hash);
}

static void nothing_of_it_lies_open(void **state)
{
    (void)state;
    assert_true(strlen(raw_file()) > 0);
    FILE *file = fopen(raw_file(), "rb");
    assert_non_null(file);
    static unsigned char bytes[1 << 22];
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(size > 20000);
    assert_null(memmem(bytes, size, "OBLOG", 5));
    assert_int_equal(run_program("verify --data %s/data", folder), 0);
}

static void a_crash_leaves_what_came_before(void **state)
{
    (void)state;
    char kept[600];
    snprintf(kept, sizeof kept, "%s", raw_file());
    char command[1300];
    snprintf(command, sizeof command, "cp '%s' '%s/whole' && truncate -s 100000 '%s'", kept, folder, kept);
    assert_int_equal(system(command), 0);
    assert_int_equal(run_program("replay --session 1 --data %s/data", folder), 0);
    unsigned long long events = 0;
    assert_int_equal(sscanf(printed(), "%llu events", &events), 1);
    assert_true(events > 100);
    snprintf(command, sizeof command, "cp '%s/whole' '%s'", folder, kept);
    assert_int_equal(system(command), 0);
}

static void it_goes_with_its_session(void **state)
{
    (void)state;
    assert_int_equal(run_program("delete --session 1 --data %s/data --yes", folder), 0);
    assert_string_equal(raw_file(), "");
    assert_true(run_program("replay --session 1 --data %s/data", folder) != 0);
}

static void it_is_kept_only_on_request(void **state)
{
    (void)state;
    assert_int_equal(run_program("headless --store --data %s/data --person seed=3 --minutes 0.5", folder), 0);
    assert_string_equal(raw_file(), "");
    assert_int_equal(run_program("replay --session 2 --data %s/data", folder), 3);
    assert_non_null(strstr(said(), "--record kept"));
    assert_int_equal(run_program("headless --record kept --out %s/out", folder), 2);
    assert_int_equal(run_program("headless --store --record other --data %s/data", folder), 2);
    assert_int_equal(run_program("replay"), 2);
    assert_int_equal(run_program("replay x.oblog --session 1"), 2);
}

static int set_up(void **state)
{
    (void)state;
    folder = scratch_folder();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kept_log_gives_the_same_snapshots), cmocka_unit_test(nothing_of_it_lies_open),
        cmocka_unit_test(a_crash_leaves_what_came_before),     cmocka_unit_test(it_goes_with_its_session),
        cmocka_unit_test(it_is_kept_only_on_request),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
