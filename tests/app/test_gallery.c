/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath gallery: every scene is drawn, singly and onto the sheet. */
#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static long size_of(const char *folder, const char *name)
{
    char path[400];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &st) ? -1 : (long)st.st_size;
}

static void every_scene_is_drawn(void **state)
{
    (void)state;
    static const char *const pictures[] = {"low-empty",  "low-in",    "low-full", "low-out",    "low-beat",
                                           "high-empty", "high-full", "high-out", "high-moment"};
    static const char *const scenes[] = {"tide", "ink", "embers", "aurora", "dunes"};
    const char *folder = scratch_folder();
    const int code = run_program("gallery --out %s/g --scenes --no-clips --width 160 --height 120", folder);
    if (code == 4) {
        printf("skipped: %s\n", said());
        skip();
    }
    assert_int_equal(code, 0);
    for (size_t s = 0; s < sizeof scenes / sizeof *scenes; s++)
        for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
            char name[80];
            snprintf(name, sizeof name, "g/scenes/%s-%s.png", scenes[s], pictures[i]);
            if (size_of(folder, name) < 2000)
                fail_msg("%s has %ld bytes", name, size_of(folder, name));
        }
    assert_true(size_of(folder, "g/scenes.webp") > 10000);
    assert_int_equal(run_program("gallery --width 10"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_scene_is_drawn)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
