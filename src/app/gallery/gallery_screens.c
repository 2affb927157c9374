/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gallery's pages: a row a page, in two themes and two languages, over the scene as the program shows them. */
#include "app/gallery/gallery.h"
#include "app/gallery/gallery_pages.h"
#include "base/time.h"
#include "os/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *language, *theme, *words;
} looks[] = {
    {"en", "dusk", "dusk, English"},
    {"en", "day", "day, English"},
    {"de", "dusk", "dusk, Deutsch"},
    {"de", "contrast", "high contrast, Deutsch"},
};
#define LOOKS ((int)(sizeof looks / sizeof *looks))

struct drawn {
    struct ob_gallery_pages pages;
    struct ob_ui_host host;
    struct ob_ui_sensor_screen sensors;
    bool is_sensors;
};

static void paint(void *user, cairo_t *cairo, struct ob_words *words, int width, int height)
{
    struct drawn *d = user;
    if (d->is_sensors)
        ob_ui_sensor_screen_draw(&d->sensors, &d->pages.sensors, cairo, words, d->host.theme, width, height);
    else
        ob_ui_host_paint(&d->host, cairo, words, width, height);
}

static int count(const struct ob_gallery *gallery)
{
    (void)gallery;
    return OB_GALLERY_PAGES * LOOKS;
}

static enum ob_err draw(struct ob_gallery *gallery, int index, struct ob_gallery_label *label_out)
{
    static struct ob_snapshot snapshot;
    const enum ob_gallery_page page = (enum ob_gallery_page)(index / LOOKS);
    const int look = index % LOOKS;
    struct drawn *d = calloc(1, sizeof *d);
    if (!d)
        return OB_ERR_NO_MEMORY;
    ob_tr_begin(looks[look].language);
    ob_gallery_pages_fill(&d->pages, ob_tr);
    d->host.theme = ob_ui_theme(looks[look].theme);
    d->host.tr = ob_tr;
    ob_ui_sensor_screen_init(&d->sensors);
    d->sensors.tr = ob_tr;
    d->is_sensors = page == OB_GALLERY_SENSORS;
    if (!d->is_sensors)
        ob_ui_host_show(&d->host, ob_gallery_page_screen(page), ob_gallery_page_user(&d->pages, page),
                        page == OB_GALLERY_FIRST ? ob_ui_first_key(OB_UI_FIRST_BEGIN) : 0);
    memset(&snapshot, 0, sizeof snapshot);
    snapshot.now_ns = ob_gallery_moment_ns(gallery);
    snapshot.begin_ns = snapshot.now_ns - 140 * OB_NS_PER_S;
    snapshot.end_ns = snapshot.begin_ns + 600 * OB_NS_PER_S;
    snapshot.pacer.start_ns = snapshot.now_ns;
    snapshot.pacer.phase_turns = 0.3;
    snapshot.pacer.shape = snapshot.pacer.next = ob_breath_shape_make(0.4, 6.0, 0.0, 0.0);
    snapshot.params = (struct ob_params){.presence_01 = 0.7f, .guidance_01 = 1.0f, .feedback_01 = 0.6f};
    const struct ob_overlay overlay = {.screen_key = (uint64_t)index + 1, .paint_screen = paint, .paint_user = d};
    snprintf(label_out->file, sizeof label_out->file, "%s-%s-%s", ob_gallery_page_name(page), looks[look].theme,
             looks[look].language);
    for (char *c = label_out->file; *c; c++)
        *c = *c == ' ' ? '-' : *c; /* a file's name is one word */
    snprintf(label_out->row, sizeof label_out->row, "%s", ob_gallery_page_name(page));
    snprintf(label_out->column, sizeof label_out->column, "%s", looks[look].words);
    const enum ob_err err = ob_render_frame(gallery->render, &snapshot, &overlay, gallery->seen_ns);
    free(d);
    return err;
}

const struct ob_gallery_sheet ob_gallery_screens = {
    .name = "screens", .about = "the pages", .columns = LOOKS, .cell_width = 400, .count = count, .draw = draw};
