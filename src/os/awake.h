/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the machine awake while a session runs: systemd-logind is asked not to suspend for idleness, for somebody
 * else's wish or for a closed lid, and the desktop not to lock or blank.
 *
 * Both are asked over D-Bus without waiting: ob_awake_step() sends and reads what is there and returns. What is held
 * ends with the program, however that ends: logind's hold is an open descriptor, the desktop's belongs to our
 * connection. A machine without a bus, without logind, or whose rules do not permit it is a state with a sentence,
 * never an error. One thread. */
#ifndef OB_OS_AWAKE_H
#define OB_OS_AWAKE_H

#include <stdbool.h>
#include <stdint.h>

struct ob_awake;

enum ob_awake_state {
    OB_AWAKE_OFF,     /* nobody wants it now */
    OB_AWAKE_ASKING,  /* the answer is on its way */
    OB_AWAKE_HELD,    /* no suspend, the lid included */
    OB_AWAKE_NO_LID,  /* no suspend, but a closed lid is none of ours */
    OB_AWAKE_IDLE,    /* only idleness is kept from suspending */
    OB_AWAKE_REFUSED, /* the system does not permit any of it */
    OB_AWAKE_ABSENT,  /* there is nobody to ask: no bus, no logind, or no answer in OB_AWAKE_PATIENCE_S */
};

#define OB_AWAKE_PATIENCE_S 5.0
#define OB_AWAKE_AGAIN_S    30.0 /* then an absent one is asked again, and one that is held is looked after */

struct ob_awake_status {
    enum ob_awake_state state;
    bool desktop;         /* the desktop has promised neither to lock nor to blank */
    const char *sentence; /* for people, never NULL; empty while OFF. Static memory */
};

/* NULL without memory, which every function here accepts. Nothing is held yet. */
struct ob_awake *ob_awake_create(void);
void ob_awake_destroy(struct ob_awake *awake); /* lets go */

/* Whether the machine should stay awake from now on. Letting go takes effect at once, holding in the steps to come. */
void ob_awake_want(struct ob_awake *awake, bool on, int64_t now_ns);

/* Call at least a few times a second; CLOCK_MONOTONIC. */
void ob_awake_step(struct ob_awake *awake, int64_t now_ns);

struct ob_awake_status ob_awake_status(const struct ob_awake *awake);

#endif
