/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kiosk_screens.h"

#include "ui/parts.h"

#include <math.h>
#include <stdio.h>

#define PAGE_UNITS   116.0
#define BUTTON_UNITS 9.0
#define LOGO_UNITS   22.0

uint64_t ob_ui_kiosk_key(unsigned choice)
{
    return ob_ui_key("kiosk", choice);
}

unsigned ob_ui_kiosk_choice(uint64_t key)
{
    for (unsigned i = OB_UI_KIOSK_BEGIN; i < OB_UI_KIOSK_CHOICES; i++)
        if (key == ob_ui_kiosk_key(i))
            return i;
    return OB_UI_KIOSK_NOTHING;
}

static void say(const struct ob_ui_canvas *c, const char *words, double size, enum ob_ui_ink ink, enum ob_align align,
                double gap, struct ob_ui_box *page)
{
    const struct ob_ui_label label = {
        .text = words, .size = size, .weight = size > 4.0 ? 550 : 430, .ink = ink, .align = align};
    if (words[0])
        ob_ui_flow(c, &label, page, gap);
}

/* Buttons below each other, each in the middle. */
static void draw_button(const struct ob_ui_canvas *c, unsigned choice, const char *words, struct ob_ui_box *page)
{
    const struct ob_ui_box line = ob_ui_cut_top(page, BUTTON_UNITS * c->unit);
    const double width = fmin(line.width, fmax(46.0 * c->unit, ob_ui_button_width(c, words)));
    ob_ui_button(c, ob_ui_kiosk_key(choice), words,
                 (struct ob_ui_box){line.x + 0.5 * (line.width - width), line.y, width, line.height});
    ob_ui_cut_top(page, 1.6 * c->unit);
}

static void draw_logo(const struct ob_ui_canvas *c, cairo_surface_t *logo, struct ob_ui_box *page)
{
    const double width = cairo_image_surface_get_width(logo), height = cairo_image_surface_get_height(logo);
    if (width < 1.0 || height < 1.0)
        return;
    const struct ob_ui_box box = ob_ui_cut_top(page, LOGO_UNITS * c->unit);
    const double scale = fmin(box.height / height, 0.8 * box.width / width);
    cairo_save(c->cairo);
    cairo_translate(c->cairo, box.x + 0.5 * (box.width - scale * width), box.y + 0.5 * (box.height - scale * height));
    cairo_scale(c->cairo, scale, scale);
    cairo_set_source_surface(c->cairo, logo, 0.0, 0.0);
    cairo_paint(c->cairo);
    cairo_restore(c->cairo);
    ob_ui_cut_top(page, 2.0 * c->unit);
}

void ob_ui_kiosk_attract_draw(struct ob_ui_canvas *c, const struct ob_ui_kiosk_attract *model)
{
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    const double top = page.y + c->scroll;
    if (model->logo)
        draw_logo(c, model->logo, &page);
    say(c, model->name, 5.2, OB_UI_INK, OB_ALIGN_CENTRE, 1.0, &page);
    /* The middle belongs to the scene; what can be touched stands at the foot. */
    const double foot = (model->languages * (BUTTON_UNITS + 1.6)) * c->unit;
    const double spare = c->height - 2.0 * top - (page.y + c->scroll - top) - foot;
    if (spare > 0.0)
        ob_ui_cut_top(&page, spare);
    for (int i = 0; i < model->languages; i++)
        draw_button(c, OB_UI_KIOSK_LANGUAGE + (unsigned)i, model->begin[i], &page);
    ob_ui_page_end(c, &page);
}

void ob_ui_kiosk_ask_draw(struct ob_ui_canvas *c, const struct ob_ui_kiosk_ask *model)
{
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    say(c, ob_ui_tr(c, "For adults, and only if it feels good"), 4.6, OB_UI_INK, OB_ALIGN_LEFT, 1.4, &page);
    say(c, ob_ui_tr(c, "Ask a clinician first"), 3.2, OB_UI_ACCENT, OB_ALIGN_LEFT, 0.8, &page);
    say(c,
        ob_ui_tr(c, "with an irregular heartbeat, a pacemaker or a transplanted heart (the scores are then not valid), "
                    "heart failure, a recent heart attack, low blood pressure or fainting, severe lung or kidney "
                    "disease, metabolic acidosis, epilepsy, complications in pregnancy, panic or post-traumatic stress "
                    "(keep your eyes open), or with insulin or medicine for blood pressure."),
        2.9, OB_UI_INK, OB_ALIGN_LEFT, 1.2, &page);
    say(c,
        model->sensor[0]
            ? ob_ui_tr(c, "Light and sound breathe slowly, for you to breathe with. Breathe easily, not deeply, "
                          "through the nose, and stop whenever you like: letting go of the sensor ends it. It is not a "
                          "medical device, and nothing of you is kept.")
            : ob_ui_tr(c, "Light and sound breathe slowly, for you to breathe with. Breathe easily, not deeply, "
                          "through the nose, and stop whenever you like. It is not a medical device, and nothing of "
                          "you is kept."),
        2.9, OB_UI_INK, OB_ALIGN_LEFT, 1.0, &page);
    say(c, model->sensor, 2.9, OB_UI_FAINT, OB_ALIGN_LEFT, 1.0, &page);
    ob_ui_cut_top(&page, 1.2 * c->unit);
    if (model->read)
        draw_button(c, OB_UI_KIOSK_BEGIN, ob_ui_tr(c, "I am an adult and have read this"), &page);
    else { /* the room of the button, so that nothing jumps under a finger */
        struct ob_ui_box line = ob_ui_cut_top(&page, BUTTON_UNITS * c->unit);
        ob_ui_cut_top(&line, 2.6 * c->unit);
        say(c, ob_ui_tr(c, "A moment to read …"), 3.0, OB_UI_FAINT, OB_ALIGN_CENTRE, 0.0, &line);
        ob_ui_cut_top(&page, 1.6 * c->unit);
    }
    draw_button(c, OB_UI_KIOSK_NOT_NOW, ob_ui_tr(c, "Not now"), &page);
    ob_ui_page_end(c, &page);
}

static struct ob_ui_box middle(struct ob_ui_canvas *c, double units)
{
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    const double spare = c->height - 2.0 * (page.y + c->scroll) - units * c->unit;
    if (spare > 0.0)
        ob_ui_cut_top(&page, 0.5 * spare);
    return page;
}

void ob_ui_kiosk_settle_draw(struct ob_ui_canvas *c, const struct ob_ui_kiosk_settle *model)
{
    struct ob_ui_box page = middle(c, 42.0);
    say(c, model->feels ? ob_ui_tr(c, "Your heart is felt. Sit comfortably …") : ob_ui_tr(c, "Take the sensor"), 4.6,
        OB_UI_INK, OB_ALIGN_CENTRE, 1.6, &page);
    say(c, model->sensor, 2.9, OB_UI_FAINT, OB_ALIGN_CENTRE, 2.4, &page);
    draw_button(c, OB_UI_KIOSK_WITHOUT, ob_ui_tr(c, "Breathe without a sensor"), &page);
    draw_button(c, OB_UI_KIOSK_NOT_NOW, ob_ui_tr(c, "Not now"), &page);
    ob_ui_page_end(c, &page);
}

void ob_ui_kiosk_during_draw(struct ob_ui_canvas *c)
{
    struct ob_ui_box page = middle(c, 34.0);
    draw_button(c, OB_UI_KIOSK_BEGIN, ob_ui_tr(c, "Go on"), &page);
    draw_button(c, OB_UI_KIOSK_DIZZY, ob_ui_tr(c, "I feel dizzy"), &page);
    draw_button(c, OB_UI_KIOSK_NOT_NOW, ob_ui_tr(c, "End here"), &page);
    ob_ui_page_end(c, &page);
}

void ob_ui_kiosk_end_draw(struct ob_ui_canvas *c, const struct ob_ui_kiosk_end *model)
{
    struct ob_ui_box page = middle(c, 44.0);
    say(c, ob_ui_tr(c, "Thank you for breathing here"), 5.2, OB_UI_INK, OB_ALIGN_CENTRE, 1.4, &page);
    if (model->let_go)
        say(c, ob_ui_tr(c, "You let go, so this ends here. That is fine."), 3.0, OB_UI_INK, OB_ALIGN_CENTRE, 1.0,
            &page);
    for (int i = 0; i < model->lines; i++)
        say(c, model->line[i], 3.0, OB_UI_INK, OB_ALIGN_CENTRE, 0.8, &page);
    say(c, ob_ui_tr(c, "Take your time to get up. Nothing of you is kept."), 3.0, OB_UI_FAINT, OB_ALIGN_CENTRE, 2.4,
        &page);
    draw_button(c, OB_UI_KIOSK_NOT_NOW, ob_ui_tr(c, "Goodbye"), &page);
    ob_ui_page_end(c, &page);
}

void ob_ui_kiosk_pin_draw(struct ob_ui_canvas *c, const struct ob_ui_kiosk_pin *model)
{
    static const unsigned pad[4][3] = {
        {1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {OB_UI_KIOSK_DELETE + 10, 0, OB_UI_KIOSK_BEGIN + 10}};
    struct ob_ui_box page = middle(c, 68.0);
    char line[160], dots[64] = "";
    say(c, ob_ui_tr(c, "For the staff"), 4.0, OB_UI_INK, OB_ALIGN_CENTRE, 1.2, &page);
    if (model->wait_s > 0)
        snprintf(line, sizeof line, ob_ui_tr(c, "Another try in %d s"), model->wait_s);
    else if (model->digits == 0)
        snprintf(line, sizeof line, "%s", model->wrong ? ob_ui_tr(c, "That was not it") : ob_ui_tr(c, "Your PIN"));
    else {
        for (int i = 0; i < model->digits && i < 12; i++)
            snprintf(dots + 2 * (size_t)i + (size_t)i, sizeof dots - 3 * (size_t)i, "\xe2\x80\xa2");
        snprintf(line, sizeof line, "%s", dots);
    }
    say(c, line, 3.4, OB_UI_FAINT, OB_ALIGN_CENTRE, 1.4, &page);
    const double gap = 1.4 * c->unit, widest = ob_ui_button_width(c, ob_ui_tr(c, "Delete"));
    const double width = fmin(fmax(16.0 * c->unit, widest), page.width / 3.0 - gap);
    for (int row = 0; row < 4; row++) {
        const struct ob_ui_box at = ob_ui_cut_top(&page, BUTTON_UNITS * c->unit);
        double x = at.x + 0.5 * (at.width - 3.0 * width - 2.0 * gap);
        for (int column = 0; column < 3; column++, x += width + gap) {
            const unsigned what = pad[row][column];
            char digit[16];
            snprintf(digit, sizeof digit, "%u", what);
            const char *words = what < 10                         ? digit
                                : what == OB_UI_KIOSK_DELETE + 10 ? ob_ui_tr(c, "Delete")
                                                                  : ob_ui_tr(c, "OK");
            ob_ui_button(c, ob_ui_kiosk_key(what < 10 ? OB_UI_KIOSK_DIGIT + what : what - 10), words,
                         (struct ob_ui_box){x, at.y, width, at.height});
        }
        ob_ui_cut_top(&page, gap);
    }
    draw_button(c, OB_UI_KIOSK_NOT_NOW, ob_ui_tr(c, "Back to the start"), &page);
    ob_ui_page_end(c, &page);
}

void ob_ui_kiosk_staff_draw(struct ob_ui_canvas *c, const struct ob_ui_kiosk_staff *model)
{
    struct ob_ui_box page = middle(c, 60.0);
    say(c, ob_ui_tr(c, "For the staff"), 4.0, OB_UI_INK, OB_ALIGN_LEFT, 1.6, &page);
    const struct ob_ui_option maximum = {.name = ob_ui_tr(c, "Loudest volume"),
                                         .value = model->maximum,
                                         .about = ob_ui_tr(c, "Until the kiosk is started again; the settings have "
                                                              "the one that stays."),
                                         .steps = true,
                                         .first = model->maximum_01 <= 0.05,
                                         .last = model->maximum_01 >= 1.0,
                                         .has_share = true,
                                         .share_01 = model->maximum_01};
    ob_ui_option(c, ob_ui_kiosk_key(OB_UI_KIOSK_VOLUME), &maximum, &page);
    ob_ui_cut_top(&page, 1.2 * c->unit);
    say(c, model->sensor, 2.9, OB_UI_FAINT, OB_ALIGN_LEFT, 0.8, &page);
    say(c, model->sound, 2.9, OB_UI_FAINT, OB_ALIGN_LEFT, 1.6, &page);
    draw_button(c, OB_UI_KIOSK_NOT_NOW, ob_ui_tr(c, "Back to the start"), &page);
    draw_button(c, OB_UI_KIOSK_LEAVE, ob_ui_tr(c, "Leave the kiosk"), &page);
    ob_ui_page_end(c, &page);
}
