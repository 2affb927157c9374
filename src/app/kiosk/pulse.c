/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/kiosk/pulse.h"

#include "base/time.h"

#include <string.h>

#define OFTEN      2
#define WITHOUT_NS (600 * OB_NS_PER_S)

void ob_pulse_begin(struct ob_pulse *pulse, int64_t now_ns)
{
    memset(pulse, 0, sizeof *pulse);
    pulse->begin_ns = pulse->fed_ns = now_ns;
    for (int i = 0; i < OB_KIOSK_COUNTERS; i++)
        pulse->moved_ns[i] = now_ns;
}

void ob_pulse_take(struct ob_pulse *pulse, const uint64_t counters[OB_KIOSK_COUNTERS], int64_t now_ns)
{
    for (int i = 0; i < OB_KIOSK_COUNTERS; i++) {
        if (counters[i] > pulse->value[i] || !pulse->came)
            pulse->moved_ns[i] = now_ns;
        pulse->value[i] = counters[i];
    }
    pulse->came = true;
}

int64_t ob_pulse_first(int64_t usual_ns, int64_t least_ns, int64_t most_ns)
{
    if (usual_ns <= 0 || usual_ns > most_ns / 3)
        return most_ns;
    return 3 * usual_ns > least_ns ? 3 * usual_ns : least_ns;
}

int64_t ob_pulse_usual(int64_t usual_ns, int64_t took_ns)
{
    return took_ns > usual_ns ? took_ns : (usual_ns + took_ns) / 2;
}

enum ob_kiosk_counter ob_pulse_stalled(const struct ob_pulse *pulse, int64_t now_ns, int64_t stall_ns, int64_t first_ns)
{
    const int64_t limit_ns = pulse->came ? stall_ns : first_ns;
    for (int i = 0; i < OB_KIOSK_COUNTERS; i++)
        if (now_ns - pulse->moved_ns[i] > limit_ns)
            return (enum ob_kiosk_counter)i;
    return OB_KIOSK_COUNTERS;
}

void ob_hangs_note(struct ob_hangs *hangs, enum ob_kiosk_counter counter, int64_t now_ns)
{
    if (++hangs->in_row[counter] >= OFTEN)
        hangs->until_ns[counter] = now_ns + WITHOUT_NS;
}

void ob_hangs_none(struct ob_hangs *hangs)
{
    memset(hangs->in_row, 0, sizeof hangs->in_row);
}

uint32_t ob_hangs_without(const struct ob_hangs *hangs, int64_t now_ns)
{
    return (uint32_t)(hangs->until_ns[OB_KIOSK_AUDIO] > now_ns) << OB_KIOSK_AUDIO |
           (uint32_t)(hangs->until_ns[OB_KIOSK_SENSOR] > now_ns) << OB_KIOSK_SENSOR;
}

bool ob_pulse_feed(struct ob_pulse *pulse, int64_t now_ns, int64_t every_ns)
{
    if (!pulse->came || now_ns - pulse->fed_ns < every_ns)
        return false;
    for (int i = 0; i < OB_KIOSK_COUNTERS; i++)
        if (pulse->moved_ns[i] <= pulse->fed_ns)
            return false;
    pulse->fed_ns = now_ns;
    return true;
}
