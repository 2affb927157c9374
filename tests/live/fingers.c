/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fingers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <xcb/xcb.h>
#include <xcb/xcbext.h>

/* FakeInput of the "XTEST Extension Protocol". */
struct fake_input {
    uint8_t major, minor;
    uint16_t length;
    uint8_t type, detail;
    uint8_t rest[30];
};

bool fingers_press(const char *display, int key)
{
    static xcb_extension_t xtest = {"XTEST", 0};
    static const xcb_protocol_request_t about = {.count = 2, .ext = &xtest, .opcode = 2, .isvoid = 1};
    xcb_connection_t *x = xcb_connect(display + strlen("DISPLAY="), NULL);
    const xcb_query_extension_reply_t *there = xcb_connection_has_error(x) ? NULL : xcb_get_extension_data(x, &xtest);
    const bool good = there && there->present;
    for (uint8_t type = XCB_KEY_PRESS; good && type <= XCB_KEY_RELEASE; type++) {
        struct fake_input input = {.type = type, .detail = (uint8_t)key};
        struct iovec parts[4] = {{0}}; /* xcb uses the two before what it is given */
        parts[2].iov_base = &input;
        parts[2].iov_len = sizeof input;
        xcb_send_request(x, 0, parts + 2, &about);
    }
    if (good) /* answered when all before it has been done */
        free(xcb_get_input_focus_reply(x, xcb_get_input_focus(x), NULL));
    xcb_disconnect(x);
    return good;
}
