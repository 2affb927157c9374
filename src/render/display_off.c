/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/display_off.h"

#include "os/tr.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <xcb/xcb.h>
#include <xcb/xcbext.h>

struct ob_display_way {
    const char *driver;
    const char *sentence;
    bool (*open)(struct ob_display_off *display); /* false: not on this display */
    void (*set)(struct ob_display_off *display, bool off);
    void (*close)(struct ob_display_off *display);
};

/* ---- X11 -------------------------------------------------------------------------------------------------------- */

/* The few requests that are wanted are written here: a connection of its own, without Xlib, whose errors would end the
 * program. Numbers and layouts: X.Org, "X Display Power Management Signaling (DPMS) Extension, Protocol". */
static xcb_extension_t dpms = {"DPMS", 0};

enum { CAPABLE = 1, GET_TIMEOUTS, SET_TIMEOUTS, ENABLE, DISABLE, FORCE_LEVEL, INFO };
enum { LEVEL_ON = 0, LEVEL_OFF = 3 };

struct request {
    uint8_t major, minor; /* these and the length are filled in by xcb */
    uint16_t length;
    uint16_t value[4];
};

static unsigned post(xcb_connection_t *x, uint8_t minor, const uint16_t *values, size_t count, bool answered)
{
    struct request request = {0};
    for (size_t i = 0; i < count; i++)
        request.value[i] = values[i];
    struct iovec parts[4] = {{0}}; /* xcb uses the two before what it is given */
    parts[2].iov_base = &request;
    parts[2].iov_len = offsetof(struct request, value) + count * sizeof *values;
    parts[3].iov_len = -parts[2].iov_len & 3;
    const xcb_protocol_request_t about = {.count = 2, .ext = &dpms, .opcode = minor, .isvoid = !answered};
    return xcb_send_request(x, answered ? XCB_REQUEST_CHECKED : 0, parts + 2, &about);
}

static void tell(xcb_connection_t *x, uint8_t minor, const uint16_t *values, size_t count)
{
    post(x, minor, values, count, false);
}

/* The reply's body after its eight bytes of head; up to six bytes of it. */
static bool ask(xcb_connection_t *x, uint8_t minor, uint16_t body_out[3])
{
    xcb_generic_error_t *error = NULL;
    unsigned char *reply = xcb_wait_for_reply(x, post(x, minor, NULL, 0, true), &error);
    if (reply)
        memcpy(body_out, reply + 8, 6);
    free(error);
    free(reply);
    return reply != NULL;
}

static bool open_x11(struct ob_display_off *display)
{
    xcb_connection_t *x = xcb_connect(NULL, NULL);
    uint16_t body[3] = {0};
    const xcb_query_extension_reply_t *there = xcb_connection_has_error(x) ? NULL : xcb_get_extension_data(x, &dpms);
    if (there && there->present && ask(x, CAPABLE, body) && (body[0] & 0xff)) {
        display->connection = x;
        return true;
    }
    xcb_disconnect(x);
    return false;
}

static void set_x11(struct ob_display_off *display, bool off)
{
    xcb_connection_t *x = display->connection;
    static const uint16_t never[3] = {0, 0, 0};
    uint16_t body[3] = {0};
    if (off) {
        display->timers = ask(x, INFO, body) && (body[1] & 0xff);
        if (!display->timers && ask(x, GET_TIMEOUTS, body)) {
            /* It can be switched only with its timers on; with all of them at never nothing else changes by that,
             * should the program not come to put it back. */
            memcpy(display->timer_s, body, sizeof display->timer_s);
            tell(x, SET_TIMEOUTS, never, 3);
            tell(x, ENABLE, NULL, 0);
        }
    }
    tell(x, FORCE_LEVEL, (const uint16_t[]){off ? LEVEL_OFF : LEVEL_ON}, 1);
    if (!off && !display->timers) {
        tell(x, DISABLE, NULL, 0);
        tell(x, SET_TIMEOUTS, display->timer_s, 3);
    }
    xcb_flush(x);
    for (xcb_generic_event_t *refused; (refused = xcb_poll_for_event(x));)
        free(refused);
}

static void close_x11(struct ob_display_off *display)
{
    xcb_disconnect(display->connection);
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

static const struct ob_display_way ways[] = {
    {"x11", OB_TR("The display goes off in a moment. Any key brings it back."), open_x11, set_x11, close_x11},
    {NULL, OB_TR("The screen goes black in a moment. Any key brings it back."), NULL, NULL, NULL},
};

void ob_display_off_init(struct ob_display_off *display, const char *driver)
{
    memset(display, 0, sizeof *display);
    display->way = ways;
    while (display->way->driver && (strcmp(driver, display->way->driver) != 0 || !display->way->open(display)))
        display->way++;
}

void ob_display_off_finish(struct ob_display_off *display)
{
    if (display->way && display->way->close)
        display->way->close(display);
    memset(display, 0, sizeof *display);
}

bool ob_display_off_switches(const struct ob_display_off *display)
{
    return display->way && display->way->set;
}

void ob_display_off_set(struct ob_display_off *display, bool off)
{
    if (display->off == off || !ob_display_off_switches(display))
        return;
    display->way->set(display, off);
    display->off = off;
}

const char *ob_display_off_sentence(const struct ob_display_off *display)
{
    return display->way ? display->way->sentence : ways[sizeof ways / sizeof *ways - 1].sentence;
}
