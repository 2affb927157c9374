/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/desktop.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

#define PORTAL      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define SETTINGS    "org.freedesktop.portal.Settings"
#define APPEARANCE  "org.freedesktop.appearance"
#define SCHEME      "color-scheme"
#define CONTRAST    "contrast"

struct ob_desktop {
    sd_bus *bus; /* NULL: there is none */
    struct ob_desktop_says says;
    bool news;
};

static void take(struct ob_desktop *desktop, const char *key, uint32_t value)
{
    const struct ob_desktop_says before = desktop->says;
    if (strcmp(key, SCHEME) == 0)
        desktop->says.scheme = value == 1 ? OB_DESKTOP_DARK : value == 2 ? OB_DESKTOP_LIGHT : OB_DESKTOP_UNKNOWN;
    else if (strcmp(key, CONTRAST) == 0)
        desktop->says.contrast = value == 1;
    desktop->news |= before.scheme != desktop->says.scheme || before.contrast != desktop->says.contrast;
}

/* A number in one variant, or, as Read() has it, in two. */
static bool read_number(sd_bus_message *m, uint32_t *value_out)
{
    const char *contents;
    char type;
    while (sd_bus_message_peek_type(m, &type, &contents) > 0 && type == 'v')
        if (sd_bus_message_enter_container(m, 'v', contents) <= 0)
            return false;
    return sd_bus_message_read_basic(m, 'u', value_out) > 0;
}

static void on_read(struct ob_desktop *desktop, sd_bus_message *reply, const char *key)
{
    uint32_t value;
    if (!sd_bus_message_is_method_error(reply, NULL) && read_number(reply, &value))
        take(desktop, key, value);
}

static int on_scheme(sd_bus_message *reply, void *user, sd_bus_error *error)
{
    (void)error;
    on_read(user, reply, SCHEME);
    return 1;
}

static int on_contrast(sd_bus_message *reply, void *user, sd_bus_error *error)
{
    (void)error;
    on_read(user, reply, CONTRAST);
    return 1;
}

static int on_change(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)error;
    const char *group, *key;
    uint32_t value;
    if (sd_bus_message_read(m, "ss", &group, &key) > 0 && strcmp(group, APPEARANCE) == 0 &&
        (strcmp(key, SCHEME) == 0 || strcmp(key, CONTRAST) == 0) && read_number(m, &value))
        take(user, key, value);
    return 0;
}

static int on_reader(sd_bus_message *reply, void *user, sd_bus_error *error)
{
    (void)error;
    struct ob_desktop *desktop = user;
    int on = 0;
    if (!sd_bus_message_is_method_error(reply, NULL) && sd_bus_message_read(reply, "v", "b", &on) > 0 && on) {
        desktop->says.screen_reader = true;
        desktop->news = true;
    }
    return 1;
}

/* Asks whether a screen reader runs, and starts nothing to answer that. */
static void ask_for_reader(struct ob_desktop *desktop)
{
    sd_bus_message *m = NULL;
    if (sd_bus_message_new_method_call(desktop->bus, &m, "org.a11y.Bus", "/org/a11y/bus",
                                       "org.freedesktop.DBus.Properties", "Get") >= 0 &&
        sd_bus_message_set_auto_start(m, 0) >= 0 &&
        sd_bus_message_append(m, "ss", "org.a11y.Status", "ScreenReaderEnabled") >= 0)
        sd_bus_call_async(desktop->bus, NULL, m, on_reader, desktop, 0);
    sd_bus_message_unref(m);
}

struct ob_desktop *ob_desktop_create(void)
{
    struct ob_desktop *desktop = calloc(1, sizeof *desktop);
    if (!desktop || sd_bus_open_user(&desktop->bus) < 0)
        return desktop;
    sd_bus_match_signal_async(desktop->bus, NULL, PORTAL, PORTAL_PATH, SETTINGS, "SettingChanged", on_change, NULL,
                              desktop);
    sd_bus_call_method_async(desktop->bus, NULL, PORTAL, PORTAL_PATH, SETTINGS, "Read", on_scheme, desktop, "ss",
                             APPEARANCE, SCHEME);
    sd_bus_call_method_async(desktop->bus, NULL, PORTAL, PORTAL_PATH, SETTINGS, "Read", on_contrast, desktop, "ss",
                             APPEARANCE, CONTRAST);
    ask_for_reader(desktop);
    return desktop;
}

void ob_desktop_destroy(struct ob_desktop *desktop)
{
    if (!desktop)
        return;
    sd_bus_close(desktop->bus); /* without flushing, which would wait for a bus that does not listen */
    sd_bus_unref(desktop->bus);
    free(desktop);
}

bool ob_desktop_step(struct ob_desktop *desktop)
{
    if (!desktop)
        return false;
    int did = desktop->bus ? 1 : 0;
    while (did > 0)
        did = sd_bus_process(desktop->bus, NULL);
    if (did < 0) {
        sd_bus_close(desktop->bus);
        desktop->bus = sd_bus_unref(desktop->bus);
    }
    const bool news = desktop->news;
    desktop->news = false;
    return news;
}

struct ob_desktop_says ob_desktop_says(const struct ob_desktop *desktop)
{
    return desktop ? desktop->says : (struct ob_desktop_says){OB_DESKTOP_UNKNOWN, false, false};
}
