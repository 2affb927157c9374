/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/cue.h"

#include "breath/pacer.h"

struct ob_person_cue ob_cue_of(const struct ob_snapshot *snapshot, int64_t now_ns)
{
    const struct ob_pacer_state pacer = ob_pacer_at(&snapshot->pacer, now_ns);
    const float loud = snapshot->params.presence_01 * snapshot->params.guidance_01;
    return (struct ob_person_cue){.phase_turns = pacer.phase_turns,
                                  .rate_brpm = pacer.rate_brpm,
                                  .inhale_01 = snapshot->pacer.shape.inhale_01,
                                  .audible_01 = snapshot->stage == OB_STAGE_IDLE ? 0.0 : (double)loud};
}
