/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/theme.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const struct ob_ui_theme themes[] = {
    {
        .name = "dusk",
        .ground = {0.040, 0.045, 0.100, 0.93},
        .raised = {0.085, 0.092, 0.165, 0.96},
        .lifted = {0.135, 0.145, 0.240, 1.0},
        .ink = {1.0, 0.97, 0.93, 1.0},
        .faint = {0.80, 0.79, 0.87, 1.0},
        .line = {0.70, 0.94, 0.91, 1.0},
        .accent = {0.98, 0.80, 0.58, 1.0},
        .quiet = {0.30, 0.31, 0.42, 1.0},
    },
    {
        .name = "contrast",
        .ground = {0.0, 0.0, 0.0, 1.0},
        .raised = {0.0, 0.0, 0.0, 1.0},
        .lifted = {0.16, 0.16, 0.16, 1.0},
        .ink = {1.0, 1.0, 1.0, 1.0},
        .faint = {0.94, 0.94, 0.94, 1.0},
        .line = {1.0, 1.0, 1.0, 1.0},
        .accent = {1.0, 0.87, 0.35, 1.0},
        .quiet = {0.62, 0.62, 0.62, 1.0},
    },
    {
        .name = "black",
        .ground = {0.0, 0.0, 0.0, 1.0},
        .raised = {0.0, 0.0, 0.0, 1.0},
        .lifted = {0.075, 0.065, 0.055, 1.0},
        .ink = {0.74, 0.69, 0.63, 1.0},
        .faint = {0.56, 0.53, 0.50, 1.0},
        .line = {0.48, 0.63, 0.61, 1.0},
        .accent = {0.76, 0.60, 0.41, 1.0},
        .quiet = {0.20, 0.19, 0.18, 1.0},
    },
    {
        .name = "day",
        .ground = {0.945, 0.930, 0.905, 0.96},
        .raised = {0.985, 0.975, 0.960, 1.0},
        .lifted = {1.0, 1.0, 1.0, 1.0},
        .ink = {0.10, 0.11, 0.17, 1.0},
        .faint = {0.29, 0.30, 0.37, 1.0},
        .line = {0.05, 0.39, 0.40, 1.0},
        .accent = {0.61, 0.30, 0.07, 1.0},
        .quiet = {0.74, 0.72, 0.69, 1.0},
    },
};

const struct ob_ui_theme *ob_ui_theme(const char *name)
{
    for (size_t i = 0; name && i < sizeof themes / sizeof *themes; i++)
        if (strcmp(themes[i].name, name) == 0)
            return &themes[i];
    return &themes[0];
}

void ob_ui_set_colour(cairo_t *cairo, const struct ob_ui_colour *colour)
{
    cairo_set_source_rgba(cairo, colour->red, colour->green, colour->blue, colour->alpha);
}

static double linear(double value)
{
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(const struct ob_ui_colour *c)
{
    return 0.2126 * linear(c->red) + 0.7152 * linear(c->green) + 0.0722 * linear(c->blue);
}

bool ob_ui_needs_paper(const struct ob_ui_theme *theme)
{
    return luminance(&theme->ink) < luminance(&theme->ground);
}

double ob_ui_sheer_01(const struct ob_ui_theme *theme)
{
    return ob_ui_needs_paper(theme) ? 1.0 : 0.75;
}

double ob_ui_contrast(const struct ob_ui_colour *a, const struct ob_ui_colour *b)
{
    const double la = luminance(a), lb = luminance(b);
    return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}
