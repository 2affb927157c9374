/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page of the program with something plain on it, for pictures and for tests of their layout. Main thread. */
#ifndef OB_APP_GALLERY_PAGES_H
#define OB_APP_GALLERY_PAGES_H

#include "app/gallery/gallery_kiosk.h"
#include "base/words.h"
#include "ui/desk_screen.h"
#include "ui/during_screen.h"
#include "ui/end_screen.h"
#include "ui/first_screen.h"
#include "ui/history_screen.h"
#include "ui/home_screen.h"
#include "ui/host.h"
#include "ui/list_screen.h"
#include "ui/seen_screen.h"
#include "ui/sensor_screen.h"
#include "ui/settings_screen.h"

enum ob_gallery_page {
    OB_GALLERY_FIRST,
    OB_GALLERY_HOME,
    OB_GALLERY_CHOOSE,
    OB_GALLERY_SETTINGS,
    OB_GALLERY_HISTORY,
    OB_GALLERY_DURING,
    OB_GALLERY_SEEN,
    OB_GALLERY_END,
    OB_GALLERY_DESK,
    OB_GALLERY_KIOSK_ATTRACT,
    OB_GALLERY_KIOSK_ASK,
    OB_GALLERY_KIOSK_SETTLE,
    OB_GALLERY_KIOSK_DURING,
    OB_GALLERY_KIOSK_END,
    OB_GALLERY_KIOSK_PIN,
    OB_GALLERY_KIOSK_STAFF,
    OB_GALLERY_SENSORS, /* drawn by ob_ui_sensor_screen_draw(), not by a host */
    OB_GALLERY_PAGES
};

#define OB_GALLERY_SECONDS 180
#define OB_GALLERY_BEATS   240

/* Large: not on a stack; not to be moved, since parts of it point to others. */
struct ob_gallery_pages {
    ob_tr_fn *tr;
    struct ob_ui_first first;
    struct ob_ui_home home;
    struct ob_ui_list choose;
    struct ob_ui_settings settings;
    struct ob_ui_history history;
    struct ob_ui_during during;
    struct ob_ui_seen seen;
    struct ob_nn list_items[OB_GALLERY_BEATS];
    struct ob_nn_list list;
    struct ob_heart_breath breaths[OB_GALLERY_SECONDS];
    struct ob_heart_mark mark;
    struct ob_ui_end end;
    struct ob_ui_desk desk;
    struct ob_ui_sensors sensors;
    struct ob_gallery_kiosk kiosk;
};

/* Fills all models with words by tr. */
void ob_gallery_pages_fill(struct ob_gallery_pages *pages, ob_tr_fn *tr);

/* "first", "home", ... */
const char *ob_gallery_page_name(enum ob_gallery_page page);

/* For a host. NULL for the sensors. */
const struct ob_ui_screen *ob_gallery_page_screen(enum ob_gallery_page page);

/* What that screen has as its user. */
void *ob_gallery_page_user(struct ob_gallery_pages *pages, enum ob_gallery_page page);

#endif
