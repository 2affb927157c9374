/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Over a session that goes on: what its keys do, for those who have none at hand. */
#include "app/places/place.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/tr.h"
#include "ui/during_screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AWAY_NS     (20 * OB_NS_PER_S) /* untouched for so long it goes by itself */
#define VOLUME_STEP 0.05

struct during {
    struct ob_shell *shell;
    struct ob_ui_during model;
    int64_t touched_ns; /* 0: just now */
};

static void describe(struct during *d)
{
    const struct ob_shell *s = d->shell;
    struct ob_ui_during *m = &d->model;
    /* Not a look of its own: what the frame is drawn from is valid until the next one. */
    const struct ob_snapshot *now = s->sitting.newest;
    memset(m, 0, sizeof *m);
    m->paused = s->sitting.paused;
    m->natural = s->sitting.natural;
    m->parts = s->sitting.protocol.phase_count > 1;
    const double left_min = now ? ob_s_from_ns(now->end_ns - now->now_ns) / 60.0 : 0.0;
    if (left_min > 1.5)
        snprintf(m->left, sizeof m->left, ob_tr("%.0f minutes left"), ceil(left_min));
    else if (left_min > 0.0)
        snprintf(m->left, sizeof m->left, "%s", ob_tr("The last minute"));
    m->volume_01 = ob_sound_volume_01(&s->sound);
    snprintf(m->volume, sizeof m->volume, "%.0f%%", 100.0 * m->volume_01);
    char scene[80];
    ob_render_scene_title(s->render, scene, sizeof scene);
    snprintf(m->scene, sizeof m->scene, "%s", ob_tr(scene));
    if (s->sound.audio)
        snprintf(m->sound, sizeof m->sound, "%s", ob_tr(ob_sound_title(&s->sound)));
}

static void *enter(struct ob_shell *shell)
{
    struct during *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->shell = shell;
    describe(d);
    return d;
}

static bool step(void *state, int64_t now_ns)
{
    struct during *d = state;
    if (!d->touched_ns)
        d->touched_ns = now_ns;
    if (now_ns - d->touched_ns > AWAY_NS)
        ob_shell_go(d->shell, NULL);
    const struct ob_ui_during before = d->model;
    describe(d);
    return memcmp(&before, &d->model, sizeof before) != 0;
}

static void draw(void *state, struct ob_ui_canvas *canvas)
{
    const struct during *d = state;
    ob_ui_during_draw(canvas, &d->model);
}

static void back(void *state)
{
    struct during *d = state;
    ob_shell_go(d->shell, NULL);
}

static bool adjust(void *state, uint64_t key, int by)
{
    struct during *d = state;
    char title[80];
    d->touched_ns = 0;
    switch (ob_ui_during_choice(key)) {
    case OB_UI_DURING_VOLUME:
        ob_sound_change_volume(&d->shell->sound, VOLUME_STEP * by);
        return true;
    case OB_UI_DURING_SCENE:
        ob_render_next_scene(d->shell->render, by, title, sizeof title);
        return true;
    case OB_UI_DURING_SOUND:
        ob_sound_next(&d->shell->sound, by);
        return true;
    default:
        return false;
    }
}

static void choose(void *state, uint64_t key)
{
    struct during *d = state;
    struct ob_shell *s = d->shell;
    d->touched_ns = 0;
    switch (ob_ui_during_choice(key)) {
    case OB_UI_DURING_GO_ON:
        if (s->sitting.paused)
            ob_sitting_pause(&s->sitting);
        ob_shell_go(s, NULL);
        break;
    case OB_UI_DURING_PAUSE:
        ob_sitting_pause(&s->sitting);
        break;
    case OB_UI_DURING_JUST_BREATHE:
        ob_sitting_just_breathe(&s->sitting);
        ob_shell_go(s, NULL);
        break;
    case OB_UI_DURING_DIZZY:
        ob_sitting_feel_dizzy(&s->sitting);
        ob_shell_go(s, NULL);
        break;
    case OB_UI_DURING_NEXT:
        ob_sitting_next_part(&s->sitting);
        ob_shell_go(s, NULL);
        break;
    case OB_UI_DURING_VOLUME:
    case OB_UI_DURING_SCENE:
    case OB_UI_DURING_SOUND:
        adjust(d, key, 1);
        break;
    case OB_UI_DURING_SEEN:
        ob_shell_go(s, &ob_place_seen);
        break;
    case OB_UI_DURING_SENSORS:
        ob_shell_show_sensors(s);
        break;
    case OB_UI_DURING_END:
        ob_shell_end(s);
        break;
    case OB_UI_DURING_NOTHING:
        break;
    }
}

const struct ob_place ob_place_during = {
    .name = "during",
    .enter = enter,
    .leave = free,
    .step = step,
    .over_session = true,
    .screen = {.sheer = true, .draw = draw, .choose = choose, .adjust = adjust, .back = back}};
