/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page of the console asks for: one flat JSON object a message (RFC 8259), told by its "do".
 *
 *     {"do":"mark","label":"sigh"}                a mark, by a name of base/mark.h
 *     {"do":"mark","label":"text","words":"..."}  in the therapist's own words
 *     {"do":"pause","on":true}                    guidance, time and all
 *     {"do":"breathe","on":true}                  just breathe: guidance off
 *     {"do":"pace","brpm":6}                      3 to 12 breaths/min
 *     {"do":"volume","level":0.4}                 0 to 1
 *     {"do":"scene","name":"tide"}                the picture
 *     {"do":"sound","name":"shore"}               the soundscape
 *     {"do":"silent","how":"off|light|dark"}      what the client sees; light and dark are without sound
 *     {"do":"consent","on":true}                  the client's consent was asked and is noted
 *     {"do":"part"}                               the next part of a protocol
 *     {"do":"end","sitting":3}                    the session is over; the number is that of the client who is there
 *     {"do":"report","sitting":3}                 once it is over, a page to take home; also with "words", which may
 *                                                 be longer here, and "appointment", the next one
 *     {"do":"next","sitting":3}                   the next client; the number is that of the client who leaves,
 *                                                 "name" whose session comes, where that is known
 *
 * Strict: any other key, a key twice, a wrong type, a number out of range, bytes that are no UTF-8 or anything behind
 * the object, and the message is nothing. Pure; any thread. */
#ifndef OB_STREAM_REQUEST_H
#define OB_STREAM_REQUEST_H

#include "base/mark.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_REQUEST_MAX   3072 /* bytes of a message; longer ones are nobody's */
#define OB_REQUEST_WORDS 200  /* bytes of words or of a name, with the 0; more are cut between two letters */
#define OB_REQUEST_TEXT  2000 /* the same, of words for a report */

enum ob_request_kind {
    OB_REQUEST_NONE,
    OB_REQUEST_MARK,
    OB_REQUEST_PAUSE,
    OB_REQUEST_BREATHE,
    OB_REQUEST_PACE,
    OB_REQUEST_VOLUME,
    OB_REQUEST_SCENE,
    OB_REQUEST_SOUND,
    OB_REQUEST_SILENT,
    OB_REQUEST_CONSENT,
    OB_REQUEST_PART,
    OB_REQUEST_NEXT,
    OB_REQUEST_END,
    OB_REQUEST_REPORT,
    OB_REQUEST_KINDS
};

/* What the client has of a session. */
enum ob_silent {
    OB_SILENT_OFF,   /* all of it */
    OB_SILENT_LIGHT, /* the picture alone: no words, no numbers, no sound */
    OB_SILENT_DARK,  /* nothing */
    OB_SILENT_KINDS
};

/* "off", "light", "dark". Static memory; "" out of range. */
const char *ob_silent_name(unsigned silent);

struct ob_request {
    uint32_t kind;                /* enum ob_request_kind */
    uint32_t code;                /* MARK: enum ob_mark_label; SILENT: enum ob_silent */
    bool on;                      /* PAUSE, BREATHE, CONSENT */
    double value;                 /* PACE: breaths/min; VOLUME: 0-1; NEXT, END, REPORT: the sitting */
    char words[OB_REQUEST_WORDS]; /* MARK of text; SCENE, SOUND and NEXT: a name; REPORT: the appointment */
    char text[OB_REQUEST_TEXT];   /* REPORT: a therapist's words */
};

/* False, and kind NONE: it is none. */
bool ob_request_read(const char *bytes, size_t size, struct ob_request *request_out);

#endif
