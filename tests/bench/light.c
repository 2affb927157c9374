/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The light guard's table: every scene, driven to every extreme of its inputs, by transitions and starts, and scenes
 * that flash on purpose; what is shown with the guard and what would be without. Judged by WCAG 2.3.1 and by our own
 * limits (render/flicker.h) on the pixels of the composed frames. Ends with an error when a guarded one breaks a limit.
 */
#include "../render/canvas.h"
#include "../render/extremes.h"
#include "../render/scenario.h"
#include "base/time.h"
#include "render/flicker.h"
#include "render/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_NS (OB_NS_PER_S / 60)

static struct ob_snapshot snapshot;
static unsigned char pixels[CANVAS_BYTES];
static float cells[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS][3];
static int broken;

enum way { EXTREME, TRANSITIONS, START };

static struct ob_flicker play(const char *scene, enum way way, const struct extreme *extreme, enum ob_guard guard,
                              int frames)
{
    const struct ob_render_desc desc = {
        .width = CANVAS_WIDTH, .height = CANVAS_HEIGHT, .offscreen = true, .scene = scene, .guard = guard};
    char problem[512], title[80];
    struct ob_render *render = NULL;
    struct ob_flicker flicker;
    if (ob_render_create(&desc, &render, problem, sizeof problem)) {
        fprintf(stderr, "%s\n", problem);
        exit(1);
    }
    ob_flicker_init(&flicker);
    for (int f = 0; f < frames; f++) {
        struct ob_overlay overlay = {0};
        scenario_fill(&snapshot, 100.0);
        if (extreme)
            extreme->make(&snapshot, &overlay, f);
        if (way == TRANSITIONS && f % 45 == 5)
            ob_render_next_scene(render, 1, title, sizeof title);
        if (way == START)
            snapshot.params.presence_01 = f < 20 ? 0.0f : 1.0f;
        canvas_draw(render, &snapshot, &overlay, 100 * OB_NS_PER_S + f * FRAME_NS, pixels);
        canvas_colours(pixels, cells);
        ob_flicker_frame(&flicker, cells, 100 * OB_NS_PER_S + f * FRAME_NS);
    }
    ob_render_destroy(render);
    return flicker;
}

static void row(const char *scene, const char *shown, enum way way, const struct extreme *extreme, const char *what,
                int frames)
{
    const struct ob_flicker with = play(scene, way, extreme, OB_GUARD_ALL, frames);
    const struct ob_flicker without = play(scene, way, extreme, OB_GUARD_NONE, frames);
    const bool fails = ob_flicker_fails(&with) || with.whole_per_s >= OB_FLICKER_PER_S;
    broken += fails;
    printf("| %-18s | %-20s | %6.3f %7d %5d | %7.3f %7d %5d | %-5s | %s\n", shown, what, with.whole_per_s, with.flashes,
           with.red_flashes, without.whole_per_s, without.flashes, without.red_flashes,
           ob_flicker_fails(&without) ? "fails" : "holds", fails ? "BROKEN" : "holds");
    fflush(stdout);
}

/* bench_light [FRAMES [SCENE.glsl ...]] */
int main(int argc, char **argv)
{
    const int frames = argc > 1 ? atoi(argv[1]) : 150;
    if (frames <= 0)
        return 2;
    printf(
        "%d frames of 1/60 s; per second: change of the whole screen (of full white), flashes of an area, red ones\n",
        frames);
    printf("| scene              | driven by            |      with the guard   |         without it      | WCAG then "
           "| and with\n");
    char name[64];
    for (int i = 0; argc > 2 ? argv[i + 2] != NULL : ob_shelf_name(i, name, sizeof name) != NULL; i++) {
        const char *scene = argc > 2 ? argv[i + 2] : name;
        for (const struct extreme *e = extremes; e->name; e++)
            row(scene, scene, EXTREME, e, e->name, frames);
        row(scene, scene, START, NULL, "start", frames);
    }
    if (argc <= 2)
        row(NULL, "all, in turn", TRANSITIONS, NULL, "going on to the next", 3 * frames);
    char *folder = argc > 2 ? NULL : canvas_folder(), path[200];
    for (const struct flashing_scene *f = flashing_scenes; folder && f->name; f++) {
        snprintf(path, sizeof path, "%s/flashing.glsl", folder);
        canvas_write(path, f->text);
        row(path, f->name, EXTREME, &extremes[1], "itself", frames);
    }
    if (folder)
        canvas_remove_folder(folder);
    printf("%s\n", broken ? "Limits were broken." : "Every guarded one keeps every limit.");
    return broken > 0;
}
