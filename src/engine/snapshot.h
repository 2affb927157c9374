/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine knows at one moment: immutable, complete, copied whole to whoever looks.
 *
 * Numbers that are not known yet are not valid; nobody shows them. Times are engine time (the monotonic clock of
 * the events). Any thread may read its own copy. */
#ifndef OB_ENGINE_SNAPSHOT_H
#define OB_ENGINE_SNAPSHOT_H

#include "base/event.h"
#include "breath/pace.h"
#include "breath/pacer.h"
#include "breath/params.h"
#include "breath/settling.h"

#include <stdbool.h>
#include <stdint.h>

enum ob_stage {
    OB_STAGE_IDLE,           /* no session yet */
    OB_STAGE_UNPACED_BEFORE, /* a measured session's first window */
    OB_STAGE_GUIDED,
    OB_STAGE_NATURAL, /* "just breathe", or after the dizziness key: time goes on, guidance is off */
    OB_STAGE_PAUSED,
    OB_STAGE_UNPACED_AFTER,
    OB_STAGE_ENDED,
    OB_STAGE_UNPACED, /* a phase of a protocol that leaves the breath alone */
    OB_STAGES
};

enum ob_signal_state {
    OB_SENSOR_NONE,    /* no source: plain pacing */
    OB_SENSOR_WAITING, /* a source, no beats yet */
    OB_SENSOR_LIVE,
    OB_SENSOR_HELD,  /* an artefact or a short silence: scores stand still */
    OB_SENSOR_LOST,  /* silent for longer: back to plain pacing until it returns */
    OB_SENSOR_UNFIT, /* beats come, but HRV can't be taken from them: see reason */
};

/* How a beat was judged. In files: the lower-case names of ob_beat_flag_name(). */
enum ob_beat_flag {
    OB_BEAT_NORMAL,
    OB_BEAT_ECTOPIC, /* premature or late with a compensating neighbour; replaced */
    OB_BEAT_MISSED,  /* an interval over one or more beats that were not seen; divided */
    OB_BEAT_EXTRA,   /* a beat that was none; its interval is joined to the next */
    OB_BEAT_LONG,
    OB_BEAT_SHORT,
    OB_BEAT_GAP, /* first interval after a gap, or not physiological: not used */
    OB_BEAT_FLAGS
};

/* "normal", "ectopic", ... Static memory. */
const char *ob_beat_flag_name(enum ob_beat_flag flag);

struct ob_value {
    double value;
    bool valid;            /* false: not known (yet); all else is then 0 and means nothing */
    double quality_01;     /* of what it rests on: the source's quality times the share of uncorrected beats in its
                              window; of the breathing rate, the estimate's own */
    int64_t valid_from_ns; /* since when it is known without a break */
};

struct ob_snapshot_beat {
    int64_t time_ns; /* of the beat that ends the interval, measured */
    int64_t age_ns;  /* arrived minus measured */
    float rr_ms;     /* as measured */
    float nn_ms;     /* after correction; 0: none */
    uint32_t flag;   /* enum ob_beat_flag */
};

#define OB_SNAPSHOT_BEATS 192 /* the newest beats, more than a minute at 180 bpm */
#define OB_SNAPSHOT_MARKS 4   /* the newest exhale moments */
#define OB_SNAPSHOT_TRACE 256 /* the pacer's past at 4 Hz, about a minute */

struct ob_snapshot {
    int64_t now_ns;   /* engine time, a whole number of ticks after begin_ns */
    int64_t begin_ns; /* start of the session */
    int64_t end_ns;   /* when it will end by itself, as far as is known now */
    uint64_t ticks;
    uint32_t stage;      /* enum ob_stage */
    uint32_t sensor;     /* enum ob_signal_state */
    uint32_t beats_from; /* enum ob_beat_source */
    bool simulated;
    bool waiting;        /* the pacer waits because the person does not follow yet */
    int32_t phase_count; /* of the protocol that is followed; 0: none */
    int32_t phase;       /* which of them is under way, from 0 */
    int64_t phase_ns;    /* time in it, pauses left out */
    double sound_db;     /* what the protocol wants of the sound now: 0 as loud as chosen, OB_SILENT_DB silent */
    char reason[128];    /* a clause for people where sensor is HELD, LOST or UNFIT; else empty */

    struct ob_pacer_segment pacer;
    struct ob_params params;
    struct ob_own_pace_estimate own_pace; /* where the person's own pace lies, as far as it is known */
    double target_brpm;                   /* where the pace is going; the pacer drifts about it */
    double drift_brpm;                    /* what the drift adds to the pace now */

    struct ob_value hr_bpm;            /* after 10 s */
    struct ob_value rsa_bpm;           /* RSA amplitude: max - min of HR within a breath, median over 3 breaths */
    struct ob_value rsa_ms;            /* the same in RR intervals */
    struct ob_value breath_brpm;       /* the person's own breathing rate */
    struct ob_value fit_01;            /* "following the pace", 30 s */
    struct ob_value concentration_01;  /* spectral concentration, 64 s */
    struct ob_value coherence;         /* coherence ratio, 64 s; the formula is in hrv/spectrum.h */
    struct ob_value rmssd_ms;          /* 60 s, provisional */
    struct ob_value artefact_share_01; /* of the beats of the last 60 s */
    double quality_01;                 /* of the signal as a whole */
    int64_t age_ns;                    /* of the newest beat when it arrived */
    int64_t silence_ns;                /* since the newest beat was measured */

    int64_t newest_ns;   /* measured time of the newest beat as it came, before it is judged; 0: none yet */
    double newest_rr_ms; /* and its interval */
    uint64_t beat_count; /* all judged beats so far, which takes the next one; the newest is beats[(beat_count - 1) %
                            OB_SNAPSHOT_BEATS] */
    struct ob_snapshot_beat beats[OB_SNAPSHOT_BEATS];
    uint64_t trace_count;           /* all trace points so far, in the same way */
    int64_t trace_last_ns;          /* time of the newest point; points are 250 ms apart */
    float trace[OB_SNAPSHOT_TRACE]; /* pacer volume_01, -1 where it did not guide */

    uint64_t mark_count; /* all exhale moments so far; the newest is marks[(mark_count - 1) % OB_SNAPSHOT_MARKS] */
    struct ob_settling_mark marks[OB_SNAPSHOT_MARKS];
    uint32_t settling;         /* enum ob_settling_state: can it be told at all */
    double settling_watched_s; /* session time in which one would have been seen */
    double settling_blind_s;   /* in which it could not be told: no signal, movement, too many corrected beats */
    double settling_early_s; /* and in which there was not yet enough of one kind to compare; all three make the time */

    double let_go_01;  /* the person fell asleep: how far guidance has gone; 1 until the end, else 0 */
    int64_t let_go_ns; /* since when; 0: never */

    uint64_t note_count;  /* marks that somebody set by hand so far (OB_EVENT_MARK) */
    uint32_t note;        /* enum ob_mark_label of the newest */
    int64_t note_ns;      /* and when it was set */
    uint32_t turned_over; /* how often so far: each begins a new posture */

    uint64_t arrivals;       /* events with heart data so far; the latency probe follows it */
    int64_t last_arrived_ns; /* when the newest of them arrived */
    uint64_t late_events;    /* events that were applied later than they should have been */
};

#endif
