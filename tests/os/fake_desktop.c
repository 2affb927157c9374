/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_desktop.h"

#include "../bus/fake_bus.h"

#include <stdio.h>
#include <string.h>

#define NOTIFICATIONS "org.freedesktop.Notifications"
#define NUMBER        41u

static int on_call(sd_bus_message *m);

static struct fake_service service = {
    .names = {NOTIFICATIONS, "org.freedesktop.systemd1"}, .on_call = on_call, .turn_us = 5000, FAKE_SERVICE_LOCK};

static struct {
    enum fake_desktop_mood mood;
    struct fake_shown shown;
    char told[400];
} fake;

static void press(uint32_t number)
{
    sd_bus_emit_signal(service.bus, "/org/freedesktop/Notifications", NOTIFICATIONS, "ActionInvoked", "us", number,
                       "default");
}

static void close_it(uint32_t reason)
{
    sd_bus_emit_signal(service.bus, "/org/freedesktop/Notifications", NOTIFICATIONS, "NotificationClosed", "uu", NUMBER,
                       reason);
}

static void read_hints(sd_bus_message *m)
{
    const char *name;
    if (sd_bus_message_enter_container(m, 'a', "{sv}") <= 0)
        return;
    while (sd_bus_message_enter_container(m, 'e', "sv") > 0) {
        uint8_t urgency;
        sd_bus_message_read(m, "s", &name);
        if (strcmp(name, "urgency") == 0 && sd_bus_message_read(m, "v", "y", &urgency) > 0)
            fake.shown.urgency = urgency;
        else
            sd_bus_message_skip(m, "v");
        sd_bus_message_exit_container(m);
    }
}

static int notify(sd_bus_message *m)
{
    const char *program, *icon, *title, *body, *key, *action;
    uint32_t replaces;
    fake.shown.count++;
    if (fake.mood == FAKE_REFUSES)
        return sd_bus_reply_method_errorf(m, SD_BUS_ERROR_LIMITS_EXCEEDED, "Too many");
    if (sd_bus_message_read(m, "susss", &program, &replaces, &icon, &title, &body) < 0)
        return sd_bus_reply_method_errorf(m, SD_BUS_ERROR_INVALID_ARGS, "Not so");
    snprintf(fake.shown.title, sizeof fake.shown.title, "%s", title);
    snprintf(fake.shown.body, sizeof fake.shown.body, "%s", body);
    sd_bus_message_enter_container(m, 'a', "s");
    if (sd_bus_message_read_basic(m, 's', &key) > 0 && sd_bus_message_read_basic(m, 's', &action) > 0) {
        snprintf(fake.shown.key, sizeof fake.shown.key, "%s", key);
        snprintf(fake.shown.action, sizeof fake.shown.action, "%s", action);
    }
    sd_bus_message_exit_container(m);
    read_hints(m);
    if (fake.mood == FAKE_PRESSES_AT_ONCE)
        press(NUMBER);
    sd_bus_reply_method_return(m, "u", NUMBER);
    if (fake.mood == FAKE_PRESSES_ANOTHER)
        press(NUMBER + 1);
    if (fake.mood == FAKE_PRESSES)
        press(NUMBER);
    if (fake.mood == FAKE_PRESSES || fake.mood == FAKE_PUTS_AWAY)
        close_it(2);
    return 1;
}

static int on_call(sd_bus_message *m)
{
    const char *member = sd_bus_message_get_member(m), *unit;
    if (sd_bus_message_is_method_call(m, NOTIFICATIONS, "GetCapabilities"))
        return fake.mood == FAKE_KNOWS_NO_BUTTONS ? sd_bus_reply_method_return(m, "as", 1, "body")
                                                  : sd_bus_reply_method_return(m, "as", 2, "body", "actions");
    if (sd_bus_message_is_method_call(m, NOTIFICATIONS, "Notify"))
        return notify(m);
    if (sd_bus_message_is_method_call(m, NOTIFICATIONS, "CloseNotification")) {
        fake.shown.taken_back++;
        return sd_bus_reply_method_return(m, NULL);
    }
    if (!sd_bus_message_is_method_call(m, "org.freedesktop.systemd1.Manager", NULL))
        return 0;
    const size_t used = strlen(fake.told);
    const bool of_unit = sd_bus_message_read_basic(m, 's', &unit) > 0;
    snprintf(fake.told + used, sizeof fake.told - used, "%s%s%s%s", used ? ", " : "", member, of_unit ? " " : "",
             of_unit ? unit : "");
    return sd_bus_reply_method_return(m, NULL);
}

bool fake_desktop_start(const char *address, enum fake_desktop_mood mood)
{
    fake_desktop_stop(); /* left over by a test that failed */
    memset(&fake, 0, sizeof fake);
    fake.mood = mood;
    return fake_service_start(&service, address);
}

void fake_desktop_stop(void)
{
    fake_service_stop(&service);
}

struct fake_shown fake_desktop_shown(void)
{
    fake_service_lock(&service);
    const struct fake_shown shown = fake.shown;
    fake_service_unlock(&service);
    return shown;
}

void fake_desktop_told(char *out, size_t size)
{
    fake_service_lock(&service);
    snprintf(out, size, "%s", fake.told);
    fake_service_unlock(&service);
}
