/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_bluez.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>

#define HEART       "0000180d-0000-1000-8000-00805f9b34fb"
#define MEASUREMENT "00002a37-0000-1000-8000-00805f9b34fb"
#define ADAPTER     "/org/bluez/hci0"
#define DEVICE      "org.bluez.Device1"
#define QUEUE       256

struct strap {
    bool known, connected, resolved, notifying;
    int rssi;
};

/* The lock guards everything; the bus is used by the thread alone, which sends what is queued. */
static struct {
    pthread_mutex_t lock;
    pthread_t thread;
    sd_bus *bus;
    bool stop, never_resolve, late, asked_once;
    int refuse;
    struct strap strap[FAKE_STRAPS];
    struct fake_counts counts;
    int queued;
    struct {
        int strap;
        char kind; /* 'a' advertise, 'd' drop, 'p' packet */
        size_t count;
        unsigned char bytes[64];
    } queue[QUEUE];
} fake = {.lock = PTHREAD_MUTEX_INITIALIZER};

static const char *path_of(int strap)
{
    static const char *const paths[FAKE_STRAPS] = {ADAPTER "/dev_00", ADAPTER "/dev_01", ADAPTER "/dev_02"};
    return paths[strap];
}

static int strap_of(const char *path)
{
    for (int i = 0; i < FAKE_STRAPS; i++)
        if (strncmp(path, path_of(i), strlen(path_of(i))) == 0)
            return i;
    return -1;
}

static void characteristic_of(int strap, char *out, size_t size)
{
    snprintf(out, size, "%s/service0010/char0011", path_of(strap));
}

static void append_device(sd_bus_message *m, int i)
{
    char address[18], name[16];
    const struct strap *s = &fake.strap[i];
    snprintf(address, sizeof address, "00:00:00:00:00:%02d", i);
    snprintf(name, sizeof name, "Strap %d", i);
    sd_bus_message_append(m, "a{sa{sv}}", 1, DEVICE, 7, "Address", "s", address, "Alias", "s", name, "Adapter", "o",
                          ADAPTER, "UUIDs", "as", 1, HEART, "Connected", "b", s->connected, "ServicesResolved", "b",
                          s->resolved, "RSSI", "n", s->rssi);
}

static void answer_objects(sd_bus_message *call)
{
    sd_bus_message *m = NULL;
    sd_bus_message_new_method_return(call, &m);
    sd_bus_message_open_container(m, 'a', "{oa{sa{sv}}}");
    sd_bus_message_open_container(m, 'e', "oa{sa{sv}}");
    sd_bus_message_append(m, "oa{sa{sv}}", ADAPTER, 1, "org.bluez.Adapter1", 1, "Powered", "b", 1);
    sd_bus_message_close_container(m);
    for (int i = 0; i < FAKE_STRAPS; i++) {
        if (!fake.strap[i].known)
            continue;
        sd_bus_message_open_container(m, 'e', "oa{sa{sv}}");
        sd_bus_message_append(m, "o", path_of(i));
        append_device(m, i);
        sd_bus_message_close_container(m);
        if (!fake.strap[i].resolved || (fake.late && !fake.asked_once)) {
            fake.asked_once = fake.asked_once || fake.strap[i].resolved;
            continue;
        }
        char path[128];
        characteristic_of(i, path, sizeof path);
        sd_bus_message_open_container(m, 'e', "oa{sa{sv}}");
        sd_bus_message_append(m, "oa{sa{sv}}", path, 1, "org.bluez.GattCharacteristic1", 1, "UUID", "s", MEASUREMENT);
        sd_bus_message_close_container(m);
        sd_bus_message_open_container(m, 'e', "oa{sa{sv}}");
        sd_bus_message_append(m, "oa{sa{sv}}", path_of(i), 1, "org.bluez.Battery1", 1, "Percentage", "y", 80 + i);
        sd_bus_message_close_container(m);
    }
    sd_bus_message_close_container(m);
    sd_bus_send(fake.bus, m, NULL);
    sd_bus_message_unref(m);
}

static void tell_flag(int strap, const char *name, bool on)
{
    sd_bus_emit_signal(fake.bus, path_of(strap), "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as",
                       DEVICE, 1, name, "b", on, 0);
}

static void disconnect(int i)
{
    struct strap *s = &fake.strap[i];
    if (s->connected)
        tell_flag(i, "Connected", false);
    s->connected = s->resolved = s->notifying = false;
}

static void connect_strap(sd_bus_message *call, int i)
{
    fake.counts.connects++;
    if (fake.refuse > 0) {
        fake.refuse--;
        sd_bus_reply_method_errorf(call, "org.bluez.Error.Failed", "le-connection-abort-by-local");
        return;
    }
    fake.strap[i].connected = true;
    tell_flag(i, "Connected", true);
    sd_bus_reply_method_return(call, NULL);
    if (!fake.never_resolve) {
        fake.strap[i].resolved = true;
        tell_flag(i, "ServicesResolved", true);
    }
}

static int on_call(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)user;
    (void)error;
    uint8_t type;
    sd_bus_message_get_type(m, &type);
    if (type != SD_BUS_MESSAGE_METHOD_CALL)
        return 0;
    const char *member = sd_bus_message_get_member(m);
    const int i = strap_of(sd_bus_message_get_path(m));
    pthread_mutex_lock(&fake.lock);
    if (strcmp(member, "GetManagedObjects") == 0) {
        answer_objects(m);
    } else if (i >= 0 && strcmp(member, "Connect") == 0) {
        connect_strap(m, i);
    } else {
        if (i >= 0 && strcmp(member, "Disconnect") == 0) {
            fake.counts.disconnects++;
            disconnect(i);
        } else if (i >= 0 && strcmp(member, "StartNotify") == 0) {
            fake.counts.notifies++;
            fake.strap[i].notifying = true;
        } else if (strcmp(member, "StartDiscovery") == 0) {
            fake.counts.searches++;
        }
        sd_bus_reply_method_return(m, NULL);
    }
    pthread_mutex_unlock(&fake.lock);
    return 1;
}

static void send_queued(void)
{
    for (int q = 0; q < fake.queued; q++) {
        const int i = fake.queue[q].strap;
        if (fake.queue[q].kind == 'a' && !fake.strap[i].known) {
            sd_bus_message *m = NULL;
            fake.strap[i].known = true;
            sd_bus_message_new_signal(fake.bus, &m, "/", "org.freedesktop.DBus.ObjectManager", "InterfacesAdded");
            sd_bus_message_append(m, "o", path_of(i));
            append_device(m, i);
            sd_bus_send(fake.bus, m, NULL);
            sd_bus_message_unref(m);
        } else if (fake.queue[q].kind == 'a') {
            sd_bus_emit_signal(fake.bus, path_of(i), "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as",
                               DEVICE, 1, "RSSI", "n", fake.strap[i].rssi, 0);
        } else if (fake.queue[q].kind == 'd') {
            disconnect(i);
        } else if (fake.strap[i].notifying) {
            char path[128];
            sd_bus_message *m = NULL;
            characteristic_of(i, path, sizeof path);
            sd_bus_message_new_signal(fake.bus, &m, path, "org.freedesktop.DBus.Properties", "PropertiesChanged");
            sd_bus_message_append(m, "s", "org.bluez.GattCharacteristic1");
            sd_bus_message_open_container(m, 'a', "{sv}");
            sd_bus_message_open_container(m, 'e', "sv");
            sd_bus_message_append(m, "s", "Value");
            sd_bus_message_open_container(m, 'v', "ay");
            sd_bus_message_append_array(m, 'y', fake.queue[q].bytes, fake.queue[q].count);
            for (int k = 0; k < 3; k++)
                sd_bus_message_close_container(m);
            sd_bus_message_append(m, "as", 0);
            sd_bus_send(fake.bus, m, NULL);
            sd_bus_message_unref(m);
        }
    }
    fake.queued = 0;
}

static void *live(void *user)
{
    (void)user;
    for (bool stop = false; !stop;) {
        while (sd_bus_process(fake.bus, NULL) > 0)
            continue;
        pthread_mutex_lock(&fake.lock);
        send_queued();
        stop = fake.stop;
        pthread_mutex_unlock(&fake.lock);
        sd_bus_wait(fake.bus, 2000);
    }
    return NULL;
}

bool fake_start(const char *address)
{
    fake.stop = fake.never_resolve = fake.late = fake.asked_once = false;
    fake.refuse = fake.queued = 0;
    memset(fake.strap, 0, sizeof fake.strap);
    memset(&fake.counts, 0, sizeof fake.counts);
    if (sd_bus_new(&fake.bus) < 0 || sd_bus_set_address(fake.bus, address) < 0 ||
        sd_bus_set_bus_client(fake.bus, true) < 0 || sd_bus_start(fake.bus) < 0 ||
        sd_bus_add_filter(fake.bus, NULL, on_call, NULL) < 0 || sd_bus_request_name(fake.bus, "org.bluez", 0) < 0)
        return false;
    return pthread_create(&fake.thread, NULL, live, NULL) == 0;
}

void fake_stop(void)
{
    pthread_mutex_lock(&fake.lock);
    fake.stop = true;
    pthread_mutex_unlock(&fake.lock);
    pthread_join(fake.thread, NULL);
    fake.bus = sd_bus_flush_close_unref(fake.bus);
}

static void enqueue(char kind, int strap, const void *bytes, size_t count)
{
    pthread_mutex_lock(&fake.lock);
    if (fake.queued < QUEUE && count <= sizeof fake.queue[0].bytes) {
        fake.queue[fake.queued].kind = kind;
        fake.queue[fake.queued].strap = strap;
        fake.queue[fake.queued].count = count;
        if (count > 0)
            memcpy(fake.queue[fake.queued].bytes, bytes, count);
        fake.queued++;
    }
    pthread_mutex_unlock(&fake.lock);
}

void fake_advertise(int strap, int rssi_dbm)
{
    pthread_mutex_lock(&fake.lock);
    fake.strap[strap].rssi = rssi_dbm;
    pthread_mutex_unlock(&fake.lock);
    enqueue('a', strap, NULL, 0);
}

void fake_drop(int strap)
{
    enqueue('d', strap, NULL, 0);
}

void fake_packet(int strap, const void *bytes, size_t count)
{
    enqueue('p', strap, bytes, count);
}

static void set(bool *what, bool value)
{
    pthread_mutex_lock(&fake.lock);
    *what = value;
    pthread_mutex_unlock(&fake.lock);
}

void fake_never_resolve(bool never)
{
    set(&fake.never_resolve, never);
}

void fake_objects_late(bool late)
{
    set(&fake.late, late);
}

void fake_refuse(int connects)
{
    pthread_mutex_lock(&fake.lock);
    fake.refuse = connects;
    pthread_mutex_unlock(&fake.lock);
}

void fake_leave_connected(int strap)
{
    pthread_mutex_lock(&fake.lock);
    fake.strap[strap] = (struct strap){.known = true, .connected = true, .resolved = true, .rssi = -50};
    pthread_mutex_unlock(&fake.lock);
}

bool fake_subscribed(int strap)
{
    pthread_mutex_lock(&fake.lock);
    const bool yes = fake.strap[strap].notifying;
    pthread_mutex_unlock(&fake.lock);
    return yes;
}

struct fake_counts fake_counted(void)
{
    pthread_mutex_lock(&fake.lock);
    const struct fake_counts counts = fake.counts;
    pthread_mutex_unlock(&fake.lock);
    return counts;
}
