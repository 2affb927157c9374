/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of a second: what features.csv, the summary and the store keep of a snapshot, in one order and under one
 * set of names. Pure. */
#ifndef OB_ENGINE_FEATURES_H
#define OB_ENGINE_FEATURES_H

#include "engine/snapshot.h"

/* Name in files; the unit is its ending. The order is a contract of features.csv; new ones are added at the end. */
#define OB_FEATURE_TABLE(X)                                                                                            \
    X(HR_BPM, "hr_bpm")                                                                                                \
    X(RSA_BPM, "rsa_bpm")                                                                                              \
    X(RSA_MS, "rsa_ms")                                                                                                \
    X(BREATH_BRPM, "breath_brpm")                                                                                      \
    X(PACER_BRPM, "pacer_brpm")                                                                                        \
    X(PACER_PHASE_RAD, "pacer_phase_rad")                                                                              \
    X(PACER_FIT, "pacer_fit")                                                                                          \
    X(CONCENTRATION, "concentration")                                                                                  \
    X(COHERENCE, "coherence")                                                                                          \
    X(RMSSD_MS, "rmssd_ms")                                                                                            \
    X(ARTEFACT_SHARE, "artefact_share")                                                                                \
    X(FEEDBACK_01, "feedback_01")                                                                                      \
    X(QUALITY_01, "quality_01")                                                                                        \
    X(AGE_MS, "age_ms")

enum ob_feature {
#define OB_FEATURE_ENUM(code, name) OB_FEATURE_##code,
    OB_FEATURE_TABLE(OB_FEATURE_ENUM)
#undef OB_FEATURE_ENUM
        OB_FEATURES
};

/* "hr_bpm", ... Static memory; "" out of range. */
const char *ob_feature_name(enum ob_feature feature);

/* The numbers at the snapshot's now_ns; what is not known is NaN. */
void ob_features_at(const struct ob_snapshot *snapshot, double values_out[OB_FEATURES]);

#endif
