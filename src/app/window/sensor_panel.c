/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/sensor_panel.h"

#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_NS  (100 * OB_NS_PER_MS) /* a trace that moves ten times a second is alive */
#define CALM_NS  (1 * OB_NS_PER_S)    /* with reduced motion */
#define POOR_01  0.5f
#define WAVE_NS  ((OB_VIEW_S - 1) * OB_NS_PER_S)
#define BEATS_NS (30 * OB_NS_PER_S)

_Static_assert(OB_UI_TRACE_POINTS >= OB_VIEW_POINTS && OB_UI_TRACE_BEATS >= OB_VIEW_BEATS, "a view fits into a trace");

void ob_sensor_panel_init(struct ob_sensor_panel *panel, const char *theme, bool reduced_motion)
{
    memset(panel, 0, sizeof *panel);
    panel->theme = ob_ui_theme(theme);
    panel->reduced_motion = reduced_motion;
    ob_ui_sensor_screen_init(&panel->screen);
    panel->screen.tr = ob_tr;
}

void ob_sensor_panel_open(struct ob_sensor_panel *panel, struct ob_hub *hub)
{
    if (panel->open)
        return;
    ob_scout_begin(&panel->scout, hub);
    panel->open = true;
    panel->told = false;
    panel->width = 0;
    panel->looked_ns = 0;
    panel->model.problem[0] = '\0';
}

void ob_sensor_panel_close(struct ob_sensor_panel *panel)
{
    if (!panel->open)
        return;
    ob_scout_end(&panel->scout);
    panel->open = false;
}

static void copy_trace(const struct ob_view *view, struct ob_ui_trace *trace)
{
    trace->wave = view->wave;
    trace->step_ns = OB_NS_PER_S / OB_VIEW_HZ;
    trace->points = view->points < OB_VIEW_POINTS ? (int)view->points : OB_VIEW_POINTS;
    for (int i = 0; i < trace->points; i++)
        trace->point[i] = view->point[(view->points - (uint64_t)(trace->points - i)) % OB_VIEW_POINTS];
    trace->last_ns = view->last_ns;
    trace->beats = view->beats < OB_VIEW_BEATS ? (int)view->beats : OB_VIEW_BEATS;
    for (int i = 0; i < trace->beats; i++) {
        const uint64_t at = (view->beats - (uint64_t)(trace->beats - i)) % OB_VIEW_BEATS;
        trace->beat_ns[i] = view->beat_ns[at];
        trace->rr_ms[i] = view->rr_ms[at];
    }
    trace->newest_ns = view->wave ? view->last_ns : view->newest_ns;
    trace->span_ns = view->wave ? WAVE_NS : BEATS_NS;
}

static void fill_row(const struct ob_scout_row *row, const struct ob_view *view, struct ob_ui_sensor *out)
{
    const struct ob_sensor_status *s = &row->status;
    memset(out, 0, sizeof *out);
    memcpy(out->id, s->id, sizeof out->id);
    memcpy(out->name, s->name, sizeof out->name);
    memcpy(out->sentence, s->sentence, sizeof out->sentence);
    out->about = row->about;
    out->open = row->number != 0;
    out->live = s->state == OB_SOURCE_STREAMING;
    out->simulated = s->simulated;
    out->heart = row->taken & OB_HUB_HEART;
    out->breath = row->taken & OB_HUB_BREATH;
    out->battery_pct = s->battery_pct;
    out->rssi_dbm = s->rssi_dbm;
    out->quality_01 = -1.0f;
    if (!view)
        return;
    out->sends_breath = view->breath;
    out->quality_01 = view->quality_01 < 0.0f ? -1.0f : s->quality_01;
    out->bpm = s->quality_01 >= POOR_01 ? ob_view_bpm(view) : 0.0; /* a rate out of noise is nobody's */
    copy_trace(view, &out->trace);
    if (view->wave && view->quality_01 >= 0.0f && s->quality_01 < POOR_01)
        out->trace.beats = 0; /* what is found in noise is not shown as a heart */
}

static void look(struct ob_sensor_panel *panel, int64_t now_ns)
{
    ob_scout_step(&panel->scout, now_ns);
    struct ob_scout_row *rows = calloc(OB_UI_SENSORS, sizeof *rows);
    struct ob_view *view = malloc(sizeof *view);
    if (rows && view) {
        panel->model.count = ob_scout_rows(&panel->scout, rows, OB_UI_SENSORS);
        for (int i = 0; i < panel->model.count; i++) {
            const bool seen = rows[i].number != 0 && ob_hub_view(panel->scout.hub, (int)rows[i].number - 1, view);
            fill_row(&rows[i], seen ? view : NULL, &panel->model.sensor[i]);
        }
    }
    free(rows);
    free(view);
    panel->looked_ns = now_ns;
    panel->turn++;
}

static void paint(void *user, cairo_t *cairo, struct ob_words *words, int width, int height)
{
    struct ob_sensor_panel *panel = user;
    panel->width = width;
    panel->height = height;
    ob_ui_sensor_screen_draw(&panel->screen, &panel->model, cairo, words, panel->theme, width, height);
}

void ob_sensor_panel_step(struct ob_sensor_panel *panel, int64_t now_ns, struct ob_overlay *overlay)
{
    overlay->screen_key = 0;
    if (!panel->open)
        return;
    if (panel->looked_ns == 0 || now_ns - panel->looked_ns >= (panel->reduced_motion ? CALM_NS : LOOK_NS))
        look(panel, now_ns);
    overlay->paint_screen = paint;
    overlay->paint_user = panel;
    overlay->screen_key = panel->turn + 1;
}

bool ob_sensor_panel_words(struct ob_sensor_panel *panel, char *out, size_t size)
{
    out[0] = '\0';
    if (!panel->open || panel->width == 0) /* not drawn yet */
        return false;
    const bool again = !panel->told;
    panel->told = true;
    return ob_ui_sensor_screen_words(&panel->screen, again, out, size);
}

static bool act(struct ob_sensor_panel *panel, const struct ob_ui_sensor_choice *choice)
{
    panel->turn++; /* the focus may have moved */
    if (choice->act == OB_UI_SENSOR_LEAVE)
        ob_sensor_panel_close(panel);
    if (choice->act != OB_UI_SENSOR_HEART && choice->act != OB_UI_SENSOR_BREATH)
        return false;
    const enum ob_hub_take take = choice->act == OB_UI_SENSOR_HEART ? OB_HUB_ALL : OB_HUB_BREATH;
    panel->model.problem[0] = '\0';
    const bool taken =
        ob_scout_choose(&panel->scout, choice->id, take, panel->model.problem, sizeof panel->model.problem) == OB_OK;
    panel->looked_ns = 0;
    return taken;
}

bool ob_sensor_panel_input(struct ob_sensor_panel *panel, enum ob_ui_input input)
{
    const struct ob_ui_sensor_choice choice = ob_ui_sensor_screen_input(&panel->screen, &panel->model, input);
    return act(panel, &choice);
}

bool ob_sensor_panel_pointer(struct ob_sensor_panel *panel, double x_01, double y_01, bool pressed)
{
    const struct ob_ui_sensor_choice choice =
        ob_ui_sensor_screen_pointer(&panel->screen, &panel->model, x_01 * panel->width, y_01 * panel->height, pressed);
    return act(panel, &choice);
}
