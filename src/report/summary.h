/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session for one page: everything that the report says, as numbers, before it becomes words and pictures. The PDF,
 * the HTML page and the CSV are made from this and from nothing else. Pure; one thread at a time. */
#ifndef OB_REPORT_SUMMARY_H
#define OB_REPORT_SUMMARY_H

#include "breath/pace.h"
#include "breath/settling.h"
#include "plot/heart.h"
#include "report/copy.h"
#include "report/usual.h"

#define OB_SUMMARY_MOMENTS 8
#define OB_SUMMARY_WORDS   4000 /* bytes of a therapist's words with the 0 */

enum ob_suggestion {
    OB_SUGGEST_SLOWER,
    OB_SUGGEST_STILLNESS,
    OB_SUGGEST_WATER,
    OB_SUGGEST_MOVEMENT,
    OB_SUGGEST_BODY,
    OB_SUGGEST_APPOINTMENT,
    OB_SUGGESTIONS
};

/* "slower", "stillness", "water", "movement", "body", "appointment". -1: none of this name. */
int ob_suggestion_of(const char *name);
const char *ob_suggestion_name(enum ob_suggestion suggestion);

struct ob_summary_mark {
    double at_s;
    int label;                 /* enum ob_mark_label */
    char words[OB_COPY_WORDS]; /* "" none */
};

struct ob_summary_desc {
    const struct ob_copy *copy;
    const struct ob_past_session *past; /* sessions before this one, oldest first */
    size_t past_count;
    const char *name;          /* of the person; NULL: left out */
    const char *title;         /* of the protocol that was followed, for people; NULL: not known */
    const char *words;         /* a therapist's; NULL: none */
    const unsigned char *pace; /* OB_PACE_BLOB bytes, or NULL: nothing learnt */
    int suggestion;            /* enum ob_suggestion; negative: it rotates with the session's number */
    const char *appointment;   /* of the next one, as somebody wrote it; NULL: not said */
};

struct ob_summary {
    /* what it is of */
    char name[801];
    uint64_t number;
    int64_t start_wall_ns;
    int32_t utc_offset_s;
    double duration_s;
    char protocol[64], posture[32], source[96];
    char title[96]; /* of the protocol, for people; "": not known */
    bool simulated, imported, pulse, interrupted;
    uint32_t checkin[2]; /* 1 + the answer of 0 to 10; 0: not asked */
    /* before and after */
    struct ob_windows windows;
    struct ob_change change[OB_USUAL_KINDS];
    /* what happened on the way */
    struct ob_settling_mark moments[OB_SUMMARY_MOMENTS]; /* times since the session's beginning */
    size_t moment_count;
    bool watched_known;
    double watched_s, could_not_tell_s, too_early_s;
    struct ob_summary_mark *marks; /* set by somebody, by time; owned */
    size_t mark_count;
    /* quality */
    size_t beats, corrected;
    double artefact_01, covered_01; /* covered: of the time from the first second to the last */
    double longest_gap_s;
    bool unfit; /* scores do not fit this recording */
    /* how to go on */
    enum ob_suggestion suggestion;
    char appointment[200];
    char words[OB_SUMMARY_WORDS];
    bool pace_known;
    struct ob_own_pace_estimate pace;
    double pace_probabilities[OB_PACE_RATES];
    /* pictures */
    struct ob_nn_list list;          /* owned */
    struct ob_heart_breath *breaths; /* a row a second; owned */
    size_t breath_count;
    struct ob_past_session *past; /* with this session as the last; owned */
    size_t past_count;
};

/* What a session is for those that come after it: its windows. False without memory. */
bool ob_summary_past(const struct ob_copy *copy, struct ob_past_session *past_out);

/* Finish it in any case. OB_ERR_NO_MEMORY. */
enum ob_err ob_summary_make(const struct ob_summary_desc *desc, struct ob_summary *summary_out);
void ob_summary_finish(struct ob_summary *summary); /* wipes and frees */

#endif
