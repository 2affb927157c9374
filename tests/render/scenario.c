/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

void scenario_fill(struct ob_snapshot *snapshot, double now_s)
{
    memset(snapshot, 0, sizeof *snapshot);
    snapshot->now_ns = ob_ns_from_s(now_s);
    snapshot->end_ns = ob_ns_from_s(600.0);
    snapshot->stage = OB_STAGE_GUIDED;
    snapshot->sensor = OB_SENSOR_LIVE;
    snapshot->beats_from = OB_BEATS_RR;
    snapshot->pacer = (struct ob_pacer_segment){.rate_brpm = 6.0};
    snapshot->pacer.shape = ob_breath_shape_make(0.4, 6.0, 0.0, 0.0);
    snapshot->pacer.next = snapshot->pacer.shape;
    snapshot->params = (struct ob_params){
        .presence_01 = 1.0f, .guidance_01 = 1.0f, .feedback_01 = 0.5f, .signal_01 = 1.0f, .fit_01 = 0.8f};
    snapshot->hr_bpm = (struct ob_value){.value = 63.4, .valid = true};
    snapshot->rsa_bpm = (struct ob_value){.value = 11.8, .valid = true};
    snapshot->rsa_ms = (struct ob_value){.value = 182.0, .valid = true};
    snapshot->breath_brpm = (struct ob_value){.value = 6.1, .valid = true};
    snapshot->fit_01 = (struct ob_value){.value = 0.82, .valid = true};
    snapshot->concentration_01 = (struct ob_value){.value = 0.55, .valid = true};
    snapshot->coherence = (struct ob_value){.value = 3.4, .valid = true};
    snapshot->rmssd_ms = (struct ob_value){.value = 48.0, .valid = true};
    snapshot->artefact_share_01 = (struct ob_value){.value = 0.01, .valid = true};
    snapshot->quality_01 = 0.97;
    snapshot->age_ns = ob_ns_from_s(0.21);
    double time_s = fmax(0.0, now_s - 62.0);
    while (time_s < now_s) {
        const struct ob_pacer_state breath = ob_pacer_at(&snapshot->pacer, ob_ns_from_s(time_s - 0.6));
        const double bpm = 63.0 + 12.0 * (breath.volume_01 - 0.5) + 1.5 * sin(1.7 * time_s);
        time_s += 60.0 / bpm;
        if (time_s > now_s)
            break;
        snapshot->beats[snapshot->beat_count++ % OB_SNAPSHOT_BEATS] =
            (struct ob_snapshot_beat){.time_ns = ob_ns_from_s(time_s),
                                      .age_ns = snapshot->age_ns,
                                      .rr_ms = (float)(60000.0 / bpm),
                                      .nn_ms = (float)(60000.0 / bpm),
                                      .flag = OB_BEAT_NORMAL};
    }
    for (double t_s = fmax(0.0, floor(4.0 * (now_s - 62.0)) / 4.0); t_s <= now_s; t_s += 0.25) {
        snapshot->trace[snapshot->trace_count++ % OB_SNAPSHOT_TRACE] =
            (float)ob_pacer_at(&snapshot->pacer, ob_ns_from_s(t_s)).volume_01;
        snapshot->trace_last_ns = ob_ns_from_s(t_s);
    }
}
