/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After a session: what was seen in plain words, one suggestion that takes turns, one check-in. */
#include "app/places/between.h"
#include "app/places/place.h"
#include "app/session/take_home.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/tr.h"
#include "ui/end_screen.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct end {
    struct ob_shell *shell;
    struct ob_ui_end model;
};

static void say(struct ob_ui_end *model, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct ob_ui_end *model, const char *format, ...)
{
    if (model->lines == OB_UI_END_LINES)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(model->line[model->lines], sizeof model->line[0], format, arguments);
    ob_tr_numbers(model->line[model->lines++]);
    va_end(arguments);
}

/* After a search: what it found, step by step, beside what is known in all. Else a line, where a number may be named.
 */
static void say_pace(struct ob_ui_end *m, const struct ob_snapshot *s, const struct ob_live *live)
{
    char text[256];
    const struct ob_search_result *search = &live->search;
    if (search->kind == OB_SEARCH_NONE) {
        if (s->own_pace.word == OB_PACE_NUMBER)
            say(m, ob_tr("A comfortable pace for you seems to lie between %.1f and %.1f breaths a minute."),
                s->own_pace.low_brpm, s->own_pace.high_brpm);
        return;
    }
    ob_own_pace_text(&s->own_pace, ob_tr, text, sizeof text);
    say(m, "%s", text);
    ob_search_text(search, ob_tr, text, sizeof text);
    say(m, "%s", text);
    for (int i = 0; search->kind == OB_SEARCH_STEPPED && i < search->count; i++) {
        const struct ob_search_step *step = &search->steps[i];
        if (step->breaths >= OB_SEARCH_ENOUGH)
            say(m, ob_tr("%.1f breaths a minute: the heart swung by %.1f bpm, and went with the pace to %.0f%%."),
                step->brpm, step->swing_bpm, 100.0 * step->sync_01);
        else
            say(m, ob_tr("%.1f breaths a minute: too little was seen."), step->brpm);
    }
    m->shows_pace = true;
    m->estimate = s->own_pace;
    memcpy(m->probabilities, live->pace_probabilities, sizeof m->probabilities);
}

static void *enter(struct ob_shell *shell)
{
    struct end *end = calloc(1, sizeof *end);
    if (!end)
        return NULL;
    end->shell = shell;
    const struct ob_snapshot *s = &shell->last;
    struct ob_ui_end *m = &end->model;
    m->answer = shell->answer;
    m->asks = shell->sitting.keeper != NULL;
    m->offers_page = m->asks && !shell->desk.console; /* else the console makes it, where consent is noted */
    const double minutes = ob_s_from_ns(s->now_ns - s->begin_ns) / 60.0;
    snprintf(m->title, sizeof m->title, "%s", ob_tr("That was it for now."));
    if (minutes >= 1.5)
        say(m, ob_tr("%.0f minutes of breathing."), round(minutes));
    say_pace(m, s, &shell->sitting.live);
    if (s->sensor == OB_SENSOR_UNFIT)
        say(m, "%s", ob_tr("The scores did not fit this recording. This is not a heart check."));
    const char *suggestion = ob_between_suggestion(&shell->loaded.settings, ob_between_today(NULL));
    if (suggestion)
        snprintf(m->suggestion, sizeof m->suggestion, "%s", ob_tr(suggestion));
    return end;
}

static uint64_t first(void *state)
{
    (void)state;
    return ob_ui_end_key(OB_UI_END_HOME);
}

static void draw(void *state, struct ob_ui_canvas *canvas)
{
    const struct end *end = state;
    ob_ui_end_draw(canvas, &end->model);
}

/* However somebody goes from here, by closing the window too, the answer is kept. */
static void leave(void *state)
{
    struct end *end = state;
    ob_shell_keep(end->shell);
    free(end);
}

/* A page to take home was asked for at the console: the session is closed, and nothing more can be answered. */
static bool step(void *state, int64_t now_ns)
{
    struct end *end = state;
    (void)now_ns;
    const bool closed = end->model.asks && !end->shell->sitting.keeper;
    if (closed)
        end->model.asks = end->model.offers_page = false;
    return closed;
}

static void back(void *state)
{
    struct end *end = state;
    ob_shell_go(end->shell, &ob_place_home);
}

/* The session is closed with what was answered until now. */
static void save_page(struct end *end)
{
    char sentence[PATH_MAX + 200];
    struct ob_shell *s = end->shell;
    ob_shell_keep(s);
    if (s->kept.key)
        ob_take_home_save(&s->kept, sentence, sizeof sentence);
    else
        snprintf(sentence, sizeof sentence, "%s", ob_tr("The session could not be kept, so there is no page of it."));
    say(&end->model, "%s", sentence);
    end->model.asks = end->model.offers_page = false;
}

static void choose(void *state, uint64_t key)
{
    struct end *end = state;
    switch (ob_ui_end_choice(key)) {
    case OB_UI_END_ANSWER: {
        const int answer = ob_ui_end_answer(key);
        end->model.answer = end->model.answer == answer ? -1 : answer; /* once more takes it back */
        end->shell->answer = end->model.answer;
        break;
    }
    case OB_UI_END_HOME:
        back(end);
        break;
    case OB_UI_END_AGAIN:
        ob_shell_begin(end->shell);
        break;
    case OB_UI_END_PAGE:
        save_page(end);
        break;
    case OB_UI_END_NOTHING:
        break;
    }
}

const struct ob_place ob_place_end = {.name = "end",
                                      .enter = enter,
                                      .leave = leave,
                                      .step = step,
                                      .screen = {.draw = draw, .choose = choose, .back = back},
                                      .first = first};
