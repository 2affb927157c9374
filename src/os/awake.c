/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/awake.h"

#include "base/time.h"
#include "os/tr.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

/* Most first: the rules of a machine may permit one and not another, and logind grants all of a wish or nothing. */
static const struct wish {
    const char *what;
    enum ob_awake_state state;
} wishes[] = {
    {"idle:sleep:handle-lid-switch", OB_AWAKE_HELD},
    {"idle:sleep", OB_AWAKE_NO_LID},
    {"idle", OB_AWAKE_IDLE},
};
#define WISHES (sizeof wishes / sizeof *wishes)

struct ob_awake {
    enum ob_awake_state state;
    bool wanted;
    size_t wish;      /* the one that is asked for */
    sd_bus *system;   /* only while asking */
    int hold;         /* logind's descriptor; -1: none */
    int64_t asked_ns; /* or looked after */
    sd_bus *session;  /* as long as the desktop shall stay awake */
    bool desktop;
};

struct ob_awake *ob_awake_create(void)
{
    struct ob_awake *awake = calloc(1, sizeof *awake);
    if (awake)
        awake->hold = -1;
    return awake;
}

/* Without flushing, which would wait for a bus that does not listen. */
static void hang_up(sd_bus **bus)
{
    sd_bus_close(*bus);
    *bus = sd_bus_unref(*bus);
}

static void let_go(struct ob_awake *awake)
{
    hang_up(&awake->system);
    hang_up(&awake->session);
    if (awake->hold >= 0)
        close(awake->hold);
    awake->hold = -1;
    awake->desktop = false;
}

void ob_awake_destroy(struct ob_awake *awake)
{
    if (!awake)
        return;
    let_go(awake);
    free(awake);
}

static int on_held(sd_bus_message *reply, void *user, sd_bus_error *error);

static void ask_logind(struct ob_awake *awake)
{
    const int sent = sd_bus_call_method_async(awake->system, NULL, "org.freedesktop.login1", "/org/freedesktop/login1",
                                              "org.freedesktop.login1.Manager", "Inhibit", on_held, awake, "ssss",
                                              wishes[awake->wish].what, "Outbreath", "A session is under way", "block");
    if (sent < 0)
        awake->state = OB_AWAKE_ABSENT;
}

/* Refused is what rules say; everything else means that nobody is there. */
static bool refused(const sd_bus_message *reply)
{
    return sd_bus_message_is_method_error((sd_bus_message *)reply, SD_BUS_ERROR_ACCESS_DENIED) ||
           sd_bus_message_is_method_error((sd_bus_message *)reply, SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED) ||
           sd_bus_message_is_method_error((sd_bus_message *)reply, SD_BUS_ERROR_AUTH_FAILED) ||
           sd_bus_message_is_method_error((sd_bus_message *)reply, SD_BUS_ERROR_INVALID_ARGS);
}

static int on_held(sd_bus_message *reply, void *user, sd_bus_error *error)
{
    (void)error;
    struct ob_awake *awake = user;
    int fd = -1;
    if (sd_bus_message_is_method_error(reply, NULL)) {
        if (!refused(reply))
            awake->state = OB_AWAKE_ABSENT;
        else if (++awake->wish < WISHES)
            ask_logind(awake);
        else
            awake->state = OB_AWAKE_REFUSED;
        return 1;
    }
    /* The descriptor is the message's; ours is a copy. */
    if (sd_bus_message_read_basic(reply, 'h', &fd) > 0)
        awake->hold = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    awake->state = awake->hold >= 0 ? wishes[awake->wish].state : OB_AWAKE_ABSENT;
    return 1;
}

static int on_desktop(sd_bus_message *reply, void *user, sd_bus_error *error)
{
    (void)error;
    struct ob_awake *awake = user;
    awake->desktop = !sd_bus_message_is_method_error(reply, NULL);
    return 1;
}

static void begin(struct ob_awake *awake, int64_t now_ns)
{
    awake->wish = 0;
    awake->asked_ns = now_ns;
    awake->state = OB_AWAKE_ASKING;
    if (sd_bus_open_system(&awake->system) >= 0)
        ask_logind(awake);
    else
        awake->state = OB_AWAKE_ABSENT;
    if (!awake->session && sd_bus_open_user(&awake->session) >= 0)
        sd_bus_call_method_async(awake->session, NULL, "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver",
                                 "org.freedesktop.ScreenSaver", "Inhibit", on_desktop, awake, "ss", "Outbreath",
                                 "A session is under way");
}

void ob_awake_want(struct ob_awake *awake, bool on, int64_t now_ns)
{
    if (!awake || awake->wanted == on)
        return;
    awake->wanted = on;
    if (on) {
        begin(awake, now_ns);
        return;
    }
    let_go(awake);
    awake->state = OB_AWAKE_OFF;
}

/* False: the bus is gone. */
static bool process(sd_bus *bus)
{
    int did;
    while ((did = sd_bus_process(bus, NULL)) > 0)
        continue;
    return did >= 0;
}

/* logind has closed its end: it is gone, and our hold with it. */
static bool hold_is_void(const struct ob_awake *awake)
{
    struct pollfd end = {.fd = awake->hold};
    return awake->hold >= 0 && poll(&end, 1, 0) > 0 && (end.revents & (POLLERR | POLLHUP));
}

void ob_awake_step(struct ob_awake *awake, int64_t now_ns)
{
    if (!awake || !awake->wanted)
        return;
    if (awake->session && !process(awake->session)) {
        hang_up(&awake->session);
        awake->desktop = false;
    }
    if (awake->system && !process(awake->system) && awake->state == OB_AWAKE_ASKING)
        awake->state = OB_AWAKE_ABSENT;
    const double since_s = ob_s_from_ns(now_ns - awake->asked_ns);
    if (awake->state == OB_AWAKE_ASKING && since_s > OB_AWAKE_PATIENCE_S)
        awake->state = OB_AWAKE_ABSENT;
    if (awake->state != OB_AWAKE_ASKING)
        hang_up(&awake->system);
    if (since_s < OB_AWAKE_AGAIN_S || awake->state == OB_AWAKE_REFUSED)
        return;
    awake->asked_ns = now_ns;
    if (hold_is_void(awake)) {
        close(awake->hold);
        awake->hold = -1;
        awake->state = OB_AWAKE_ABSENT;
    }
    if (awake->state == OB_AWAKE_ABSENT)
        begin(awake, now_ns);
}

struct ob_awake_status ob_awake_status(const struct ob_awake *awake)
{
    static const char *const sentences[] = {
        [OB_AWAKE_OFF] = "",
        [OB_AWAKE_ASKING] = OB_TR("The machine is being asked to stay awake."),
        [OB_AWAKE_HELD] = OB_TR("The machine stays awake, also with the lid closed."),
        [OB_AWAKE_NO_LID] = OB_TR("The machine stays awake, but closing the lid may put it to sleep."),
        [OB_AWAKE_IDLE] = OB_TR("The machine does not go to sleep by itself; its sleep key and lid still do it."),
        [OB_AWAKE_REFUSED] =
            OB_TR("The machine may go to sleep meanwhile: its rules do not let Outbreath hold it awake."),
        [OB_AWAKE_ABSENT] = OB_TR("The machine may go to sleep meanwhile: nothing here can be asked to hold it awake."),
    };
    if (!awake)
        return (struct ob_awake_status){.state = OB_AWAKE_ABSENT, .sentence = sentences[OB_AWAKE_ABSENT]};
    return (struct ob_awake_status){
        .state = awake->state, .desktop = awake->desktop, .sentence = sentences[awake->state]};
}
