/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/desk.h"

#include "app/options.h"
#include "app/say.h"
#include "app/session/mark_list.h"
#include "base/time.h"
#include "os/tr.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TELL_NS   (OB_NS_PER_S / 10)
#define TREATMENT "treatment" /* the names of these protocols begin so */

/* ---- keys ---- */

/* A piece without the blanks about it. */
static void trimmed(const char *from, size_t length, char *out, size_t size)
{
    for (; length > 0 && *from == ' '; length--)
        from++;
    while (length > 0 && from[length - 1] == ' ')
        length--;
    snprintf(out, size, "%.*s", (int)length, from);
}

bool ob_desk_read_keys(struct ob_desk *desk, const char *text, char *problem, size_t size)
{
    desk->view.key_count = 0;
    for (const char *p = text; *p;) {
        const size_t length = strcspn(p, ","), name = strcspn(p, "=,");
        char whole[64], key[64], label[64];
        trimmed(p, length, whole, sizeof whole);
        trimmed(p, name, key, sizeof key);
        trimmed(p + name + (p[name] == '='), length - name - (p[name] == '='), label, sizeof label);
        p += length + (p[length] == ',');
        if (!whole[0])
            continue;
        const int code = ob_mark_of(label);
        if (!key[0] || strlen(key) >= sizeof desk->view.keys[0].key || code < 0 || code == OB_MARK_TEXT) {
            snprintf(problem, size, "keys.mark: '%s' is not KEY=LABEL, with a label of: %s", whole,
                     ob_mark_list_labels());
            return false;
        }
        if (desk->view.key_count == OB_CONSOLE_KEYS) {
            snprintf(problem, size, "keys.mark: there is room for %d keys", OB_CONSOLE_KEYS);
            return false;
        }
        struct ob_console_key *row = &desk->view.keys[desk->view.key_count++];
        memcpy(row->key, key, sizeof row->key - 1);
        row->label = (uint32_t)code;
    }
    return true;
}

int ob_desk_label_of_key(const struct ob_desk *desk, const char *key)
{
    for (uint32_t i = 0; i < desk->view.key_count; i++)
        if (strcasecmp(desk->view.keys[i].key, key) == 0)
            return (int)desk->view.keys[i].label;
    return -1;
}

/* ---- console ---- */

int ob_desk_open(struct ob_desk *desk, const struct ob_settings *settings)
{
    char problem[512], address[OB_CONSOLE_ADDRESS];
    if (!ob_desk_read_keys(desk, ob_settings_text(settings, OB_SET_KEYS_MARK), problem, sizeof problem))
        ob_say(0, problem); /* a mistake in a file stops no session */
    if (strcmp(ob_settings_text(settings, OB_SET_CONSOLE_PORT), "off") == 0)
        return OB_EXIT_DONE;
    const struct ob_console_desc desc = {.port = (int)ob_settings_number(settings, OB_SET_CONSOLE_PORT)};
    if (ob_console_create(&desc, &desk->console, problem, sizeof problem))
        return ob_say(OB_EXIT_DEVICE, problem);
    printf("The console, for one browser on this machine: %s\n", ob_console_address(desk->console, address));
    fflush(stdout);
    return OB_EXIT_DONE;
}

void ob_desk_close(struct ob_desk *desk)
{
    ob_console_destroy(desk->console);
    desk->console = NULL;
}

void ob_desk_sit(struct ob_desk *desk, const char *client, bool kept)
{
    struct ob_console_view *v = &desk->view;
    v->sitting++;
    memset(v->client, 0, sizeof v->client);
    memset(v->marks, 0, sizeof v->marks);
    memset(v->part, 0, sizeof v->part);
    memset(v->notice, 0, sizeof v->notice);
    v->mark_count = 0;
    v->consent = false;
    v->report = OB_CONSOLE_REPORT_NONE;
    memset(v->report_says, 0, sizeof v->report_says);
    v->kept = kept;
    if (client)
        ob_mark_words(client, v->client, sizeof v->client);
    desk->told_ns = 0;
}

void ob_desk_publish(struct ob_desk *desk, const struct ob_snapshot *snapshot)
{
    if (desk->console)
        ob_console_publish(desk->console, snapshot);
}

bool ob_desk_hear(struct ob_desk *desk, struct ob_request *request)
{
    if (!desk->console || !ob_console_hear(desk->console, request))
        return false;
    if (request->kind == OB_REQUEST_SILENT)
        desk->view.silent = request->code;
    return true;
}

void ob_desk_marked(struct ob_desk *desk, int64_t now_ns, uint32_t label, const char *words)
{
    struct ob_console_mark *mark = &desk->view.marks[desk->view.mark_count++ % OB_CONSOLE_MARKS];
    memset(mark, 0, sizeof *mark);
    mark->time_ns = now_ns;
    mark->label = label;
    ob_mark_words(words, mark->words, sizeof mark->words);
    desk->told_ns = 0;
}

static void mark(struct ob_desk *desk, int64_t now_ns, uint32_t label, const char *words, struct ob_event *event)
{
    event->kind = OB_EVENT_MARK;
    event->u.mark.label = label;
    ob_mark_words(words, event->u.mark.words, sizeof event->u.mark.words);
    ob_desk_marked(desk, now_ns, label, words);
}

bool ob_desk_event(struct ob_desk *desk, const struct ob_request *request, int64_t now_ns, struct ob_event *event)
{
    memset(event, 0, sizeof *event);
    event->kind = OB_EVENT_COMMAND;
    event->measured_ns = event->arrived_ns = now_ns;
    event->u.command.value = request->on;
    switch (request->kind) {
    case OB_REQUEST_MARK:
        mark(desk, now_ns, request->code, request->words, event);
        return true;
    case OB_REQUEST_CONSENT:
        if (desk->view.consent == request->on)
            return false;
        desk->view.consent = request->on;
        mark(desk, now_ns, OB_MARK_TEXT, request->on ? ob_tr("consent noted") : ob_tr("consent taken back"), event);
        return true;
    case OB_REQUEST_PAUSE:
        event->u.command.code = OB_COMMAND_PAUSE;
        return true;
    case OB_REQUEST_BREATHE:
        event->u.command.code = OB_COMMAND_JUST_BREATHE;
        return true;
    case OB_REQUEST_PACE:
        event->u.command.code = OB_COMMAND_RATE_BRPM;
        event->u.command.value = request->value;
        return true;
    case OB_REQUEST_PART:
        event->u.command.code = OB_COMMAND_NEXT;
        return true;
    case OB_REQUEST_NEXT:
    case OB_REQUEST_END:
        if (request->value != (double)desk->view.sitting)
            return false; /* pressed for a client who has gone already */
        event->u.command.code = OB_COMMAND_END;
        return true;
    default:
        return false;
    }
}

void ob_desk_tell(struct ob_desk *desk, int64_t now_ns)
{
    if (desk->told_ns && now_ns - desk->told_ns < TELL_NS)
        return;
    desk->told_ns = now_ns;
    if (desk->console)
        ob_console_tell(desk->console, &desk->view);
}

bool ob_desk_in_treatment(const struct ob_protocol *protocol)
{
    return strncmp(protocol->name, TREATMENT, strlen(TREATMENT)) == 0;
}
