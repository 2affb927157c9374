/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session as it leaves and enters the program: what the store keeps of it, without a key and without a place.
 *
 * The app copies from the store into this and back; this room knows no store. Times are ns from the session's
 * beginning. Plain data; zero-initialise; ob_copy_finish frees. Any thread, one at a time. */
#ifndef OB_REPORT_COPY_H
#define OB_REPORT_COPY_H

#include "base/err.h"
#include "engine/features.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ob_copy_beat {
    int64_t time_ns; /* of the beat that ends the interval */
    int64_t age_ns;  /* arrived minus measured */
    float rr_ms;     /* as measured */
    float nn_ms;     /* after correction; 0: none */
    uint32_t flag;   /* enum ob_beat_flag */
};

struct ob_copy_second {
    int64_t time_ns;
    uint32_t stage;            /* enum ob_stage */
    float values[OB_FEATURES]; /* NaN: not known */
};

/* A year: times of a session further from its beginning are refused where copies are read. */
#define OB_COPY_LONGEST_NS (INT64_C(1000000000) * 3600 * 24 * 366)

#define OB_COPY_KIND  24
#define OB_COPY_WORDS 208

struct ob_copy_mark {
    int64_t time_ns;
    char kind[OB_COPY_KIND];
    char words[OB_COPY_WORDS]; /* UTF-8 */
};

struct ob_copy {
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
    uint32_t checkin[2]; /* before and after: 1 + the answer of 0 to 10; 0: not asked */

    struct ob_copy_beat *beats;
    size_t beat_count, beat_room;
    struct ob_copy_second *seconds;
    size_t second_count, second_room;
    struct ob_copy_mark *marks;
    size_t mark_count, mark_room;
};

/* Appends a copy. False without memory. */
bool ob_copy_add_beat(struct ob_copy *copy, const struct ob_copy_beat *beat);
bool ob_copy_add_second(struct ob_copy *copy, const struct ob_copy_second *second);
bool ob_copy_add_mark(struct ob_copy *copy, const struct ob_copy_mark *mark);

void ob_copy_finish(struct ob_copy *copy);

/* "PRV" for beats of a pulse wave, else "HRV". */
const char *ob_copy_label(const struct ob_copy *copy);

/* Whether two are the same recording: their beats are equal bit for bit, and they began at the same time (where either
 * does not know when, the beats alone decide). Without beats: the same start, length and marks. */
bool ob_copy_same(const struct ob_copy *a, const struct ob_copy *b);

/* "none", "rr", "ecg", "ppg" of an enum ob_beat_source; "idle", "unpaced_before", "guided", ... of an enum ob_stage.
 * Static memory, "" out of range. The other way round -1 when there is none of that name. */
const char *ob_copy_source_name(uint32_t beats_from);
int ob_copy_source_of(const char *name);
const char *ob_copy_stage_name(uint32_t stage);
int ob_copy_stage_of(const char *name);
int ob_copy_flag_of(const char *name);

#endif
