/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What enters the engine: everything that happened outside, as fixed-size tagged structs.
 *
 * Times are nanoseconds of one monotonic clock. Every event says when its content was *measured* and when it
 * *arrived* in the program; the difference is the data's age. *applied_ns* is the engine time at which it takes
 * effect: the caller sets it to the arrival time, never earlier than the time it last advanced the engine to, and it
 * is what the event log keeps the order by. */
#ifndef OB_BASE_EVENT_H
#define OB_BASE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

enum ob_event_kind {
    OB_EVENT_NONE = 0,
    OB_EVENT_BEGIN,   /* a session starts: its plan */
    OB_EVENT_RR,      /* one RR interval, ended by a beat at measured_ns */
    OB_EVENT_SAMPLES, /* a block of a signal; measured_ns is the time of its last frame */
    OB_EVENT_CONTACT, /* the sensor says whether it touches skin */
    OB_EVENT_GAP,     /* data were lost between the event before and measured_ns: never bridge it */
    OB_EVENT_COMMAND, /* a person or the program asks for something */
    OB_EVENT_TIME,    /* nothing but the time */
    OB_EVENT_PHASE,   /* right after BEGIN, one for each: a phase of the protocol that the session follows */
    OB_EVENT_PAST,    /* right after BEGIN: what is known of the person's own pace from sessions before */
    OB_EVENT_MARK,    /* somebody marks what they see */
    OB_EVENT_KINDS
};

enum ob_signal_kind {
    OB_SIGNAL_ECG,  /* any unit and offset, either polarity; millivolts where known */
    OB_SIGNAL_PPG,  /* any unit, light absorbed rising with blood volume or its inverse */
    OB_SIGNAL_RESP, /* belt or impedance, rising with the chest */
    OB_SIGNAL_ACC,  /* three channels, mg */
    OB_SIGNAL_KINDS
};

enum ob_beat_source {
    OB_BEATS_NONE,
    OB_BEATS_RR,  /* intervals from the sensor itself */
    OB_BEATS_ECG, /* detected here in an ECG */
    OB_BEATS_PPG, /* detected here in a pulse wave: pulse rate variability (PRV), not HRV */
};

enum ob_command_code {
    OB_COMMAND_NONE = 0,
    OB_COMMAND_PAUSE,        /* value 1: pause, 0: go on */
    OB_COMMAND_JUST_BREATHE, /* value 1: guidance off, natural breathing; 0: guidance on */
    OB_COMMAND_DIZZY,        /* natural breathing at once; the next session starts gently */
    OB_COMMAND_RATE_BRPM,    /* value: a rate somebody chose, 3-12; held from now on */
    OB_COMMAND_INHALE_SHARE, /* value: share of inhale, 1/3 to 1/2; from the next breath on */
    OB_COMMAND_SENSOR,       /* value 1: a source is connected, 0: none */
    OB_COMMAND_END,          /* the session ends now */
    OB_COMMAND_NEXT,         /* of a session with phases: the next one begins now */
    OB_COMMAND_AWAKE,        /* a key that is no command: somebody is awake */
    OB_COMMAND_CODES
};

/* The plan of a session; what is 0 means the default in brackets. */
struct ob_session_plan {
    double minutes;          /* of guidance (10), 0.5-120 */
    double start_brpm;       /* pace at the start (9), breaths/min */
    double target_brpm;      /* pace to glide to (6), breaths/min */
    double inhale_share;     /* of inhale plus exhale (0.4), 1/3 to 1/2 */
    double hold_in_s;        /* pause after the inhale (0) at the target rate, seconds */
    double hold_out_s;       /* pause after the exhale (0) at the target rate, seconds */
    double unpaced_s;        /* unpaced window before and after (0; 120 for a measured session), seconds */
    double baseline_rsa_bpm; /* the person's median RSA amplitude of before (0: not known) */
    uint64_t seed;           /* of the simulated person; 0 when nothing is simulated */
    bool simulated;          /* the data come from a simulated person */
    bool fixed_pace;         /* the person chose target_brpm: no glide, no waiting */
    bool adaptive;           /* opt-in: the pace follows what is learnt of the person's own from the first minutes on */
};

/* What a phase of a protocol does with the breath. */
enum ob_phase_kind {
    OB_PHASE_UNPACED, /* nothing leads: the breath as it comes */
    OB_PHASE_PACED,   /* a pace as it is written, whoever follows or not */
    OB_PHASE_GUIDED,  /* the automatic pace: glides to its target and waits for the person */
    OB_PHASE_KINDS
};

#define OB_PHASE_MEASURED    1u /* a window that is compared with another one */
#define OB_PHASE_NO_FEEDBACK 2u /* what the heart does is neither shown nor heard */
#define OB_PHASE_BY_BREATH   4u /* from_brpm to to_brpm so that each breath is longer by the same time */
#define OB_PHASE_STAY        8u /* who falls asleep is not let go (breath/asleep.h) */

#define OB_SILENT_DB (-120.0)

/* A phase of a protocol; breath/protocol.h holds the limits. */
struct ob_session_phase {
    uint32_t kind;  /* enum ob_phase_kind */
    uint32_t flags; /* OB_PHASE_... */
    double seconds;
    double from_brpm, to_brpm;         /* PACED: pace at the start and the end; GUIDED: starting pace and target */
    double inhale_share;               /* of inhale plus exhale, 1/3 to 1/2; 0: 0.4 */
    double hold_in_s, hold_out_s;      /* at to_brpm */
    double sound_from_db, sound_to_db; /* 0: as loud as chosen, OB_SILENT_DB: not at all; linear in dB between */
};

#define OB_EVENT_PAST_MAX   112 /* bytes that breath/pace.h makes and reads */
#define OB_EVENT_WORDS_MAX  200 /* bytes of a mark's own words with the 0 */
#define OB_EVENT_VALUES_MAX 48  /* values in one block of samples: 48 frames of one channel, 16 of three */

struct ob_event {
    uint32_t kind;   /* enum ob_event_kind */
    uint32_t source; /* which sensor: an index given by the hub, 0 for the program itself */
    int64_t measured_ns;
    int64_t arrived_ns;
    int64_t applied_ns;
    union {
        struct ob_session_plan plan;   /* BEGIN */
        struct ob_session_phase phase; /* PHASE */
        struct {
            unsigned char pace[OB_EVENT_PAST_MAX]; /* ob_own_pace_save() */
        } past;                                    /* PAST */
        struct {
            double rr_ms;     /* as the sensor said it */
            uint32_t beats;   /* enum ob_beat_source: OB_BEATS_RR or OB_BEATS_PPG */
            float quality_01; /* what the sensor thinks of it; 1 where it says nothing */
        } rr;
        struct {
            uint32_t signal;   /* enum ob_signal_kind */
            uint16_t frames;   /* frames in values */
            uint16_t channels; /* 1, or 3 interleaved */
            double period_ns;  /* fitted time from frame to frame */
            float values[OB_EVENT_VALUES_MAX];
        } samples;
        struct {
            bool supported;
            bool touching;
        } contact;
        struct {
            uint32_t code; /* enum ob_command_code */
            double value;
        } command;
        struct {
            uint32_t label;                 /* enum ob_mark_label */
            char words[OB_EVENT_WORDS_MAX]; /* somebody's own, by ob_mark_words(); "" none */
        } mark;                             /* MARK; measured_ns: when it was set */
    } u;
};

#endif
