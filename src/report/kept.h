/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session as it leaves and enters the program: what the store keeps of it, without a key and without a place.
 *
 * The app copies from the store into this and back; this room knows no store. Times are ns from the session's
 * beginning. Plain data; zero-initialise; ob_kept_finish frees. Any thread, one at a time. */
#ifndef OB_REPORT_KEPT_H
#define OB_REPORT_KEPT_H

#include "base/err.h"
#include "engine/features.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ob_kept_beat {
    int64_t time_ns; /* of the beat that ends the interval */
    int64_t age_ns;  /* arrived minus measured */
    float rr_ms;     /* as measured */
    float nn_ms;     /* after correction; 0: none */
    uint32_t flag;   /* enum ob_beat_flag */
};

struct ob_kept_second {
    int64_t time_ns;
    uint32_t stage;            /* enum ob_stage */
    float values[OB_FEATURES]; /* NaN: not known */
};

#define OB_KEPT_KIND  24
#define OB_KEPT_WORDS 208

struct ob_kept_mark {
    int64_t time_ns;
    char kind[OB_KEPT_KIND];
    char words[OB_KEPT_WORDS]; /* UTF-8 */
};

struct ob_kept {
    char id[40];           /* of the store that it comes from; "" none */
    uint64_t number;       /* in that store; 0: none */
    char state[16];        /* "ended", "interrupted", "running" */
    int64_t start_wall_ns; /* since 1970, UTC; 0: not known */
    int32_t utc_offset_s;
    double planned_minutes; /* 0: not said */
    double duration_s;
    char protocol[64], posture[32], source[96];
    uint32_t beats_from; /* enum ob_beat_source */
    bool simulated, imported;
    uint32_t checkin[2]; /* before and after: 1 to 10, 0 not asked */

    struct ob_kept_beat *beats;
    size_t beat_count, beat_room;
    struct ob_kept_second *seconds;
    size_t second_count, second_room;
    struct ob_kept_mark *marks;
    size_t mark_count, mark_room;
};

/* Appends a copy. False without memory. */
bool ob_kept_add_beat(struct ob_kept *kept, const struct ob_kept_beat *beat);
bool ob_kept_add_second(struct ob_kept *kept, const struct ob_kept_second *second);
bool ob_kept_add_mark(struct ob_kept *kept, const struct ob_kept_mark *mark);

void ob_kept_finish(struct ob_kept *kept);

/* "PRV" for beats of a pulse wave, else "HRV". */
const char *ob_kept_label(const struct ob_kept *kept);

/* Whether two are the same recording: their beats are equal bit for bit, and they began at the same time (where either
 * does not know when, the beats alone decide). Without beats: the same start, length and marks. */
bool ob_kept_same(const struct ob_kept *a, const struct ob_kept *b);

/* "none", "rr", "ecg", "ppg" of an enum ob_beat_source; "idle", "unpaced_before", "guided", ... of an enum ob_stage.
 * Static memory, "" out of range. The other way round -1 when there is none of that name. */
const char *ob_kept_source_name(uint32_t beats_from);
int ob_kept_source_of(const char *name);
const char *ob_kept_stage_name(uint32_t stage);
int ob_kept_stage_of(const char *name);
int ob_kept_flag_of(const char *name);

#endif
