/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings with a live preview: what is changed is seen or heard at once, and written into the person's file when the
 * place is left. */
#include "app/places/appointment.h"
#include "app/places/between.h"
#include "app/places/place.h"
#include "app/places/practice.h"
#include "app/window/shell.h"
#include "app/window/surroundings.h"
#include "base/maths.h"
#include "os/tr.h"
#include "ui/settings_screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct settings {
    struct ob_shell *shell;
    struct ob_ui_settings model;
    bool changed[OB_SETTINGS];
    struct ob_keepsake keepsake; /* the next appointment of the person */
    bool knows_person, turned;
};

/* The last two belong to the person and not to the settings. */
enum row_kind { ROW_SWITCH, ROW_NUMBER, ROW_CHOICE, ROW_VALUES, ROW_SCENE, ROW_SOUND, ROW_SCREEN, ROW_DAY, ROW_TIME };

#define TURN_MIN 15

struct row {
    enum ob_setting setting;
    enum row_kind kind;
    const char *group, *name, *about;
    const char *format;    /* of a number */
    double numbers[12];    /* ascending, ended by 0 behind the first */
    const char *words[8];  /* of a choice, for people, in the order of the table's; or of the values */
    const char *values[8]; /* as they are written */
};

static const struct row rows[] = {
    {.setting = OB_SET_SESSION_MINUTES,
     .kind = ROW_NUMBER,
     .group = OB_TR("Session"),
     .name = OB_TR("How long"),
     .format = OB_TR("%.0f minutes"),
     .numbers = {3, 5, 10, 15, 20, 30, 45}},
    {.setting = OB_SET_SESSION_MEASURED,
     .kind = ROW_SWITCH,
     .group = OB_TR("Session"),
     .name = OB_TR("A look before and after"),
     .about = OB_TR("Two quiet minutes at each end. Only these are ever compared.")},
    {.setting = OB_SET_SESSION_ADAPTIVE,
     .kind = ROW_SWITCH,
     .group = OB_TR("Session"),
     .name = OB_TR("Follow my own pace"),
     .about = OB_TR("The pace moves to where your heart answers most, from the first minutes on.")},
    {.setting = OB_SET_SESSION_KEEP,
     .kind = ROW_SWITCH,
     .group = OB_TR("Session"),
     .name = OB_TR("Remember sessions"),
     .about = OB_TR("Encrypted, on this machine alone.")},
    {.setting = OB_SET_SOUND_VOLUME,
     .kind = ROW_NUMBER,
     .group = OB_TR("Sound"),
     .name = OB_TR("Volume"),
     .format = "%.0f%%",
     .numbers = {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0}},
    {.setting = OB_SET_SOUND_SOUNDSCAPE,
     .kind = ROW_SOUND,
     .group = OB_TR("Sound"),
     .name = OB_TR("What you hear"),
     .about = OB_TR("Your own files in the folder of sounds are here too.")},
    {.setting = OB_SET_SOUND_GONG, .kind = ROW_SWITCH, .group = OB_TR("Sound"), .name = OB_TR("A bowl at the end")},
    {.setting = OB_SET_SOUND_VOICE,
     .kind = ROW_CHOICE,
     .group = OB_TR("Sound"),
     .name = OB_TR("Voice"),
     .about = OB_TR("Its words stay on the picture when it is off."),
     .words = {OB_TR("on"), OB_TR("always teaches"), OB_TR("never teaches"), OB_TR("off")}},
    {.setting = OB_SET_SOUND_LATE,
     .kind = ROW_NUMBER,
     .group = OB_TR("Sound"),
     .name = OB_TR("Headphones are late by"),
     .about = OB_TR("For wireless ones: more, until sound and picture turn together."),
     .format = "%.0f ms",
     .numbers = {0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500}},
    {.setting = OB_SET_HAPTICS_WHEN,
     .kind = ROW_CHOICE,
     .group = OB_TR("Touch"),
     .name = OB_TR("The breath in a game controller"),
     .about = OB_TR("It rises as you breathe in and fades as you breathe out."),
     .words = {OB_TR("when it is dark"), OB_TR("always"), OB_TR("never")}},
    {.setting = OB_SET_BETWEEN_PAUSES,
     .kind = ROW_VALUES,
     .group = OB_TR("Between treatments"),
     .name = OB_TR("Offer a pause"),
     .about = OB_TR("Three minutes, as a notification of the desktop, also while Outbreath does not run."),
     .words = {OB_TR("never"), OB_TR("once a day"), OB_TR("twice a day"), OB_TR("three times a day")},
     .values = {"off", "1", "2", "3"}},
    {.setting = OB_SET_BETWEEN_HOURS,
     .kind = ROW_VALUES,
     .group = OB_TR("Between treatments"),
     .name = OB_TR("Only at these times"),
     .words = {"8:00-20:00", "9:00-17:00", "10:00-18:00", "12:00-20:00"},
     .values = {"08:00-20:00", "09:00-17:00", "10:00-18:00", "12:00-20:00"}},
    {.setting = OB_SET_BETWEEN_DARK,
     .kind = ROW_SWITCH,
     .group = OB_TR("Between treatments"),
     .name = OB_TR("A pause without a picture"),
     .about = OB_TR("The screen goes off, and the sound leads.")},
    {.setting = OB_SET_BETWEEN_SUGGESTION,
     .kind = ROW_SWITCH,
     .group = OB_TR("Between treatments"),
     .name = OB_TR("One suggestion a day"),
     .about = OB_TR("Water, movement or stillness, in turn.")},
    {.setting = OB_SETTINGS,
     .kind = ROW_DAY,
     .group = OB_TR("Between treatments"),
     .name = OB_TR("The next massage"),
     .about = OB_TR("A quiet line at home, gone by itself when it is over.")},
    {.setting = OB_SETTINGS, .kind = ROW_TIME, .group = OB_TR("Between treatments"), .name = OB_TR("At what time")},
    {.setting = OB_SET_DISPLAY_SCENE,
     .kind = ROW_SCENE,
     .group = OB_TR("Picture"),
     .name = OB_TR("Scene"),
     .about = OB_TR("Seen behind this page as you change it.")},
    {.setting = OB_SET_DISPLAY_SCREEN,
     .kind = ROW_SCREEN,
     .group = OB_TR("Picture"),
     .name = OB_TR("Screen"),
     .about = OB_TR("The picture fills it.")},
    {.setting = OB_SET_DISPLAY_LANGUAGE,
     .kind = ROW_CHOICE,
     .group = OB_TR("Picture"),
     .name = OB_TR("Language"),
     .words = {OB_TR("the desktop's"), "English", "Deutsch"}},
    {.setting = OB_SET_DISPLAY_SPEAK,
     .kind = ROW_SWITCH,
     .group = OB_TR("Picture"),
     .name = OB_TR("Read pages aloud"),
     .about = OB_TR("The key R does that on any page.")},
    {.setting = OB_SET_DISPLAY_THEME,
     .kind = ROW_CHOICE,
     .group = OB_TR("Picture"),
     .name = OB_TR("Colours of pages"),
     .words = {OB_TR("the desktop's"), OB_TR("dusk"), OB_TR("day"), OB_TR("high contrast"), OB_TR("true black")}},
    {.setting = OB_SET_DISPLAY_REDUCED_MOTION,
     .kind = ROW_SWITCH,
     .group = OB_TR("Picture"),
     .name = OB_TR("Less movement"),
     .about = OB_TR("The breath stays; waves, drift and grain grow still.")},
    {.setting = OB_SET_DISPLAY_NUMBERS,
     .kind = ROW_SWITCH,
     .group = OB_TR("Picture"),
     .name = OB_TR("Numbers from the start"),
     .about = OB_TR("The key H shows and hides them at any time.")},
    {.setting = OB_SET_CONSOLE_SCREEN,
     .kind = ROW_SCREEN,
     .group = OB_TR("Treatment room"),
     .name = OB_TR("The therapist's page"),
     .about = OB_TR("The heart, marks and what the client has, on a screen that the client does not see.")},
};
#define ROWS ((int)(sizeof rows / sizeof *rows))

static int numbers_of(const struct row *row)
{
    int count = 1;
    while (count < 12 && row->numbers[count] > 0.0)
        count++;
    return count;
}

/* The step that is nearest to the value. */
static int step_of(const struct row *row, double value)
{
    int best = 0;
    for (int i = 1; i < numbers_of(row); i++)
        if (fabs(row->numbers[i] - value) < fabs(row->numbers[best] - value))
            best = i;
    return best;
}

static int values_of(const struct row *row)
{
    int count = 0;
    while (count < 8 && row->values[count])
        count++;
    return count;
}

/* Which of its values this is; -1: another, which a file may have. */
static int value_of(const struct row *row, const char *text)
{
    for (int i = 0; i < values_of(row); i++)
        if (strcmp(row->values[i], text) == 0)
            return i;
    return -1;
}

static void describe_appointment(struct settings *s, const struct row *row, struct ob_ui_settings_row *out)
{
    const int64_t now_s = (int64_t)time(NULL);
    const bool there = ob_appointment_is_to_come(&s->keepsake, now_s);
    struct ob_keepsake day = s->keepsake;
    const time_t at = (time_t)s->keepsake.appointment_s;
    struct tm local = {0};
    day.appointment_day = true;
    out->first = !there;
    snprintf(out->value, sizeof out->value, "%s", ob_tr("none"));
    if (!s->knows_person) {
        out->last = true;
        snprintf(out->value, sizeof out->value, "%s", ob_tr("not known here"));
        out->about =
            row->about ? ob_tr("It is kept with a person: several are here, or a passphrase is wanted.") : NULL;
    } else if (there && row->kind == ROW_DAY) {
        ob_appointment_words(&day, now_s, out->value, sizeof out->value);
    } else if (there && !s->keepsake.appointment_day && localtime_r(&at, &local)) {
        snprintf(out->value, sizeof out->value, "%d:%02d", local.tm_hour, local.tm_min);
    }
}

static bool turn_appointment(struct settings *s, const struct row *row, int by)
{
    if (!s->knows_person)
        return false;
    ob_appointment_turn(&s->keepsake, row->kind == ROW_DAY ? by : 0, row->kind == ROW_TIME ? TURN_MIN * by : 0,
                        (int64_t)time(NULL));
    s->turned = true;
    for (int i = 0; i < (int)(sizeof rows / sizeof *rows); i++)
        if (rows[i].setting == OB_SETTINGS)
            describe_appointment(s, &rows[i], &s->model.row[i]);
    return true;
}

static void describe(struct settings *s, int at)
{
    const struct row *row = &rows[at];
    const struct ob_settings *set = &s->shell->loaded.settings;
    struct ob_ui_settings_row *out = &s->model.row[at];
    *out = (struct ob_ui_settings_row){
        .group = ob_tr(row->group), .name = ob_tr(row->name), .about = row->about ? ob_tr(row->about) : NULL};
    out->share_01 = -1.0;
    if (row->setting == OB_SETTINGS) {
        describe_appointment(s, row, out);
        return;
    }
    const double value = ob_settings_number(set, row->setting);
    switch (row->kind) {
    case ROW_SWITCH:
        snprintf(out->value, sizeof out->value, "%s", value > 0.0 ? ob_tr("on") : ob_tr("off"));
        out->first = value <= 0.0;
        out->last = value > 0.0;
        break;
    case ROW_NUMBER: {
        const bool share = row->numbers[numbers_of(row) - 1] <= 1.0;
        snprintf(out->value, sizeof out->value, ob_tr(row->format), share ? 100.0 * value : value);
        out->first = step_of(row, value) == 0;
        out->last = step_of(row, value) == numbers_of(row) - 1;
        out->share_01 = share ? value : -1.0;
        break;
    }
    case ROW_CHOICE:
        snprintf(out->value, sizeof out->value, "%s", ob_tr(row->words[(int)value]));
        break;
    case ROW_VALUES: {
        const char *text = ob_settings_text(set, row->setting);
        const int which = value_of(row, text);
        snprintf(out->value, sizeof out->value, "%s", which < 0 ? text : ob_tr(row->words[which]));
        break;
    }
    case ROW_SCENE: {
        char scene[80];
        ob_render_scene_title(s->shell->render, scene, sizeof scene);
        snprintf(out->value, sizeof out->value, "%s", ob_tr(scene));
        break;
    }
    case ROW_SCREEN:
        ob_two_screens_chosen(s->shell, row->setting, out->value, sizeof out->value);
        break;
    case ROW_SOUND:
        snprintf(out->value, sizeof out->value, "%s", ob_tr(ob_sound_title(&s->shell->sound)));
        break;
    default:
        break;
    }
}

/* What can be seen or heard of it at once. */
static void preview(struct settings *s, enum ob_setting setting)
{
    struct ob_shell *shell = s->shell;
    const struct ob_settings *set = &shell->loaded.settings;
    if (setting == OB_SET_DISPLAY_THEME)
        ob_shell_dress(shell);
    if (setting == OB_SET_DISPLAY_LANGUAGE) {
        ob_tr_begin(ob_settings_text(set, setting));
        ob_speaker_take_language(&shell->speaker, set);
        for (int i = 0; i < ROWS; i++)
            describe(s, i);
    }
    ob_surroundings_chosen(shell, setting);
    if (setting == OB_SET_DISPLAY_SCREEN || setting == OB_SET_CONSOLE_SCREEN)
        ob_two_screens_begin(shell);
    if (setting == OB_SET_DISPLAY_SPEAK)
        ob_shell_read_pages(shell, ob_settings_is(set, setting));
    if (setting == OB_SET_DISPLAY_REDUCED_MOTION)
        shell->overlay.reduced_motion = ob_settings_is(set, setting);
    if (setting == OB_SET_DISPLAY_NUMBERS)
        shell->overlay.hud = ob_settings_is(set, setting);
    if (setting == OB_SET_SOUND_VOLUME)
        ob_sound_change_volume(&shell->sound, ob_settings_number(set, setting) - ob_sound_volume_01(&shell->sound));
    if (setting == OB_SET_SOUND_LATE)
        ob_sound_be_sooner(&shell->sound, ob_settings_number(set, setting));
    if (setting == OB_SET_SOUND_VOICE)
        ob_speaker_turn(&shell->speaker, strcmp(ob_settings_text(set, setting), "off") != 0);
    if (setting == OB_SET_HAPTICS_WHEN)
        ob_haptics_init(&shell->away.haptics, set);
    if (setting == OB_SET_SOUND_VOLUME || setting == OB_SET_SOUND_SOUNDSCAPE || setting == OB_SET_SOUND_LATE)
        ob_shell_let_hear(shell);
}

static bool change(struct settings *s, int at, int by)
{
    const struct row *row = &rows[at];
    struct ob_settings *set = &s->shell->loaded.settings;
    char text[OB_SETTING_TEXT], title[80];
    if (row->setting == OB_SETTINGS)
        return turn_appointment(s, row, by);
    const double value = ob_settings_number(set, row->setting);
    switch (row->kind) {
    case ROW_SWITCH:
        snprintf(text, sizeof text, "%s", value > 0.0 ? "false" : "true");
        break;
    case ROW_NUMBER: {
        const int step = (int)ob_clamp(step_of(row, value) + by, 0, numbers_of(row) - 1);
        snprintf(text, sizeof text, "%g", row->numbers[step]);
        break;
    }
    case ROW_CHOICE: {
        int count = 0;
        while (count < 8 && row->words[count])
            count++;
        const char *word = ob_setting_about(row->setting)->words;
        for (int i = ((int)value + by + count) % count; i > 0; i--)
            word = strchr(word, '|') + 1;
        snprintf(text, sizeof text, "%.*s", (int)strcspn(word, "|"), word);
        break;
    }
    case ROW_VALUES: {
        const int count = values_of(row), which = value_of(row, ob_settings_text(set, row->setting));
        snprintf(text, sizeof text, "%s", row->values[which < 0 ? 0 : (which + by + count) % count]);
        break;
    }
    case ROW_SCENE:
        if (ob_render_next_scene(s->shell->render, by, title, sizeof title))
            return true;
        snprintf(text, sizeof text, "%s", ob_render_scene(s->shell->render));
        break;
    case ROW_SCREEN:
        ob_two_screens_next(s->shell, row->setting, by, text, sizeof text);
        break;
    case ROW_SOUND:
        ob_sound_next(&s->shell->sound, by);
        snprintf(text, sizeof text, "%s", ob_sound_name(&s->shell->sound));
        break;
    default:
        return false;
    }
    ob_settings_take(set, row->setting, text, OB_LAYER_USER, 0);
    s->changed[row->setting] = true;
    preview(s, row->setting);
    describe(s, at);
    return true;
}

static void *enter(struct ob_shell *shell)
{
    struct settings *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->shell = shell;
    s->model.count = ROWS;
    struct ob_practice practice;
    ob_practice_read(&practice, shell->options.data, shell->options.who, false);
    s->keepsake = practice.keepsake;
    s->knows_person = !practice.locked && !practice.several;
    ob_practice_finish(&practice);
    for (int i = 0; i < ROWS; i++)
        describe(s, i);
    return s;
}

static void leave(void *state)
{
    struct settings *s = state;
    char problem[PATH_MAX + 640];
    for (int i = 0; i < OB_SETTINGS; i++)
        if (s->changed[i] && ob_settings_file_set(s->shell->options.config, (enum ob_setting)i,
                                                  ob_settings_text(&s->shell->loaded.settings, (enum ob_setting)i),
                                                  problem, sizeof problem))
            ob_shell_tell(s->shell, ob_tr("The settings can't be written; they hold until you leave."));
    if ((s->changed[OB_SET_BETWEEN_PAUSES] || s->changed[OB_SET_BETWEEN_HOURS]) &&
        ob_between_follow(&s->shell->loaded, NULL))
        ob_shell_tell(s->shell, ob_tr("Pauses can't be offered: 'outbreath remind on' says why."));
    if (s->turned && ob_appointment_put(s->shell->options.data, s->shell->options.who, NULL, &s->keepsake))
        ob_shell_tell(s->shell, ob_tr("The appointment can't be kept; the terminal says why."));
    free(s);
}

static void draw(void *state, struct ob_ui_canvas *canvas)
{
    const struct settings *s = state;
    ob_ui_settings_draw(canvas, &s->model);
}

static void back(void *state)
{
    struct settings *s = state;
    ob_shell_go(s->shell, &ob_place_home);
}

static bool adjust(void *state, uint64_t key, int by)
{
    struct settings *s = state;
    const int row = ob_ui_settings_choice(&s->model, key);
    return row >= 0 && change(s, row, by);
}

static void choose(void *state, uint64_t key)
{
    struct settings *s = state;
    const int row = ob_ui_settings_choice(&s->model, key);
    if (row == OB_UI_SETTINGS_BACK)
        back(s);
    else if (row >= 0)
        change(s, row, rows[row].kind == ROW_NUMBER && s->model.row[row].last ? -numbers_of(&rows[row]) : 1);
}

const struct ob_place ob_place_settings = {
    .name = "settings",
    .enter = enter,
    .leave = leave,
    .screen = {.sheer = true, .draw = draw, .choose = choose, .adjust = adjust, .back = back}};
