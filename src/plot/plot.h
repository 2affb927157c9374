/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report as a picture: tachogram above, spectrum below, on Cairo, as PNG, PDF or SVG bytes.
 *
 * Nothing is read or written here: the picture comes back as bytes. Corrected intervals are marked by shape as well as
 * by tone, and a gap stays a gap. Text through Pango's default sans serif. Pure; any thread (Cairo and Pango keep one
 * font cache a thread). */
#ifndef OB_PLOT_PLOT_H
#define OB_PLOT_PLOT_H

#include "hrv/psd.h"
#include "signal/nn_list.h"

#include <stdbool.h>
#include <stddef.h>

enum ob_plot_format {
    OB_PLOT_PNG,
    OB_PLOT_PDF,
    OB_PLOT_SVG,
};

struct ob_plot_desc {
    const char *title; /* UTF-8; what is not is shown as it can be */
    const char *note;  /* a line under the title, NULL for none */
    const struct ob_nn_list *list;
    const struct ob_spectra *spectra; /* without segments: the place says why it is empty */
    double width_pt, height_pt;       /* 0: 900 x 600 */
};

/* From a file name's ending (.png, .pdf, .svg, in any case). False: another ending. */
bool ob_plot_format_of(const char *name, enum ob_plot_format *format_out);

/* *bytes_out is the caller's, to free. False without memory or when Cairo fails. */
bool ob_plot_report(const struct ob_plot_desc *desc, enum ob_plot_format format, unsigned char **bytes_out,
                    size_t *size_out);

#endif
