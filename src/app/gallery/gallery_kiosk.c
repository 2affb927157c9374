/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gallery/gallery_kiosk.h"

#include <stdio.h>

#define PUT(to, ...) snprintf(to, sizeof(to), __VA_ARGS__)

void ob_gallery_kiosk_fill(struct ob_gallery_kiosk *k, ob_tr_fn *tr)
{
    k->attract = (struct ob_ui_kiosk_attract){
        .name = "Studio Lindenhof", .languages = 2, .begin = {tr(OB_TR("Touch to breathe")), "Berühren und atmen"}};
    k->ask = (struct ob_ui_kiosk_ask){.read = true,
                                      .sensor = tr(OB_TR("The sensor comes next: your heart then leads the picture."))};
    PUT(k->settle.sensor, "%s", tr(OB_TR("It is not heard yet. You can breathe without it as well.")));
    k->end = (struct ob_ui_kiosk_end){.let_go = true, .lines = 2};
    PUT(k->end.line[0], tr(OB_TR("Your heart: about %.0f beats a minute at the end.")), 62.0);
    PUT(k->end.line[1], tr(OB_TR("In the last half minute your heart went with the pace to %.0f%%.")), 74.0);
    k->pin = (struct ob_ui_kiosk_pin){.digits = 3};
    k->staff = (struct ob_ui_kiosk_staff){.maximum = "60%", .maximum_01 = 0.6};
    PUT(k->staff.sensor, "%s", tr(OB_TR("No sensor is chosen. Light and sound guide you without one.")));
    PUT(k->staff.sound, "%s", tr(OB_TR("There is no sound.")));
}

void ob_gallery_kiosk_attract(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_kiosk *k = user;
    ob_ui_kiosk_attract_draw(canvas, &k->attract);
}

void ob_gallery_kiosk_ask(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_kiosk *k = user;
    ob_ui_kiosk_ask_draw(canvas, &k->ask);
}

void ob_gallery_kiosk_settle(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_kiosk *k = user;
    ob_ui_kiosk_settle_draw(canvas, &k->settle);
}

void ob_gallery_kiosk_during(void *user, struct ob_ui_canvas *canvas)
{
    (void)user;
    ob_ui_kiosk_during_draw(canvas);
}

void ob_gallery_kiosk_end(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_kiosk *k = user;
    ob_ui_kiosk_end_draw(canvas, &k->end);
}

void ob_gallery_kiosk_pin(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_kiosk *k = user;
    ob_ui_kiosk_pin_draw(canvas, &k->pin);
}

void ob_gallery_kiosk_staff(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_kiosk *k = user;
    ob_ui_kiosk_staff_draw(canvas, &k->staff);
}
