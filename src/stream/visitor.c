/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who comes in from outside: every request is checked here, and everything that is not expected is sent away. */
#include "os/clock.h"
#include "os/tr.h"
#include "stream/console_inner.h"
#include "stream/page_file.h"
#include "stream/phrase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_MAX   2048
#define PIECE_MAX  8192 /* of a body at once */
#define ANSWER_S   10   /* an answer has to be taken within this */
#define COOKIE_MAX 6144

static struct ob_console *console_of(struct lws *wsi)
{
    const struct lws_vhost *vhost = lws_get_vhost(wsi);
    return vhost ? lws_vhost_user((struct lws_vhost *)vhost) : NULL;
}

/* ---- who is there ----------------------------------------------------------------------------------------------- */

/* More than are allowed: the oldest that is no page goes, so that strangers who sit and wait keep nobody out. False:
 * there is no room at all. */
static bool make_room(struct ob_console *c)
{
    unsigned count = atomic_load_explicit(&c->connection_count, memory_order_relaxed);
    if (count >= 2 * OB_CONSOLE_CONNECTIONS)
        return false;
    for (unsigned i = 0, over = count >= OB_CONSOLE_CONNECTIONS ? count - OB_CONSOLE_CONNECTIONS + 1 : 0;
         i < count && over > 0; i++) {
        if (c->connections[i].page)
            continue;
        lws_set_timeout(c->connections[i].wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        over--;
    }
    return true;
}

static void note_connection(struct ob_console *c, struct lws *wsi)
{
    const unsigned count = atomic_load_explicit(&c->connection_count, memory_order_relaxed);
    if (count >= 2 * OB_CONSOLE_CONNECTIONS)
        return;
    c->connections[count] = (struct ob_connection){.wsi = wsi, .since_ns = ob_clock_monotonic_ns()};
    atomic_store_explicit(&c->connection_count, count + 1, memory_order_relaxed);
}

static void forget_connection(struct ob_console *c, const struct lws *wsi)
{
    const unsigned count = atomic_load_explicit(&c->connection_count, memory_order_relaxed);
    for (unsigned i = 0; i < count; i++) {
        if (c->connections[i].wsi != wsi)
            continue;
        memmove(&c->connections[i], &c->connections[i + 1], (count - i - 1) * sizeof c->connections[0]);
        atomic_store_explicit(&c->connection_count, count - 1, memory_order_relaxed);
        return;
    }
}

static void note_refusal(struct ob_console *c)
{
    atomic_fetch_add_explicit(&c->refused, 1, memory_order_relaxed);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* Nothing from elsewhere runs, frames or is sent anywhere, and nothing is kept on a disk. In a report nothing runs at
 * all; its styles stand in itself. */
static const char page_policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                                  "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
static const char report_policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";
static const struct {
    const char *name, *value;
} always[] = {
    {"cache-control:", "no-store"},
    {"referrer-policy:", "no-referrer"},
    {"x-content-type-options:", "nosniff"},
    {"x-frame-options:", "DENY"},
    {"cross-origin-opener-policy:", "same-origin"},
    {"cross-origin-resource-policy:", "same-origin"},
    {"permissions-policy:", "camera=(), microphone=(), geolocation=()"},
    {"connection:", "close"},
};

static bool add(struct lws *wsi, const char *name, const char *value, unsigned char **p, unsigned char *end)
{
    return lws_add_http_header_by_name(wsi, (const unsigned char *)name, (const unsigned char *)value,
                                       (int)strlen(value), p, end) == 0;
}

/* What is special about an answer; all of it may be NULL. */
struct special {
    const char *cookie; /* a new one */
    const char *how;    /* what a browser does with it instead of showing it */
    const char *policy; /* instead of the page's */
};

static bool head_of(struct lws *wsi, unsigned status, const char *type, size_t size, const struct special *special,
                    unsigned char **p, unsigned char *end)
{
    bool whole = lws_add_http_header_status(wsi, status, p, end) == 0 && add(wsi, "content-type:", type, p, end) &&
                 lws_add_http_header_content_length(wsi, size, p, end) == 0;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        whole = whole && add(wsi, always[i].name, always[i].value, p, end);
    whole = whole && add(wsi, "content-security-policy:", special->policy ? special->policy : page_policy, p, end) &&
            (!special->cookie || add(wsi, "set-cookie:", special->cookie, p, end)) &&
            (!special->how || add(wsi, "content-disposition:", special->how, p, end));
    return whole && lws_finalize_http_header(wsi, p, end) == 0;
}

/* A few words, head and all at once: whoever announces a body of no bytes is never asked to go on writing. Closes. */
static int answer_shortly(struct lws *wsi, unsigned status, const char *words, const char *cookie)
{
    unsigned char head[LWS_PRE + HEAD_MAX], *p = head + LWS_PRE, *end = head + sizeof head;
    const size_t size = strlen(words);
    if (!head_of(wsi, status, "text/plain; charset=utf-8", size, &(struct special){.cookie = cookie}, &p, end) ||
        (size_t)(end - p) < size)
        return -1;
    memcpy(p, words, size);
    p += size;
    lws_write(wsi, head + LWS_PRE, (size_t)(p - head - LWS_PRE), LWS_WRITE_HTTP_HEADERS);
    return -1;
}

static int refuse(struct lws *wsi, unsigned status, const char *sentence)
{
    note_refusal(console_of(wsi));
    return answer_shortly(wsi, status, sentence, NULL);
}

/* What is served may be somebody's: nothing of it stays in memory. */
static void drop_body(struct ob_visitor *visitor)
{
    if (visitor->body)
        lws_explicit_bzero(visitor->body, visitor->body_size);
    free(visitor->body);
    visitor->body = NULL;
    visitor->body_size = visitor->body_written = 0;
}

static char *copy_of(const char *bytes, size_t size, size_t *size_out)
{
    char *copy = malloc(size);
    if (copy)
        memcpy(copy, bytes, size);
    *size_out = copy ? size : 0;
    return copy;
}

/* Sends visitor->body, head first. */
static int begin_body(struct lws *wsi, struct ob_visitor *visitor, const char *type, const struct special *special)
{
    unsigned char head[LWS_PRE + HEAD_MAX], *p = head + LWS_PRE, *end = head + sizeof head;
    if (!visitor->body || !head_of(wsi, 200, type, visitor->body_size, special, &p, end) ||
        lws_write(wsi, head + LWS_PRE, (size_t)(p - head - LWS_PRE), LWS_WRITE_HTTP_HEADERS) < 0)
        return -1;
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, ANSWER_S);
    lws_callback_on_writable(wsi);
    return 0;
}

static int serve(struct lws *wsi, struct ob_visitor *visitor, const char *name)
{
    const struct ob_page_file *file = ob_page_file(name);
    bool script;
    if (!file)
        return refuse(wsi, 404, "There is no such page.\n");
    drop_body(visitor);
    if (ob_page_speaks(name, &script))
        visitor->body = ob_phrase_fill(file->bytes, file->size, script, ob_tr, &visitor->body_size);
    else
        visitor->body = copy_of(file->bytes, file->size, &visitor->body_size);
    return begin_body(wsi, visitor, ob_page_type(name), &(struct special){.cookie = NULL});
}

/* Its own copy, since it may be taken back while it goes out. A report has its styles within itself and no scripts, and
 * says so in its own words as well. */
static int serve_gift(struct ob_console *c, struct lws *wsi, struct ob_visitor *visitor, int which, const char *name)
{
    const bool shown = strcmp(name, "/report.html") == 0;
    drop_body(visitor);
    pthread_mutex_lock(&c->lock);
    const struct ob_gift *gift = &c->gifts[which];
    if (gift->bytes)
        visitor->body = copy_of(gift->bytes, gift->size, &visitor->body_size);
    pthread_mutex_unlock(&c->lock);
    if (!visitor->body)
        return refuse(wsi, 404, "There is no report of this session yet, or no more.\n");
    const struct special special = {.policy = report_policy,
                                    .how = shown ? NULL : "attachment; filename=\"outbreath.pdf\""};
    return begin_body(wsi, visitor, shown ? "text/html; charset=utf-8" : "application/pdf", &special);
}

static int write_body(struct lws *wsi, struct ob_visitor *visitor)
{
    unsigned char piece[LWS_PRE + PIECE_MAX];
    if (!visitor->body)
        return 0;
    const size_t left = visitor->body_size - visitor->body_written, size = left < PIECE_MAX ? left : PIECE_MAX;
    const bool last = size == left;
    memcpy(piece + LWS_PRE, visitor->body + visitor->body_written, size);
    if (lws_write(wsi, piece + LWS_PRE, size, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)size)
        return -1;
    visitor->body_written += size;
    if (last) {
        drop_body(visitor);
        return -1; /* one answer a connection */
    }
    lws_callback_on_writable(wsi);
    return 0;
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

/* A header as a string; "" where there is none or it is longer. */
static const char *header(struct lws *wsi, enum lws_token_indexes which, char *out, size_t size)
{
    if (lws_hdr_copy(wsi, out, (int)size, which) <= 0)
        out[0] = '\0';
    return out;
}

static bool knows_cookie(struct ob_console *c, struct lws *wsi)
{
    char cookies[COOKIE_MAX];
    header(wsi, WSI_TOKEN_HTTP_COOKIE, cookies, sizeof cookies);
    pthread_mutex_lock(&c->lock);
    const bool known = ob_door_knows(&c->door, cookies);
    pthread_mutex_unlock(&c->lock);
    return known;
}

/* What stands behind /r/PATH of a path; "" where it does not. */
static void inner(struct ob_console *c, const char *path, char *out, size_t size)
{
    pthread_mutex_lock(&c->lock);
    const char *found = ob_door_inner(&c->door, path);
    snprintf(out, size, "%s", found && strlen(found) < size ? found : "");
    pthread_mutex_unlock(&c->lock);
}

static int enter(struct ob_console *c, struct lws *wsi, const char *origin)
{
    static const char bearer[] = "Bearer ";
    char authorization[128], cookie[160], path[OB_DOOR_PATH + 8];
    if (!origin[0])
        return refuse(wsi, 403, "The key is taken from the console's own page alone.\n");
    header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, authorization, sizeof authorization);
    const char *key = strncmp(authorization, bearer, strlen(bearer)) == 0 ? authorization + strlen(bearer) : "";
    pthread_mutex_lock(&c->lock);
    const enum ob_door_answer said = ob_door_try(&c->door, key, strlen(key));
    snprintf(path, sizeof path, "/r/%s/", c->door.path);
    snprintf(cookie, sizeof cookie, "%s=%s; Path=%s; HttpOnly; SameSite=Strict", OB_DOOR_COOKIE, c->door.cookie, path);
    pthread_mutex_unlock(&c->lock);
    if (said == OB_DOOR_USED)
        return refuse(wsi, 410, "This address was used already.\n");
    if (said != OB_DOOR_OPEN)
        return refuse(wsi, 403, "This address is not, or no longer, the console's.\n");
    return answer_shortly(wsi, 200, path, cookie);
}

static int take_http(struct ob_console *c, struct lws *wsi, struct ob_visitor *visitor, const char *path)
{
    char host[64], origin[96], below[32];
    const bool post = lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0;
    header(wsi, WSI_TOKEN_HOST, host, sizeof host);
    if (!ob_door_host(host, c->port))
        return refuse(wsi, 403, "The console answers to 127.0.0.1 alone.\n");
    header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin);
    if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) > 0 && !ob_door_origin(origin, host))
        return refuse(wsi, 403, "The console takes nothing from other pages.\n");
    if (post && strcmp(path, "/enter") == 0)
        return enter(c, wsi, origin);
    if (post || lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) <= 0)
        return refuse(wsi, 405, "That can't be asked for here.\n");
    if (strcmp(path, "/") == 0)
        return serve(wsi, visitor, "door.html");
    if (strcmp(path, "/door.js") == 0 || strcmp(path, "/console.css") == 0 || strcmp(path, "/icon.svg") == 0)
        return serve(wsi, visitor, path + 1);
    inner(c, path, below, sizeof below);
    if (below[0] && !knows_cookie(c, wsi))
        return refuse(wsi, 403, "This page was opened elsewhere. The program can give a new address.\n");
    if (strcmp(below, "/") == 0)
        return serve(wsi, visitor, "console.html");
    if (ob_console_gift(below) >= 0)
        return serve_gift(c, wsi, visitor, ob_console_gift(below), below);
    if (strcmp(below, "/console.js") == 0 || strcmp(below, "/chart.js") == 0)
        return serve(wsi, visitor, below + 1);
    return refuse(wsi, 404, "There is no such page.\n");
}

/* Before a websocket: 0 lets it in. */
static int judge_page(struct ob_console *c, struct lws *wsi, struct ob_visitor *page)
{
    char host[64], origin[96], path[96], below[32];
    header(wsi, WSI_TOKEN_HOST, host, sizeof host);
    header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin);
    header(wsi, WSI_TOKEN_GET_URI, path, sizeof path);
    inner(c, path, below, sizeof below);
    /* Before the cookie is looked at: a door that is renewed in this moment is then another one. */
    const unsigned door_age = atomic_load_explicit(&c->door_age, memory_order_acquire);
    if (page)
        page->door_age = door_age;
    if (page && ob_door_host(host, c->port) && ob_door_origin(origin, host) && strcmp(below, "/live") == 0 &&
        knows_cookie(c, wsi) && atomic_load_explicit(&c->page_count, memory_order_relaxed) < OB_CONSOLE_PAGES)
        return 0;
    note_refusal(c);
    lws_return_http_status(wsi, 403, NULL);
    return -1;
}

/* ---- a page ----------------------------------------------------------------------------------------------------- */

static void open_page(struct ob_console *c, struct lws *wsi, struct ob_visitor *page)
{
    page->wsi = wsi;
    page->next = c->pages;
    c->pages = page;
    atomic_fetch_add_explicit(&c->page_count, 1, memory_order_relaxed);
    for (unsigned i = 0; i < atomic_load_explicit(&c->connection_count, memory_order_relaxed); i++)
        c->connections[i].page |= c->connections[i].wsi == wsi;
    ob_console_look(c);
}

static void close_page(struct ob_console *c, struct ob_visitor *page)
{
    for (struct ob_visitor **link = &c->pages; *link; link = &(*link)->next) {
        if (*link != page)
            continue;
        *link = page->next;
        atomic_fetch_sub_explicit(&c->page_count, 1, memory_order_relaxed);
        break;
    }
    lws_explicit_bzero(page->in, sizeof page->in);
}

static int say_goodbye(struct lws *wsi, enum lws_close_status status, const char *why)
{
    lws_close_reason(wsi, status, (unsigned char *)(size_t)why, strlen(why));
    return -1;
}

static int tell_page(struct ob_console *c, struct lws *wsi, struct ob_visitor *page)
{
    page->asked_ns = 0;
    if (page->close)
        return say_goodbye(wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, "another address");
    const size_t size = ob_console_next_message(c, page);
    if (size == 0)
        return 0;
    if (lws_write(wsi, c->text + LWS_PRE, size, LWS_WRITE_TEXT) < (int)size)
        return -1;
    page->asked_ns = ob_clock_monotonic_ns();
    lws_callback_on_writable(wsi); /* there may be more to say */
    return 0;
}

static int hear_page(struct ob_console *c, struct lws *wsi, struct ob_visitor *page, const void *in, size_t size)
{
    if (lws_frame_is_binary(wsi)) {
        note_refusal(c);
        return say_goodbye(wsi, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE, "text is wanted");
    }
    if (size > sizeof page->in - page->in_size || lws_remaining_packet_payload(wsi) > sizeof page->in) {
        note_refusal(c);
        return say_goodbye(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "too long");
    }
    memcpy(page->in + page->in_size, in, size);
    page->in_size += size;
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
        return 0;
    struct ob_request request;
    const bool understood = ob_request_read(page->in, page->in_size, &request);
    lws_explicit_bzero(page->in, sizeof page->in);
    page->in_size = 0;
    if (!understood) {
        note_refusal(c);
        return say_goodbye(wsi, LWS_CLOSE_STATUS_INVALID_PAYLOAD, "not understood");
    }
    ob_ring_push(&c->requests, &request);
    return 0;
}

int ob_visitor_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    struct ob_console *c = wsi ? console_of(wsi) : NULL;
    struct ob_visitor *visitor = user;
    if (!c)
        return 0;
    switch (reason) {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
        if (make_room(c))
            return 0;
        note_refusal(c);
        return -1;
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
        note_connection(c, wsi);
        ob_console_look(c);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        forget_connection(c, wsi);
        return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return strcmp((const char *)in, "websocket") != 0;
    case LWS_CALLBACK_HTTP:
        return take_http(c, wsi, visitor, (const char *)in);
    case LWS_CALLBACK_HTTP_BODY:
        return -1; /* nobody has anything to send in one */
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return write_body(wsi, visitor);
    case LWS_CALLBACK_CLOSED_HTTP:
        if (visitor)
            drop_body(visitor);
        return 0;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return judge_page(c, wsi, visitor);
    case LWS_CALLBACK_ESTABLISHED:
        open_page(c, wsi, visitor);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return tell_page(c, wsi, visitor);
    case LWS_CALLBACK_RECEIVE:
        return hear_page(c, wsi, visitor, in, size);
    case LWS_CALLBACK_CLOSED:
        close_page(c, visitor);
        return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        ob_console_look(c);
        return 0;
    default:
        /* Not lws_callback_http_dummy(): nothing is done here that is not written above. */
        return 0;
    }
}
