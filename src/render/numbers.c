/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/numbers.h"

#include "base/time.h"
#include "os/tr.h"

#include <stdio.h>

static void put(struct ob_hud_number *number, const char *label, const char *unit, const char *format,
                struct ob_value value, double times)
{
    snprintf(number->label, sizeof number->label, "%s", label);
    number->unit = value.valid ? unit : "";
    if (value.valid)
        snprintf(number->value, sizeof number->value, format, value.value * times);
    else
        snprintf(number->value, sizeof number->value, OB_HUD_NOT_KNOWN);
}

void ob_hud_numbers(const struct ob_snapshot *snapshot, struct ob_hud_number numbers_out[OB_HUD_NUMBERS])
{
    const bool live = snapshot->sensor == OB_SENSOR_LIVE || snapshot->sensor == OB_SENSOR_HELD;
    const struct ob_value age = {.value = ob_s_from_ns(snapshot->age_ns), .valid = live && snapshot->beat_count > 0};
    const struct ob_value quality = {.value = snapshot->quality_01, .valid = live};
    const int64_t left_ns = snapshot->end_ns - snapshot->now_ns;
    struct ob_hud_number *n = numbers_out;
    put(n++, ob_tr("heart rate"), "bpm", "%.0f", snapshot->hr_bpm, 1.0);
    put(n++, ob_tr("RSA amplitude"), "bpm", "%.1f", snapshot->rsa_bpm, 1.0);
    put(n++, ob_tr("breathing"), "/min", "%.1f", snapshot->breath_brpm, 1.0);
    if (snapshot->stage == OB_STAGE_GUIDED)
        snprintf(n[-1].label, sizeof n->label, ob_tr("breathing, pace %.1f"), snapshot->pacer.rate_brpm);
    put(n++, ob_tr("following the pace"), "%", "%.0f", snapshot->fit_01, 100.0);
    put(n++, ob_tr("coherence"), "", "%.1f", snapshot->coherence, 1.0);
    put(n++, ob_tr("signal quality"), "%", "%.0f", quality, 100.0);
    if (age.value < 1.0)
        put(n++, ob_tr("data age"), "ms", "%.0f", age, 1000.0);
    else
        put(n++, ob_tr("data age"), "s", "%.1f", age, 1.0);
    put(n, ob_tr("time left"), "", "%.0f", (struct ob_value){.valid = left_ns > 0 && snapshot->stage != OB_STAGE_IDLE},
        1.0);
    if (n->value[0] == '0') {
        const int left_s = (int)((left_ns + OB_NS_PER_S - 1) / OB_NS_PER_S);
        snprintf(n->value, sizeof n->value, "%d:%02d", left_s / 60, left_s % 60);
    }
}
