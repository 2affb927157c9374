/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the supervisor of a kiosk and its child say to each other, over one socket pair of whole messages. Nothing of a
 * person is ever in it: counters, a place, states of devices. Any thread; keeps no state. */
#ifndef OB_APP_KIOSK_LINK_H
#define OB_APP_KIOSK_LINK_H

#include <stdbool.h>
#include <stdint.h>

#define OB_KIOSK_CHILD_FD 3 /* the child's end */

/* What has to go on for a kiosk to be alive. Each counts up as its work really gets done. */
enum ob_kiosk_counter {
    OB_KIOSK_RENDER, /* frames that were shown; outside opening hours turns of the loop that kept the display off */
    OB_KIOSK_AUDIO,  /* frames that the sound device took; while there is no device, looks for one */
    OB_KIOSK_SENSOR, /* turns of the hub's thread, at least two a second with or without a sensor */
    /* A kiosk writes nothing, so the fourth is the one whose work the writer would be given: ticks of the engine while
     * a session runs; between sessions turns of the loop that empties what sensors sent. */
    OB_KIOSK_WRITER,
    OB_KIOSK_COUNTERS
};

/* "render", "audio", "sensor", "writer": static memory. */
const char *ob_kiosk_counter_name(enum ob_kiosk_counter counter);

enum ob_kiosk_where {
    OB_KIOSK_ATTRACT,
    OB_KIOSK_ASK,
    OB_KIOSK_SETTLE,
    OB_KIOSK_SESSION,
    OB_KIOSK_END,
    OB_KIOSK_STAFF,
    OB_KIOSK_ASLEEP, /* outside opening hours */
    OB_KIOSK_PLACES
};

/* "attract", "ask", ...: static memory. */
const char *ob_kiosk_where_name(uint32_t where);

enum ob_kiosk_kind {
    OB_KIOSK_BRIEF,     /* to the child, once and before it begins: wrong, without, locked_s, maximum_01 */
    OB_KIOSK_HEARTBEAT, /* to the supervisor, about twice a second: where, counters, sound, sensor */
    OB_KIOSK_PIN_TRIED, /* a PIN is about to be looked at: counts as a wrong one until the next */
    OB_KIOSK_PIN_RIGHT,
    OB_KIOSK_MAXIMUM, /* staff chose maximum_01, for this and later children */
    OB_KIOSK_LEAVE,   /* staff leave the kiosk */
};

struct ob_kiosk_message {
    uint32_t kind;  /* enum ob_kiosk_kind */
    uint32_t where; /* enum ob_kiosk_where */
    uint64_t counters[OB_KIOSK_COUNTERS];
    uint32_t sound;  /* enum ob_audio_state */
    uint32_t sensor; /* enum ob_sensor_state, of the heart's source; UINT32_MAX: there is none */
    uint32_t wrong;  /* PINs in a row */
    /* Bits 1 << enum ob_kiosk_counter: what has hung again and again, so that this child does without: it is mute, or
     * guides without a sensor. */
    uint32_t without;
    double locked_s; /* how long the pad is still locked */
    double maximum_01;
};

/* How long the pad is locked after so many wrong PINs in a row: 5 s, 10 s, 20 s, ... to 10 minutes. */
double ob_kiosk_lock_s(uint32_t wrong);

/* False: the other side is gone, or, for receive, there is nothing (and *gone_out says which). Neither waits. */
bool ob_kiosk_send(int fd, const struct ob_kiosk_message *message);
bool ob_kiosk_receive(int fd, struct ob_kiosk_message *message_out, bool *gone_out);

#endif
