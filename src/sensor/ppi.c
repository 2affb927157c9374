/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/ppi.h"

#include "base/maths.h"
#include "base/time.h"

#include <string.h>

#define SURE_MS   10.0 /* of error: as good as it gets */
#define UNSURE_MS 50.0
#define MEMORY    0.1f

void ob_ppi_init(struct ob_ppi *ppi)
{
    memset(ppi, 0, sizeof *ppi);
    ob_beat_line_init(&ppi->line, 1000);
    ppi->contact = -1;
    ppi->gap_told = true;
}

static void tell_gap(struct ob_ppi *ppi, int64_t at_ns, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    if (ppi->gap_told)
        return;
    const struct ob_event event = ob_sensor_event(OB_EVENT_GAP, at_ns, now_ns);
    emit(user, &event);
    ppi->gap_told = true;
}

void ob_ppi_break(struct ob_ppi *ppi, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    tell_gap(ppi, now_ns, now_ns, emit, user);
    ob_beat_line_gap(&ppi->line);
}

static float quality_of(const struct ob_pmd_ppi *interval)
{
    if (interval->moving || (interval->contact_supported && !interval->touching))
        return 0.0f;
    return (float)ob_clamp01(1.0 - (interval->error_ms - SURE_MS) / (UNSURE_MS - SURE_MS));
}

static void tell_contact(struct ob_ppi *ppi, const struct ob_pmd_frame *frame, int64_t now_ns, ob_sensor_emit_fn *emit,
                         void *user)
{
    const struct ob_pmd_ppi *newest = &frame->ppi[frame->frames - 1];
    if (!newest->contact_supported || ppi->contact == (int)newest->touching)
        return;
    ppi->contact = newest->touching;
    struct ob_event event = ob_sensor_event(OB_EVENT_CONTACT, now_ns, now_ns);
    event.u.contact.supported = true;
    event.u.contact.touching = newest->touching;
    emit(user, &event);
}

void ob_ppi_frame(struct ob_ppi *ppi, int64_t now_ns, const struct ob_pmd_frame *frame, ob_sensor_emit_fn *emit,
                  void *user)
{
    uint16_t interval_ms[OB_HRS_RR_MAX];
    struct ob_line_beat beats[OB_HRS_RR_MAX];
    if (frame->type != OB_PMD_PPI || frame->frames < 1 || frame->frames > OB_HRS_RR_MAX)
        return;
    for (int i = 0; i < frame->frames; i++)
        interval_ms[i] = frame->ppi[i].interval_ms;
    const size_t got = ob_beat_line_packet(&ppi->line, now_ns, interval_ms, (size_t)frame->frames, beats);
    for (size_t i = 0; i < got; i++) {
        const float quality_01 = quality_of(&frame->ppi[beats[i].from]);
        const int64_t at_ns = beats[i].time_ns, from_ns = at_ns - ob_ns_from_s(beats[i].rr_ms * 1e-3);
        ppi->quality_01 += MEMORY * (quality_01 - ppi->quality_01);
        if (beats[i].after_gap || quality_01 <= 0.0f)
            tell_gap(ppi, from_ns, now_ns, emit, user);
        if (quality_01 <= 0.0f) {
            ppi->unusable++;
            continue;
        }
        struct ob_event event = ob_sensor_event(OB_EVENT_RR, at_ns, now_ns);
        event.u.rr.rr_ms = beats[i].rr_ms;
        event.u.rr.beats = OB_BEATS_PPG;
        event.u.rr.quality_01 = quality_01;
        emit(user, &event);
        ppi->gap_told = false;
        ppi->beats++;
        ppi->age_ns = beats[i].age_ns;
    }
    tell_contact(ppi, frame, now_ns, emit, user);
}
