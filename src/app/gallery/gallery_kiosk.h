/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kiosk's pages among those of the gallery (gallery_pages.h): what a stranger sees, and the two of the staff. */
#ifndef OB_APP_GALLERY_KIOSK_H
#define OB_APP_GALLERY_KIOSK_H

#include "base/words.h"
#include "ui/host.h"
#include "ui/kiosk_screens.h"

struct ob_gallery_kiosk {
    struct ob_ui_kiosk_attract attract;
    struct ob_ui_kiosk_ask ask;
    struct ob_ui_kiosk_settle settle;
    struct ob_ui_kiosk_end end;
    struct ob_ui_kiosk_pin pin;
    struct ob_ui_kiosk_staff staff;
};

/* Fills all models with words by tr. */
void ob_gallery_kiosk_fill(struct ob_gallery_kiosk *kiosk, ob_tr_fn *tr);

/* The user of each is a struct ob_gallery_kiosk. */
void ob_gallery_kiosk_attract(void *user, struct ob_ui_canvas *canvas);
void ob_gallery_kiosk_ask(void *user, struct ob_ui_canvas *canvas);
void ob_gallery_kiosk_settle(void *user, struct ob_ui_canvas *canvas);
void ob_gallery_kiosk_during(void *user, struct ob_ui_canvas *canvas);
void ob_gallery_kiosk_end(void *user, struct ob_ui_canvas *canvas);
void ob_gallery_kiosk_pin(void *user, struct ob_ui_canvas *canvas);
void ob_gallery_kiosk_staff(void *user, struct ob_ui_canvas *canvas);

#endif
