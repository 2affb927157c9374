/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What console.c (the thread and what others call) and visitor.c (who comes in from outside) share. */
#ifndef OB_STREAM_CONSOLE_INNER_H
#define OB_STREAM_CONSOLE_INNER_H

#include "base/ring.h"
#include "base/time.h"
#include "base/triple.h"
#include "stream/console.h"
#include "stream/door.h"
#include "stream/message.h"

#include <libwebsockets.h>
#include <pthread.h>
#include <stdatomic.h>

#define OB_CONSOLE_REQUESTS 64

/* One connection; libwebsockets owns the memory, zeroed at the beginning. */
struct ob_visitor {
    struct ob_visitor *next; /* among the pages */
    struct lws *wsi;
    /* an answer under way */
    char *body; /* freed when it is written or the connection ends */
    size_t body_size, body_written;
    /* a page: what it was told so far */
    unsigned door_age; /* of the door that it came through */
    int64_t begin_ns;  /* of the session that it sees */
    uint64_t beats, trace, views, moments;
    int64_t newest_ns; /* the newest beat that it was told of */
    int64_t now_ns;    /* when it was told the numbers; 0: never */
    int64_t asked_ns;  /* since when a message waits for room; 0: none does */
    bool close;        /* it has to go */
    /* a message coming in */
    char in[OB_REQUEST_MAX];
    size_t in_size;
};

/* What was given to be fetched; the names are a contract with the page. */
#define OB_GIFTS 2
struct ob_gift {
    char *bytes; /* NULL: there is none */
    size_t size;
};

struct ob_connection {
    struct lws *wsi;
    int64_t since_ns;
    bool page;
};

struct ob_console {
    /* immutable after create */
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct lws_protocols protocols[2];
    int port;
    pthread_t thread;
    bool runs;
    /* main thread */
    uint64_t told_sitting;
    /* main and console, under the lock */
    pthread_mutex_t lock;
    struct ob_door door;
    struct ob_gift gifts[OB_GIFTS];
    /* between threads */
    struct ob_triple snapshots, views;
    struct ob_snapshot snapshot_slots[3];
    struct ob_console_view view_slots[3];
    struct ob_ring requests;
    struct ob_request request_slots[OB_CONSOLE_REQUESTS];
    _Atomic bool quit;
    _Atomic unsigned door_age, page_count, connection_count;
    _Atomic uint64_t refused;
    _Atomic int64_t cpu_ns;
    /* console thread */
    lws_sorted_usec_list_t tick;
    const struct ob_snapshot *snapshot;
    struct ob_console_view view; /* the newest, and how often it changed */
    uint64_t view_count;
    struct ob_visitor *pages;
    /* In the order in which they came. While the oldest is being closed there may be more than are allowed. */
    struct ob_connection connections[2 * OB_CONSOLE_CONNECTIONS];
    unsigned char text[LWS_PRE + OB_MESSAGE_MAX];
};

/* visitor.c: libwebsockets' callback for all that happens. */
int ob_visitor_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size);

/* console.c: which gift a path below the page's own asks for ("/report.pdf"); -1: none of this name. */
int ob_console_gift(const char *below);

/* console.c: looks at what is new, asks for room where there is something to say; a while later again as long as there
 * is anybody. */
void ob_console_look(struct ob_console *console);

/* console.c: the next message for a page, written to console->text + LWS_PRE; 0: all is told. */
size_t ob_console_next_message(struct ob_console *console, struct ob_visitor *page);

#endif
