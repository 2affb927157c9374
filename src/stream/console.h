/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The therapist's console: a page that the program itself serves to a browser on the same machine.
 *
 * Only there when it was asked for. It listens on 127.0.0.1 and nowhere else, serves what is compiled into the program
 * and nothing else, and lets in whoever brings the key of its address, once (stream/door.h). The page talks through one
 * websocket: snapshots go out, requests (stream/request.h) come in.
 *
 *   thread     calls                          through
 *   engine     publish                        a triple buffer of snapshots
 *   main       create, address, renew,        a triple buffer of views, a ring of requests,
 *              tell, hear, watched, destroy   a lock about the door that only main and console take
 *   console    its own, started by create
 *
 * Nobody waits for the console: what a page is too slow for is replaced by what is newer, and requests beyond 64 that
 * nobody hears are refused and counted. While no page is open the thread sleeps. */
#ifndef OB_STREAM_CONSOLE_H
#define OB_STREAM_CONSOLE_H

#include "base/err.h"
#include "engine/snapshot.h"
#include "stream/console_view.h"
#include "stream/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_CONSOLE_ADDRESS     96
#define OB_CONSOLE_CONNECTIONS 64 /* more at once, and the oldest that is no page yet has to go */
#define OB_CONSOLE_PAGES       8  /* websockets at once */

struct ob_console;

struct ob_console_desc {
    int port; /* 1-65535; 0: any that is free */
};

/* Listens and starts its thread. On failure a sentence, such as that the port is taken. */
enum ob_err ob_console_create(const struct ob_console_desc *desc, struct ob_console **console_out, char *problem_out,
                              size_t problem_size);
void ob_console_destroy(struct ob_console *console); /* NULL is fine */

/* "http://127.0.0.1:PORT/#KEY"; once the key is used, without it. */
const char *ob_console_address(struct ob_console *console, char out[OB_CONSOLE_ADDRESS]);

/* A new key. Whoever was in is out: for an address that got lost, or into the wrong hands. */
void ob_console_renew(struct ob_console *console);

/* Engine thread. Costs a copy of the snapshot. */
void ob_console_publish(struct ob_console *console, const struct ob_snapshot *snapshot);

/* Main thread: what is to be shown beside the snapshot; each time wholly. */
void ob_console_tell(struct ob_console *console, const struct ob_console_view *view);

/* Something that the page may fetch beside itself, such as a report: "report.html", "report.pdf". It is copied, goes
 * out only to the page, and is wiped with the next sitting, a new address or the end, or when another stands in its
 * place; size 0: none does. Main thread. False: without memory, or of no such name. */
bool ob_console_give(struct ob_console *console, const char *name, const void *bytes, size_t size);

/* Main thread: the next thing that a page asked for; false: nothing. */
bool ob_console_hear(struct ob_console *console, struct ob_request *request_out);

/* How it goes; any thread. */
struct ob_console_status {
    int port;
    unsigned pages;       /* open now */
    unsigned connections; /* of any kind now */
    uint64_t refused;     /* visitors and messages sent away so far */
    uint64_t lost;        /* requests that found the ring full */
    int64_t cpu_ns;       /* that its thread has used so far */
};

void ob_console_status(struct ob_console *console, struct ob_console_status *status_out);

#endif
