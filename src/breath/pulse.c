/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/pulse.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>

#define FRESH_NS      (250 * OB_NS_PER_MS)
#define CAP_NS        (500 * OB_NS_PER_MS) /* two a second */
#define ATTACK_S      0.12
#define RELEASE_TAU_S 0.20

void ob_pulse_init(struct ob_pulse *pulse)
{
    pulse->swell_ns = INT64_MIN;
    pulse->next_ns = INT64_MAX;
    pulse->period_ns = 0.0;
    pulse->from = 0.0;
}

static double height(const struct ob_pulse *pulse, int64_t now_ns)
{
    if (pulse->swell_ns == INT64_MIN)
        return 0.0;
    const double t = ob_s_from_ns(now_ns - pulse->swell_ns);
    if (t < ATTACK_S)
        return pulse->from + (1.0 - pulse->from) * (0.5 - 0.5 * cos(OB_PI * t / ATTACK_S));
    return exp(-(t - ATTACK_S) / RELEASE_TAU_S);
}

static void swell(struct ob_pulse *pulse, int64_t now_ns)
{
    if (pulse->swell_ns != INT64_MIN && now_ns - pulse->swell_ns < CAP_NS)
        return;
    pulse->from = height(pulse, now_ns);
    pulse->swell_ns = now_ns;
}

void ob_pulse_beat(struct ob_pulse *pulse, int64_t measured_ns, int64_t now_ns, double nn_ms)
{
    pulse->period_ns = ob_clamp(nn_ms, 300.0, 2000.0) * 1e6;
    if (now_ns - measured_ns <= FRESH_NS) {
        swell(pulse, now_ns);
        pulse->next_ns = now_ns + (int64_t)(1.15 * pulse->period_ns); /* only if the next one does not come itself */
        return;
    }
    /* Where the beat nearest to now must be, by this one and the rate. */
    const double ahead = ceil((double)(now_ns - measured_ns) / pulse->period_ns);
    const int64_t due_ns = measured_ns + (int64_t)(ahead * pulse->period_ns);
    if (pulse->next_ns == INT64_MAX) {
        pulse->next_ns = due_ns;
        return;
    }
    double off = (double)(due_ns - pulse->next_ns) / pulse->period_ns;
    off -= floor(off + 0.5);
    pulse->next_ns += (int64_t)(0.3 * off * pulse->period_ns);
}

void ob_pulse_stop(struct ob_pulse *pulse)
{
    pulse->next_ns = INT64_MAX;
}

double ob_pulse_tick(struct ob_pulse *pulse, int64_t now_ns)
{
    if (now_ns >= pulse->next_ns) {
        swell(pulse, now_ns);
        pulse->next_ns += (int64_t)pulse->period_ns;
    }
    return height(pulse, now_ns);
}
