/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/bluez.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MEASUREMENT "00002a37-0000-1000-8000-00805f9b34fb"
#define PMD_CONTROL "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
#define PMD_DATA    "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

struct ob_bluez_device *ob_bluez_find(struct ob_bluez *bluez, const char *path)
{
    for (int i = 0; i < bluez->devices; i++)
        if (strcmp(bluez->device[i].path, path) == 0)
            return &bluez->device[i];
    return NULL;
}

const struct ob_bluez_adapter *ob_bluez_adapter(const struct ob_bluez *bluez)
{
    for (int i = 0; i < bluez->adapters; i++)
        if (bluez->adapter[i].powered)
            return &bluez->adapter[i];
    return NULL;
}

static struct ob_bluez_adapter *adapter_at(struct ob_bluez *bluez, const char *path)
{
    for (int i = 0; i < bluez->adapters; i++)
        if (strcmp(bluez->adapter[i].path, path) == 0)
            return &bluez->adapter[i];
    if (bluez->adapters == OB_BLUEZ_ADAPTERS_MAX || strlen(path) >= OB_BLUEZ_PATH_MAX)
        return NULL;
    struct ob_bluez_adapter *new = &bluez->adapter[bluez->adapters++];
    memset(new, 0, sizeof *new);
    strcpy(new->path, path);
    return new;
}

/* In a crowd the one that matters least makes room: not connected, no heart, weakest. */
static struct ob_bluez_device *room_for_device(struct ob_bluez *bluez)
{
    if (bluez->devices < OB_BLUEZ_DEVICES_MAX)
        return &bluez->device[bluez->devices++];
    struct ob_bluez_device *least = NULL;
    for (int i = 0; i < bluez->devices; i++) {
        struct ob_bluez_device *d = &bluez->device[i];
        if (!d->connected && !d->heart && (!least || !d->in_sight || d->rssi_dbm < least->rssi_dbm))
            least = d;
    }
    return least;
}

static struct ob_bluez_device *device_at(struct ob_bluez *bluez, const char *path)
{
    struct ob_bluez_device *d = ob_bluez_find(bluez, path);
    if (d || strlen(path) >= OB_BLUEZ_PATH_MAX)
        return d;
    d = room_for_device(bluez);
    if (!d)
        return NULL;
    memset(d, 0, sizeof *d);
    d->battery_pct = -1;
    strcpy(d->path, path);
    return d;
}

/* The device that the object belongs to. */
static struct ob_bluez_device *owner_of(struct ob_bluez *bluez, const char *path)
{
    for (int i = 0; i < bluez->devices; i++) {
        const size_t length = strlen(bluez->device[i].path);
        if (strncmp(bluez->device[i].path, path, length) == 0 && path[length] == '/')
            return &bluez->device[i];
    }
    return NULL;
}

/* A variant of the basic type asked for into out; anything else is passed over. 1: read. */
static int read_variant(sd_bus_message *m, const char *type, void *out)
{
    const char *contents;
    int r = sd_bus_message_peek_type(m, NULL, &contents);
    if (r <= 0)
        return r < 0 ? r : -EBADMSG;
    if (strcmp(contents, type) != 0)
        return sd_bus_message_skip(m, "v") < 0 ? -EBADMSG : 0;
    if ((r = sd_bus_message_enter_container(m, 'v', type)) < 0 || (r = sd_bus_message_read_basic(m, type[0], out)) < 0)
        return r;
    r = sd_bus_message_exit_container(m);
    return r < 0 ? r : 1;
}

static int read_flag(sd_bus_message *m, bool *out)
{
    int flag = 0; /* sd-bus reads a boolean into an int */
    const int r = read_variant(m, "b", &flag);
    if (r > 0)
        *out = flag != 0;
    return r;
}

static int read_text(sd_bus_message *m, char *out, size_t size)
{
    const char *text;
    const int r = read_variant(m, "s", &text);
    if (r > 0)
        snprintf(out, size, "%s", text);
    return r;
}

static int read_uuids(sd_bus_message *m, bool *heart_out)
{
    const char *contents, *uuid;
    int r = sd_bus_message_peek_type(m, NULL, &contents);
    if (r <= 0 || strcmp(contents, "as") != 0)
        return sd_bus_message_skip(m, "v");
    if ((r = sd_bus_message_enter_container(m, 'v', "as")) < 0 || (r = sd_bus_message_enter_container(m, 'a', "s")) < 0)
        return r;
    while ((r = sd_bus_message_read_basic(m, 's', &uuid)) > 0)
        *heart_out = *heart_out || strcasecmp(uuid, OB_BLUEZ_HEART) == 0;
    if (r < 0 || (r = sd_bus_message_exit_container(m)) < 0)
        return r;
    return sd_bus_message_exit_container(m);
}

static int read_device(struct ob_bluez_device *d, const char *name, sd_bus_message *m)
{
    if (strcmp(name, "Address") == 0)
        return read_text(m, d->address, sizeof d->address);
    if (strcmp(name, "Alias") == 0)
        return read_text(m, d->name, sizeof d->name);
    if (strcmp(name, "Connected") == 0) {
        const int r = read_flag(m, &d->connected);
        if (!d->connected)
            d->resolved = false;
        return r;
    }
    if (strcmp(name, "ServicesResolved") == 0)
        return read_flag(m, &d->resolved);
    if (strcmp(name, "UUIDs") == 0)
        return read_uuids(m, &d->heart);
    if (strcmp(name, "RSSI") == 0) {
        int16_t rssi;
        const int r = read_variant(m, "n", &rssi);
        if (r > 0) {
            d->rssi_dbm = rssi;
            d->in_sight = true;
            d->adverts++;
        }
        return r;
    }
    return sd_bus_message_skip(m, "v");
}

static int read_characteristic(struct ob_bluez *bluez, const char *path, const char *name, sd_bus_message *m,
                               struct ob_bluez_value *value_out)
{
    if (strcmp(name, "UUID") == 0) {
        char uuid[40] = "";
        const int r = read_text(m, uuid, sizeof uuid);
        struct ob_bluez_device *d = owner_of(bluez, path);
        char *place = r <= 0 || !d                         ? NULL
                      : strcasecmp(uuid, MEASUREMENT) == 0 ? d->measurement
                      : strcasecmp(uuid, PMD_CONTROL) == 0 ? d->pmd_control
                      : strcasecmp(uuid, PMD_DATA) == 0    ? d->pmd_data
                                                           : NULL;
        if (place && strlen(path) < OB_BLUEZ_PATH_MAX)
            strcpy(place, path);
        return r;
    }
    const char *contents;
    int r = sd_bus_message_peek_type(m, NULL, &contents);
    if (strcmp(name, "Value") != 0 || !value_out || r <= 0 || strcmp(contents, "ay") != 0)
        return sd_bus_message_skip(m, "v");
    if ((r = sd_bus_message_enter_container(m, 'v', "ay")) < 0 ||
        (r = sd_bus_message_read_array(m, 'y', &value_out->bytes, &value_out->count)) < 0)
        return r;
    value_out->path = path;
    return sd_bus_message_exit_container(m);
}

static int read_property(struct ob_bluez *bluez, const char *path, const char *interface, const char *name,
                         sd_bus_message *m, struct ob_bluez_value *value_out)
{
    if (strcmp(interface, "org.bluez.Device1") == 0) {
        struct ob_bluez_device *d = device_at(bluez, path);
        if (d)
            return read_device(d, name, m);
    } else if (strcmp(interface, "org.bluez.Adapter1") == 0 && strcmp(name, "Powered") == 0) {
        struct ob_bluez_adapter *adapter = adapter_at(bluez, path);
        if (adapter)
            return read_flag(m, &adapter->powered);
    } else if (strcmp(interface, "org.bluez.Battery1") == 0 && strcmp(name, "Percentage") == 0) {
        struct ob_bluez_device *d = device_at(bluez, path);
        uint8_t percent;
        const int r = read_variant(m, "y", &percent);
        if (r > 0 && d && percent <= 100)
            d->battery_pct = percent;
        return r;
    } else if (strcmp(interface, "org.bluez.GattCharacteristic1") == 0) {
        return read_characteristic(bluez, path, name, m, value_out);
    }
    return sd_bus_message_skip(m, "v");
}

static int read_properties(struct ob_bluez *bluez, const char *path, const char *interface, sd_bus_message *m,
                           struct ob_bluez_value *value_out)
{
    int r = sd_bus_message_enter_container(m, 'a', "{sv}");
    if (r < 0)
        return r;
    while ((r = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
        const char *name;
        if ((r = sd_bus_message_read_basic(m, 's', &name)) < 0 ||
            (r = read_property(bluez, path, interface, name, m, value_out)) < 0 ||
            (r = sd_bus_message_exit_container(m)) < 0)
            return r;
    }
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int read_interfaces(struct ob_bluez *bluez, const char *path, sd_bus_message *m)
{
    int r = sd_bus_message_enter_container(m, 'a', "{sa{sv}}");
    if (r < 0)
        return r;
    while ((r = sd_bus_message_enter_container(m, 'e', "sa{sv}")) > 0) {
        const char *interface;
        if ((r = sd_bus_message_read_basic(m, 's', &interface)) < 0 ||
            (r = read_properties(bluez, path, interface, m, NULL)) < 0 || (r = sd_bus_message_exit_container(m)) < 0)
            return r;
    }
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

int ob_bluez_read_objects(struct ob_bluez *bluez, sd_bus_message *m)
{
    int r = sd_bus_message_enter_container(m, 'a', "{oa{sa{sv}}}");
    if (r < 0)
        return r;
    while ((r = sd_bus_message_enter_container(m, 'e', "oa{sa{sv}}")) > 0) {
        const char *path;
        if ((r = sd_bus_message_read_basic(m, 'o', &path)) < 0 || (r = read_interfaces(bluez, path, m)) < 0 ||
            (r = sd_bus_message_exit_container(m)) < 0)
            return r;
    }
    return r < 0 ? r : sd_bus_message_exit_container(m);
}

int ob_bluez_read_added(struct ob_bluez *bluez, sd_bus_message *m)
{
    const char *path;
    const int r = sd_bus_message_read_basic(m, 'o', &path);
    return r < 0 ? r : read_interfaces(bluez, path, m);
}

int ob_bluez_read_removed(struct ob_bluez *bluez, sd_bus_message *m)
{
    const char *path, *interface;
    int r = sd_bus_message_read_basic(m, 'o', &path);
    if (r < 0 || (r = sd_bus_message_enter_container(m, 'a', "s")) < 0)
        return r;
    while ((r = sd_bus_message_read_basic(m, 's', &interface)) > 0) {
        struct ob_bluez_device *d = ob_bluez_find(bluez, path);
        if (d && strcmp(interface, "org.bluez.Device1") == 0)
            *d = bluez->device[--bluez->devices];
        for (int i = 0; i < bluez->adapters; i++)
            if (strcmp(interface, "org.bluez.Adapter1") == 0 && strcmp(bluez->adapter[i].path, path) == 0)
                bluez->adapter[i] = bluez->adapter[--bluez->adapters];
        for (int i = 0; i < bluez->devices; i++) {
            char *const places[] = {bluez->device[i].measurement, bluez->device[i].pmd_control,
                                    bluez->device[i].pmd_data};
            for (size_t k = 0; k < sizeof places / sizeof *places; k++)
                if (strcmp(places[k], path) == 0)
                    places[k][0] = '\0';
        }
    }
    return r;
}

int ob_bluez_read_changed(struct ob_bluez *bluez, sd_bus_message *m, struct ob_bluez_value *value_out)
{
    const char *interface, *path = sd_bus_message_get_path(m), *gone;
    memset(value_out, 0, sizeof *value_out);
    int r = sd_bus_message_read_basic(m, 's', &interface);
    if (r < 0 || !path || (r = read_properties(bluez, path, interface, m, value_out)) < 0 ||
        (r = sd_bus_message_enter_container(m, 'a', "s")) < 0)
        return r < 0 ? r : -EBADMSG;
    while ((r = sd_bus_message_read_basic(m, 's', &gone)) > 0) {
        struct ob_bluez_device *d = ob_bluez_find(bluez, path);
        if (d && strcmp(gone, "RSSI") == 0)
            d->in_sight = false;
    }
    return r;
}
