/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The staff's two pages of a kiosk: the pad for the PIN, and what is behind it. */
#include "app/places/place.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"
#include "ui/kiosk_screens.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_01 0.05

struct staff {
    struct ob_shell *shell;
    char pin[OB_KIOSK_PIN_MAX + 1];
    struct ob_ui_kiosk_pin pad;
    struct ob_ui_kiosk_staff model;
};

static void *enter_pin(struct ob_shell *shell)
{
    struct staff *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->shell = shell;
    ob_sitting_stop(&shell->sitting, 0); /* whoever sat there is done; the visit ends with this page */
    return p;
}

static void leave(void *state)
{
    explicit_bzero(state, sizeof(struct staff));
    free(state);
}

static bool step_pin(void *state, int64_t now_ns)
{
    struct staff *p = state;
    const int64_t left_ns = p->shell->kiosk->locked_until_ns - now_ns;
    const int wait_s = left_ns > 0 ? (int)ceil(ob_s_from_ns(left_ns)) : 0;
    const bool changed = wait_s != p->pad.wait_s;
    p->pad.wait_s = wait_s;
    return changed;
}

static void draw_pin(void *state, struct ob_ui_canvas *canvas)
{
    const struct staff *p = state;
    ob_ui_kiosk_pin_draw(canvas, &p->pad);
}

static void try_pin(struct staff *p)
{
    if (p->pad.digits < OB_KIOSK_PIN_MIN)
        return;
    const bool fits = ob_kiosk_pin_fits(p->shell, p->pin);
    explicit_bzero(p->pin, sizeof p->pin);
    p->pad.digits = 0;
    p->pad.wrong = !fits;
    if (fits)
        ob_shell_go(p->shell, &ob_place_kiosk_staff);
}

static void choose_pin(void *state, uint64_t key)
{
    struct staff *p = state;
    const unsigned choice = ob_ui_kiosk_choice(key);
    if (choice == OB_UI_KIOSK_NOT_NOW)
        ob_kiosk_wipe(p->shell);
    else if (p->pad.wait_s > 0)
        return;
    else if (choice == OB_UI_KIOSK_BEGIN)
        try_pin(p);
    else if (choice == OB_UI_KIOSK_DELETE && p->pad.digits > 0)
        p->pin[--p->pad.digits] = '\0';
    else if (choice >= OB_UI_KIOSK_DIGIT && p->pad.digits < OB_KIOSK_PIN_MAX)
        p->pin[p->pad.digits++] = (char)('0' + (int)(choice - OB_UI_KIOSK_DIGIT));
}

const struct ob_place ob_place_kiosk_pin = {.name = "kiosk pin",
                                            .enter = enter_pin,
                                            .leave = leave,
                                            .step = step_pin,
                                            .screen = {.draw = draw_pin, .choose = choose_pin}};

/* ---- behind the PIN ---- */

static void describe(struct staff *p)
{
    struct ob_audio_status audio = {0};
    p->model.maximum_01 = (double)p->shell->sound.maximum_01;
    snprintf(p->model.maximum, sizeof p->model.maximum, "%.0f%%", 100.0 * p->model.maximum_01);
    ob_shell_sensor_sentence(p->shell, p->model.sensor, sizeof p->model.sensor);
    ob_sound_status(&p->shell->sound, &audio);
    snprintf(p->model.sound, sizeof p->model.sound, "%s",
             audio.sentence[0] ? audio.sentence
             : audio.device[0] ? audio.device
                               : ob_tr("There is no sound."));
}

static void *enter_staff(struct ob_shell *shell)
{
    struct staff *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->shell = shell;
    describe(p);
    return p;
}

static bool step_staff(void *state, int64_t now_ns)
{
    (void)now_ns;
    struct staff *p = state;
    const struct ob_ui_kiosk_staff before = p->model;
    describe(p);
    return memcmp(&before, &p->model, sizeof before) != 0;
}

static void draw_staff(void *state, struct ob_ui_canvas *canvas)
{
    const struct staff *p = state;
    ob_ui_kiosk_staff_draw(canvas, &p->model);
}

static bool adjust_staff(void *state, uint64_t key, int by)
{
    struct staff *p = state;
    if (ob_ui_kiosk_choice(key) != OB_UI_KIOSK_VOLUME)
        return false;
    ob_sound_limit(&p->shell->sound, p->model.maximum_01 + by * STEP_01);
    ob_shell_let_hear(p->shell);
    ob_kiosk_say(p->shell, OB_KIOSK_MAXIMUM, (double)p->shell->sound.maximum_01);
    return true;
}

static void choose_staff(void *state, uint64_t key)
{
    struct staff *p = state;
    switch (ob_ui_kiosk_choice(key)) {
    case OB_UI_KIOSK_VOLUME:
        ob_shell_let_hear(p->shell);
        break;
    case OB_UI_KIOSK_NOT_NOW:
        ob_kiosk_wipe(p->shell);
        break;
    case OB_UI_KIOSK_LEAVE:
        ob_kiosk_say(p->shell, OB_KIOSK_LEAVE, 0.0);
        ob_kiosk_wipe(p->shell);
        break;
    default:
        break;
    }
}

const struct ob_place ob_place_kiosk_staff = {
    .name = "kiosk staff",
    .enter = enter_staff,
    .leave = leave,
    .step = step_staff,
    .screen = {.draw = draw_staff, .choose = choose_staff, .adjust = adjust_staff}};
