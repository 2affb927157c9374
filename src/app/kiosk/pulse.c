/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/kiosk/pulse.h"

#include <string.h>

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

enum ob_kiosk_counter ob_pulse_stalled(const struct ob_pulse *pulse, int64_t now_ns, int64_t stall_ns, int64_t first_ns)
{
    const int64_t limit_ns = pulse->came ? stall_ns : first_ns;
    for (int i = 0; i < OB_KIOSK_COUNTERS; i++)
        if (now_ns - pulse->moved_ns[i] > limit_ns)
            return (enum ob_kiosk_counter)i;
    return OB_KIOSK_COUNTERS;
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
