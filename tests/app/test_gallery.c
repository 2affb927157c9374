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

/* What the program does for itself before it shows somebody's own scene (render/trial.h). */
static void a_scene_is_tried_by_the_program(void **state)
{
    (void)state;
    char path[300];
    const char *folder = scratch_folder();
    snprintf(path, sizeof path, "%s/plain.glsl", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("vec3 scene(vec2 at) { return vec3(0.2, 0.3, 0.4); }", file);
    fclose(file);
    const int code = run_program("scene-trial %s gl", path);
    if (code == 3) {
        printf("no GL to draw with offscreen: skipped\n");
        skip();
    }
    assert_int_equal(code, 0);
    assert_memory_equal(printed(), "ready\n", 6);
    const double s = atof(printed() + 6);
    assert_true(s > 0.0 && s < 30.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_scene_is_drawn),
                                       cmocka_unit_test(a_scene_is_tried_by_the_program)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
