/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first start. That it was read is a small file in the state folder, so that it comes once. */
#include "app/places/place.h"
#include "app/window/shell.h"
#include "os/file.h"
#include "os/paths.h"
#include "os/tr.h"
#include "ui/first_screen.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_NAME   "read-first"
#define VOLUME_STEP 0.05
#define SOUND_ONLY  "screen-free"

struct first {
    struct ob_shell *shell;
    struct ob_ui_first model;
};

static bool path_of(char *path_out, size_t size)
{
    char folder[PATH_MAX];
    if (ob_paths_user_state(folder, sizeof folder) != OB_OK)
        return false;
    const int length = snprintf(path_out, size, "%s/" READ_NAME, folder);
    return length > 0 && (size_t)length < size;
}

bool ob_place_first_is_due(void)
{
    char path[PATH_MAX];
    return path_of(path, sizeof path) && !ob_paths_exists(path);
}

static void note_read(void)
{
    static const char words[] = "The page of the first start was read.\n";
    char path[PATH_MAX], folder[PATH_MAX];
    if (ob_paths_user_state(folder, sizeof folder) == OB_OK && ob_paths_make(folder) == OB_OK &&
        path_of(path, sizeof path))
        ob_file_write_atomic(path, words, sizeof words - 1);
}

static void describe(struct first *f)
{
    struct ob_ui_first *m = &f->model;
    m->volume_01 = ob_sound_volume_01(&f->shell->sound);
    snprintf(m->volume, sizeof m->volume, "%.0f%%", 100.0 * m->volume_01);
    ob_shell_sensor_sentence(f->shell, m->sensor, sizeof m->sensor);
    m->reads = ob_settings_is(&f->shell->loaded.settings, OB_SET_DISPLAY_SPEAK);
}

static void *enter(struct ob_shell *shell)
{
    struct first *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->shell = shell;
    describe(f);
    return f;
}

static bool step(void *state, int64_t now_ns)
{
    (void)now_ns;
    struct first *f = state;
    const struct ob_ui_first before = f->model;
    describe(f);
    return memcmp(&before, &f->model, sizeof before) != 0;
}

static void draw(void *state, struct ob_ui_canvas *canvas)
{
    const struct first *f = state;
    ob_ui_first_draw(canvas, &f->model);
}

static bool adjust(void *state, uint64_t key, int by)
{
    struct first *f = state;
    if (ob_ui_first_choice(key) != OB_UI_FIRST_VOLUME)
        return false;
    ob_sound_change_volume(&f->shell->sound, VOLUME_STEP * by);
    ob_shell_let_hear(f->shell);
    return true;
}

static void back(void *state)
{
    struct first *f = state;
    f->shell->leave = true;
}

static void choose(void *state, uint64_t key)
{
    struct first *f = state;
    switch (ob_ui_first_choice(key)) {
    case OB_UI_FIRST_SOUND_ONLY:
        if (!ob_shell_choose(f->shell, SOUND_ONLY))
            break;
        note_read();
        ob_shell_begin(f->shell);
        break;
    case OB_UI_FIRST_BEGIN:
        note_read();
        ob_shell_begin(f->shell);
        break;
    case OB_UI_FIRST_VOLUME:
        ob_shell_let_hear(f->shell);
        break;
    case OB_UI_FIRST_SENSORS:
        ob_shell_show_sensors(f->shell);
        break;
    case OB_UI_FIRST_READ:
        ob_shell_keep_reading(f->shell, !f->model.reads);
        break;
    case OB_UI_FIRST_HOME:
        note_read();
        ob_shell_go(f->shell, &ob_place_home);
        break;
    case OB_UI_FIRST_NOTHING:
        break;
    }
}

/* The way in, though something stands above it. */
static uint64_t first(void *state)
{
    (void)state;
    return ob_ui_first_key(OB_UI_FIRST_BEGIN);
}

const struct ob_place ob_place_first = {
    .name = "first",
    .enter = enter,
    .leave = free,
    .step = step,
    .first = first,
    .screen = {.sheer = true, .draw = draw, .choose = choose, .adjust = adjust, .back = back}};
