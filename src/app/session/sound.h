/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sound of the program: a device, and the synth that fills it from the newest snapshot. It outlives a session;
 * where none runs there is silence.
 *
 * init, finish and volume on the main thread. The device is opened and watched on a thread of the audio room; its
 * absence is a state with a sentence. */
#ifndef OB_APP_SOUND_H
#define OB_APP_SOUND_H

#include "app/session/own_sounds.h"
#include "app/session/wires.h"
#include "audio/audio.h"
#include "base/err.h"
#include "base/ring.h"
#include "synth/spoken.h"
#include "synth/synth.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define OB_SOUND_LAGS 1024

struct ob_sound_desc {
    struct ob_wires *wires; /* outlives the sound */
    bool mute;              /* no device is opened */
    const char *device;     /* part of its name; NULL or "": the default */
    uint32_t frames_per_buffer;
    double volume_01;
    double maximum_01; /* no key and no setting makes it louder; 0: full */
    double late_ms;    /* as in ob_sound_be_sooner() */
    const char *data;  /* the folder of what is kept, as given to --data: a person's own sounds lie in it */
    uint64_t seed;     /* of the synth's noise */
    bool probe;        /* latency probe: a click for every arrival */
};

struct ob_sound {
    struct ob_audio *audio;  /* NULL: mute, or none can be opened */
    struct ob_ring lag_ring; /* from arrival to audio buffer, ns; sound to main */
    /* private */
    struct ob_wires *wires;
    struct ob_synth *synth;
    bool probe;
    uint64_t heard_arrivals; /* audio thread */
    int64_t lag_slots[OB_SOUND_LAGS];
    _Atomic float volume_01;
    _Atomic bool hushed;
    _Atomic float maximum_01;
    _Atomic int64_t late_ns;
    struct ob_own_sounds own;
    uint32_t turn;          /* where the key goes on from */
    uint32_t usual, wanted; /* soundscapes, main thread: what somebody chose; what is to be heard when it is loaded */
    _Atomic uint32_t soundscape; /* what is heard */
    _Atomic uint32_t gongs;
    struct ob_spoken_queue spoken;
    _Atomic int64_t no_words_until_ns;
};

enum ob_err ob_sound_init(struct ob_sound *sound, const struct ob_sound_desc *desc);

/* Fades out and closes. */
void ob_sound_finish(struct ob_sound *sound);

/* Chooses the soundscape of sessions by its name, built in or own. False: there is none of this name, and a clause for
 * people says so. */
bool ob_sound_choose(struct ob_sound *sound, const char *name, char *problem_out, size_t size);

/* A session begins: with this soundscape, or, "" or NULL, with the one that was chosen. A name that is not there is
 * passed over. */
void ob_sound_begin(struct ob_sound *sound, const char *name);

/* On by so many (1, or -1 for back) to one that is chosen from now on. Its title. */
const char *ob_sound_next(struct ob_sound *sound, int by);

/* Of the one that is chosen: for people, and as settings have it. */
const char *ob_sound_title(const struct ob_sound *sound);
const char *ob_sound_name(const struct ob_sound *sound);

/* Once a frame: lets own sounds come in as they are loaded. True: text_out has something to say about one. */
bool ob_sound_step(struct ob_sound *sound, char *text_out, size_t size);

/* Strikes the bowl that closes a session. */
void ob_sound_gong(struct ob_sound *sound);

/* Where words go that are to be heard (synth/spoken.h); one thread posts. */
struct ob_spoken_queue *ob_sound_spoken(struct ob_sound *sound);

/* Whatever is being said fades out, and what waits to be said is dropped. */
void ob_sound_stop_words(struct ob_sound *sound);

double ob_sound_volume_01(const struct ob_sound *sound);
void ob_sound_change_volume(struct ob_sound *sound, double by);
void ob_sound_limit(struct ob_sound *sound, double maximum_01); /* another maximum_01 from now on */

/* What is heard comes so much later than the device says (0 to 500 ms), as from some Bluetooth headphones; everything
 * is played for the moment at which it is heard, so it begins that much sooner. */
void ob_sound_be_sooner(struct ob_sound *sound, double late_ms);

void ob_sound_hush(struct ob_sound *sound, bool hushed); /* no sound for now, whatever the volume */

/* Zeroed where there is no device. */
void ob_sound_status(const struct ob_sound *sound, struct ob_audio_status *status_out);

#endif
