/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_bluez.h"

#include "../bus/fake_bus.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <systemd/sd-bus.h>
#include <time.h>

#define HEART    "0000180d-0000-1000-8000-00805f9b34fb"
#define STRANGER "0000fd6f-0000-1000-8000-00805f9b34fb"
#define DEVICE   "org.bluez.Device1"
#define VALUE    "org.bluez.GattCharacteristic1"
#define QUEUE    1024

enum { MEASUREMENT, CONTROL, DATA, CHARACTERISTICS };

static const char *const uuids[CHARACTERISTICS] = {"00002a37-0000-1000-8000-00805f9b34fb",
                                                   "fb005c81-02e7-f387-1cad-8acd2d8df0c8",
                                                   "fb005c82-02e7-f387-1cad-8acd2d8df0c8"};

struct device {
    bool known, connected, resolved, stranger;
    bool notifying[CHARACTERISTICS];
    int rssi;
    struct fake_polar polar;
};

static int on_call(sd_bus_message *m);
static void send_queued(void);

static struct fake_service service = {
    .names = {"org.bluez"}, .on_call = on_call, .on_turn = send_queued, .turn_us = 1000, FAKE_SERVICE_LOCK};

/* Under the lock of the service, whose thread sends what is queued. */
static struct {
    bool asked_once;
    bool plugged[2], powered[2];
    int fault[FAKE_FAULTS];
    char agent[64], agent_path[64];
    struct device device[FAKE_DEVICES];
    struct fake_counts counts;
    _Atomic int64_t sent_ns;
    int queued;
    struct {
        int which;
        char kind; /* 'a' advertise, 'd' drop, 'v' value, 'w' power, 'u' plug */
        int characteristic;
        size_t count;
        unsigned char bytes[512];
    } queue[QUEUE];
} fake;

static int adapter_of(int device)
{
    return device >= FAKE_SECOND;
}

static const char *adapter_path(int adapter)
{
    return adapter ? "/org/bluez/hci1" : "/org/bluez/hci0";
}

static void path_of(int device, char *out, size_t size)
{
    snprintf(out, size, "%s/dev_%02d", adapter_path(adapter_of(device)), device);
}

static void characteristic_path(int device, int which, char *out, size_t size)
{
    snprintf(out, size, "%s/dev_%02d/service%02d/char%02d", adapter_path(adapter_of(device)), device, which ? 20 : 10,
             which);
}

static int device_of(const char *path, int *characteristic)
{
    char own[64];
    *characteristic = -1;
    for (int i = 0; i < FAKE_DEVICES; i++) {
        path_of(i, own, sizeof own);
        if (strncmp(path, own, strlen(own)) != 0)
            continue;
        for (int c = 0; c < CHARACTERISTICS; c++) {
            characteristic_path(i, c, own, sizeof own);
            if (strcmp(path, own) == 0)
                *characteristic = c;
        }
        return i;
    }
    return -1;
}

static bool happens(enum fake_fault fault)
{
    if (fake.fault[fault] > 0)
        fake.fault[fault]--;
    else if (fake.fault[fault] == 0)
        return false;
    return true;
}

static void append_device(sd_bus_message *m, int i)
{
    char address[24], name[16];
    const struct device *d = &fake.device[i];
    snprintf(address, sizeof address, "00:00:00:00:00:%02d", i % FAKE_SECOND);
    snprintf(name, sizeof name, "%s %d", d->stranger ? "Lamp" : "Strap", i);
    sd_bus_message_append(m, "a{sa{sv}}", 1, DEVICE, 7, "Address", "s", address, "Alias", "s", name, "Adapter", "o",
                          adapter_path(adapter_of(i)), "UUIDs", "as", 1, d->stranger ? STRANGER : HEART, "Connected",
                          "b", d->connected, "ServicesResolved", "b", d->resolved, "RSSI", "n", d->rssi);
}

static void append_object(sd_bus_message *m, const char *path, const char *interface, const char *property,
                          const char *type, ...)
{
    va_list values;
    sd_bus_message_open_container(m, 'e', "oa{sa{sv}}");
    sd_bus_message_append(m, "o", path);
    sd_bus_message_open_container(m, 'a', "{sa{sv}}");
    sd_bus_message_open_container(m, 'e', "sa{sv}");
    sd_bus_message_append(m, "s", interface);
    sd_bus_message_open_container(m, 'a', "{sv}");
    sd_bus_message_open_container(m, 'e', "sv");
    sd_bus_message_append(m, "s", property);
    sd_bus_message_open_container(m, 'v', type);
    va_start(values, type);
    sd_bus_message_appendv(m, type, values);
    va_end(values);
    for (int i = 0; i < 6; i++)
        sd_bus_message_close_container(m);
}

static void append_characteristics(sd_bus_message *m, int i)
{
    char path[128];
    for (int c = 0; c < CHARACTERISTICS; c++) {
        if (c != MEASUREMENT && fake.device[i].polar.features == 0)
            continue;
        characteristic_path(i, c, path, sizeof path);
        append_object(m, path, VALUE, "UUID", "s", uuids[c]);
    }
    path_of(i, path, sizeof path);
    append_object(m, path, "org.bluez.Battery1", "Percentage", "y", 80 + i % 20);
}

static void answer_objects(sd_bus_message *call)
{
    sd_bus_message *m = NULL;
    sd_bus_message_new_method_return(call, &m);
    sd_bus_message_open_container(m, 'a', "{oa{sa{sv}}}");
    for (int a = 0; a < 2; a++)
        if (fake.plugged[a])
            append_object(m, adapter_path(a), "org.bluez.Adapter1", "Powered", "b", (int)fake.powered[a]);
    bool shown = false;
    for (int i = 0; i < FAKE_DEVICES; i++) {
        char path[64];
        if (!fake.device[i].known || !fake.plugged[adapter_of(i)])
            continue;
        path_of(i, path, sizeof path);
        sd_bus_message_open_container(m, 'e', "oa{sa{sv}}");
        sd_bus_message_append(m, "o", path);
        append_device(m, i);
        sd_bus_message_close_container(m);
        if (!fake.device[i].resolved)
            continue;
        if (fake.fault[FAKE_OBJECTS_LATE] == 0 || fake.asked_once)
            append_characteristics(m, i);
        shown = true;
    }
    fake.asked_once = fake.asked_once || shown;
    sd_bus_message_close_container(m);
    sd_bus_send(service.bus, m, NULL);
    sd_bus_message_unref(m);
}

static void tell_flag(const char *path, const char *interface, const char *name, bool on)
{
    sd_bus_emit_signal(service.bus, path, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", interface,
                       1, name, "b", on, 0);
}

static void tell_device(int device, const char *name, bool on)
{
    char path[64];
    path_of(device, path, sizeof path);
    tell_flag(path, DEVICE, name, on);
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t fake_sent_ns(void)
{
    return atomic_load(&fake.sent_ns);
}

static void tell_value(int device, int which, const void *bytes, size_t count)
{
    char path[128];
    sd_bus_message *m = NULL;
    characteristic_path(device, which, path, sizeof path);
    sd_bus_message_new_signal(service.bus, &m, path, "org.freedesktop.DBus.Properties", "PropertiesChanged");
    sd_bus_message_append(m, "s", VALUE);
    sd_bus_message_open_container(m, 'a', "{sv}");
    sd_bus_message_open_container(m, 'e', "sv");
    sd_bus_message_append(m, "s", "Value");
    sd_bus_message_open_container(m, 'v', "ay");
    sd_bus_message_append_array(m, 'y', bytes, count);
    for (int k = 0; k < 3; k++)
        sd_bus_message_close_container(m);
    sd_bus_message_append(m, "as", 0);
    atomic_store(&fake.sent_ns, now_ns());
    sd_bus_send(service.bus, m, NULL);
    sd_bus_message_unref(m);
}

/* A stream does not outlive the link of a real sensor by long; here not at all. */
static void disconnect(int i)
{
    struct device *d = &fake.device[i];
    if (d->connected)
        tell_device(i, "Connected", false);
    d->connected = d->resolved = false;
    memset(d->notifying, 0, sizeof d->notifying);
    d->polar.on = 0;
}

static int connect_device(sd_bus_message *call, int i)
{
    fake.counts.connects++;
    if (happens(FAKE_NO_CONNECT_REPLY))
        return 0;
    if (happens(FAKE_REFUSE_CONNECT))
        return sd_bus_reply_method_errorf(call, "org.bluez.Error.Failed", "le-connection-abort-by-local");
    fake.device[i].connected = true;
    tell_device(i, "Connected", true);
    sd_bus_reply_method_return(call, NULL);
    if (fake.fault[FAKE_NEVER_RESOLVE] == 0) {
        fake.device[i].resolved = true;
        tell_device(i, "ServicesResolved", true);
    }
    return 1;
}

/* The agent was asked whether the bond is wanted. */
static int on_agreed(sd_bus_message *m, void *user, sd_bus_error *error)
{
    sd_bus_message *call = user;
    int c;
    (void)error;
    fake_service_lock(&service);
    const int i = device_of(sd_bus_message_get_path(call), &c);
    if (sd_bus_message_is_method_error(m, NULL)) {
        sd_bus_reply_method_errorf(call, "org.bluez.Error.AuthenticationRejected", "rejected");
    } else {
        fake.device[i].polar.bonded = true;
        sd_bus_reply_method_return(call, NULL);
    }
    fake_service_unlock(&service);
    sd_bus_message_unref(call);
    return 0;
}

static int pair(sd_bus_message *call, int i)
{
    char path[64];
    path_of(i, path, sizeof path);
    fake.device[i].polar.pairs++;
    if (!fake.agent[0])
        return sd_bus_reply_method_errorf(call, "org.bluez.Error.AuthenticationFailed", "there is no agent");
    return sd_bus_call_method_async(service.bus, NULL, fake.agent, fake.agent_path, "org.bluez.Agent1",
                                    "RequestAuthorization", on_agreed, sd_bus_message_ref(call), "o", path);
}

static bool closed(const struct device *d, int characteristic)
{
    return characteristic > MEASUREMENT && d->polar.wants_bond && !d->polar.bonded;
}

static int start_notify(sd_bus_message *call, int i, int characteristic)
{
    fake.counts.notifies++;
    if (happens(FAKE_NO_NOTIFY_REPLY))
        return 0;
    if (happens(FAKE_REFUSE_NOTIFY))
        return sd_bus_reply_method_errorf(call, "org.bluez.Error.Failed", "Not connected");
    if (closed(&fake.device[i], characteristic))
        return sd_bus_reply_method_errorf(call, "org.bluez.Error.NotPermitted", "Not paired");
    if (characteristic >= 0)
        fake.device[i].notifying[characteristic] = true;
    return sd_bus_reply_method_return(call, NULL);
}

static int write_control(sd_bus_message *call, int i)
{
    const void *bytes;
    size_t count;
    unsigned char answer[64];
    struct device *d = &fake.device[i];
    if (closed(d, CONTROL) || sd_bus_message_read_array(call, 'y', &bytes, &count) < 0)
        return sd_bus_reply_method_errorf(call, "org.bluez.Error.NotPermitted", "Not paired");
    sd_bus_reply_method_return(call, NULL);
    const size_t length = fake_polar_write(&d->polar, bytes, count, answer);
    if (length > 0 && d->notifying[CONTROL])
        tell_value(i, CONTROL, answer, length);
    return 1;
}

static int read_control(sd_bus_message *call, int i)
{
    unsigned char bytes[16];
    sd_bus_message *m = NULL;
    if (closed(&fake.device[i], CONTROL))
        return sd_bus_reply_method_errorf(call, "org.bluez.Error.NotPermitted", "Not paired");
    const size_t count = fake_polar_read(&fake.device[i].polar, bytes);
    sd_bus_message_new_method_return(call, &m);
    sd_bus_message_append_array(m, 'y', bytes, count);
    sd_bus_send(service.bus, m, NULL);
    sd_bus_message_unref(m);
    return 1;
}

static int answer_call(sd_bus_message *m)
{
    int c;
    const char *member = sd_bus_message_get_member(m), *text;
    const int i = device_of(sd_bus_message_get_path(m), &c);
    if (fake.fault[FAKE_DENIED])
        return sd_bus_reply_method_errorf(m, SD_BUS_ERROR_ACCESS_DENIED, "Rejected send message");
    if (strcmp(member, "GetManagedObjects") == 0) {
        answer_objects(m);
        return 1;
    }
    if (strcmp(member, "RegisterAgent") == 0) {
        fake.counts.agents++;
        snprintf(fake.agent, sizeof fake.agent, "%s", sd_bus_message_get_sender(m));
        if (sd_bus_message_read_basic(m, 'o', &text) > 0)
            snprintf(fake.agent_path, sizeof fake.agent_path, "%s", text);
    } else if (strcmp(member, "StartDiscovery") == 0) {
        fake.counts.searches++;
        if (happens(FAKE_REFUSE_SEARCH))
            return sd_bus_reply_method_errorf(m, "org.bluez.Error.NotReady", "Resource Not Ready");
    } else if (i >= 0 && strcmp(member, "Connect") == 0) {
        return connect_device(m, i);
    } else if (i >= 0 && strcmp(member, "Pair") == 0) {
        return pair(m, i);
    } else if (i >= 0 && strcmp(member, "Disconnect") == 0) {
        fake.counts.disconnects++;
        disconnect(i);
    } else if (i >= 0 && strcmp(member, "StartNotify") == 0) {
        return start_notify(m, i, c);
    } else if (i >= 0 && c == CONTROL && strcmp(member, "WriteValue") == 0) {
        return write_control(m, i);
    } else if (i >= 0 && c == CONTROL && strcmp(member, "ReadValue") == 0) {
        return read_control(m, i);
    } else if (i >= 0 && strcmp(member, "StopNotify") == 0) {
        fake.counts.stop_notifies++;
    }
    return sd_bus_reply_method_return(m, NULL);
}

/* All are ours, also those that are never answered. */
static int on_call(sd_bus_message *m)
{
    answer_call(m);
    return 1;
}

static void send_advert(int i)
{
    char path[64];
    path_of(i, path, sizeof path);
    if (fake.device[i].known) {
        sd_bus_emit_signal(service.bus, path, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as",
                           DEVICE, 1, "RSSI", "n", fake.device[i].rssi, 0);
        return;
    }
    sd_bus_message *m = NULL;
    fake.device[i].known = true;
    sd_bus_message_new_signal(service.bus, &m, "/", "org.freedesktop.DBus.ObjectManager", "InterfacesAdded");
    sd_bus_message_append(m, "o", path);
    append_device(m, i);
    sd_bus_send(service.bus, m, NULL);
    sd_bus_message_unref(m);
}

static void send_plug(int a)
{
    if (fake.plugged[a]) {
        sd_bus_emit_signal(service.bus, "/", "org.freedesktop.DBus.ObjectManager", "InterfacesAdded", "oa{sa{sv}}",
                           adapter_path(a), 1, "org.bluez.Adapter1", 1, "Powered", "b", (int)fake.powered[a]);
        return;
    }
    for (int i = 0; i < FAKE_DEVICES; i++) {
        char path[64];
        if (adapter_of(i) != a || !fake.device[i].known)
            continue;
        path_of(i, path, sizeof path);
        disconnect(i);
        fake.device[i].known = false;
        sd_bus_emit_signal(service.bus, "/", "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved", "oas", path, 1,
                           DEVICE);
    }
    sd_bus_emit_signal(service.bus, "/", "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved", "oas",
                       adapter_path(a), 1, "org.bluez.Adapter1");
}

static void send_queued(void)
{
    for (int q = 0; q < fake.queued; q++) {
        const int i = fake.queue[q].which, c = fake.queue[q].characteristic;
        const unsigned char *bytes = fake.queue[q].bytes;
        switch (fake.queue[q].kind) {
        case 'a':
            send_advert(i);
            break;
        case 'd':
            disconnect(i);
            break;
        case 'w':
            tell_flag(adapter_path(i), "org.bluez.Adapter1", "Powered", fake.powered[i]);
            break;
        case 'u':
            send_plug(i);
            break;
        default:
            if (fake.device[i].notifying[c] && (c != DATA || (fake.device[i].polar.on >> (bytes[0] & 7u) & 1u)))
                tell_value(i, c, bytes, fake.queue[q].count);
            break;
        }
    }
    fake.queued = 0;
}

bool fake_start(const char *address)
{
    fake_stop(); /* left over by a test that failed */
    fake.asked_once = false;
    fake.queued = 0;
    fake.agent[0] = '\0';
    fake.plugged[0] = fake.plugged[1] = fake.powered[0] = true;
    fake.powered[1] = false;
    memset(fake.fault, 0, sizeof fake.fault);
    memset(fake.device, 0, sizeof fake.device);
    memset(&fake.counts, 0, sizeof fake.counts);
    return fake_service_start(&service, address);
}

void fake_stop(void)
{
    fake_service_stop(&service);
}

static void enqueue(char kind, int which, int characteristic, const void *bytes, size_t count)
{
    fake_service_lock(&service);
    if (fake.queued < QUEUE && count <= sizeof fake.queue[0].bytes) {
        fake.queue[fake.queued].kind = kind;
        fake.queue[fake.queued].which = which;
        fake.queue[fake.queued].characteristic = characteristic;
        fake.queue[fake.queued].count = count;
        if (count > 0)
            memcpy(fake.queue[fake.queued].bytes, bytes, count);
        fake.queued++;
    }
    fake_service_unlock(&service);
}

void fake_fault(enum fake_fault fault, int times)
{
    fake_service_lock(&service);
    fake.fault[fault] = times;
    fake_service_unlock(&service);
}

void fake_power(int adapter, bool on)
{
    fake_service_lock(&service);
    fake.powered[adapter] = on;
    fake_service_unlock(&service);
    enqueue('w', adapter, 0, NULL, 0);
}

void fake_adapter(int adapter, bool plugged)
{
    fake_service_lock(&service);
    fake.plugged[adapter] = plugged;
    fake_service_unlock(&service);
    enqueue('u', adapter, 0, NULL, 0);
}

void fake_stranger(int device)
{
    fake_service_lock(&service);
    fake.device[device].stranger = true;
    fake_service_unlock(&service);
}

void fake_advertise(int device, int rssi_dbm)
{
    fake_service_lock(&service);
    fake.device[device].rssi = rssi_dbm;
    fake_service_unlock(&service);
    enqueue('a', device, 0, NULL, 0);
}

void fake_drop(int device)
{
    enqueue('d', device, 0, NULL, 0);
}

void fake_packet(int device, const void *bytes, size_t count)
{
    enqueue('v', device, MEASUREMENT, bytes, count);
}

void fake_frame(int device, const void *bytes, size_t count)
{
    enqueue('v', device, DATA, bytes, count);
}

void fake_indicate(int device, const void *bytes, size_t count)
{
    enqueue('v', device, CONTROL, bytes, count);
}

void fake_leave_connected(int device)
{
    fake_service_lock(&service);
    struct device *d = &fake.device[device];
    d->known = d->connected = d->resolved = true;
    d->rssi = -50;
    fake_service_unlock(&service);
}

bool fake_subscribed(int device)
{
    fake_service_lock(&service);
    const bool yes = fake.device[device].notifying[MEASUREMENT];
    fake_service_unlock(&service);
    return yes;
}

bool fake_connected(int device)
{
    fake_service_lock(&service);
    const bool yes = fake.device[device].connected;
    fake_service_unlock(&service);
    return yes;
}

struct fake_counts fake_counted(void)
{
    fake_service_lock(&service);
    const struct fake_counts counts = fake.counts;
    fake_service_unlock(&service);
    return counts;
}

void fake_is_polar(int device, uint32_t features)
{
    fake_polar_set(device, &(struct fake_polar){.features = features});
}

void fake_polar_set(int device, const struct fake_polar *polar)
{
    fake_service_lock(&service);
    fake.device[device].polar = *polar;
    fake_service_unlock(&service);
}

struct fake_polar fake_polar_now(int device)
{
    fake_service_lock(&service);
    const struct fake_polar polar = fake.device[device].polar;
    fake_service_unlock(&service);
    return polar;
}
