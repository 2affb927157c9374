/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/ble.h"

#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"
#include "sensor/ble_state.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SYSTEM_BUS    "unix:path=/run/dbus/system_bus_socket"
#define RETRY_NS      (2 * OB_NS_PER_S)     /* a bus or a BlueZ that is not there */
#define LOOK_NS       (1500 * OB_NS_PER_MS) /* for a stronger strap, after the first was seen */
#define PREFER_NS     (5 * OB_NS_PER_S)     /* for the last good one */
#define FAITHFUL_NS   (120 * OB_NS_PER_S)   /* to a strap that was lost */
#define CONNECT_NS    (20 * OB_NS_PER_S)
#define RESOLVE_NS    (15 * OB_NS_PER_S)
#define SUBSCRIBE_NS  (10 * OB_NS_PER_S)
#define STALE_NS      (5 * OB_NS_PER_S)
#define GIVE_UP_NS    (15 * OB_NS_PER_S)   /* of silence: then it connects anew */
#define ASK_AGAIN_NS  (300 * OB_NS_PER_MS) /* for the objects, while resolving */
#define BACKOFF_NS    (500 * OB_NS_PER_MS)
#define BACKOFF_STEPS 4 /* 0.5, 1, 2, 4, 8 s */
#define LEAVE_NS      (OB_NS_PER_S / 2)
#define DRAIN_MAX     500 /* messages in one service call: other sources have their turn */

static void ask_objects(struct ble *b);
static void look_around(struct ble *b);

static const char *phase_name(enum ob_ble_phase phase)
{
    static const char *const names[] = {"IDLE",        "SCAN",      "FOUND", "CONNECTING", "RESOLVING",
                                        "SUBSCRIBING", "STREAMING", "STALE", "BACKOFF"};
    return names[phase];
}

static void enter(struct ble *b, enum ob_ble_phase phase, int64_t wait_ns)
{
    if (b->entered && phase != b->phase)
        b->entered(b->entered_user, phase_name(phase));
    b->phase = phase;
    b->phase_end_ns = wait_ns == INT64_MAX ? INT64_MAX : b->now_ns + wait_ns;
    b->deadline_ns = b->phase_end_ns;
}

/* ---- orders to BlueZ; only the newest answer to `call` counts ---- */

static void order(struct ble *b, const char *path, const char *interface, const char *member,
                  sd_bus_message_handler_t answer)
{
    b->call = sd_bus_slot_unref(b->call);
    sd_bus_call_method_async(b->bus, answer ? &b->call : NULL, OB_BLUEZ_NAME, path, interface, member, answer, b, NULL);
}

static void order_only(struct ble *b, const char *path, const char *interface, const char *member)
{
    sd_bus_call_method_async(b->bus, NULL, OB_BLUEZ_NAME, path, interface, member, NULL, NULL, NULL);
}

static int on_searching(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)error;
    const sd_bus_error *e = sd_bus_message_get_error(m);
    if (!e || sd_bus_error_has_name(e, "org.bluez.Error.InProgress"))
        return 0;
    b->searching = false;
    snprintf(b->problem, sizeof b->problem, "%s",
             sd_bus_error_has_name(e, SD_BUS_ERROR_ACCESS_DENIED)
                 ? ob_tr("Bluetooth may not be used by this account; it is tried again.")
                 : ob_tr("Bluetooth refuses to search; it is tried again."));
    if (b->phase == SCAN)
        b->deadline_ns = b->now_ns + RETRY_NS;
    return 0;
}

static void search(struct ble *b)
{
    const struct ob_bluez_adapter *adapter = ob_bluez_adapter(&b->bluez);
    if (b->searching && (!adapter || strcmp(adapter->path, b->search_path) != 0))
        b->searching = false; /* the adapter that searched was pulled out or switched off */
    if (!adapter || b->searching)
        return;
    sd_bus_message *m = NULL;
    snprintf(b->search_path, sizeof b->search_path, "%s", adapter->path);
    if (sd_bus_message_new_method_call(b->bus, &m, OB_BLUEZ_NAME, adapter->path, "org.bluez.Adapter1",
                                       "SetDiscoveryFilter") >= 0 &&
        sd_bus_message_append(m, "a{sv}", 2, "UUIDs", "as", 1, OB_BLUEZ_HEART, "Transport", "s", "le") >= 0)
        sd_bus_send(b->bus, m, NULL);
    sd_bus_message_unref(m);
    sd_bus_call_method_async(b->bus, NULL, OB_BLUEZ_NAME, adapter->path, "org.bluez.Adapter1", "StartDiscovery",
                             on_searching, b, NULL);
    b->searching = true;
    b->problem[0] = '\0';
}

static void stop_search(struct ble *b)
{
    if (b->searching)
        order_only(b, b->search_path, "org.bluez.Adapter1", "StopDiscovery");
    b->searching = false;
}

/* ---- losing and finding ---- */

static void lose(struct ble *b, bool disconnect)
{
    ob_ble_polar_leave(b, disconnect, false);
    if (b->emit)
        ob_strap_break(&b->strap, b->now_ns, b->emit, b->emit_user);
    b->call = sd_bus_slot_unref(b->call);
    struct ob_bluez_device *d = ob_bluez_find(&b->bluez, b->target);
    if (disconnect && d)
        order_only(b, d->path, "org.bluez.Device1", "Disconnect");
    b->adverts = d ? d->adverts : 0;
    b->measurement[0] = '\0';
    const int step = b->failures < BACKOFF_STEPS ? b->failures : BACKOFF_STEPS;
    b->failures++;
    enter(b, BACKOFF, BACKOFF_NS << step);
    search(b);
}

static int on_subscribed(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)error;
    if (b->phase != SUBSCRIBING)
        return 0;
    if (sd_bus_message_is_method_error(m, NULL)) {
        lose(b, true);
        return 0;
    }
    b->heard_ns = b->now_ns;
    enter(b, STREAMING, STALE_NS);
    ob_ble_polar_look(b, ob_bluez_find(&b->bluez, b->target));
    return 0;
}

/* For the objects, now; and to be repeated soon. */
static void ask_again(struct ble *b)
{
    const int64_t soon_ns = b->now_ns + ASK_AGAIN_NS;
    ask_objects(b);
    b->deadline_ns = soon_ns < b->phase_end_ns ? soon_ns : b->phase_end_ns;
}

static void subscribe_when_resolved(struct ble *b)
{
    const struct ob_bluez_device *d = ob_bluez_find(&b->bluez, b->target);
    if (b->phase != RESOLVING || !d || !d->resolved)
        return;
    if (!d->measurement[0]) { /* resolved is often said before the objects are there */
        if (b->deadline_ns == b->phase_end_ns)
            ask_again(b);
        return;
    }
    snprintf(b->measurement, sizeof b->measurement, "%s", d->measurement);
    enter(b, SUBSCRIBING, SUBSCRIBE_NS);
    order(b, b->measurement, "org.bluez.GattCharacteristic1", "StartNotify", on_subscribed);
}

static void resolve(struct ble *b)
{
    enter(b, RESOLVING, RESOLVE_NS);
    subscribe_when_resolved(b);
}

static int on_connected(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)error;
    if (b->phase != CONNECTING)
        return 0;
    const sd_bus_error *e = sd_bus_message_get_error(m);
    if (e && !sd_bus_error_has_name(e, "org.bluez.Error.AlreadyConnected"))
        lose(b, true);
    else
        resolve(b);
    return 0;
}

static int on_search_stopped(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)m;
    (void)error;
    if (b->phase == CONNECTING)
        order(b, b->target, "org.bluez.Device1", "Connect", on_connected);
    return 0;
}

/* Discovery ends before a connection begins: many adapters cannot do both. */
static void connect_to(struct ble *b, const struct ob_bluez_device *d)
{
    snprintf(b->target, sizeof b->target, "%s", d->path);
    snprintf(b->name, sizeof b->name, "%s", d->name[0] ? d->name : d->address);
    snprintf(b->address, sizeof b->address, "%s", d->address);
    enter(b, CONNECTING, CONNECT_NS);
    if (b->searching)
        order(b, b->search_path, "org.bluez.Adapter1", "StopDiscovery", on_search_stopped);
    else
        order(b, b->target, "org.bluez.Device1", "Connect", on_connected);
    b->searching = false;
}

static bool wanted(const struct ble *b, const struct ob_bluez_device *d)
{
    if (b->asked[0])
        return strcasecmp(b->asked, d->address) == 0;
    if (b->streamed_ns != 0 && b->now_ns - b->streamed_ns < FAITHFUL_NS)
        return strcasecmp(b->address, d->address) == 0;
    return d->heart;
}

static bool is_preferred(const struct ble *b, const struct ob_bluez_device *d)
{
    return b->preferred[0] && strcasecmp(b->preferred, d->address) == 0;
}

/* A device on an adapter that is switched off is no candidate. */
static bool on_adapter(const struct ble *b, const struct ob_bluez_device *d)
{
    const struct ob_bluez_adapter *adapter = ob_bluez_adapter(&b->bluez);
    const size_t length = adapter ? strlen(adapter->path) : 0;
    return adapter && strncmp(d->path, adapter->path, length) == 0 && d->path[length] == '/';
}

static void look_around(struct ble *b)
{
    if (b->phase != SCAN && b->phase != FOUND)
        return;
    const struct ob_bluez_device *best = NULL;
    for (int i = 0; i < b->bluez.devices && !b->look_only; i++) {
        const struct ob_bluez_device *d = &b->bluez.device[i];
        if (!wanted(b, d) || (!d->connected && (!d->in_sight || !on_adapter(b, d))))
            continue;
        if (d->connected) { /* left over from before, or another program's: it need not be looked for */
            stop_search(b);
            connect_to(b, d);
            resolve(b);
            return;
        }
        if (!best || (d->rssi_dbm > best->rssi_dbm && !is_preferred(b, best)) || is_preferred(b, d))
            best = d;
    }
    const bool sure = best && (b->asked[0] || is_preferred(b, best) || strcasecmp(b->address, best->address) == 0);
    if (best && b->phase == SCAN && !sure)
        enter(b, FOUND, b->preferred[0] ? PREFER_NS : LOOK_NS);
    else if (best && (sure || b->now_ns >= b->phase_end_ns))
        connect_to(b, best);
    else if (!best && b->phase == FOUND)
        enter(b, SCAN, INT64_MAX);
    if (b->phase == SCAN)
        search(b);
}

/* What a change of BlueZ's picture means for where we are. */
static void take_stock(struct ble *b)
{
    if (b->phase == BACKOFF && !ob_bluez_find(&b->bluez, b->target)) /* gone with its adapter; another may hear it */
        enter(b, SCAN, INT64_MAX);
    look_around(b);
    const struct ob_bluez_device *d = b->target[0] ? ob_bluez_find(&b->bluez, b->target) : NULL;
    if (b->phase == BACKOFF && d && d->connected) {
        connect_to(b, d);
        resolve(b);
    } else if (b->phase == BACKOFF && d && d->in_sight && d->adverts != b->adverts) {
        connect_to(b, d);
    } else if (b->phase == CONNECTING && d && d->connected && d->resolved) {
        resolve(b);
    } else if ((b->phase == RESOLVING || b->phase >= SUBSCRIBING) && b->phase <= STALE && (!d || !d->connected)) {
        lose(b, false);
    }
    subscribe_when_resolved(b);
    ob_ble_polar_look(b, d);
}

/* ---- what BlueZ says ---- */

static int on_objects(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)error;
    b->query = sd_bus_slot_unref(b->query);
    const sd_bus_error *e = sd_bus_message_get_error(m);
    if (e) {
        b->present = false;
        snprintf(b->problem, sizeof b->problem, "%s",
                 sd_bus_error_has_name(e, SD_BUS_ERROR_ACCESS_DENIED)
                     ? ob_tr("Bluetooth may not be used by this account; it is tried again.")
                     : ob_tr("Bluetooth (bluez) is not running on this computer; it is tried again."));
        enter(b, IDLE, RETRY_NS);
        return 0;
    }
    ob_bluez_read_objects(&b->bluez, m);
    if (!b->present) {
        b->present = true;
        ob_ble_polar_agent(b);
        enter(b, SCAN, INT64_MAX);
    }
    take_stock(b);
    return 0;
}

static void ask_objects(struct ble *b)
{
    if (!b->query)
        sd_bus_call_method_async(b->bus, &b->query, OB_BLUEZ_NAME, "/", "org.freedesktop.DBus.ObjectManager",
                                 "GetManagedObjects", on_objects, b, NULL);
}

static int on_added(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)error;
    if (ob_bluez_read_added(&b->bluez, m) >= 0 && b->present)
        take_stock(b);
    return 0;
}

static int on_removed(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)error;
    if (ob_bluez_read_removed(&b->bluez, m) >= 0 && b->present)
        take_stock(b);
    return 0;
}

/* While the heart comes as ECG or pulse intervals, of the plain packets only what they say of contact counts. */
static void emit_contact(void *user, const struct ob_event *event)
{
    const struct ble *b = user;
    if (event->kind == OB_EVENT_CONTACT)
        b->emit(b->emit_user, event);
}

static void take_value(struct ble *b, const struct ob_bluez_value *value)
{
    if (!b->emit || b->phase < SUBSCRIBING || b->phase > STALE)
        return;
    bool good = false;
    if (b->measurement[0] && strcmp(value->path, b->measurement) == 0)
        good = ob_ble_polar_rules(b)
                   ? ob_strap_packet(&b->strap, b->now_ns, value->bytes, value->count, emit_contact, b)
                   : ob_strap_packet(&b->strap, b->now_ns, value->bytes, value->count, b->emit, b->emit_user);
    else
        good = ob_ble_polar_value(b, value);
    if (!good)
        return;
    b->failures = 0;
    b->heard_ns = b->streamed_ns = b->now_ns;
    if (b->phase != SUBSCRIBING)
        enter(b, STREAMING, STALE_NS);
}

static int on_changed(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    struct ob_bluez_value value;
    (void)error;
    if (ob_bluez_read_changed(&b->bluez, m, &value) < 0 || !b->present)
        return 0;
    if (value.bytes)
        take_value(b, &value);
    else
        take_stock(b);
    return 0;
}

static void forget_bluez(struct ble *b)
{
    ob_ble_polar_leave(b, false, false);
    if (b->emit)
        ob_strap_break(&b->strap, b->now_ns, b->emit, b->emit_user);
    b->call = sd_bus_slot_unref(b->call);
    b->query = sd_bus_slot_unref(b->query);
    memset(&b->bluez, 0, sizeof b->bluez);
    b->present = b->searching = false;
    b->target[0] = b->measurement[0] = '\0';
    b->failures = 0;
    enter(b, IDLE, RETRY_NS);
}

static int on_owner(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    const char *name, *before, *after;
    (void)error;
    if (sd_bus_message_read(m, "sss", &name, &before, &after) < 0 || strcmp(name, OB_BLUEZ_NAME) != 0)
        return 0;
    forget_bluez(b);
    snprintf(b->problem, sizeof b->problem,
             ob_tr("Bluetooth was stopped on this computer; waiting for it to come back."));
    if (after[0])
        ask_objects(b);
    return 0;
}

/* ---- the bus ---- */

static void close_bus(struct ble *b)
{
    forget_bluez(b);
    b->agent = sd_bus_slot_unref(b->agent);
    b->bus = sd_bus_close_unref(b->bus);
}

static void open_bus(struct ble *b)
{
    const char *address = getenv("DBUS_SYSTEM_BUS_ADDRESS");
    enter(b, IDLE, RETRY_NS);
    if (sd_bus_new(&b->bus) < 0)
        return;
    int r = sd_bus_set_address(b->bus, address && address[0] ? address : SYSTEM_BUS);
    if (r >= 0)
        r = sd_bus_set_bus_client(b->bus, true);
    if (r >= 0)
        r = sd_bus_start(b->bus);
    static const struct {
        const char *path, *interface, *member;
        sd_bus_message_handler_t handler;
    } signals[] = {
        {NULL, "org.freedesktop.DBus.ObjectManager", "InterfacesAdded", on_added},
        {NULL, "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved", on_removed},
        {NULL, "org.freedesktop.DBus.Properties", "PropertiesChanged", on_changed},
    };
    for (size_t i = 0; r >= 0 && i < sizeof signals / sizeof *signals; i++)
        r = sd_bus_match_signal_async(b->bus, NULL, OB_BLUEZ_NAME, signals[i].path, signals[i].interface,
                                      signals[i].member, signals[i].handler, NULL, b);
    if (r >= 0)
        r = sd_bus_match_signal_async(b->bus, NULL, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                      "org.freedesktop.DBus", "NameOwnerChanged", on_owner, NULL, b);
    if (r < 0) {
        close_bus(b);
        snprintf(b->problem, sizeof b->problem, "%s",
                 r == -EACCES ? ob_tr("The system bus may not be used by this account; it is tried again.")
                              : ob_tr("This computer has no system bus, so no Bluetooth; it is tried again."));
        return;
    }
    ask_objects(b);
}

/* A deadline has passed. */
static void take_time(struct ble *b)
{
    if (b->now_ns < b->deadline_ns)
        return;
    const bool over = b->now_ns >= b->phase_end_ns;
    b->deadline_ns = b->phase_end_ns;
    switch (b->phase) {
    case IDLE:
        enter(b, IDLE, RETRY_NS);
        if (b->bus)
            ask_objects(b);
        else
            open_bus(b);
        break;
    case SCAN:
    case FOUND:
        look_around(b);
        break;
    case RESOLVING:
        if (over)
            lose(b, true);
        else
            ask_again(b);
        break;
    case CONNECTING:
    case SUBSCRIBING:
        lose(b, true);
        break;
    case STREAMING:
        ob_strap_break(&b->strap, b->now_ns, b->emit, b->emit_user);
        enter(b, STALE, GIVE_UP_NS - STALE_NS);
        break;
    case STALE:
        lose(b, true);
        break;
    case BACKOFF: {
        const struct ob_bluez_device *d = ob_bluez_find(&b->bluez, b->target);
        if (d)
            connect_to(b, d);
        else
            enter(b, SCAN, INT64_MAX);
        look_around(b);
        break;
    }
    }
}

/* ---- the table ---- */

static int descriptors(struct ob_sensor *sensor, struct pollfd *fds_out, int max)
{
    const struct ble *b = (const struct ble *)sensor;
    if (!b->bus || max < 1)
        return 0;
    const int fd = sd_bus_get_fd(b->bus), events = sd_bus_get_events(b->bus);
    if (fd < 0 || events < 0)
        return 0;
    fds_out[0] = (struct pollfd){.fd = fd, .events = (short)events};
    return 1;
}

static int64_t deadline_ns(const struct ob_sensor *sensor)
{
    const struct ble *b = (const struct ble *)sensor;
    uint64_t us = UINT64_MAX;
    if (!b->begun)
        return INT64_MIN;
    const int64_t polar_ns = ob_ble_polar_deadline_ns(b);
    const int64_t own_ns = polar_ns < b->deadline_ns ? polar_ns : b->deadline_ns;
    if (!b->bus || sd_bus_get_timeout(b->bus, &us) < 0 || us >= (uint64_t)(INT64_MAX / OB_NS_PER_US))
        return own_ns;
    const int64_t bus_ns = (int64_t)us * OB_NS_PER_US;
    return bus_ns < own_ns ? bus_ns : own_ns;
}

static void service(struct ob_sensor *sensor, int64_t now_ns, const struct pollfd *fds, int count,
                    ob_sensor_emit_fn *emit, void *user)
{
    struct ble *b = (struct ble *)sensor;
    (void)fds;
    (void)count;
    b->now_ns = now_ns;
    b->emit = emit;
    b->emit_user = user;
    if (!b->begun)
        open_bus(b);
    b->begun = true;
    int r = 0;
    for (int i = 0; b->bus && i < DRAIN_MAX && (r = sd_bus_process(b->bus, NULL)) > 0; i++)
        continue;
    if (r < 0) {
        close_bus(b);
        snprintf(b->problem, sizeof b->problem,
                 ob_tr("The system bus cannot be reached, so no Bluetooth; it is tried again."));
    }
    take_time(b);
    ob_ble_polar_time(b);
    b->emit = NULL;
}

/* A stream that stays on empties the battery: the sensor is given a moment to say that it has stopped. */
static void stop_streams(struct ble *b)
{
    const int64_t end_ns = ob_clock_monotonic_ns() + LEAVE_NS;
    b->leaving = 0;
    ob_ble_polar_leave(b, true, true);
    while (b->leaving > 0 && ob_clock_monotonic_ns() < end_ns) {
        const int r = sd_bus_process(b->bus, NULL);
        if (r < 0)
            return;
        if (r == 0)
            sd_bus_wait(b->bus, (uint64_t)(LEAVE_NS / OB_NS_PER_US / 10));
    }
}

static void close_ble(struct ob_sensor *sensor)
{
    if (!sensor)
        return;
    struct ble *b = (struct ble *)sensor;
    b->call = sd_bus_slot_unref(b->call);
    b->query = sd_bus_slot_unref(b->query);
    if (b->bus && b->present) {
        b->present = false; /* whatever BlueZ says from here on is no news */
        stop_search(b);
        stop_streams(b);
        if (b->measurement[0])
            order_only(b, b->measurement, "org.bluez.GattCharacteristic1", "StopNotify");
        if (b->target[0] && b->phase >= CONNECTING && b->phase <= STALE)
            order_only(b, b->target, "org.bluez.Device1", "Disconnect");
        sd_bus_flush(b->bus);
    }
    ob_ble_polar_finish(b);
    sd_bus_close_unref(b->bus);
    free(b);
}

static const struct ob_sensor_ops ops = {
    .kind = "bluetooth",
    .descriptors = descriptors,
    .deadline_ns = deadline_ns,
    .service = service,
    .status = ob_ble_status,
    .found = ob_ble_found,
    .close = close_ble,
};

const char *ob_ble_phase(const struct ob_sensor *sensor)
{
    return phase_name(((const struct ble *)sensor)->phase);
}

void ob_ble_watch(struct ob_sensor *sensor, void (*entered)(void *user, const char *phase), void *user)
{
    struct ble *b = (struct ble *)sensor;
    b->entered = entered;
    b->entered_user = user;
}

bool ob_ble_address_valid(const char *text)
{
    if (strcasecmp(text, "any") == 0)
        return true;
    for (int i = 0; i < 17; i++)
        if (i % 3 == 2 ? text[i] != ':' : !isxdigit((unsigned char)text[i]))
            return false;
    return text[17] == '\0';
}

struct ob_sensor *ob_ble_create(const struct ob_ble_desc *desc)
{
    const char *address = desc->address ? desc->address : "any";
    if (!ob_ble_address_valid(address))
        return NULL;
    struct ble *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->sensor.ops = &ops;
    if (strcasecmp(address, "any") != 0)
        snprintf(b->asked, sizeof b->asked, "%s", address);
    if (desc->preferred && strcasecmp(desc->preferred, "any") != 0 && ob_ble_address_valid(desc->preferred))
        snprintf(b->preferred, sizeof b->preferred, "%s", desc->preferred);
    b->look_only = desc->look_only;
    b->polar.plain = true;
    ob_strap_init(&b->strap);
    return &b->sensor;
}
