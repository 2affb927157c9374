/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A client of the console, polite or not, on a plain socket. Waits at most ten seconds for anything. */
#ifndef OB_TESTS_CLIENT_H
#define OB_TESTS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

/* A connection to 127.0.0.1, or -1. */
int client_connect(int port);

/* Sends bytes as they are. false: the other side does not take them. */
bool client_send(int fd, const void *bytes, size_t size);

/* Everything until the other side closes, as a string; freed by the caller. */
char *client_read_all(int fd);

/* One request and its whole answer; freed by the caller, NULL when none came. format: of the request, with \r\n. */
char *client_ask(int port, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The number of an answer: 200, 403, ...; 0: there is none. */
int client_status(const char *answer);

/* Brings the key of a printed address. The answer's number; path_out ("/r/.../") and cookie_out ("outbreath=...") only
 * with 200. */
int client_enter(const char *address, char path_out[64], char cookie_out[128]);

/* A websocket at path. origin, host, cookie: NULL leaves the header away. -1: refused, with the status in status_out.
 */
int client_open(int port, const char *path, const char *host, const char *origin, const char *cookie, int *status_out);

/* A frame with a mask; opcode 1 is text, 8 close. */
bool client_frame(int fd, int opcode, bool final, const void *bytes, size_t size);
bool client_say(int fd, const char *text);

/* The next text message, as a string in static memory; NULL: closed (code in close_out, 0 without one) or nothing for
 * ten seconds. Pings are answered. */
const char *client_hear(int fd, int *close_out);

/* Reads some of what comes and throws it away; any thread. false: the other side has closed. */
bool client_discard(int fd);

/* The next message that has this in it. */
const char *client_hear_of(int fd, const char *piece);

#endif
