/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/panels.h"

#include "base/maths.h"
#include "base/time.h"
#include "os/tr.h"
#include "render/hud.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const uniforms[] = {"u_rect", "u_image", "u_apply", "u_screen", "u_alpha", "u_dim", NULL};

enum ob_err ob_panels_init(struct ob_panels *panels, const char *dir, bool es)
{
    memset(panels, 0, sizeof *panels);
    enum ob_err err = ob_program_init(
        &panels->program, &(struct ob_program_desc){.dir = dir, .name = "layer.glsl", .uniforms = uniforms, .es = es});
    if (!err && !ob_words_init(&panels->words))
        err = OB_ERR_NO_MEMORY;
    return err;
}

void ob_panels_finish(struct ob_panels *panels)
{
    for (int i = 0; i < OB_PANELS; i++)
        ob_layer_finish(&panels->layers[i]);
    ob_words_finish(&panels->words);
    ob_program_finish(&panels->program);
}

bool ob_panels_refresh(struct ob_panels *panels)
{
    return ob_program_refresh(&panels->program);
}

static uint64_t text_key(const char *text)
{
    return text[0] ? ob_layer_key(0, text, strlen(text)) : 0;
}

void ob_panels_ground(cairo_t *cairo, double width, double height, double radius, double alpha)
{
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, width - radius, radius, radius, -OB_PI / 2, 0);
    cairo_arc(cairo, width - radius, height - radius, radius, 0, OB_PI / 2);
    cairo_arc(cairo, radius, height - radius, radius, OB_PI / 2, OB_PI);
    cairo_arc(cairo, radius, radius, radius, OB_PI, 1.5 * OB_PI);
    cairo_close_path(cairo);
    cairo_set_source_rgba(cairo, 0.03, 0.035, 0.09, alpha);
    cairo_fill(cairo);
}

/* Where a box of text stands: shares of the free room, from the left and from the top. */
struct place {
    double across_01, down_01;
    double pill; /* darkness of the ground behind it, 0: none */
};

static void paint_text(struct ob_panels *panels, enum ob_panel which, const char *text,
                       const struct ob_text_style *wanted, struct place place, uint64_t key)
{
    double width, height;
    struct ob_text_style balanced = *wanted;
    const struct ob_text_style *style = &balanced;
    balanced.wrap_px = 0.0;
    ob_words_measure(&panels->words, text, style, &width, &height);
    /* Lines of about one length: no single word is left for the last. */
    if (width > wanted->wrap_px)
        balanced.wrap_px = fmin(wanted->wrap_px, 1.08 * width / ceil(width / wanted->wrap_px) + style->size_px);
    ob_words_measure(&panels->words, text, style, &width, &height);
    const double pad_x = style->size_px * (place.pill > 0.0 ? 0.85 : 0.4);
    const double pad_y = style->size_px * (place.pill > 0.0 ? 0.4 : 0.3);
    const int box_width = (int)fmin(ceil(width + 2.0 * pad_x), panels->width);
    const int box_height = (int)fmin(ceil(height + 2.0 * pad_y), panels->height);
    cairo_t *cairo = ob_layer_paint(box_width, box_height);
    if (!cairo)
        return;
    if (place.pill > 0.0)
        ob_panels_ground(cairo, box_width, box_height, fmin(0.5 * box_height, 0.95 * style->size_px), place.pill);
    const double anchor[] = {pad_x, 0.5 * box_width, box_width - pad_x};
    ob_words_draw(&panels->words, cairo, text, anchor[style->align], pad_y, style);
    ob_layer_painted(&panels->layers[which], cairo, (int)(place.across_01 * (panels->width - box_width)),
                     (int)(place.down_01 * (panels->height - box_height)), key);
}

static void update_text(struct ob_panels *panels, enum ob_panel which, const char *text,
                        const struct ob_text_style *style, struct place place, double dt_s)
{
    const uint64_t key = text_key(text);
    if (ob_layer_want(&panels->layers[which], key, dt_s, false))
        paint_text(panels, which, text, style, place, key);
}

static void update_screen(struct ob_panels *panels, const struct ob_overlay *overlay, double dt_s)
{
    struct ob_layer *layer = &panels->layers[OB_PANEL_SCREEN];
    if (!ob_layer_want(layer, overlay->screen_key, dt_s, true) || !overlay->screen_key)
        return;
    cairo_t *cairo = ob_layer_paint(panels->screen_width, panels->screen_height);
    if (!cairo)
        return;
    /* A whole page covers all of the screen, and has margins of its own. */
    overlay->paint_screen(overlay->paint_user, cairo, &panels->words, panels->screen_width, panels->screen_height);
    ob_layer_painted(layer, cairo, -panels->margin_x, -panels->margin_y, overlay->screen_key);
}

void ob_panels_update(struct ob_panels *panels, const struct ob_snapshot *snapshot, const struct ob_overlay *asked,
                      const char *problem, int width, int height, int64_t seen_ns)
{
    struct ob_overlay shown = *asked;
    const struct ob_overlay *overlay = &shown;
    if (shown.screen_key) {
        shown.hud = shown.formulas = shown.help = false;
        shown.caption[0] = shown.notice[0] = '\0';
    }
    if (shown.help) /* a list that somebody looks something up in; what it lay over comes back with its end */
        shown.hud = shown.formulas = false;
    double dt_s = panels->begun ? ob_s_from_ns(seen_ns - panels->last_ns) : OB_LAYER_FADE_S;
    if (dt_s < 0.0)
        dt_s = 0.0;
    else if (dt_s < OB_LIGHT_STILL_S && panels->begun)
        dt_s = fmin(dt_s, OB_LIGHT_STEP_S);
    panels->last_ns = seen_ns;
    panels->begun = true;
    const double cut = ob_clamp(overlay->overscan_01, 0.0, 0.2);
    panels->screen_width = width;
    panels->screen_height = height;
    panels->margin_x = (int)(cut * width + 0.5);
    panels->margin_y = (int)(cut * height + 0.5);
    width -= 2 * panels->margin_x;
    height -= 2 * panels->margin_y;
    if (width != panels->width || height != panels->height)
        for (int i = 0; i < OB_PANELS; i++)
            panels->layers[i].key = 0; /* another size: painted anew at once */
    panels->width = width;
    panels->height = height;
    const double unit = ob_hud_unit_px(width, height);

    const struct ob_text_style caption = {.size_px = 4.4 * unit,
                                          .weight = 400,
                                          .red = 1.0,
                                          .green = 0.965,
                                          .blue = 0.92,
                                          .alpha = 0.96,
                                          .align = OB_ALIGN_CENTRE,
                                          .wrap_px = 0.84 * width,
                                          .shadow = true};
    update_text(panels, OB_PANEL_CAPTION, overlay->caption, &caption, (struct place){0.5, 0.945, 0.0}, dt_s);

    char notice[sizeof overlay->notice + 260];
    snprintf(notice, sizeof notice, "%s%s%s", overlay->notice, overlay->notice[0] && problem[0] ? "\n" : "", problem);
    struct ob_text_style small = caption;
    small.size_px = 2.7 * unit;
    small.shadow = false;
    small.alpha = 0.92;
    update_text(panels, OB_PANEL_NOTICE, notice, &small, (struct place){0.5, 0.845, 0.5}, dt_s);

    /* It stands above the caption, however many lines that has. */
    const struct ob_layer *below = &panels->layers[OB_PANEL_CAPTION];
    struct ob_layer *above = &panels->layers[OB_PANEL_NOTICE];
    if (below->key && above->y + above->height > below->y)
        above->y = below->y - above->height > 0 ? below->y - above->height : 0;

    small.size_px = 2.3 * unit;
    update_text(panels, OB_PANEL_SIMULATED, snapshot->simulated ? ob_tr("simulated") : "", &small,
                (struct place){0.97, 0.965, 0.42}, OB_LAYER_FADE_S); /* whole, in every frame */

    ob_hud_update(panels, snapshot, overlay, dt_s);
    update_screen(panels, overlay, dt_s);
}

static void rect_01_of(const struct ob_panels *panels, const struct ob_layer *layer, float rect_01[4])
{
    const float width = (float)panels->screen_width, height = (float)panels->screen_height;
    const float left = (float)(layer->x + panels->margin_x), top = (float)(layer->y + panels->margin_y);
    rect_01[0] = left / width;
    rect_01[1] = 1.0f - (top + (float)layer->height) / height;
    rect_01[2] = (left + (float)layer->width) / width;
    rect_01[3] = 1.0f - top / height;
}

/* A fade that begins and ends softly. */
static float eased(float alpha)
{
    return alpha * alpha * (3.0f - 2.0f * alpha);
}

void ob_panels_weigh(const struct ob_panels *panels, struct ob_light *light)
{
    for (int i = 0; i < OB_PANELS; i++) {
        const struct ob_layer *layer = &panels->layers[i];
        float rect_01[4];
        if (!layer->key || layer->alpha <= 0.0f)
            continue;
        rect_01_of(panels, layer, rect_01);
        ob_light_add(light, layer->texture, rect_01, layer->width, layer->height, eased(layer->alpha));
    }
}

void ob_panels_draw(const struct ob_panels *panels, GLuint apply, float dim)
{
    const GLint *at = panels->program.at;
    glEnable(GL_BLEND);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    glUseProgram(panels->program.id);
    glUniform1i(at[OB_LAYER_AT_IMAGE], 0);
    glUniform1i(at[OB_LAYER_AT_APPLY], 1);
    glUniform1f(at[OB_LAYER_AT_DIM], dim);
    glUniform2f(at[OB_LAYER_AT_SCREEN], (float)panels->screen_width, (float)panels->screen_height);
    glActiveTexture(GL_TEXTURE1);
    glBindTexture(GL_TEXTURE_2D, apply);
    glActiveTexture(GL_TEXTURE0);
    for (int i = 0; i < OB_PANELS; i++) {
        const struct ob_layer *layer = &panels->layers[i];
        float r[4];
        if (!layer->key || layer->alpha <= 0.0f)
            continue;
        rect_01_of(panels, layer, r);
        glUniform4f(at[OB_LAYER_AT_RECT], 2.0f * r[0] - 1.0f, 2.0f * r[1] - 1.0f, 2.0f * r[2] - 1.0f,
                    2.0f * r[3] - 1.0f);
        glUniform1f(at[OB_LAYER_AT_ALPHA], eased(layer->alpha));
        glBindTexture(GL_TEXTURE_2D, layer->texture);
        glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }
}
