/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stranger's visit: the scene that breathes, who should ask first, the sensor, the session with a way out of it, the
 * goodbye. What is shown and known here ends with the process. */
#include "app/places/place.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"
#include "ui/kiosk_screens.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OVER_NS    (8 * OB_NS_PER_S)  /* the choices over a session go by themselves */
#define GOODBYE_NS (15 * OB_NS_PER_S) /* so does the goodbye */
#define SURE_NS    (3 * OB_NS_PER_S)  /* beats for so long are a person who sits there */
#define GOOD_01    0.3f

static struct ob_kiosk *kiosk_of(struct ob_shell *shell)
{
    return shell->kiosk;
}

/* ---- attract ---- */

struct attract {
    struct ob_shell *shell;
    struct ob_ui_kiosk_attract model;
};

static const char *invitation(const char *language)
{
    if (strcmp(language, "de") == 0)
        return "Berühren und atmen";
    return strcmp(language, "en") == 0 ? "Touch to breathe" : ob_tr("Touch to breathe");
}

static void *enter_attract(struct ob_shell *shell)
{
    struct attract *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    const struct ob_settings *set = &shell->loaded.settings;
    a->shell = shell;
    a->model.name = ob_settings_text(set, OB_SET_KIOSK_NAME);
    a->model.languages = kiosk_of(shell)->language_count;
    for (int i = 0; i < a->model.languages; i++)
        a->model.begin[i] = invitation(kiosk_of(shell)->languages[i]);
    const char *logo = ob_settings_text(set, OB_SET_KIOSK_LOGO);
    if (logo[0])
        a->model.logo = cairo_image_surface_create_from_png(logo);
    if (a->model.logo && cairo_surface_status(a->model.logo) != CAIRO_STATUS_SUCCESS) {
        fprintf(stderr, "outbreath kiosk: kiosk.logo can't be read as a PNG file: %.200s\n", logo);
        cairo_surface_destroy(a->model.logo);
        a->model.logo = NULL;
    }
    return a;
}

static void leave_attract(void *state)
{
    struct attract *a = state;
    if (a->model.logo)
        cairo_surface_destroy(a->model.logo);
    free(a);
}

static void draw_attract(void *state, struct ob_ui_canvas *canvas)
{
    const struct attract *a = state;
    ob_ui_kiosk_attract_draw(canvas, &a->model);
}

static void choose_attract(void *state, uint64_t key)
{
    struct attract *a = state;
    struct ob_shell *s = a->shell;
    const unsigned which = ob_ui_kiosk_choice(key) - OB_UI_KIOSK_LANGUAGE;
    if (which >= (unsigned)a->model.languages)
        return;
    const char *language = kiosk_of(s)->languages[which];
    if (a->model.languages > 1) {
        ob_settings_take(&s->loaded.settings, OB_SET_DISPLAY_LANGUAGE, language, OB_LAYER_COMMAND_LINE, 0);
        ob_tr_begin(language);
        ob_speaker_take_language(&s->speaker, &s->loaded.settings);
    }
    ob_shell_go(s, &ob_place_kiosk_ask);
}

const struct ob_place ob_place_kiosk_attract = {
    .name = "kiosk attract",
    .enter = enter_attract,
    .leave = leave_attract,
    .screen = {.sheer = true, .clear = true, .draw = draw_attract, .choose = choose_attract}};

/* ---- ask first ---- */

struct page {
    struct ob_shell *shell;
    int64_t since_ns;
    bool spoken;
    struct ob_ui_kiosk_ask ask;
    struct ob_ui_kiosk_settle settle;
    int64_t felt_ns; /* since when the sensor is good; 0: it is not */
    struct ob_ui_kiosk_end end;
};

static void *enter_page(struct ob_shell *shell)
{
    struct page *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->shell = shell;
    p->since_ns = ob_clock_monotonic_ns();
    p->ask.sensor = "";
    struct ob_sensor_status sensor;
    if (ob_shell_heart_status(shell, &sensor))
        p->ask.sensor = ob_tr("The sensor comes next: your heart then leads the picture.");
    return p;
}

static bool step_ask(void *state, int64_t now_ns)
{
    struct page *p = state;
    const struct ob_kiosk *k = kiosk_of(p->shell);
    char words[1600];
    if (!p->spoken && p->shell->speaker.on && ob_ui_host_words(&p->shell->host, words, sizeof words)) {
        p->spoken = true;
        ob_shell_let_hear(p->shell);
        ob_speaker_say(&p->shell->speaker, words);
    }
    const bool read = now_ns - p->since_ns > ob_ns_from_s(k->read_s > 0.0 ? k->read_s : OB_KIOSK_READ_S);
    const bool changed = read != p->ask.read;
    p->ask.read = read;
    return changed;
}

static void draw_ask(void *state, struct ob_ui_canvas *canvas)
{
    const struct page *p = state;
    ob_ui_kiosk_ask_draw(canvas, &p->ask);
}

static void choose_ask(void *state, uint64_t key)
{
    struct page *p = state;
    struct ob_sensor_status sensor;
    switch (ob_ui_kiosk_choice(key)) {
    case OB_UI_KIOSK_BEGIN:
        if (!p->ask.read)
            break;
        if (ob_shell_heart_status(p->shell, &sensor))
            ob_shell_go(p->shell, &ob_place_kiosk_settle);
        else
            ob_kiosk_begin(p->shell, false);
        break;
    case OB_UI_KIOSK_NOT_NOW:
        ob_kiosk_wipe(p->shell);
        break;
    default:
        break;
    }
}

const struct ob_place ob_place_kiosk_ask = {.name = "kiosk ask",
                                            .enter = enter_page,
                                            .leave = free,
                                            .step = step_ask,
                                            .screen = {.sheer = true, .draw = draw_ask, .choose = choose_ask}};

/* ---- settle ---- */

static bool step_settle(void *state, int64_t now_ns)
{
    struct page *p = state;
    const struct ob_ui_kiosk_settle before = p->settle;
    struct ob_sensor_status sensor = {0};
    const bool there = ob_shell_heart_status(p->shell, &sensor);
    const bool heard = there && sensor.state == OB_SOURCE_STREAMING;
    /* What helps a poor signal is for whoever holds the sensor; ports and radios are the staff's affair. */
    snprintf(p->settle.sensor, sizeof p->settle.sensor, "%s",
             heard ? sensor.sentence : ob_tr("It is not heard yet. You can breathe without it as well."));
    p->settle.feels = heard && sensor.quality_01 >= GOOD_01;
    if (!p->settle.feels)
        p->felt_ns = 0;
    else if (!p->felt_ns)
        p->felt_ns = now_ns;
    else if (now_ns - p->felt_ns > SURE_NS)
        ob_kiosk_begin(p->shell, true);
    return memcmp(&before, &p->settle, sizeof before) != 0;
}

static void draw_settle(void *state, struct ob_ui_canvas *canvas)
{
    const struct page *p = state;
    ob_ui_kiosk_settle_draw(canvas, &p->settle);
}

static void choose_settle(void *state, uint64_t key)
{
    struct page *p = state;
    const unsigned choice = ob_ui_kiosk_choice(key);
    if (choice == OB_UI_KIOSK_WITHOUT)
        ob_kiosk_begin(p->shell, false);
    else if (choice == OB_UI_KIOSK_NOT_NOW)
        ob_kiosk_wipe(p->shell);
}

const struct ob_place ob_place_kiosk_settle = {.name = "kiosk settle",
                                               .enter = enter_page,
                                               .leave = free,
                                               .step = step_settle,
                                               .screen = {.sheer = true, .draw = draw_settle, .choose = choose_settle}};

/* ---- over the session ---- */

static bool step_during(void *state, int64_t now_ns)
{
    struct page *p = state;
    if (now_ns - p->since_ns > OVER_NS)
        ob_shell_go(p->shell, NULL);
    return false;
}

static void draw_during(void *state, struct ob_ui_canvas *canvas)
{
    (void)state;
    ob_ui_kiosk_during_draw(canvas);
}

static void choose_during(void *state, uint64_t key)
{
    struct page *p = state;
    struct ob_shell *s = p->shell;
    switch (ob_ui_kiosk_choice(key)) {
    case OB_UI_KIOSK_NOT_NOW:
        ob_shell_end(s);
        break;
    case OB_UI_KIOSK_DIZZY:
        ob_sitting_feel_dizzy(&s->sitting);
        ob_shell_go(s, NULL);
        break;
    case OB_UI_KIOSK_BEGIN:
        ob_shell_go(s, NULL);
        break;
    default:
        break;
    }
}

const struct ob_place ob_place_kiosk_during = {.name = "kiosk during",
                                               .enter = enter_page,
                                               .leave = free,
                                               .step = step_during,
                                               .over_session = true,
                                               .screen = {.sheer = true, .draw = draw_during, .choose = choose_during}};

/* ---- goodbye ---- */

/* Heart rate and how the pace was followed, where they were measured; nothing else is for strangers. */
static void *enter_end(struct ob_shell *shell)
{
    struct page *p = enter_page(shell);
    if (!p)
        return NULL;
    struct ob_ui_kiosk_end *m = &p->end;
    const struct ob_snapshot *s = &shell->last;
    m->let_go = kiosk_of(shell)->let_go;
    if (s->hr_bpm.valid)
        snprintf(m->line[m->lines++], sizeof m->line[0], ob_tr("Your heart: about %.0f beats a minute at the end."),
                 round(s->hr_bpm.value));
    if (s->fit_01.valid)
        snprintf(m->line[m->lines++], sizeof m->line[0],
                 ob_tr("In the last half minute your heart went with the pace to %.0f%%."),
                 round(100.0 * s->fit_01.value));
    return p;
}

static bool step_end(void *state, int64_t now_ns)
{
    struct page *p = state;
    if (now_ns - p->since_ns > GOODBYE_NS)
        ob_kiosk_wipe(p->shell);
    return false;
}

static void draw_end(void *state, struct ob_ui_canvas *canvas)
{
    const struct page *p = state;
    ob_ui_kiosk_end_draw(canvas, &p->end);
}

static void choose_end(void *state, uint64_t key)
{
    struct page *p = state;
    if (ob_ui_kiosk_choice(key) == OB_UI_KIOSK_NOT_NOW)
        ob_kiosk_wipe(p->shell);
}

const struct ob_place ob_place_kiosk_end = {.name = "kiosk end",
                                            .enter = enter_end,
                                            .leave = free,
                                            .step = step_end,
                                            .screen = {.sheer = true, .draw = draw_end, .choose = choose_end}};
