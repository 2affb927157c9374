/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hears the breath in a sound alone: where exhales begin. It knows nothing of protocol, pacer or synth but that an
 * exhale is noise where an inhale is tone (docs/loop.md). */
#ifndef OB_TESTS_BREATH_EAR_H
#define OB_TESTS_BREATH_EAR_H

#include <stddef.h>

/* Interleaved stereo. Returns how many exhales were heard; their beginnings, in seconds, in out (at most max). */
size_t ear_exhales(const float *stereo, size_t frames, double rate_hz, double *out, size_t max);

/* What was heard beside what was meant. */
struct ear_score {
    size_t meant, heard;  /* exhales */
    size_t found;         /* of the meant ones: heard within a second */
    double offset_s;      /* median of heard minus meant, of those */
    double spread_s;      /* median distance from that */
    double rate_error_01; /* median error of the length of a breath between two that were found, as a share */
};

struct ear_score ear_compare(const double *meant, size_t meant_count, const double *heard, size_t heard_count);

#endif
