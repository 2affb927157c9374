/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as one page on Cairo, and in the forms in which it leaves the program. Whatever a session holds, it is one
 * page: the strip of the heart takes the room that the words leave, and words that are too many are set smaller, then
 * cut. Inter by Pango where it is there; any script that fonts are there for. The bytes are the caller's, to be saved
 * with ob_sheet_save() (mode 0600). One thread at a time. */
#ifndef OB_REPORT_PAGE_H
#define OB_REPORT_PAGE_H

#include "report/sheet.h"
#include "report/summary.h"
#include "report/tongue.h"

#include <cairo.h>

enum ob_paper { OB_PAPER_A4, OB_PAPER_LETTER };

void ob_paper_size(enum ob_paper paper, double *width_pt_out, double *height_pt_out);

/* Draws the page with its corner at the origin; false without memory. */
bool ob_page_draw(cairo_t *cairo, const struct ob_summary *summary, const struct ob_tongue *tongue, double width_pt,
                  double height_pt);

/* A PDF of one page; sheet->failed: without memory. */
void ob_write_page_pdf(struct ob_sheet *pdf, const struct ob_summary *summary, const struct ob_tongue *tongue,
                       enum ob_paper paper);

/* A page of HTML in one file: text as text, the strip as inline SVG, no script, nothing fetched. */
void ob_write_page_html(struct ob_sheet *html, const struct ob_summary *summary, const struct ob_tongue *tongue);

/* The numbers: item,window,value,unit,note. Names are a contract (docs/report.md); nothing is translated. */
void ob_write_page_csv(struct ob_sheet *csv, const struct ob_summary *summary);

/* The pictures, for whoever sets a page: what ob_plot_heart() and ob_plot_trend() take, of a summary. */
bool ob_page_strip(const struct ob_plot_pen *pen, const struct ob_plot_place *place, const struct ob_summary *summary,
                   const struct ob_tongue *tongue);
bool ob_page_trend(const struct ob_plot_pen *pen, const struct ob_plot_place *place, const struct ob_summary *summary,
                   const struct ob_tongue *tongue, enum ob_usual_kind kind);

#endif
