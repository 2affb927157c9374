/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sensor screen in a running session: what the scout sees, drawn by ui/sensor_screen.h over the picture, and what
 * is chosen on it done. Main thread. */
#ifndef OB_APP_SENSOR_PANEL_H
#define OB_APP_SENSOR_PANEL_H

#include "app/scout.h"
#include "render/render.h"
#include "ui/sensor_screen.h"

struct ob_sensor_panel {
    bool open;
    bool told; /* its words, once */
    struct ob_scout scout;
    struct ob_ui_sensor_screen screen;
    struct ob_ui_sensors model;
    const struct ob_ui_theme *theme;
    bool reduced_motion;
    int64_t looked_ns;
    uint64_t turn;     /* how often what is shown has changed */
    int width, height; /* it was drawn for */
};

/* theme: a name of ui/theme.h. */
void ob_sensor_panel_init(struct ob_sensor_panel *panel, const char *theme, bool reduced_motion);

/* Begins to look around in this hub, and ends it; both may be called at any time. */
void ob_sensor_panel_open(struct ob_sensor_panel *panel, struct ob_hub *hub);
void ob_sensor_panel_close(struct ob_sensor_panel *panel);

/* Each frame: looks around, and says in the overlay what is to be drawn. */
void ob_sensor_panel_step(struct ob_sensor_panel *panel, int64_t now_ns, struct ob_overlay *overlay);

/* Input while it is open. True: another sensor was chosen. It closes itself when somebody leaves. */
bool ob_sensor_panel_input(struct ob_sensor_panel *panel, enum ob_ui_input input);
bool ob_sensor_panel_pointer(struct ob_sensor_panel *panel, double x_01, double y_01, bool pressed);

/* What a voice should say of it now; call after a frame. False: nothing new. */
bool ob_sensor_panel_words(struct ob_sensor_panel *panel, char *out, size_t size);

#endif
