/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the hash of a made-up session: an ECG with artefacts, late intervals, commands, a gap. The same sources are
 * built at two levels of optimisation, and the hashes must be the same (presets.cmake). */
#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"
#include "engine/engine.h"

#include <math.h>
#include <stdio.h>

static int64_t arrived(double s)
{
    return ob_ns_from_s(s);
}

/* A second of a crude ECG at 130 Hz: a narrow wave at each beat, noise beside it. */
static void feed_ecg(struct ob_engine *e, struct ob_rng *rng, double second, double *next_beat_s)
{
    for (int block = 0; block < 5; block++) {
        struct ob_event v = {.kind = OB_EVENT_SAMPLES};
        v.u.samples.signal = OB_SIGNAL_ECG;
        v.u.samples.frames = 26;
        v.u.samples.channels = 1;
        v.u.samples.period_ns = 1e9 / 130.0;
        for (int i = 0; i < 26; i++) {
            const double t = second + (block * 26 + i) / 130.0;
            if (t > *next_beat_s + 0.2)
                *next_beat_s += 0.85 + 0.06 * sin(OB_TAU * t / 10.0) - (ob_rng_uniform(rng) < 0.03 ? 0.25 : 0.0);
            const double d = (t - *next_beat_s) / 0.012;
            v.u.samples.values[i] = (float)(exp(-0.5 * d * d) + 0.02 * ob_rng_normal(rng));
        }
        v.measured_ns = arrived(second + (block * 26 + 25) / 130.0);
        v.arrived_ns = v.applied_ns = v.measured_ns + 3 * OB_NS_PER_MS;
        ob_engine_step(e, &v);
    }
}

int main(void)
{
    struct ob_engine *e = ob_engine_create();
    struct ob_rng rng;
    uint64_t hash = 0;
    double next_beat_s = 0.5;
    if (!e)
        return 1;
    ob_rng_init(&rng, 11, 1);
    struct ob_event begin = {.kind = OB_EVENT_BEGIN};
    begin.u.plan.minutes = 6;
    begin.u.plan.unpaced_s = 30;
    ob_engine_step(e, &begin);
    for (int second = 0; second < 240; second++) {
        feed_ecg(e, &rng, second, &next_beat_s);
        if (second == 120 || second == 150) {
            struct ob_event c = {.kind = OB_EVENT_COMMAND, .applied_ns = arrived(second + 1.0)};
            c.u.command.code = OB_COMMAND_JUST_BREATHE;
            c.u.command.value = second == 120;
            ob_engine_step(e, &c);
        }
        hash = ob_snapshot_hash(hash, ob_engine_snapshot(e));
    }
    double t = 252.0;
    const struct ob_event gap = {.kind = OB_EVENT_GAP, .applied_ns = arrived(251.0)};
    ob_engine_step(e, &gap);
    while (t < 430.0) {
        const double rr_s = 0.9 + 0.05 * sin(OB_TAU * t / 10.0) + 0.01 * ob_rng_normal(&rng);
        t += rr_s;
        struct ob_event v = {.kind = OB_EVENT_RR, .measured_ns = arrived(t), .arrived_ns = arrived(t + 2.5)};
        v.applied_ns = v.arrived_ns;
        v.u.rr.rr_ms = rr_s * 1e3;
        v.u.rr.beats = OB_BEATS_RR;
        v.u.rr.quality_01 = 1.0f;
        ob_engine_step(e, &v);
        hash = ob_snapshot_hash(hash, ob_engine_snapshot(e));
    }
    printf("%016llx %llu beats\n", (unsigned long long)hash, (unsigned long long)ob_engine_snapshot(e)->beat_count);
    ob_engine_destroy(e);
    return 0;
}
