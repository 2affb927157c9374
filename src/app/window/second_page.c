/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/second_page.h"

#include "app/window/desk_serve.h"
#include "app/window/input.h"
#include "app/window/shell.h"
#include "base/mark.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"
#include "render/numbers.h"
#include "ui/parts.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define EVERY_NS (500 * OB_NS_PER_MS) /* the loop of the picture is the page's as well: it must not be kept long */
#define TWICE_NS (5 * OB_NS_PER_S)    /* "next client" is pressed twice within this */

#define PUT(to, ...) snprintf(to, sizeof(to), __VA_ARGS__)

enum way { WAY_PAUSE = 100, WAY_BREATHE, WAY_PART, WAY_SILENT, WAY_CONSENT, WAY_NEXT };

static uint64_t key_of(unsigned what)
{
    return ob_ui_key("desk page", what);
}

static bool sits(const struct ob_shell *s)
{
    return s->sitting.runs && (!s->place || s->place->over_session);
}

/* ---- what it shows ---- */

static void describe_numbers(struct ob_ui_desk *m, const struct ob_snapshot *snapshot)
{
    /* Of the numbers over the picture those that a therapist watches. */
    static const int which[OB_UI_DESK_NUMBERS] = {0, 2, 1, 3, 5};
    struct ob_hud_number numbers[OB_HUD_NUMBERS];
    ob_hud_numbers(snapshot, numbers);
    for (int i = 0; i < OB_UI_DESK_NUMBERS; i++) {
        PUT(m->number[i].value, "%s", numbers[which[i]].value);
        PUT(m->number[i].unit, "%s", numbers[which[i]].unit);
        PUT(m->number[i].label, "%s", numbers[which[i]].label);
    }
}

static void put_clock(char *out, size_t size, double seconds)
{
    const int s = seconds > 0.0 ? (int)seconds : 0;
    snprintf(out, size, "%d:%02d", s / 60, s % 60);
}

static void describe_notes(struct ob_ui_desk *m, const struct ob_console_view *v, const struct ob_snapshot *snapshot)
{
    const uint64_t kept = v->mark_count < OB_CONSOLE_MARKS ? v->mark_count : OB_CONSOLE_MARKS;
    for (uint64_t i = v->mark_count; i > v->mark_count - kept && m->notes < OB_UI_DESK_NOTES; i--) {
        const struct ob_console_mark *mark = &v->marks[(i - 1) % OB_CONSOLE_MARKS];
        put_clock(m->note[m->notes].at, sizeof m->note[0].at, ob_s_from_ns(mark->time_ns - snapshot->begin_ns));
        ob_mark_words(mark->words[0] ? mark->words : ob_tr(ob_mark_name(mark->label)), m->note[m->notes].words,
                      sizeof m->note[0].words);
        m->notes++;
    }
}

static void describe_plot(struct ob_second_page *p, const struct ob_trail *trail, const struct ob_snapshot *snapshot)
{
    ob_nn_list_finish(&p->beats);
    ob_trail_beats(snapshot, &p->beats, &p->series); /* without memory there are fewer of them */
    p->model.plot = ob_trail_strip(trail, snapshot, &p->beats, p->marks);
    p->model.plot.heart_name = ob_tr("Heart rate, bpm, beat by beat (tachogram)");
    p->model.plot.breath_name = ob_tr("Breaths/min: the person's (line), the pace (dots)");
    p->model.plot.minutes = ob_tr("min");
    p->model.plot.no_beats = ob_tr("No heart beat yet.");
}

static void add_way(struct ob_ui_desk *m, enum way way, const char *words, bool on)
{
    struct ob_ui_desk_button *button = &m->way[m->ways++];
    button->key = key_of(way);
    PUT(button->words, "%s", words);
    button->on = on;
}

static void describe_buttons(struct ob_second_page *p, const struct ob_shell *s, int64_t now_ns)
{
    static const char *const silent[OB_SILENT_KINDS] = {OB_TR("The client has: light and sound"),
                                                        OB_TR("The client has: light only"),
                                                        OB_TR("The client has: nothing")};
    struct ob_ui_desk *m = &p->model;
    const bool sat = sits(s) && !s->sitting.ended_ns;
    m->labels = m->ways = 0;
    for (unsigned i = 0; sat && i < OB_MARK_TEXT; i++) {
        struct ob_ui_desk_button *button = &m->label[m->labels++];
        button->key = key_of(i);
        PUT(button->words, "%s", ob_tr(ob_mark_name(i)));
        button->words[0] = (char)toupper((unsigned char)button->words[0]);
    }
    if (sat) {
        add_way(m, WAY_PAUSE, s->sitting.paused ? ob_tr("Go on") : ob_tr("Pause"), s->sitting.paused);
        add_way(m, WAY_BREATHE, s->sitting.natural ? ob_tr("Guide again") : ob_tr("Just breathe"), s->sitting.natural);
        if (s->sitting.protocol.phase_count > 1)
            add_way(m, WAY_PART, ob_tr("Next part"), false);
        add_way(m, WAY_SILENT, ob_tr(silent[s->desk.view.silent % OB_SILENT_KINDS]),
                s->desk.view.silent != OB_SILENT_OFF);
        add_way(m, WAY_CONSENT, s->desk.view.consent ? ob_tr("Consent is noted") : ob_tr("Note the consent"),
                s->desk.view.consent);
    }
    const bool again = p->next_asked_ns && now_ns - p->next_asked_ns < TWICE_NS;
    add_way(m, WAY_NEXT, again ? ob_tr("Press again: this client goes") : ob_tr("Next client"), again);
}

/* What is under way: the part of a protocol, else the stage. */
static const char *under_way(const struct ob_shell *s, const struct ob_snapshot *snapshot)
{
    static const char *const stages[OB_STAGES] = {
        [OB_STAGE_IDLE] = OB_TR("No session"), [OB_STAGE_UNPACED_BEFORE] = OB_TR("Unpaced, before"),
        [OB_STAGE_GUIDED] = OB_TR("Guided"),   [OB_STAGE_NATURAL] = OB_TR("Just breathing"),
        [OB_STAGE_PAUSED] = OB_TR("Paused"),   [OB_STAGE_UNPACED_AFTER] = OB_TR("Unpaced, after"),
        [OB_STAGE_ENDED] = OB_TR("Over"),      [OB_STAGE_UNPACED] = OB_TR("Unpaced"),
    };
    const bool told = snapshot->stage == OB_STAGE_PAUSED || snapshot->stage == OB_STAGE_ENDED;
    return s->desk.view.part[0] && !told ? s->desk.view.part
                                         : ob_tr(stages[snapshot->stage < OB_STAGES ? snapshot->stage : 0]);
}

static void describe(struct ob_second_page *p, struct ob_shell *s, int64_t now_ns)
{
    static const struct ob_snapshot nobody;
    static const struct ob_trail nothing;
    const struct ob_snapshot *snapshot = sits(s) && s->sitting.newest ? s->sitting.newest : &nobody;
    struct ob_ui_desk *m = &p->model;
    memset(m, 0, sizeof *m);
    describe_numbers(m, snapshot);
    describe_plot(p, snapshot == &nobody ? &nothing : &s->trail, snapshot);
    if (snapshot != &nobody)
        describe_notes(m, &s->desk.view, snapshot);
    describe_buttons(p, s, now_ns);
    PUT(m->part, "%s", under_way(s, snapshot));
    PUT(m->sensor, "%s", s->desk.view.sensor);
    PUT(m->notice, "%s", s->desk.view.notice);
    put_clock(m->clock, sizeof m->clock, ob_s_from_ns(snapshot->now_ns - snapshot->begin_ns));
    if (snapshot->stage == OB_STAGE_IDLE)
        return;
    const double left_s = ob_s_from_ns(snapshot->end_ns - snapshot->now_ns);
    char left[16];
    put_clock(left, sizeof left, left_s);
    if (left_s > 0.0)
        PUT(m->left, ob_tr("%s left"), left);
    PUT(m->about, "%s",
        snapshot->simulated ? ob_tr("A simulated heart: for trying things out, nobody's own.")
        : s->desk.view.kept ? ob_tr("This session is kept.")
                            : ob_tr("This session is not kept."));
}

/* ---- what is asked ---- */

static void ask(struct ob_shell *s, struct ob_request request, int64_t now_ns)
{
    ob_desk_ask(s, &request, now_ns);
}

static void choose(void *user, uint64_t key)
{
    struct ob_shell *s = user;
    struct ob_second_page *p = &s->screens.page;
    const int64_t now_ns = ob_clock_monotonic_ns();
    const int64_t asked_ns = p->next_asked_ns;
    p->painted_ns = p->next_asked_ns = 0;
    for (unsigned i = 0; i < OB_MARK_TEXT; i++)
        if (key == key_of(i))
            ask(s, (struct ob_request){.kind = OB_REQUEST_MARK, .code = i}, now_ns);
    if (key == key_of(WAY_PAUSE))
        ask(s, (struct ob_request){.kind = OB_REQUEST_PAUSE, .on = !s->sitting.paused}, now_ns);
    if (key == key_of(WAY_BREATHE))
        ask(s, (struct ob_request){.kind = OB_REQUEST_BREATHE, .on = !s->sitting.natural}, now_ns);
    if (key == key_of(WAY_PART))
        ask(s, (struct ob_request){.kind = OB_REQUEST_PART}, now_ns);
    if (key == key_of(WAY_SILENT))
        ask(s, (struct ob_request){.kind = OB_REQUEST_SILENT, .code = (s->desk.view.silent + 1) % OB_SILENT_KINDS},
            now_ns);
    if (key == key_of(WAY_CONSENT))
        ask(s, (struct ob_request){.kind = OB_REQUEST_CONSENT, .on = !s->desk.view.consent}, now_ns);
    if (key == key_of(WAY_NEXT) && asked_ns && now_ns - asked_ns < TWICE_NS)
        ask(s, (struct ob_request){.kind = OB_REQUEST_NEXT, .value = (double)s->desk.view.sitting}, now_ns);
    else if (key == key_of(WAY_NEXT))
        p->next_asked_ns = now_ns;
}

static void draw(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_shell *s = user;
    ob_ui_desk_draw(canvas, &s->screens.page.model);
}

static void back(void *user)
{
    (void)user; /* keys are the session's */
}

static const struct ob_ui_screen screen = {.draw = draw, .choose = choose, .back = back};

/* ---- its window ---- */

void ob_second_page_open(struct ob_second_page *p, struct ob_shell *s, int display)
{
    ob_second_page_close(p, s->render);
    if (ob_render_open_page(s->render, display))
        return;
    p->open = true;
    p->blind = false;
    p->display = display;
    p->painted_ns = 0;
    p->host.tr = ob_tr;
    ob_ui_host_show(&p->host, &screen, s, 0);
}

void ob_second_page_close(struct ob_second_page *p, struct ob_render *render)
{
    if (p->open)
        ob_render_close_page(render);
    ob_nn_list_finish(&p->beats);
    memset(&p->model, 0, sizeof p->model); /* nothing of one client is there when the next one comes */
    p->open = false;
    p->display = OB_SCREEN_NONE;
    p->next_asked_ns = 0;
}

static void paint_nothing(void *user, cairo_t *cairo, struct ob_words *words, int width, int height)
{
    (void)user;
    (void)words;
    cairo_rectangle(cairo, 0.0, 0.0, width, height);
    cairo_set_source_rgb(cairo, 0.0, 0.0, 0.0);
    cairo_fill(cairo);
}

static void paint(void *user, cairo_t *cairo, struct ob_words *words, int width, int height)
{
    struct ob_second_page *p = user;
    ob_ui_host_paint(&p->host, cairo, words, width, height);
}

void ob_second_page_step(struct ob_second_page *p, struct ob_shell *s, int64_t now_ns)
{
    if (!p->open)
        return;
    if (p->blind) {
        ob_render_page(s->render, 1, paint_nothing, p);
        return;
    }
    if (now_ns - p->painted_ns > EVERY_NS) {
        describe(p, s, now_ns);
        p->host.theme = s->host.theme;
        p->host.overscan_01 = 0.0; /* a monitor, not a television */
        p->painted_ns = now_ns;
        ob_ui_host_stir(&p->host);
    }
    ob_render_page(s->render, p->host.turn + 2, paint, p);
}

void ob_second_page_event(struct ob_second_page *p, struct ob_shell *s, const SDL_Event *event)
{
    struct ob_pointer pointer;
    ob_input_take(&s->input, event, &pointer);
    if (event->type == SDL_WINDOWEVENT) {
        p->host.focus.at = 0; /* nothing is pointed at */
        ob_ui_host_stir(&p->host);
    } else if (pointer.moved)
        ob_ui_host_pointer(&p->host, pointer.x_01, pointer.y_01, pointer.pressed);
}
