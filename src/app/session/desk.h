/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The therapist's desk: the console where one is asked for, and the keys that mark. What it shows is collected here;
 * what is asked for is done by whoever runs the session. Main thread, but for publish. */
#ifndef OB_APP_DESK_H
#define OB_APP_DESK_H

#include "base/event.h"
#include "breath/protocol.h"
#include "config/settings.h"
#include "engine/snapshot.h"
#include "stream/console.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_desk {
    struct ob_console *console;  /* NULL: none is asked for */
    struct ob_console_view view; /* what the console shows beside the snapshot; whoever runs the session fills it in */
    int64_t told_ns;
};

/* Reads the keys and opens the console where the settings want one; its address is printed. Not OB_EXIT_DONE: a
 * sentence was said. Zeroed before. */
int ob_desk_open(struct ob_desk *desk, const struct ob_settings *settings);
void ob_desk_close(struct ob_desk *desk);

/* A session begins, of this client (NULL: nobody's name is known): what was there of the one before is gone. */
void ob_desk_sit(struct ob_desk *desk, const char *client, bool kept);

/* Engine thread. */
void ob_desk_publish(struct ob_desk *desk, const struct ob_snapshot *snapshot);

/* The next thing that the console asks for; false: nothing. What is only the desk's (silence) is in the view already.
 */
bool ob_desk_hear(struct ob_desk *desk, struct ob_request *request_out);

/* What a request asks of the engine, as an event of this time; false: nothing. A mark is then in the view. */
bool ob_desk_event(struct ob_desk *desk, const struct ob_request *request, int64_t now_ns, struct ob_event *event_out);

/* A mark that was set in another way. words: NULL or "" none. */
void ob_desk_marked(struct ob_desk *desk, int64_t now_ns, uint32_t label, const char *words);

/* Hands the view to the console, ten times a second. Call it once a frame. */
void ob_desk_tell(struct ob_desk *desk, int64_t now_ns);

/* The label of a key by its name ("PageDown"), as the settings have it; -1: none. */
int ob_desk_label_of_key(const struct ob_desk *desk, const char *key);

/* "PageDown=breath-changed, F5=sigh" into the view's keys. False after a sentence about the first that is wrong. */
bool ob_desk_read_keys(struct ob_desk *desk, const char *text, char *problem_out, size_t problem_size);

/* Whether a protocol is one of a treatment: then no simulated heart may run in it. */
bool ob_desk_in_treatment(const struct ob_protocol *protocol);

#endif
