/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "os/tr.h"
#include "sensor/ble_state.h"

#include <stdio.h>
#include <string.h>

#define POOR_01   0.3f
#define SETTLE_NS (15 * OB_NS_PER_S) /* before, a poor signal is no news */

static bool ecg_is_poor(const struct ble *b)
{
    return b->polar.judge && b->now_ns - b->polar.started_ns > SETTLE_NS && ob_ecg_quality_01(b->polar.judge) < POOR_01;
}

static float quality_of(const struct ble *b)
{
    if (b->phase != STREAMING || b->strap.contact == 0)
        return 0.0f;
    if (ob_ble_polar_rules(b) && b->polar.talk.stream[0].type == OB_PMD_ECG)
        return b->polar.judge ? (float)ob_ecg_quality_01(b->polar.judge) : 1.0f;
    if (ob_ble_polar_rules(b))
        return b->polar.ppi.quality_01;
    return b->strap.judge.verdict == OB_BEATS_GOOD && b->strap.beats > 0 ? 1.0f : 0.0f;
}

static void describe_streaming(const struct ble *b, char *out, size_t size)
{
    const struct ble_polar *p = &b->polar;
    const bool raw = ob_ble_polar_rules(b);
    const char *about_raw = p->phase == POLAR_TALK      ? ob_polar_sentence(&p->talk)
                            : p->phase == POLAR_OFF     ? p->problem
                            : p->phase == POLAR_PAIRING ? ob_tr("Bonding with it, as it asks for.")
                                                        : "";
    const char *complaint = raw ? "" : ob_beat_verdict_sentence(b->strap.judge.verdict);
    const bool ecg = raw && p->talk.stream[0].type == OB_PMD_ECG;
    const struct ob_polar_stream *acc = ob_polar_stream_of(&p->talk, OB_PMD_ACC);
    if (b->strap.contact == 0 || (raw && !ecg && p->ppi.contact == 0))
        snprintf(out, size, ob_tr("%s does not touch the skin well: %s"), b->name,
                 raw && !ecg ? "push it up the arm and tighten it a little." : "moisten the electrodes.");
    else if (ecg && ecg_is_poor(b))
        snprintf(out, size, ob_tr("The ECG of %.40s is poor: moisten the electrodes, and see that it sits firmly."),
                 b->name);
    else if (raw && !ecg && p->ppi.quality_01 < POOR_01 && b->now_ns - p->started_ns > SETTLE_NS)
        snprintf(out, size, ob_tr("%.40s finds its own pulse unsure: hold the arm still, and let it sit firmly."),
                 b->name);
    else if (ecg)
        snprintf(out, size,
                 acc && acc->state == OB_POLAR_ON ? ob_tr("Receiving ECG and breathing movement from %s.")
                                                  : ob_tr("Receiving ECG from %s."),
                 b->name);
    else if (raw)
        snprintf(out, size, ob_tr("Receiving pulse intervals from %s."), b->name);
    else if (complaint[0] && !(p->phase == POLAR_TALK && p->talk.stream[0].state == OB_POLAR_WARM_UP))
        snprintf(out, size, "%.40s: %s", b->name, complaint);
    else if (about_raw[0])
        snprintf(out, size, "%s %.40s: %s", b->strap.beats > 0 ? ob_tr("Receiving beats from") : ob_tr("Connected to"),
                 b->name, about_raw);
    else if (b->strap.beats == 0)
        snprintf(out, size, ob_tr("%s is connected; waiting for the first beats."), b->name);
    else
        snprintf(out, size, ob_tr("Receiving beats from %s."), b->name);
}

static void describe(const struct ble *b, char *out, size_t size)
{
    switch (b->phase) {
    case IDLE:
        snprintf(out, size, "%s", b->problem[0] ? b->problem : ob_tr("Asking for Bluetooth."));
        break;
    case SCAN:
        if (b->bluez.adapters == 0)
            snprintf(out, size, ob_tr("This computer has no Bluetooth adapter in sight."));
        else if (!ob_bluez_adapter(&b->bluez))
            snprintf(out, size, ob_tr("Bluetooth is switched off on this computer."));
        else if (b->look_only)
            snprintf(out, size, ob_tr("Looking for heart straps."));
        else
            snprintf(out, size, "%s",
                     b->problem[0] ? b->problem
                                   : ob_tr("Looking for a heart strap: put it on and moisten the electrodes."));
        break;
    case FOUND:
        snprintf(out, size, ob_tr("A heart strap is in sight; looking for the nearest."));
        break;
    case CONNECTING:
        snprintf(out, size, ob_tr("Connecting to %s."), b->name);
        break;
    case RESOLVING:
        snprintf(out, size, ob_tr("Connected to %s; asking what it can do."), b->name);
        break;
    case SUBSCRIBING:
        snprintf(out, size, ob_tr("Asking %s for its beats."), b->name);
        break;
    case STREAMING:
        describe_streaming(b, out, size);
        break;
    case STALE:
        snprintf(out, size, ob_tr("%s is connected, but nothing comes from it: is it on the skin?"), b->name);
        break;
    case BACKOFF:
        snprintf(out, size, ob_tr("%s is out of reach: come closer, or put it on again. It is tried again by itself."),
                 b->name);
        break;
    }
}

static void take_from_device(const struct ob_bluez_device *d, struct ob_sensor_status *status_out)
{
    status_out->battery_pct = d->battery_pct;
    status_out->rssi_dbm = d->rssi_dbm;
}

/* The heart straps in sight, strongest first. */
int ob_ble_found(const struct ob_sensor *sensor, struct ob_sensor_status *found_out, int max)
{
    const struct ble *b = (const struct ble *)sensor;
    int count = 0;
    for (int i = 0; i < b->bluez.devices; i++) {
        const struct ob_bluez_device *d = &b->bluez.device[i];
        if (!d->heart || !(d->in_sight || d->connected) || strcmp(d->path, b->target) == 0)
            continue;
        int at = count;
        while (at > 0 && found_out[at - 1].rssi_dbm < d->rssi_dbm)
            at--;
        if (at == max)
            continue;
        count += count < max;
        memmove(&found_out[at + 1], &found_out[at], (size_t)(count - 1 - at) * sizeof *found_out);
        struct ob_sensor_status *f = &found_out[at];
        memset(f, 0, sizeof *f);
        f->state = OB_SOURCE_IDLE;
        snprintf(f->id, sizeof f->id, "bluetooth:%s", d->address);
        snprintf(f->name, sizeof f->name, "%s", d->name[0] ? d->name : d->address);
        snprintf(f->sentence, sizeof f->sentence, "%s",
                 d->connected ? ob_tr("In sight, and connected to this computer.") : ob_tr("In sight, and free."));
        take_from_device(d, f);
    }
    return count;
}

void ob_ble_status(const struct ob_sensor *sensor, struct ob_sensor_status *status_out)
{
    static const enum ob_sensor_state states[] = {
        [IDLE] = OB_SOURCE_SEARCHING,        [SCAN] = OB_SOURCE_SEARCHING,       [FOUND] = OB_SOURCE_SEARCHING,
        [CONNECTING] = OB_SOURCE_CONNECTING, [RESOLVING] = OB_SOURCE_CONNECTING, [SUBSCRIBING] = OB_SOURCE_CONNECTING,
        [STREAMING] = OB_SOURCE_STREAMING,   [STALE] = OB_SOURCE_STALE,          [BACKOFF] = OB_SOURCE_BACKOFF,
    };
    const struct ble *b = (const struct ble *)sensor;
    status_out->state = states[b->phase];
    snprintf(status_out->id, sizeof status_out->id, "bluetooth:%s",
             b->address[0] ? b->address
             : b->asked[0] ? b->asked
                           : "any");
    snprintf(status_out->name, sizeof status_out->name, "%s", b->name[0] ? b->name : ob_tr("Heart strap"));
    status_out->quality_01 = quality_of(b);
    status_out->battery_pct = -1;
    for (int i = 0; i < b->bluez.devices; i++)
        if (b->target[0] && strcmp(b->bluez.device[i].path, b->target) == 0)
            take_from_device(&b->bluez.device[i], status_out);
    status_out->age_ns = !ob_ble_polar_rules(b)                       ? b->strap.age_ns
                         : b->polar.talk.stream[0].type == OB_PMD_ECG ? b->polar.ecg.age_ns
                                                                      : b->polar.ppi.age_ns;
    describe(b, status_out->sentence, sizeof status_out->sentence);
}
