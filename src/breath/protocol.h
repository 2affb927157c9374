/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session protocol: the phases of a session and what goes with them, as somebody wrote them down.
 * config/protocol_file.h reads one from a file; docs/protocols.md tells people how to write their own.
 *
 * The limits are hard ones (D in physiology: over-breathing and under-breathing are both easy to cause). A protocol
 * that breaks one is refused, never bent. Pure. */
#ifndef OB_BREATH_PROTOCOL_H
#define OB_BREATH_PROTOCOL_H

#include "base/event.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_PROTOCOL_PHASES    24
#define OB_PROTOCOL_CAPTIONS  96
#define OB_PROTOCOL_MINUTES   128.0 /* the longest session */
#define OB_PROTOCOL_KIOSK_MIN 2.0
#define OB_PROTOCOL_KIOSK_MAX 5.0
#define OB_PHASE_SECONDS_MIN  10.0
#define OB_RAMP_MAX           1.5  /* breaths/min each minute, in phases and between them */
#define OB_HOLD_MAX_S         20.0 /* and holds are at most half of a breath */

/* What a protocol is looking for, beside practice. */
enum ob_search_kind { OB_SEARCH_NONE, OB_SEARCH_STEPPED, OB_SEARCH_SLIDING };

/* What happens when the last phase is over. */
enum ob_protocol_end {
    OB_END_FAREWELL, /* the last picture stays for some seconds */
    OB_END_STAY,     /* until a key is pressed */
    OB_END_LEAVE,    /* at once */
};

struct ob_protocol_caption {
    int phase;
    double at_s, for_s; /* from the phase's start; how long it stays */
    char text[160];     /* UTF-8 */
};

struct ob_protocol {
    char name[48];       /* lower-case letters, digits and -, the file's name */
    char title[96];      /* for people */
    char about[400];     /* a sentence or two for people */
    char scene[128];     /* "": the one that is set */
    char soundscape[64]; /* "": the one that is set */
    bool kiosk;
    bool dark; /* no picture */
    enum ob_search_kind search;
    enum ob_protocol_end end;
    int phase_count;
    struct ob_session_phase phases[OB_PROTOCOL_PHASES];
    char phase_names[OB_PROTOCOL_PHASES][48]; /* for people, "" where there is none */
    int caption_count;
    struct ob_protocol_caption captions[OB_PROTOCOL_CAPTIONS]; /* by phase and time */
};

/* How long it lasts as a whole. */
double ob_protocol_seconds(const struct ob_protocol *protocol);

/* Whether a phase leads the breath. */
bool ob_phase_leads(const struct ob_session_phase *phase);

/* The pace of a PACED phase at a time in it, as it is written. */
double ob_phase_brpm(const struct ob_session_phase *phase, double at_s);

/* The sound of a phase at a time in it, dB. */
double ob_phase_sound_db(const struct ob_session_phase *phase, double at_s);

/* Which number of a phase is at fault, for a reader who knows the line it stands in. */
enum ob_phase_field {
    OB_FIELD_NONE,
    OB_FIELD_LENGTH,
    OB_FIELD_FROM,
    OB_FIELD_TO,
    OB_FIELD_INHALE,
    OB_FIELD_HOLD_IN,
    OB_FIELD_HOLD_OUT,
    OB_FIELD_SOUND,
};

/* Whether one phase keeps the limits, after the one before it (NULL for the first). Else the field at fault and a
 * clause for people that names the limit. */
bool ob_phase_check(const struct ob_session_phase *phase, const struct ob_session_phase *before, bool kiosk,
                    enum ob_phase_field *field_out, char *clause_out, size_t size);

/* What the file left open becomes the person's own: where a guided pace starts and goes to, and the inhale's share. */
void ob_protocol_fill(struct ob_protocol *protocol, double start_brpm, double target_brpm, double inhale_share);

/* Whether the protocol as a whole does, phases aside. Else a clause. */
bool ob_protocol_check(const struct ob_protocol *protocol, char *clause_out, size_t size);

/* The words for a moment, "" for none. at_s: time in that phase. */
const char *ob_protocol_words(const struct ob_protocol *protocol, int phase, double at_s);

#endif
