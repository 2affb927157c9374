/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/own_breath.h"

#include "base/time.h"

#define SURE     0.7 /* quality from which on a rate is beyond doubt */
#define KNOWN_NS (10 * OB_NS_PER_S)

void ob_own_breath_init(struct ob_own_breath *own)
{
    *own = (struct ob_own_breath){.known_ns = INT64_MIN / 2};
}

bool ob_own_breath_refresh(struct ob_own_breath *own, struct ob_intake *intake, int64_t now_ns, bool unfit,
                           struct ob_resp_rate *rate_out)
{
    *rate_out = (struct ob_resp_rate){0};
    const bool trusted = ob_intake_breath(intake, now_ns, unfit, rate_out);
    const bool chest = rate_out->mechanical && !(unfit && rate_out->source == OB_RESP_HEART);
    own->chest_brpm = rate_out->latest_brpm;
    own->chest_01 = chest ? rate_out->quality_01 : 0.0;
    own->sure = trusted && rate_out->quality_01 > SURE;
    if (trusted) {
        own->brpm = rate_out->brpm;
        own->known_ns = now_ns;
    }
    return trusted;
}

bool ob_own_breath_known(const struct ob_own_breath *own, int64_t now_ns)
{
    return now_ns - own->known_ns < KNOWN_NS;
}

void ob_own_breath_tell(const struct ob_own_breath *own, int64_t now_ns, struct ob_guide_input *input)
{
    input->own_brpm = own->brpm;
    input->own_known = ob_own_breath_known(own, now_ns);
    input->own_sure = own->sure;
    input->chest_brpm = own->chest_brpm;
    input->chest_01 = own->chest_01;
}
