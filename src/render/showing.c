/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/showing.h"

#include "base/log.h"
#include "base/time.h"
#include "os/clock.h"

#include <stdio.h>
#include <string.h>

#define TROUBLE_NS (15 * OB_NS_PER_S) /* how long a sentence about a scene stays */

void ob_showing_init(struct ob_showing *showing, const char *shader_dir, const char *own_dir, GLuint noise, bool es)
{
    memset(showing, 0, sizeof *showing);
    snprintf(showing->shader_dir, sizeof showing->shader_dir, "%s", shader_dir ? shader_dir : "");
    snprintf(showing->own_dir, sizeof showing->own_dir, "%s", own_dir ? own_dir : "");
    snprintf(showing->good, sizeof showing->good, "%s", OB_SCENE_DEFAULT);
    showing->noise = noise;
    showing->es = es;
    showing->fade.seen_01 = 1.0f;
}

void ob_showing_try_outside(struct ob_showing *showing, const char *program, double trial_s)
{
    snprintf(showing->trial_program, sizeof showing->trial_program, "%s", program ? program : "");
    showing->trial_s = trial_s;
}

void ob_showing_finish(struct ob_showing *showing)
{
    ob_trial_end(&showing->trial);
    ob_scene_finish(&showing->scenes[0]);
    ob_scene_finish(&showing->scenes[1]);
}

static const char *own_dir(const struct ob_showing *showing)
{
    return showing->own_dir[0] ? showing->own_dir : NULL;
}

/* A file's name without its folders. */
static const char *last_part(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

static void too_long(const char *name, double s, char *sentence_out, int size)
{
    snprintf(sentence_out, (size_t)size, "The scene '%.80s' is not shown: one picture of it takes about %.1f seconds.",
             last_part(name), s);
}

/* A scene into one of the two places; what was there is gone. */
static enum ob_err open_scene(struct ob_showing *showing, int place, const char *name, int width, int height,
                              char *problem_out, int problem_size)
{
    struct ob_scene *scene = &showing->scenes[place];
    char path[OB_SCENE_PATH];
    ob_scene_finish(scene);
    snprintf(showing->names[place], sizeof showing->names[place], "%s", name ? name : OB_SCENE_DEFAULT);
    name = showing->names[place];
    showing->own[place] = ob_shelf_find(own_dir(showing), name, path, sizeof path);
    enum ob_err err = ob_scene_init(scene, showing->shader_dir[0] ? showing->shader_dir : NULL, path, showing->es);
    if (err == OB_ERR_NOT_FOUND) {
        ob_shelf_unknown(own_dir(showing), name, problem_out, problem_size);
    } else if (err) {
        snprintf(problem_out, (size_t)problem_size, "The scene '%.80s' can't be shown: %s%s%.300s.", name,
                 ob_err_text(err), scene->program.problem[0] ? ": " : "", scene->program.problem);
    } else if (showing->own[place]) {
        const double s = ob_scene_trial_s(scene, showing->noise, width, height);
        if (s > OB_WATCH_TRIAL_S) {
            too_long(name, s, problem_out, problem_size);
            ob_scene_finish(scene);
            err = OB_ERR_SHADER;
        }
    }
    return err;
}

/* Begins to try somebody's own scene outside. False: it is none, or there is no way to. */
static bool try_outside(struct ob_showing *showing, const char *name)
{
    char path[OB_SCENE_PATH];
    if (!showing->trial_program[0] || !name || !ob_shelf_find(own_dir(showing), name, path, sizeof path))
        return false;
    showing->trial_stamp = ob_program_stamp(path);
    return ob_trial_begin(&showing->trial, showing->trial_program, path, showing->es, showing->trial_s);
}

enum ob_err ob_showing_open(struct ob_showing *showing, const char *name, int width, int height, char *problem_out,
                            int problem_size)
{
    /* There is no picture yet that could go on. */
    enum ob_trial_state state = try_outside(showing, name) ? OB_TRIAL_RUNS : OB_TRIAL_NONE;
    while (state == OB_TRIAL_RUNS) {
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 5 * OB_NS_PER_MS);
        state = ob_trial_step(&showing->trial, last_part(name), problem_out, problem_size);
    }
    if (state == OB_TRIAL_REFUSED)
        return OB_ERR_SHADER;
    const enum ob_err err = open_scene(showing, showing->shown, name, width, height, problem_out, problem_size);
    if (!err && !showing->own[showing->shown])
        snprintf(showing->good, sizeof showing->good, "%.47s", showing->names[showing->shown]);
    return err;
}

/* Into the place of the scene that comes, and dark for it. */
static enum ob_err bring(struct ob_showing *showing, const char *name, int width, int height, char *problem_out,
                         int problem_size)
{
    const enum ob_err err = open_scene(showing, !showing->shown, name, width, height, problem_out, problem_size);
    /* Without the other scene there is nothing to go dark for. */
    showing->fade.out = !err;
    return err;
}

enum ob_err ob_showing_show(struct ob_showing *showing, const char *name, int width, int height, char *problem_out,
                            int problem_size)
{
    ob_trial_end(&showing->trial);
    showing->asked[0] = '\0';
    showing->asked_by = 0;
    if (!try_outside(showing, name))
        return bring(showing, name, width, height, problem_out, problem_size);
    snprintf(showing->asked, sizeof showing->asked, "%s", name);
    return OB_OK;
}

static void complain(struct ob_showing *showing, const char *sentence)
{
    snprintf(showing->trouble, sizeof showing->trouble, "%.255s", sentence);
    showing->trouble_until_ns = ob_clock_monotonic_ns() + TROUBLE_NS;
    ob_log(OB_LOG_WARNING, "%s", sentence);
}

const char *ob_showing_name(const struct ob_showing *showing)
{
    return showing->asked[0] ? showing->asked : showing->names[showing->fade.out ? !showing->shown : showing->shown];
}

void ob_showing_title(const struct ob_showing *showing, char *title_out, int size)
{
    ob_shelf_title(own_dir(showing), ob_showing_name(showing), title_out, size);
}

enum ob_err ob_showing_next(struct ob_showing *showing, int by, int width, int height, char *title_out, int size)
{
    const char *now = ob_showing_name(showing);
    struct ob_shelf shelf;
    char problem[512];
    ob_shelf_list(own_dir(showing), &shelf);
    int at = by > 0 ? -1 : 0; /* of a file that is on no shelf */
    for (int i = 0; i < shelf.count; i++)
        if (strcmp(shelf.names[i], now) == 0)
            at = i;
    enum ob_err err = OB_ERR_NOT_FOUND;
    for (int tried = 0; tried < shelf.count; tried++) {
        const char *name = shelf.names[((at + by * (1 + tried)) % shelf.count + shelf.count) % shelf.count];
        err = ob_showing_show(showing, name, width, height, problem, sizeof problem);
        if (!err) {
            showing->asked_by = by;
            ob_shelf_title(own_dir(showing), name, title_out, size);
            break;
        }
        complain(showing, problem);
    }
    return err;
}

/* Back to the program's own, at once: each further frame of a scene that hangs would be another wait. It comes up from
 * the dark. */
static void leave(struct ob_showing *showing, int place)
{
    char problem[512];
    if (open_scene(showing, !place, showing->good, 1, 1, problem, sizeof problem) &&
        open_scene(showing, !place, NULL, 1, 1, problem, sizeof problem)) {
        complain(showing, problem);
        return;
    }
    showing->shown = !place;
    showing->fade.out = false;
    showing->fade.seen_01 = 0.0f;
    ob_scene_finish(&showing->scenes[place]);
}

/* The file of the scene shown, as it is now. */
static void take_in(struct ob_showing *showing, int width, int height)
{
    struct ob_scene *scene = &showing->scenes[showing->shown];
    if (!ob_program_refresh(&scene->program) || !showing->own[showing->shown] || scene->program.problem[0])
        return;
    const double s = ob_scene_trial_s(scene, showing->noise, width, height);
    showing->watch.slow_ns = 0;
    if (s <= OB_WATCH_TRIAL_S)
        return;
    char sentence[200];
    too_long(showing->names[showing->shown], s, sentence, sizeof sentence);
    complain(showing, sentence);
    leave(showing, showing->shown);
}

void ob_showing_refresh(struct ob_showing *showing, int width, int height)
{
    struct ob_scene *scene = &showing->scenes[showing->shown];
    const bool outside = showing->own[showing->shown] && showing->trial_program[0];
    if (outside && (showing->trial.child || !ob_program_changed(&scene->program) ||
                    try_outside(showing, showing->names[showing->shown])))
        return;
    take_in(showing, width, height);
}

/* Somebody has saved again since it was begun: what was tried is not what is there now. */
static bool saved_meanwhile(const struct ob_showing *showing, const char *name)
{
    char path[OB_SCENE_PATH];
    return ob_shelf_find(own_dir(showing), name, path, sizeof path) && ob_program_stamp(path) != showing->trial_stamp;
}

/* What became of the trial outside. */
static void hear_trial(struct ob_showing *showing, int width, int height)
{
    char sentence[256], title[80], asked[OB_SCENE_PATH];
    const bool edit = !showing->asked[0];
    const char *name = edit ? showing->names[showing->shown] : showing->asked;
    const enum ob_trial_state state = ob_trial_step(&showing->trial, last_part(name), sentence, sizeof sentence);
    if (state == OB_TRIAL_NONE || state == OB_TRIAL_RUNS)
        return;
    if (saved_meanwhile(showing, name) && try_outside(showing, name))
        return;
    if (edit) {
        if (state == OB_TRIAL_PASSED)
            take_in(showing, width, height);
        else /* the last good text stays */
            ob_program_pass_over(&showing->scenes[showing->shown].program, sentence);
        return;
    }
    memcpy(asked, showing->asked, sizeof asked);
    if (state == OB_TRIAL_PASSED) {
        showing->asked[0] = '\0';
        if (!bring(showing, asked, width, height, sentence, sizeof sentence))
            return;
    }
    complain(showing, sentence);
    if (showing->asked_by) /* on from there */
        snprintf(showing->asked, sizeof showing->asked, "%s", asked);
    else
        showing->asked[0] = '\0';
    if (showing->asked_by && ob_showing_next(showing, showing->asked_by, width, height, title, sizeof title))
        showing->asked[0] = '\0';
}

void ob_showing_draw(struct ob_showing *showing, const struct ob_snapshot *snapshot, bool reduced_motion, GLuint target,
                     int width, int height, int64_t seen_ns)
{
    if (ob_scene_fade_step(&showing->fade, seen_ns)) {
        showing->shown = !showing->shown;
        showing->watch.slow_ns = 0;
        if (!showing->own[showing->shown])
            snprintf(showing->good, sizeof showing->good, "%.*s", OB_SHELF_NAME - 1, showing->names[showing->shown]);
    }
    hear_trial(showing, width, height);
    struct ob_scene_inputs inputs = ob_scene_inputs_of(snapshot, reduced_motion, seen_ns);
    inputs.presence_01 *= showing->fade.seen_01;
    ob_scene_draw(&showing->scenes[showing->shown], &inputs, showing->noise, target, width, height);
    if (showing->trouble[0] && ob_clock_monotonic_ns() > showing->trouble_until_ns)
        showing->trouble[0] = '\0';
}

void ob_showing_watch(struct ob_showing *showing, int64_t cost_ns)
{
    if (!showing->own[showing->shown] || !ob_watch_frame(&showing->watch, cost_ns))
        return;
    char sentence[200];
    snprintf(sentence, sizeof sentence, "The scene '%.80s' was left: one picture of it takes %.1f seconds.",
             last_part(showing->names[showing->shown]), ob_s_from_ns(cost_ns));
    showing->watch.slow_ns = 0;
    complain(showing, sentence);
    leave(showing, showing->shown);
}

const char *ob_showing_problem(const struct ob_showing *showing)
{
    const char *problem = showing->scenes[showing->shown].program.problem;
    return problem[0] ? problem : showing->trouble;
}
