/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/console.h"

#include "os/clock.h"
#include "os/tr.h"
#include "stream/console_inner.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_NS (40 * OB_NS_PER_S / 1000) /* a beat waits for at most this long */
#define NOW_NS  (OB_NS_PER_S / 4)         /* from numbers to numbers */
#define IDLE_NS (12 * OB_NS_PER_S)
#define SLOW_NS (10 * OB_NS_PER_S) /* a page that takes nothing for so long has to go */

/* ---- console thread --------------------------------------------------------------------------------------------- */

static void take_newest(struct ob_console *c)
{
    bool fresh;
    c->snapshot = ob_triple_read(&c->snapshots, NULL);
    const struct ob_console_view *view = ob_triple_read(&c->views, &fresh);
    if (!fresh || memcmp(view, &c->view, sizeof *view) == 0)
        return;
    if (view->sitting != c->view.sitting)
        sodium_memzero(c->text, sizeof c->text); /* the last client's name may stand in it */
    memcpy(&c->view, view, sizeof *view);
    c->view_count++;
}

/* A session that began anew begins anew for the page as well. */
static void follow_session(struct ob_console *c, struct ob_visitor *page)
{
    if (page->begin_ns == c->snapshot->begin_ns)
        return;
    page->begin_ns = c->snapshot->begin_ns;
    page->beats = page->trace = page->moments = 0;
    page->newest_ns = 0;
    page->now_ns = 0;
}

static bool has_news(struct ob_console *c, struct ob_visitor *page, int64_t now_ns)
{
    follow_session(c, page);
    return page->views != c->view_count || page->beats != c->snapshot->beat_count ||
           page->newest_ns != c->snapshot->newest_ns || page->moments != c->snapshot->mark_count ||
           now_ns - page->now_ns >= NOW_NS;
}

/* Whoever neither asks nor becomes a page for so long is sent away, whatever libwebsockets thinks of it. */
static void end_idle(struct ob_console *c, int64_t now_ns)
{
    const unsigned count = atomic_load_explicit(&c->connection_count, memory_order_relaxed);
    for (unsigned i = 0; i < count; i++)
        if (!c->connections[i].page && now_ns - c->connections[i].since_ns > IDLE_NS)
            lws_set_timeout(c->connections[i].wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static void tick(lws_sorted_usec_list_t *sul)
{
    ob_console_look(lws_container_of(sul, struct ob_console, tick));
}

void ob_console_look(struct ob_console *c)
{
    const int64_t now_ns = ob_clock_monotonic_ns();
    const unsigned age = atomic_load_explicit(&c->door_age, memory_order_acquire);
    take_newest(c);
    for (struct ob_visitor *page = c->pages; page; page = page->next) {
        page->close |= page->door_age != age;
        if (page->asked_ns && now_ns - page->asked_ns > SLOW_NS) {
            lws_set_timeout(page->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        } else if (!page->asked_ns && (page->close || has_news(c, page, now_ns))) {
            page->asked_ns = now_ns;
            lws_callback_on_writable(page->wsi);
        }
    }
    end_idle(c, now_ns);
    if (c->pages || atomic_load_explicit(&c->connection_count, memory_order_relaxed) > 0)
        lws_sul_schedule(c->context, 0, &c->tick, tick, (c->pages ? LOOK_NS : OB_NS_PER_S) / 1000);
    atomic_store_explicit(&c->cpu_ns, ob_clock_thread_cpu_ns(), memory_order_relaxed);
}

size_t ob_console_next_message(struct ob_console *c, struct ob_visitor *page)
{
    char *out = (char *)c->text + LWS_PRE;
    const struct ob_snapshot *s = c->snapshot;
    const int64_t now_ns = ob_clock_monotonic_ns();
    follow_session(c, page);
    if (page->views != c->view_count) {
        page->views = c->view_count;
        return ob_message_view(&c->view, s, out, OB_MESSAGE_MAX);
    }
    if (page->beats != s->beat_count || page->newest_ns != s->newest_ns) {
        page->newest_ns = s->newest_ns;
        return ob_message_beats(s, &page->beats, out, OB_MESSAGE_MAX);
    }
    if (page->moments != s->mark_count) {
        page->moments = s->mark_count;
        return ob_message_moments(s, ob_tr, out, OB_MESSAGE_MAX);
    }
    if (now_ns - page->now_ns >= NOW_NS) {
        page->now_ns = now_ns;
        return ob_message_now(s, &page->trace, ob_tr, out, OB_MESSAGE_MAX);
    }
    return 0;
}

static void *run(void *user)
{
    struct ob_console *c = user;
    while (!atomic_load_explicit(&c->quit, memory_order_acquire) && lws_service(c->context, 0) >= 0)
        ;
    return NULL;
}

/* ---- engine thread ---------------------------------------------------------------------------------------------- */

void ob_console_publish(struct ob_console *c, const struct ob_snapshot *snapshot)
{
    memcpy(ob_triple_back(&c->snapshots), snapshot, sizeof *snapshot);
    ob_triple_publish(&c->snapshots);
}

/* ---- what is given ---------------------------------------------------------------------------------------------- */

int ob_console_gift(const char *below)
{
    static const char *const names[OB_GIFTS] = {"/report.html", "/report.pdf"};
    for (int i = 0; i < OB_GIFTS; i++)
        if (strcmp(below, names[i]) == 0)
            return i;
    return -1;
}

/* Under the lock. */
static void take_back(struct ob_gift *gift)
{
    if (gift->bytes)
        sodium_memzero(gift->bytes, gift->size);
    free(gift->bytes);
    *gift = (struct ob_gift){.bytes = NULL};
}

static void take_all_back(struct ob_console *c)
{
    for (int i = 0; i < OB_GIFTS; i++)
        take_back(&c->gifts[i]);
}

/* ---- main thread ------------------------------------------------------------------------------------------------ */

bool ob_console_give(struct ob_console *c, const char *name, const void *bytes, size_t size)
{
    char path[32];
    snprintf(path, sizeof path, "/%s", name);
    const int which = ob_console_gift(path);
    char *copy = which >= 0 && size > 0 ? malloc(size) : NULL;
    if (which < 0 || (size > 0 && !copy))
        return false;
    if (size > 0)
        memcpy(copy, bytes, size);
    pthread_mutex_lock(&c->lock);
    take_back(&c->gifts[which]);
    c->gifts[which] = (struct ob_gift){.bytes = copy, .size = size};
    pthread_mutex_unlock(&c->lock);
    return true;
}

void ob_console_tell(struct ob_console *c, const struct ob_console_view *view)
{
    if (view->sitting != c->told_sitting) {
        pthread_mutex_lock(&c->lock);
        take_all_back(c);
        pthread_mutex_unlock(&c->lock);
    }
    memcpy(ob_triple_back(&c->views), view, sizeof *view);
    ob_triple_publish(&c->views);
    if (view->sitting != c->told_sitting)
        lws_cancel_service(c->context); /* also without a page: what it knows of the last client is overwritten */
    c->told_sitting = view->sitting;
}

bool ob_console_hear(struct ob_console *c, struct ob_request *request_out)
{
    return ob_ring_pop(&c->requests, request_out);
}

void ob_console_status(struct ob_console *c, struct ob_console_status *status_out)
{
    *status_out = (struct ob_console_status){
        .port = c->port,
        .pages = atomic_load_explicit(&c->page_count, memory_order_relaxed),
        .connections = atomic_load_explicit(&c->connection_count, memory_order_relaxed),
        .refused = atomic_load_explicit(&c->refused, memory_order_relaxed),
        .lost = ob_ring_refused(&c->requests),
        .cpu_ns = atomic_load_explicit(&c->cpu_ns, memory_order_relaxed),
    };
}

const char *ob_console_address(struct ob_console *c, char out[OB_CONSOLE_ADDRESS])
{
    pthread_mutex_lock(&c->lock);
    const char *key = c->door.key;
    snprintf(out, OB_CONSOLE_ADDRESS, "http://127.0.0.1:%d/%s%s", c->port, key[0] ? "#" : "", key);
    pthread_mutex_unlock(&c->lock);
    return out;
}

void ob_console_renew(struct ob_console *c)
{
    unsigned char random[OB_DOOR_RANDOM];
    randombytes_buf(random, sizeof random);
    pthread_mutex_lock(&c->lock);
    ob_door_renew(&c->door, random);
    take_all_back(c);
    atomic_fetch_add_explicit(&c->door_age, 1, memory_order_release);
    pthread_mutex_unlock(&c->lock);
    sodium_memzero(random, sizeof random);
    if (c->context)
        lws_cancel_service(c->context);
}

/* All limits of what a stranger may take. */
static bool listen_at(struct ob_console *c, int port)
{
    static const lws_retry_bo_t idle = {.secs_since_valid_ping = 20, .secs_since_valid_hangup = 45};
    c->protocols[0] = (struct lws_protocols){.name = "outbreath",
                                             .callback = ob_visitor_callback,
                                             .per_session_data_size = sizeof(struct ob_visitor),
                                             .rx_buffer_size = OB_REQUEST_MAX,
                                             .user = c};
    const struct lws_context_creation_info info = {
        .port = port,
        .iface = "127.0.0.1",
        .protocols = c->protocols,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6 | LWS_SERVER_OPTION_VALIDATE_UTF8,
        .server_string = "outbreath",
        .max_http_header_data = 8192,
        .max_http_header_pool = 2 * OB_CONSOLE_CONNECTIONS,
        .timeout_secs = 5, /* until the headers are there */
        .timeout_secs_ah_idle = 5,
        .keepalive_timeout = 5,
        .retry_and_idle_policy = &idle,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .user = c,
    };
    c->context = lws_create_context(&info);
    c->vhost = c->context ? lws_create_vhost(c->context, &info) : NULL;
    c->port = c->vhost ? lws_get_vhost_listen_port(c->vhost) : 0;
    return c->port > 0;
}

/* Signals are the main thread's. */
static bool start_thread(struct ob_console *c)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    c->runs = pthread_create(&c->thread, NULL, run, c) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return c->runs;
}

enum ob_err ob_console_create(const struct ob_console_desc *desc, struct ob_console **console_out, char *problem_out,
                              size_t problem_size)
{
    *console_out = NULL;
    struct ob_console *c = sodium_init() >= 0 ? calloc(1, sizeof *c) : NULL;
    if (!c) {
        snprintf(problem_out, problem_size, "the console can't start: %s", ob_err_text(OB_ERR_NO_MEMORY));
        return OB_ERR_NO_MEMORY;
    }
    pthread_mutex_init(&c->lock, NULL);
    ob_triple_init(&c->snapshots, c->snapshot_slots, sizeof c->snapshot_slots[0]);
    ob_triple_init(&c->views, c->view_slots, sizeof c->view_slots[0]);
    ob_ring_init(&c->requests, c->request_slots, sizeof c->request_slots[0], OB_CONSOLE_REQUESTS);
    c->snapshot = ob_triple_read(&c->snapshots, NULL);
    ob_console_renew(c);
    lws_set_log_level(0, NULL); /* it speaks to stderr, in words for its own developers */
    if (!listen_at(c, desc->port)) {
        snprintf(problem_out, problem_size,
                 desc->port
                     ? "the console can't listen at port %d: another program may have it; port 0 takes any that is free"
                     : "the console finds no free port to listen at",
                 desc->port);
        ob_console_destroy(c);
        return OB_ERR_BUSY;
    }
    if (!start_thread(c)) {
        snprintf(problem_out, problem_size, "the console can't start: %s", ob_err_text(OB_ERR_NO_MEMORY));
        ob_console_destroy(c);
        return OB_ERR_NO_MEMORY;
    }
    *console_out = c;
    return OB_OK;
}

void ob_console_destroy(struct ob_console *c)
{
    if (!c)
        return;
    atomic_store_explicit(&c->quit, true, memory_order_release);
    if (c->runs) {
        lws_cancel_service(c->context);
        pthread_join(c->thread, NULL);
    }
    if (c->context)
        lws_context_destroy(c->context);
    take_all_back(c);
    pthread_mutex_destroy(&c->lock);
    sodium_memzero(c, sizeof *c);
    free(c);
}
