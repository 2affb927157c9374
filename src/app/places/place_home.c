/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Home: what the large button begins is what was chosen last, and before that a session of the settings. */
#include "app/places/appointment.h"
#include "app/places/between.h"
#include "app/places/place.h"
#include "app/places/practice.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/tr.h"
#include "ui/home_screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_NS OB_NS_PER_S

struct home {
    struct ob_shell *shell;
    struct ob_ui_home model;
    struct ob_keepsake keepsake;
    int64_t looked_ns;
};

/* One that is over is not there any more. */
static void describe_appointment(struct home *home)
{
    char words[120];
    const int64_t now_s = (int64_t)time(NULL);
    home->model.quiet[0] = '\0';
    if (!ob_appointment_is_to_come(&home->keepsake, now_s))
        return;
    ob_appointment_words(&home->keepsake, now_s, words, sizeof words);
    snprintf(home->model.quiet, sizeof home->model.quiet, ob_tr("Next massage: %s"), words);
}

static void describe(struct home *home)
{
    struct ob_shell *s = home->shell;
    const struct ob_settings *set = &s->loaded.settings;
    struct ob_ui_home *m = &home->model;
    if (s->protocol.phase_count > 0)
        snprintf(m->session, sizeof m->session, ob_tr("%s · %.0f minutes"), ob_tr(s->protocol.title),
                 ceil(ob_protocol_seconds(&s->protocol) / 60.0));
    else
        snprintf(m->session, sizeof m->session, ob_tr("%.0f minutes, guided"),
                 ob_settings_number(set, OB_SET_SESSION_MINUTES));
    char scene[80];
    ob_render_scene_title(s->render, scene, sizeof scene);
    snprintf(m->around, sizeof m->around, "%s · %s", ob_tr(scene), ob_tr(ob_sound_title(&s->sound)));
    ob_shell_sensor_sentence(s, m->sensor, sizeof m->sensor);
    describe_appointment(home);
}

static void *enter(struct ob_shell *shell)
{
    struct home *home = calloc(1, sizeof *home);
    if (!home)
        return NULL;
    home->shell = shell;
    struct ob_practice practice;
    ob_practice_read(&practice, shell->options.data, shell->options.who, false);
    ob_practice_week(&practice, home->model.week, sizeof home->model.week);
    home->keepsake = practice.keepsake;
    ob_practice_finish(&practice);
    const char *suggestion = ob_between_suggestion(&shell->loaded.settings, ob_between_today(NULL));
    if (suggestion)
        snprintf(home->model.suggestion, sizeof home->model.suggestion, "%s", ob_tr(suggestion));
    describe(home);
    return home;
}

static bool step(void *state, int64_t now_ns)
{
    struct home *home = state;
    if (now_ns - home->looked_ns < LOOK_NS)
        return false;
    home->looked_ns = now_ns;
    const struct ob_ui_home before = home->model;
    describe(home);
    return memcmp(&before, &home->model, sizeof before) != 0;
}

static void draw(void *state, struct ob_ui_canvas *canvas)
{
    const struct home *home = state;
    ob_ui_home_draw(canvas, &home->model);
}

static void choose(void *state, uint64_t key)
{
    struct home *home = state;
    switch (ob_ui_home_choice(key)) {
    case OB_UI_HOME_BREATHE:
        ob_shell_begin(home->shell);
        break;
    case OB_UI_HOME_CHOOSE:
        ob_shell_go(home->shell, &ob_place_choose);
        break;
    case OB_UI_HOME_SENSORS:
        ob_shell_show_sensors(home->shell);
        break;
    case OB_UI_HOME_LEAVE:
        home->shell->leave = true;
        break;
    case OB_UI_HOME_SETTINGS:
        ob_shell_go(home->shell, &ob_place_settings);
        break;
    case OB_UI_HOME_HISTORY:
        ob_shell_go(home->shell, &ob_place_history);
        break;
    case OB_UI_HOME_NOTHING:
        break;
    }
}

static void back(void *state)
{
    struct home *home = state;
    home->shell->leave = true;
}

const struct ob_place ob_place_home = {.name = "home",
                                       .enter = enter,
                                       .leave = free,
                                       .step = step,
                                       .screen = {.sheer = true, .draw = draw, .choose = choose, .back = back}};
