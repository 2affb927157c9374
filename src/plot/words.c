/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/words.h"

#include <string.h>

bool ob_words_init(struct ob_words *words)
{
    words->context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    if (!words->context)
        return false;
    cairo_font_options_t *options = cairo_font_options_create();
    /* The same letters on every screen: no hinting to its grid, no coloured edges. */
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(words->context, options);
    pango_cairo_context_set_resolution(words->context, 96.0);
    cairo_font_options_destroy(options);
    words->layout = pango_layout_new(words->context);
    return words->layout != NULL;
}

void ob_words_finish(struct ob_words *words)
{
    if (words->layout)
        g_object_unref(words->layout);
    if (words->context)
        g_object_unref(words->context);
    words->layout = NULL;
    words->context = NULL;
}

static void set(struct ob_words *words, const char *text, const struct ob_text_style *style)
{
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, "Inter,Cantarell,Noto Sans,DejaVu Sans,sans-serif");
    pango_font_description_set_weight(font, (PangoWeight)style->weight);
    pango_font_description_set_absolute_size(font, style->size_px * PANGO_SCALE);
    pango_layout_set_font_description(words->layout, font);
    pango_font_description_free(font);
    static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    pango_layout_set_alignment(words->layout, aligns[style->align]);
    pango_layout_set_width(words->layout, style->wrap_px > 0.0 ? (int)(style->wrap_px * PANGO_SCALE) : -1);
    pango_layout_set_wrap(words->layout, PANGO_WRAP_WORD_CHAR);
    /* Figures of one width: numbers that change must not make their neighbours dance. */
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1, calt=0"));
    pango_layout_set_attributes(words->layout, attributes);
    pango_attr_list_unref(attributes);
    if (g_utf8_validate(text, -1, NULL)) {
        pango_layout_set_text(words->layout, text, -1);
    } else {
        char *valid = g_utf8_make_valid(text, -1);
        pango_layout_set_text(words->layout, valid, -1);
        g_free(valid);
    }
}

void ob_words_measure(struct ob_words *words, const char *text, const struct ob_text_style *style, double *width_out,
                      double *height_out)
{
    PangoRectangle logical;
    set(words, text, style);
    pango_layout_get_extents(words->layout, NULL, &logical);
    *width_out = (double)logical.width / PANGO_SCALE;
    *height_out = (double)logical.height / PANGO_SCALE;
}

void ob_words_draw(struct ob_words *words, cairo_t *cairo, const char *text, double x, double y,
                   const struct ob_text_style *style)
{
    PangoRectangle logical;
    set(words, text, style);
    pango_layout_get_extents(words->layout, NULL, &logical);
    const double share[] = {0.0, 0.5, 1.0};
    const double left = x - (double)logical.x / PANGO_SCALE - share[style->align] * logical.width / PANGO_SCALE;
    cairo_new_path(cairo);
    if (style->shadow) {
        cairo_move_to(cairo, left, y);
        pango_cairo_layout_path(cairo, words->layout);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
        for (int i = 4; i >= 1; i--) {
            cairo_set_source_rgba(cairo, 0.02, 0.02, 0.07, 0.10 * style->alpha);
            cairo_set_line_width(cairo, 0.075 * style->size_px * i);
            cairo_stroke_preserve(cairo);
        }
        cairo_new_path(cairo);
    }
    cairo_move_to(cairo, left, y);
    cairo_set_source_rgba(cairo, style->red, style->green, style->blue, style->alpha);
    pango_cairo_show_layout(cairo, words->layout);
}
