/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/features.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>

static const char *const names[OB_FEATURES] = {
#define OB_FEATURE_NAME(code, name) name,
    OB_FEATURE_TABLE(OB_FEATURE_NAME)
#undef OB_FEATURE_NAME
};

const char *ob_feature_name(enum ob_feature feature)
{
    return (int)feature >= 0 && feature < OB_FEATURES ? names[feature] : "";
}

static double known(const struct ob_value *value)
{
    return value->valid ? value->value : (double)NAN;
}

void ob_features_at(const struct ob_snapshot *s, double values_out[OB_FEATURES])
{
    const bool leads = s->stage == OB_STAGE_GUIDED;
    values_out[OB_FEATURE_HR_BPM] = known(&s->hr_bpm);
    values_out[OB_FEATURE_RSA_BPM] = known(&s->rsa_bpm);
    values_out[OB_FEATURE_RSA_MS] = known(&s->rsa_ms);
    values_out[OB_FEATURE_BREATH_BRPM] = known(&s->breath_brpm);
    values_out[OB_FEATURE_PACER_BRPM] = leads ? s->pacer.rate_brpm : (double)NAN;
    values_out[OB_FEATURE_PACER_PHASE_RAD] =
        leads ? ob_pacer_at(&s->pacer, s->now_ns).phase_turns * OB_TAU : (double)NAN;
    values_out[OB_FEATURE_PACER_FIT] = known(&s->fit_01);
    values_out[OB_FEATURE_CONCENTRATION] = known(&s->concentration_01);
    values_out[OB_FEATURE_COHERENCE] = known(&s->coherence);
    values_out[OB_FEATURE_RMSSD_MS] = known(&s->rmssd_ms);
    values_out[OB_FEATURE_ARTEFACT_SHARE] = known(&s->artefact_share_01);
    values_out[OB_FEATURE_FEEDBACK_01] = (double)s->params.feedback_01;
    values_out[OB_FEATURE_QUALITY_01] = s->quality_01;
    values_out[OB_FEATURE_AGE_MS] = s->beat_count > 0 ? ob_s_from_ns(s->age_ns) * 1e3 : (double)NAN;
}
