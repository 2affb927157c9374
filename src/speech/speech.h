/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whoever speaks: text and language in, finished clips into the synth's queue (synth/spoken.h).
 *
 * One worker thread makes them, by espeak-ng or from files that a person put into the folder of recordings:
 * LANG/KEY.wav, .flac or .ogg, for example de/welcome.flac; a file that can't be used is told of and counts as none.
 * What was made is kept, so that a line said again comes at once. Where there is neither library nor file, lines are
 * dropped in silence and ob_speech_sentence() says why: nobody waits for a voice, and captions do not depend on it.
 *
 * All functions are for any thread but the audio callback; calls never wait for a clip to be made. */
#ifndef OB_SPEECH_SPEECH_H
#define OB_SPEECH_SPEECH_H

#include "base/err.h"
#include "synth/spoken.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_SPEECH_TEXT 480 /* bytes of a line, with the 0 at its end; what is longer is cut at a space */

struct ob_speech;

struct ob_speech_desc {
    struct ob_spoken_queue *queue; /* where clips go; outlives the speech. NULL: they are only made */
    double sample_rate_hz;         /* of the synth; 48000 when 0 */
    const char *recordings;        /* the folder with LANG/KEY.*; NULL: none */
    const char *library;           /* of espeak-ng; NULL: the system's */
    bool here;                     /* no thread: whoever asks makes the clip, before the call returns (files) */
};

/* What goes before what, where lines wait for the worker. */
enum ob_speech_priority {
    OB_SPEECH_SCREEN,   /* a screen is read aloud */
    OB_SPEECH_PRACTICE, /* a line of a practice */
    OB_SPEECH_URGENT,   /* stops whatever is being said, and is said now: advice on dizziness */
};

struct ob_speech_line {
    const char *key;  /* of a recorded file: letters, digits, - and _; NULL: there can be none */
    const char *text; /* UTF-8, plain */
    const char *lang; /* "en", "de" */
    int64_t start_ns; /* monotonic: when it is to be heard; 0: as soon as it can */
    int64_t until_ns; /* later than this it is not said at all; 0: four seconds after the call or after its start */
    enum ob_speech_priority priority;
};

/* Starts the worker, which then looks for the library. OB_ERR_NO_MEMORY; the want of a voice is no error. */
enum ob_err ob_speech_create(const struct ob_speech_desc *desc, struct ob_speech **speech_out);

/* Joins the worker and frees all clips: whoever renders the queue must have stopped. NULL is fine. */
void ob_speech_destroy(struct ob_speech *speech);

/* Says a line. With a start each line waits its turn; without one the newest takes the place of one that still waits,
 * unless that has the higher priority. NULL speech is fine, and is silent. */
void ob_speech_line(struct ob_speech *speech, const struct ob_speech_line *line);

/* For screens: says text now. */
void ob_speech_say(struct ob_speech *speech, const char *text, const char *lang, enum ob_speech_priority priority);

/* Makes a line ahead, to have it when it is wanted. */
void ob_speech_prepare(struct ob_speech *speech, const struct ob_speech_line *line);

/* Forgets what still waits for the worker. What is in the queue is stopped by the synth's voice_01. */
void ob_speech_hush(struct ob_speech *speech);

/* A sentence for people where there is no voice, or a recording can't be used; "" when all is well. */
void ob_speech_sentence(struct ob_speech *speech, char *sentence_out, size_t size);

/* Only of a speech that works here: how long the words of a line are; 0 when it can't be said. */
double ob_speech_seconds(struct ob_speech *speech, const struct ob_speech_line *line);

#endif
