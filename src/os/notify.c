/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/notify.h"

#include "base/time.h"
#include "os/clock.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>

#define SERVICE   "org.freedesktop.Notifications"
#define PATH      "/org/freedesktop/Notifications"
#define REPLY_US  (10 * 1000000u)
#define TURN_US   (250 * 1000u)
#define NORMAL    1 /* urgency: some desktops show nothing at all of a low one */
#define DEFAULT   "default"
#define ICON      "outbreath"
#define DESKTOP   "org.outbreath.Outbreath"
#define TEXT_SIZE 600

struct offer {
    uint32_t id; /* 0: not shown yet */
    bool taken, closed;
};

static int on_action(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)error;
    struct offer *offer = user;
    uint32_t id;
    const char *action;
    if (sd_bus_message_read(m, "us", &id, &action) > 0 && id == offer->id && strcmp(action, DEFAULT) == 0)
        offer->taken = true;
    return 0;
}

static int on_closed(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)error;
    struct offer *offer = user;
    uint32_t id, reason;
    if (sd_bus_message_read(m, "uu", &id, &reason) > 0 && id == offer->id)
        offer->closed = true;
    return 0;
}

/* Whoever showed it has gone, and it with them. */
static int on_owner(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)error;
    struct offer *offer = user;
    const char *name, *before, *now;
    if (sd_bus_message_read(m, "sss", &name, &before, &now) > 0 && !now[0])
        offer->closed = true;
    return 0;
}

static sd_bus *hang_up(sd_bus *bus)
{
    sd_bus_close(bus); /* without flushing, which would wait for a bus that does not listen */
    return sd_bus_unref(bus);
}

static bool can_act(sd_bus *bus)
{
    sd_bus_message *reply = NULL;
    const char *word;
    bool can = false;
    if (sd_bus_call_method(bus, SERVICE, PATH, SERVICE, "GetCapabilities", NULL, &reply, NULL) >= 0 &&
        sd_bus_message_enter_container(reply, 'a', "s") > 0)
        while (sd_bus_message_read_basic(reply, 's', &word) > 0)
            can |= strcmp(word, "actions") == 0;
    sd_bus_message_unref(reply);
    return can;
}

static bool show(sd_bus *bus, const struct ob_notify_desc *desc, bool acts, uint32_t *id_out)
{
    char body[TEXT_SIZE];
    sd_bus_message *call = NULL, *reply = NULL;
    const bool way = !acts && desc->way;
    snprintf(body, sizeof body, "%s%s%s", desc->body, way ? " " : "", way ? desc->way : "");
    const bool shown =
        sd_bus_message_new_method_call(bus, &call, SERVICE, PATH, SERVICE, "Notify") >= 0 &&
        sd_bus_message_append(call, "susss", "Outbreath", 0u, ICON, desc->title, body) >= 0 &&
        (acts ? sd_bus_message_append(call, "as", 2, DEFAULT, desc->action) : sd_bus_message_append(call, "as", 0)) >=
            0 &&
        sd_bus_message_append(call, "a{sv}i", 3, "urgency", "y", NORMAL, "suppress-sound", "b", 1, "desktop-entry", "s",
                              DESKTOP, (int32_t)-1) >= 0 &&
        sd_bus_call(bus, call, REPLY_US, NULL, &reply) >= 0 && sd_bus_message_read_basic(reply, 'u', id_out) > 0;
    sd_bus_message_unref(call);
    sd_bus_message_unref(reply);
    return shown;
}

/* Some desktops make of "default" a press on the whole, and show no button for it: those have the whole. */
static enum ob_notify_answer wait_for_answer(sd_bus *bus, const struct offer *offer, const struct ob_notify_desc *desc)
{
    const int64_t until_ns = ob_clock_monotonic_ns() + ob_ns_from_s(desc->patience_s);
    while (!offer->taken && !offer->closed && ob_clock_monotonic_ns() < until_ns &&
           !(desc->give_up && desc->give_up())) {
        const int did = sd_bus_process(bus, NULL);
        if (did < 0)
            return OB_NOTIFY_LEFT;
        if (did == 0)
            sd_bus_wait(bus, TURN_US);
    }
    if (offer->taken)
        return OB_NOTIFY_TAKEN;
    if (!offer->closed)
        sd_bus_call_method(bus, SERVICE, PATH, SERVICE, "CloseNotification", NULL, NULL, "u", offer->id);
    return OB_NOTIFY_LEFT;
}

enum ob_notify_answer ob_notify(const struct ob_notify_desc *desc)
{
    struct offer offer = {0};
    sd_bus *bus = NULL;
    enum ob_notify_answer answer = OB_NOTIFY_ABSENT;
    if (sd_bus_open_user(&bus) < 0)
        return answer;
    sd_bus_set_method_call_timeout(bus, REPLY_US);
    /* Before it is shown: whoever is quick may press it before we know its number. What comes during the calls waits,
     * and is looked at when they have returned. */
    sd_bus_match_signal(bus, NULL, SERVICE, PATH, SERVICE, "ActionInvoked", on_action, &offer);
    sd_bus_match_signal(bus, NULL, SERVICE, PATH, SERVICE, "NotificationClosed", on_closed, &offer);
    sd_bus_add_match(bus, NULL,
                     "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
                     "member='NameOwnerChanged',arg0='" SERVICE "'",
                     on_owner, &offer);
    const bool acts = can_act(bus);
    if (show(bus, desc, acts, &offer.id))
        answer = acts ? wait_for_answer(bus, &offer, desc) : OB_NOTIFY_MUTE;
    hang_up(bus);
    return answer;
}

bool ob_notify_is_there(void)
{
    sd_bus *bus = NULL;
    int there = 0;
    if (sd_bus_open_user(&bus) < 0)
        return false;
    sd_bus_message *reply = NULL;
    sd_bus_set_method_call_timeout(bus, REPLY_US);
    if (sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                           NULL, &reply, "s", SERVICE) >= 0)
        sd_bus_message_read_basic(reply, 'b', &there);
    sd_bus_message_unref(reply);
    hang_up(bus);
    return there != 0;
}
