/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the person's tests share: a person from a sentence, a steady cue, and a loop. */
#ifndef OB_TEST_PERSON_LIVING_H
#define OB_TEST_PERSON_LIVING_H

#include "base/maths.h"
#include "base/time.h"
#include "person/person.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define START_NS (INT64_C(1000) * OB_NS_PER_S)

/* No noise at all: for what can be calculated. */
#define STILL                                                                                                          \
    "noise=0,mayer_bpm=0,sighs_per_h=0,lapses_per_min=0,volume_cv=0,period_cv=0,habituation_bpm=0,jitter_ms=0,"        \
    "rr_step_ms=0,"

static inline struct ob_person *person_from(const char *text, unsigned signals)
{
    struct ob_person_desc desc;
    char problem[256];
    ob_person_desc_init(&desc);
    if (ob_person_desc_parse(text, &desc, problem, sizeof problem) != OB_OK)
        fail_msg("%s", problem);
    desc.signals = signals;
    struct ob_person *person = ob_person_create(&desc, START_NS);
    assert_non_null(person);
    return person;
}

/* Lives on to at_s hearing a steady cue of that rate (0: silence) from its first moment on. */
static inline void live_to(struct ob_person *person, double at_s, double rate_brpm)
{
    const struct ob_person_cue cue = {ob_fract(rate_brpm / 60.0 * at_s), rate_brpm, 0.4, 1.0};
    ob_person_advance(person, START_NS + ob_ns_from_s(at_s), rate_brpm > 0 ? &cue : NULL);
}

static inline struct ob_person_truth truth_of(const struct ob_person *person)
{
    struct ob_person_truth truth;
    ob_person_truth(person, &truth);
    return truth;
}

static inline void assert_near(const char *what, double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%s is %.6g, not %.6g +- %.3g", what, value, expected, tolerance);
}

#endif
