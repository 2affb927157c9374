/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/host.h"

#include "ui/parts.h"

#include <math.h>
#include <string.h>

#define KEY_SCROLL   0.3 /* of the screen */
#define AROUND_UNITS 6.0 /* what stays in sight above and below the item with the focus */

void ob_ui_host_show(struct ob_ui_host *host, const struct ob_ui_screen *screen, void *user, uint64_t first_focus)
{
    host->screen = screen;
    host->user = user;
    memset(&host->focus, 0, sizeof host->focus);
    host->focus.at = first_focus;
    host->scroll_px = 0.0;
    ob_ui_host_tell_again(host);
    host->turn++;
}

void ob_ui_host_stir(struct ob_ui_host *host)
{
    host->turn++;
}

static void draw_line(struct ob_ui_host *host, struct ob_ui_canvas *c)
{
    const struct ob_ui_label label = {
        .text = host->line, .size = 2.5, .weight = 500, .ink = OB_UI_INK, .align = OB_ALIGN_CENTRE};
    const double width = c->width * (0.8 - 2.0 * c->overscan_01), pad = 1.2 * c->unit;
    const double high = ob_ui_label_height(c, &label, width - 2.0 * pad);
    struct ob_ui_box box = {0.5 * (c->width - width),
                            c->height * (1.0 - c->overscan_01) - high - 2.0 * pad - 1.5 * c->unit, width,
                            high + 2.0 * pad};
    host->foot_px = c->height - box.y;
    ob_ui_round(c->cairo, box, 1.6 * c->unit);
    ob_ui_set_colour(c->cairo, &c->theme->lifted);
    cairo_fill(c->cairo);
    ob_ui_label(c, &label, ob_ui_inset(box, pad, pad));
}

/* A sheet as large as what was drawn needs; the drawing tells. */
static void draw_on_sheet(const struct ob_ui_host *host, const struct ob_ui_canvas *c, cairo_surface_t *drawn,
                          cairo_t *cairo)
{
    struct ob_ui_box page;
    cairo_recording_surface_ink_extents(drawn, &page.x, &page.y, &page.width, &page.height);
    page.x = fmax(0.0, fmin(page.x, host->width - page.x - page.width));
    page.width = host->width - 2.0 * page.x;
    ob_ui_sheet(cairo, host->theme, page, c->unit);
    cairo_set_source_surface(cairo, drawn, 0.0, 0.0);
    cairo_paint(cairo);
}

static struct ob_ui_canvas draw(struct ob_ui_host *host, cairo_t *screen, struct ob_words *words)
{
    struct ob_ui_canvas canvas;
    ob_ui_told_begin(&host->told);
    struct ob_ui_theme theme = *host->theme;
    cairo_t *cairo = screen;
    cairo_surface_t *drawn = NULL;
    if (host->screen->sheer && !host->screen->clear && ob_ui_needs_paper(&theme)) {
        drawn = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
        cairo = cairo_create(drawn);
    } else if (host->screen->sheer && theme.ground.alpha < 1.0)
        theme.ground.alpha *= ob_ui_sheer_01(&theme);
    if (host->screen->clear)
        theme.ground.alpha = 0.0;
    if (drawn)
        theme.ground.alpha = 0.0; /* outside of the sheet */
    ob_ui_paint_ground(screen, &theme.ground);
    ob_ui_canvas_begin(&canvas, cairo, words, &theme, &host->focus, host->width, host->height);
    canvas.theme = host->theme;
    canvas.told = &host->told;
    canvas.tr = host->tr;
    canvas.scroll = host->scroll_px;
    canvas.overscan_01 = host->overscan_01;
    canvas.line = host->line;
    host->screen->draw(host->user, &canvas);
    ob_ui_told_item_end(&host->told);
    if (drawn) {
        draw_on_sheet(host, &canvas, drawn, screen);
        cairo_destroy(cairo);
        cairo_surface_destroy(drawn);
        canvas.cairo = screen;
    }
    host->foot_px = 0.0;
    if (host->line[0] && !canvas.line_is_said)
        draw_line(host, &canvas);
    ob_ui_canvas_end(&canvas);
    return canvas;
}

/* What is not below the line at the foot. */
static double seen_px(const struct ob_ui_host *host)
{
    return host->height - host->foot_px;
}

static double most_scroll(const struct ob_ui_host *host)
{
    return fmax(0.0, host->height_px - seen_px(host));
}

/* How far it has to be scrolled so that the focus is in sight. */
static double wanted(const struct ob_ui_host *host, double unit)
{
    for (int i = 0; i < host->focus.count; i++) {
        if (host->focus.item[i].key != host->focus.at)
            continue;
        const struct ob_ui_box *box = &host->focus.item[i].box;
        const double top = box->y + host->scroll_px, around = AROUND_UNITS * unit;
        double scroll = fmin(host->scroll_px, fmax(0.0, top - around));
        scroll = fmax(scroll, top + box->height + around - seen_px(host));
        if (i == 0)
            scroll = fmin(scroll, fmax(0.0, top + box->height + around - seen_px(host))); /* what stands above it too */
        return fmin(scroll, most_scroll(host));
    }
    return host->scroll_px;
}

void ob_ui_host_paint(struct ob_ui_host *host, cairo_t *cairo, struct ob_words *words, int width, int height)
{
    host->width = width;
    host->height = height;
    if (!host->screen)
        return;
    const uint64_t had = host->focus.at;
    struct ob_ui_canvas canvas = draw(host, cairo, words);
    host->height_px = canvas.bottom;
    host->scroll_px = fmin(host->scroll_px, most_scroll(host));
    const double scroll = host->dragging ? host->scroll_px : wanted(host, canvas.unit);
    if (scroll != canvas.scroll || host->focus.at != had) { /* the first drawing has found out where things are */
        host->scroll_px = scroll;
        draw(host, cairo, words);
    }
}

void ob_ui_host_input(struct ob_ui_host *host, enum ob_ui_input input)
{
    if (!host->screen || input == OB_UI_NOTHING)
        return;
    host->turn++;
    const struct ob_ui_screen *screen = host->screen;
    if (input == OB_UI_BACK) {
        screen->back(host->user);
        return;
    }
    if ((input == OB_UI_LEFT || input == OB_UI_RIGHT) && screen->adjust && host->focus.at &&
        screen->adjust(host->user, host->focus.at, input == OB_UI_LEFT ? -1 : 1)) {
        host->telling.item = 0; /* its value is new */
        return;
    }
    const uint64_t had = host->focus.at, chosen = ob_ui_focus_input(&host->focus, input);
    if (chosen)
        screen->choose(host->user, chosen);
    else if (host->focus.at == had && (input == OB_UI_UP || input == OB_UI_DOWN))
        ob_ui_host_scroll(host, input == OB_UI_UP ? -KEY_SCROLL : KEY_SCROLL); /* there is nothing further to choose */
    else
        host->dragging = false;
}

void ob_ui_host_pointer(struct ob_ui_host *host, double x_01, double y_01, bool pressed)
{
    if (!host->screen)
        return;
    const uint64_t had = host->focus.at;
    const uint64_t chosen = ob_ui_focus_pointer(&host->focus, x_01 * host->width, y_01 * host->height, pressed);
    if (host->focus.at != had || chosen)
        host->turn++;
    if (!chosen)
        return;
    /* On a value its left side is less and its right side more; its name chooses. */
    const struct ob_ui_box *box = &host->focus.last;
    const double at = (x_01 * host->width - box->x) / fmax(1.0, box->width);
    if (host->screen->adjust && at >= OB_UI_VALUE_FROM &&
        host->screen->adjust(host->user, chosen, at < 0.5 * (1.0 + OB_UI_VALUE_FROM) ? -1 : 1)) {
        host->telling.item = 0;
        return;
    }
    host->screen->choose(host->user, chosen);
}

void ob_ui_host_scroll(struct ob_ui_host *host, double by_01)
{
    const double scroll = fmin(most_scroll(host), fmax(0.0, host->scroll_px + by_01 * host->height));
    host->dragging = true;
    if (scroll != host->scroll_px)
        host->turn++;
    host->scroll_px = scroll;
}

bool ob_ui_host_words(struct ob_ui_host *host, char *out, size_t size)
{
    out[0] = '\0';
    return host->screen && ob_ui_told_news(&host->told, &host->telling, host->focus.at, out, size);
}

void ob_ui_host_tell_again(struct ob_ui_host *host)
{
    host->telling = (struct ob_ui_telling){0};
}
