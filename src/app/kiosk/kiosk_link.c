/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/kiosk/kiosk_link.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/socket.h>

#define LOCK_FIRST_S 5.0
#define LOCK_MAX_S   600.0

const char *ob_kiosk_counter_name(enum ob_kiosk_counter counter)
{
    static const char *const names[OB_KIOSK_COUNTERS] = {"render", "audio", "sensor", "writer"};
    return (unsigned)counter < OB_KIOSK_COUNTERS ? names[counter] : "";
}

const char *ob_kiosk_where_name(uint32_t where)
{
    static const char *const names[OB_KIOSK_PLACES] = {"attract", "ask", "settle", "session", "end", "staff", "asleep"};
    return where < OB_KIOSK_PLACES ? names[where] : "unknown";
}

double ob_kiosk_lock_s(uint32_t wrong)
{
    if (wrong == 0)
        return 0.0;
    return fmin(LOCK_MAX_S, LOCK_FIRST_S * exp2(fmin(wrong - 1.0, 16.0)));
}

bool ob_kiosk_send(int fd, const struct ob_kiosk_message *message)
{
    /* A full socket is not a lost supervisor: it is slow, and the next heartbeat says all that this one did. */
    return send(fd, message, sizeof *message, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof *message ||
           errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

bool ob_kiosk_receive(int fd, struct ob_kiosk_message *message_out, bool *gone_out)
{
    const ssize_t got = recv(fd, message_out, sizeof *message_out, MSG_DONTWAIT);
    *gone_out = got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
    return got == (ssize_t)sizeof *message_out;
}
