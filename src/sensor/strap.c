/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/strap.h"

#include "base/time.h"

#include <string.h>

void ob_strap_init(struct ob_strap *strap)
{
    memset(strap, 0, sizeof *strap);
    ob_beat_line_init(&strap->line, OB_HRS_TICKS_PER_S);
    ob_beat_judge_init(&strap->judge);
    strap->contact = -1;
    strap->gap_told = true;
}

static void tell_gap(struct ob_strap *strap, int64_t at_ns, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    if (strap->gap_told)
        return;
    const struct ob_event event = ob_sensor_event(OB_EVENT_GAP, at_ns, now_ns);
    emit(user, &event);
    strap->gap_told = true;
}

void ob_strap_break(struct ob_strap *strap, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    tell_gap(strap, now_ns, now_ns, emit, user);
    ob_beat_line_gap(&strap->line);
    ob_beat_judge_gap(&strap->judge);
}

static void tell_contact(struct ob_strap *strap, bool touching, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    if (strap->contact == (int)touching)
        return;
    strap->contact = touching;
    struct ob_event event = ob_sensor_event(OB_EVENT_CONTACT, now_ns, now_ns);
    event.u.contact.supported = true;
    event.u.contact.touching = touching;
    emit(user, &event);
    if (!touching)
        ob_strap_break(strap, now_ns, emit, user);
}

bool ob_strap_packet(struct ob_strap *strap, int64_t now_ns, const void *bytes, size_t count, ob_sensor_emit_fn *emit,
                     void *user)
{
    struct ob_hrs_packet packet;
    struct ob_line_beat beats[OB_HRS_RR_MAX];
    if (!ob_hrs_decode(bytes, count, &packet))
        return false;
    if (packet.contact_supported)
        tell_contact(strap, packet.touching, now_ns, emit, user);
    const size_t got = ob_beat_line_packet(&strap->line, now_ns, packet.rr_ticks, (size_t)packet.rr_count, beats);
    if (got > 0)
        strap->age_ns = beats[got - 1].age_ns;
    if (got > 0 || packet.rr_count == 0) { /* what came twice is not judged twice */
        const enum ob_beat_verdict verdict =
            ob_beat_judge_packet(&strap->judge, now_ns, packet.hr_bpm, packet.rr_ticks, (size_t)packet.rr_count,
                                 got > 0 ? beats[got - 1].age_ns : 0);
        if (verdict != OB_BEATS_GOOD) {
            tell_gap(strap, now_ns, now_ns, emit, user);
            return true;
        }
    }
    for (size_t i = 0; i < got; i++) {
        const int64_t at_ns = beats[i].time_ns;
        if (beats[i].after_gap)
            tell_gap(strap, at_ns - ob_ns_from_s(beats[i].rr_ms * 1e-3), now_ns, emit, user);
        struct ob_event event = ob_sensor_event(OB_EVENT_RR, at_ns, now_ns);
        event.u.rr.rr_ms = beats[i].rr_ms;
        event.u.rr.beats = OB_BEATS_RR;
        event.u.rr.quality_01 = 1.0f;
        emit(user, &event);
        strap->gap_told = false;
        strap->beats++;
    }
    return true;
}
