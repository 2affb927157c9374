/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/scout.h"

#include "app/session/source.h"
#include "base/time.h"
#include "os/tr.h"
#include "sensor/ble.h"
#include "sensor/serial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOST_NS (10 * OB_NS_PER_S)

enum { LOOK_SERIAL, LOOK_BLUETOOTH, LOOKS };

static bool is_kind(const struct ob_sensor_status *status, const char *kind)
{
    return status->kind && strcmp(status->kind, kind) == 0;
}

static bool looks(const struct ob_scout *scout, uint32_t number)
{
    return number != 0 && (number == scout->look[LOOK_SERIAL] || number == scout->look[LOOK_BLUETOOTH]);
}

static bool hub_has_kind(struct ob_hub *hub, const char *kind)
{
    struct ob_sensor_status status;
    for (int i = 0; i < OB_HUB_SOURCES_MAX; i++)
        if (ob_hub_status(hub, i, &status) && is_kind(&status, kind))
            return true;
    return false;
}

static int find_source(struct ob_hub *hub, const char *id)
{
    struct ob_sensor_status status;
    for (int i = 0; i < OB_HUB_SOURCES_MAX; i++)
        if (ob_hub_status(hub, i, &status) && strcmp(status.id, id) == 0)
            return i;
    return -1;
}

void ob_scout_begin(struct ob_scout *scout, struct ob_hub *hub)
{
    memset(scout, 0, sizeof *scout);
    scout->hub = hub;
    struct ob_sensor *serial = ob_serial_create(&(struct ob_serial_desc){.look_only = true});
    if (serial)
        scout->look[LOOK_SERIAL] = ob_hub_add(hub, serial, OB_HUB_NOTHING);
    /* a strap in use looks around by itself, and a second search would disturb its connection */
    struct ob_sensor *ble =
        hub_has_kind(hub, "bluetooth") ? NULL : ob_ble_create(&(struct ob_ble_desc){.look_only = true});
    if (ble)
        scout->look[LOOK_BLUETOOTH] = ob_hub_add(hub, ble, OB_HUB_NOTHING);
    ob_hub_watch(hub, true);
}

/* A source of the session that goes from port to port must not find them all in use. */
static bool somebody_searches(struct ob_scout *scout)
{
    struct ob_sensor_status status;
    for (int i = 0; i < OB_HUB_SOURCES_MAX; i++) {
        const uint32_t number = (uint32_t)i + 1;
        if (looks(scout, number) || (scout->mine & (1u << i)) || !ob_hub_status(scout->hub, i, &status))
            continue;
        if (is_kind(&status, "serial") && status.state != OB_SOURCE_STREAMING && status.state != OB_SOURCE_STALE)
            return true;
    }
    return false;
}

static void open_ports(struct ob_scout *scout)
{
    struct ob_sensor_status found[OB_HUB_SOURCES_MAX];
    const int look = (int)scout->look[LOOK_SERIAL] - 1;
    const int count = ob_hub_found(scout->hub, look, found, OB_HUB_SOURCES_MAX);
    for (int i = 0; i < count; i++) {
        char problem[200];
        struct ob_sensor *sensor;
        if (find_source(scout->hub, found[i].id) >= 0 || ob_source_by_id(found[i].id, &sensor, problem, sizeof problem))
            continue;
        const uint32_t number = ob_hub_add(scout->hub, sensor, OB_HUB_NOTHING);
        if (!number)
            return;
        scout->mine |= 1u << (number - 1);
        scout->lost_ns[number - 1] = 0;
    }
}

static void close_source(struct ob_scout *scout, int index)
{
    ob_hub_remove(scout->hub, (uint32_t)index + 1);
    scout->mine &= ~(1u << index);
}

void ob_scout_step(struct ob_scout *scout, int64_t now_ns)
{
    if (!somebody_searches(scout))
        open_ports(scout);
    for (int i = 0; i < OB_HUB_SOURCES_MAX; i++) {
        struct ob_sensor_status status;
        if (!(scout->mine & (1u << i)) || !ob_hub_status(scout->hub, i, &status))
            continue;
        const bool gone = status.state == OB_SOURCE_BACKOFF || status.state == OB_SOURCE_SEARCHING;
        if (!gone || ob_hub_taken(scout->hub, (uint32_t)i + 1) != OB_HUB_NOTHING)
            scout->lost_ns[i] = 0;
        else if (scout->lost_ns[i] == 0)
            scout->lost_ns[i] = now_ns;
        else if (now_ns - scout->lost_ns[i] >= LOST_NS)
            close_source(scout, i);
    }
}

/* ---- rows ---- */

struct rows {
    struct ob_scout_row *row;
    int count, max;
};

static struct ob_scout_row *add_row(struct rows *rows, const struct ob_sensor_status *status)
{
    for (int i = 0; i < rows->count; i++)
        if (strcmp(rows->row[i].status.id, status->id) == 0)
            return NULL;
    if (rows->count == rows->max)
        return NULL;
    struct ob_scout_row *row = &rows->row[rows->count++];
    memset(row, 0, sizeof *row);
    row->status = *status;
    return row;
}

int ob_scout_rows(struct ob_scout *scout, struct ob_scout_row *rows_out, int max)
{
    struct rows rows = {.row = rows_out, .max = max};
    struct ob_sensor_status status;
    for (int i = 0; i < OB_HUB_SOURCES_MAX; i++) {
        if (looks(scout, (uint32_t)i + 1) || !ob_hub_status(scout->hub, i, &status))
            continue;
        struct ob_scout_row *row = add_row(&rows, &status);
        if (row) {
            row->number = (uint32_t)i + 1;
            row->taken = ob_hub_taken(scout->hub, row->number);
        }
    }
    struct ob_sensor_status *found = calloc(OB_HUB_FOUND_MAX, sizeof *found);
    for (int i = 0; found && i < OB_HUB_SOURCES_MAX; i++) {
        const int count = ob_hub_found(scout->hub, i, found, OB_HUB_FOUND_MAX);
        for (int k = 0; k < count; k++)
            add_row(&rows, &found[k]);
    }
    free(found);
    for (int l = 0; l < LOOKS; l++) {
        if (!scout->look[l] || !ob_hub_status(scout->hub, (int)scout->look[l] - 1, &status))
            continue;
        bool any = false;
        for (int i = 0; i < rows.count && !any; i++)
            any = is_kind(&rows.row[i].status, status.kind);
        struct ob_scout_row *row = any ? NULL : add_row(&rows, &status);
        if (row)
            row->about = true;
    }
    return rows.count;
}

/* ---- choosing ---- */

static uint32_t open_id(struct ob_scout *scout, const char *id, char *problem_out, size_t size)
{
    struct ob_sensor *sensor;
    if (strncmp(id, "bluetooth:", 10) == 0 && scout->look[LOOK_BLUETOOTH]) {
        /* many adapters cannot search and connect at once */
        ob_hub_remove(scout->hub, scout->look[LOOK_BLUETOOTH]);
        scout->look[LOOK_BLUETOOTH] = 0;
    }
    if (ob_source_by_id(id, &sensor, problem_out, size))
        return 0;
    const uint32_t number = ob_hub_add(scout->hub, sensor, OB_HUB_NOTHING);
    if (number)
        scout->mine |= 1u << (number - 1);
    else
        snprintf(problem_out, size, ob_tr("Too many sensors are open at once."));
    return number;
}

enum ob_err ob_scout_choose(struct ob_scout *scout, const char *id, enum ob_hub_take take, char *problem_out,
                            size_t problem_size)
{
    const int index = find_source(scout->hub, id);
    const uint32_t chosen = index >= 0 ? (uint32_t)index + 1 : open_id(scout, id, problem_out, problem_size);
    if (!chosen)
        return OB_ERR_DEVICE;
    /* what stays with others: breath that somebody chose of a sensor that is not the heart's, or the heart */
    bool breath_elsewhere = false;
    for (uint32_t n = 1; n <= OB_HUB_SOURCES_MAX; n++) {
        const enum ob_hub_take before = ob_hub_taken(scout->hub, n);
        if (n == chosen || before == OB_HUB_NOTHING)
            continue;
        if (take == OB_HUB_BREATH) {
            ob_hub_take(scout->hub, n, (enum ob_hub_take)(before & OB_HUB_HEART));
        } else if (before == OB_HUB_BREATH) {
            breath_elsewhere = true;
        } else {
            ob_hub_take(scout->hub, n, OB_HUB_NOTHING);
        }
    }
    const enum ob_hub_take before = ob_hub_taken(scout->hub, chosen);
    if (take == OB_HUB_BREATH)
        ob_hub_take(scout->hub, chosen, (enum ob_hub_take)((before & OB_HUB_HEART) | OB_HUB_BREATH));
    else
        ob_hub_take(scout->hub, chosen, breath_elsewhere ? OB_HUB_HEART : OB_HUB_ALL);
    return OB_OK;
}

void ob_scout_end(struct ob_scout *scout)
{
    if (!scout->hub)
        return;
    ob_hub_watch(scout->hub, false);
    for (int l = 0; l < LOOKS; l++)
        ob_hub_remove(scout->hub, scout->look[l]);
    for (uint32_t n = 1; n <= OB_HUB_SOURCES_MAX; n++)
        if (ob_hub_taken(scout->hub, n) == OB_HUB_NOTHING)
            ob_hub_remove(scout->hub, n);
    memset(scout, 0, sizeof *scout);
}
