/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is usual: how far a number wanders by itself, so that a change can be held against it.
 *
 * Of a person with at least OB_USUAL_SESSIONS comparable sessions of before: from the windows before of those, whose
 * scatter from session to session is the typical error (TE). The reliable change index is (after - before) / (sqrt(2)
 * TE) (Jacobson & Truax 1991, doi:10.1037/0022-006X.59.1.12); a change counts as larger than usual where it is above
 * the 97.5th percentile of Student's t with as many degrees of freedom as TE has. 1.96, the limit for a TE that is
 * known exactly, would call 1 of 10 changes of nothing large after eight sessions (tests/report/test_usual.c).
 *
 * Of everybody else: what one repetition within a session did in 30 people at rest (J Hum Kinet 2016;50:85-92,
 * doi:10.1515/hukin-2015-0146): coefficients of variation of 5.2% (mean RR) and 21.1% (RMSSD), which make 95% of
 * differences lie within a factor of 1.15 and 1.70. Breathing has no general range here.
 *
 * RMSSD and heart rate are held in logarithms, breathing as it is. Pure; any thread. */
#ifndef OB_REPORT_USUAL_H
#define OB_REPORT_USUAL_H

#include "report/windows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_USUAL_SESSIONS 8  /* with fewer, the general range */
#define OB_USUAL_MOST     60 /* the newest so many sessions are looked at */

enum ob_usual_kind { OB_USUAL_HR, OB_USUAL_RMSSD, OB_USUAL_BREATH, OB_USUAL_KINDS };

enum ob_usual_basis {
    OB_USUAL_UNKNOWN, /* nothing to hold it against */
    OB_USUAL_GENERAL, /* a range of other people, from the literature */
    OB_USUAL_OWN,     /* the person's own sessions */
};

/* A session of before, as far as it counts here. */
struct ob_past_session {
    uint64_t number;
    int64_t start_wall_ns;
    int32_t utc_offset_s;
    double minutes;
    char posture[32];
    bool pulse; /* PRV */
    struct ob_windows windows;
};

struct ob_change {
    bool known;                   /* both windows have the number, and may be compared */
    double before, after;         /* in the number's unit */
    double change;                /* after - before */
    double low, high;             /* where the change lies with 95%, as far as the wandering goes */
    double usual_low, usual_high; /* changes within are usual */
    bool beyond;                  /* larger than that */
    enum ob_usual_basis basis;
    size_t sessions;                  /* behind OWN */
    double typical_low, typical_high; /* where the windows before usually lie (mean +- 2 SD); equal: not known */
};

/* Student's t, 97.5th percentile; infinite for 0 degrees. */
double ob_usual_t975(size_t degrees);

/* past: sessions before this one; only those with the same posture and source of beats count. windows->compare other
 * than FINE: not known. */
void ob_usual_change(enum ob_usual_kind kind, const struct ob_windows *windows, const char *posture, bool pulse,
                     const struct ob_past_session *past, size_t past_count, struct ob_change *change_out);

/* The number of a window that a kind is about. */
const struct ob_metric *ob_usual_metric(enum ob_usual_kind kind, const struct ob_window *window);

#endif
