/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_logind.h"

#include "../bus/fake_bus.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define HOLDS 8

static int on_call(sd_bus_message *m);
static void look_at_holds(void);
static bool begin_track(sd_bus *bus);

static struct fake_service service = {.names = {"org.freedesktop.login1", "org.freedesktop.ScreenSaver"},
                                      .prepare = begin_track,
                                      .on_call = on_call,
                                      .on_turn = look_at_holds,
                                      .turn_us = 5000,
                                      FAKE_SERVICE_LOCK};

/* Under the lock of the service. */
static struct {
    sd_bus_track *desktop;
    enum fake_logind_mood mood;
    int calls, desktop_holds;
    int hold[HOLDS]; /* our ends; -1: none */
    char what[128];
} fake;

static bool permitted(const char *what)
{
    switch (fake.mood) {
    case FAKE_UNWILLING:
        return false;
    case FAKE_IDLE_ONLY:
        return strcmp(what, "idle") == 0;
    case FAKE_NOT_THE_LID:
        return !strstr(what, "lid");
    default:
        return true;
    }
}

static int give_hold(sd_bus_message *call, const char *what)
{
    int ends[2], place = 0;
    while (place < HOLDS && fake.hold[place] >= 0)
        place++;
    if (place == HOLDS || pipe2(ends, O_CLOEXEC) != 0)
        return sd_bus_reply_method_errorf(call, SD_BUS_ERROR_LIMITS_EXCEEDED, "Too many");
    fake.hold[place] = ends[0];
    snprintf(fake.what, sizeof fake.what, "%s", what);
    const int r = sd_bus_reply_method_return(call, "h", ends[1]);
    close(ends[1]);
    return r;
}

static int on_call(sd_bus_message *m)
{
    const char *what = "", *who, *why, *mode;
    if (sd_bus_message_is_method_call(m, "org.freedesktop.login1.Manager", "Inhibit")) {
        fake.calls++;
        if (fake.mood == FAKE_SILENT)
            ;
        else if (sd_bus_message_read(m, "ssss", &what, &who, &why, &mode) < 0 || strcmp(mode, "block") != 0)
            sd_bus_reply_method_errorf(m, SD_BUS_ERROR_INVALID_ARGS, "Not so");
        else if (!permitted(what))
            sd_bus_reply_method_errorf(m, SD_BUS_ERROR_ACCESS_DENIED, "Permission denied");
        else
            give_hold(m, what);
        return 1;
    }
    if (!sd_bus_message_is_method_call(m, "org.freedesktop.ScreenSaver", "Inhibit"))
        return 0;
    if (fake.mood != FAKE_SILENT) {
        sd_bus_track_add_sender(fake.desktop, m);
        sd_bus_reply_method_return(m, "u", 7u);
    }
    return 1;
}

static void look_at_holds(void)
{
    for (int i = 0; i < HOLDS; i++) {
        struct pollfd end = {.fd = fake.hold[i], .events = POLLIN};
        if (fake.hold[i] >= 0 && poll(&end, 1, 0) > 0) {
            close(fake.hold[i]);
            fake.hold[i] = -1;
        }
    }
    fake.desktop_holds = (int)sd_bus_track_count(fake.desktop);
}

static bool begin_track(sd_bus *bus)
{
    return sd_bus_track_new(bus, &fake.desktop, NULL, NULL) >= 0;
}

bool fake_logind_start(const char *address, enum fake_logind_mood mood)
{
    fake_logind_stop(); /* left over by a test that failed */
    fake.mood = mood;
    fake.calls = fake.desktop_holds = 0;
    fake.what[0] = '\0';
    for (int i = 0; i < HOLDS; i++)
        fake.hold[i] = -1;
    return fake_service_start(&service, address);
}

void fake_logind_stop(void)
{
    if (!service.running)
        return;
    fake_service_stop(&service);
    for (int i = 0; i < HOLDS; i++)
        if (fake.hold[i] >= 0)
            close(fake.hold[i]);
    fake.desktop = sd_bus_track_unref(fake.desktop);
}

int fake_logind_holds(char *what_out, size_t size)
{
    int holds = 0;
    fake_service_lock(&service);
    for (int i = 0; i < HOLDS; i++)
        holds += fake.hold[i] >= 0;
    if (what_out)
        snprintf(what_out, size, "%s", fake.what);
    fake_service_unlock(&service);
    return holds;
}

int fake_desktop_holds(void)
{
    fake_service_lock(&service);
    const int holds = fake.desktop_holds;
    fake_service_unlock(&service);
    return holds;
}

int fake_logind_calls(void)
{
    fake_service_lock(&service);
    const int calls = fake.calls;
    fake_service_unlock(&service);
    return calls;
}
