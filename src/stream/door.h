/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door of the console: who may come in.
 *
 * The address that is printed carries a key that opens once (256 bits, behind the # so that no server log, proxy or
 * Referer ever has it). Whoever brings it gets a cookie (256 bits) and a path of their own (128 bits): a cookie of
 * 127.0.0.1 goes to every port of it, so another local server that a browser is lured to would be handed it; that
 * server can't ask for a path which it can't guess.
 *
 * A page from elsewhere can make a browser send requests here, and can give its own name the address 127.0.0.1 (DNS
 * rebinding). The first is told by Origin, the second by Host: both have to be what the printed address is.
 *
 * Comparisons of secrets take the same time whatever differs. No I/O, no clock, no randomness of its own; one thread at
 * a time. */
#ifndef OB_STREAM_DOOR_H
#define OB_STREAM_DOOR_H

#include <stdbool.h>
#include <stddef.h>

#define OB_DOOR_RANDOM 80          /* bytes that ob_door_renew() wants */
#define OB_DOOR_SECRET 44          /* 256 bits in base64url, with the 0 */
#define OB_DOOR_PATH   23          /* 128 bits in base64url, with the 0 */
#define OB_DOOR_COOKIE "outbreath" /* its name */

struct ob_door {
    char key[OB_DOOR_SECRET];    /* "" once it was used */
    char cookie[OB_DOOR_SECRET]; /* of whoever came in */
    char path[OB_DOOR_PATH];     /* and their path: /r/PATH/ */
    bool taken;                  /* somebody came in with the key */
    unsigned wrong;              /* keys and cookies that did not fit so far */
};

enum ob_door_answer {
    OB_DOOR_OPEN,
    OB_DOOR_USED,  /* some key was used already: this address is spent */
    OB_DOOR_WRONG, /* no such key */
};

/* A new key, cookie and path from random bytes of the best source there is; whoever was in is out. */
void ob_door_renew(struct ob_door *door, const unsigned char random[OB_DOOR_RANDOM]);

/* Tries a key (size bytes, any). OPEN the first time that the right one comes; the key is gone then. */
enum ob_door_answer ob_door_try(struct ob_door *door, const char *key, size_t size);

/* Does a Cookie header (a string) hold the cookie of whoever came in? */
bool ob_door_knows(struct ob_door *door, const char *cookie_header);

/* The part of a request's path behind /r/PATH, beginning with its /; NULL when it is not below that path or nobody is
 * in. */
const char *ob_door_inner(const struct ob_door *door, const char *path);

/* Is a Host header this console's at this port: 127.0.0.1, localhost or [::1]? NULL and "" are not. */
bool ob_door_host(const char *host, int port);

/* Is an Origin header that of the page which this host serves ("http://" and the same)? */
bool ob_door_origin(const char *origin, const char *host);

#endif
