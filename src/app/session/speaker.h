/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who speaks in the program with a window: the script of the session that runs, the voice that says its lines, and its
 * captions, which stay when the voice is off. Screens are read aloud through the same voice. Main thread. */
#ifndef OB_APP_SPEAKER_H
#define OB_APP_SPEAKER_H

#include "app/session/sound.h"
#include "app/session/voice.h"
#include "config/settings.h"
#include "script/script.h"
#include "speech/speech.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_SPEAKER_NEW 3 /* with fewer sessions kept than this somebody is new */

struct ob_speaker {
    bool on; /* the voice; captions are there in any case */
    /* private */
    struct ob_sound *sound;
    struct ob_speech *speech; /* NULL: there is no sound to speak into */
    const char *language;
    ob_voice_tr_fn *tr;
    const char *data, *who;
    bool stranger;
    struct ob_script script;
    bool follows; /* a session */
};

/* who, data: as in ob_keeper_desc; outlive it. The library is looked for when the first line is to be said. */
void ob_speaker_init(struct ob_speaker *speaker, struct ob_sound *sound, const struct ob_settings *settings,
                     const char *data, const char *who);

/* The sessions from now on are of somebody else: who is kept under that name, or a stranger, who is new. */
void ob_speaker_meet(struct ob_speaker *speaker, const char *who, bool stranger);

/* After ob_sound_finish(). */
void ob_speaker_finish(struct ob_speaker *speaker);

/* A session begins. protocol outlives it. */
void ob_speaker_begin(struct ob_speaker *speaker, const struct ob_settings *settings,
                      const struct ob_protocol *protocol);

/* Once a frame: says what is due, and puts the script's caption over what stands there, where it has one. */
void ob_speaker_step(struct ob_speaker *speaker, const struct ob_snapshot *snapshot, bool dizzy, char *caption,
                     size_t size);

/* The session is left: nobody speaks on. */
void ob_speaker_leave(struct ob_speaker *speaker);

/* The voice on or off. */
void ob_speaker_turn(struct ob_speaker *speaker, bool on);

/* Says what a screen wants said, in the language of the screens; the newest takes the place of what still waits. */
void ob_speaker_say(struct ob_speaker *speaker, const char *text);

/* Whatever is being said fades out. */
void ob_speaker_stop(struct ob_speaker *speaker);

/* Whether words are heard just now. */
bool ob_speaker_sounds(const struct ob_speaker *speaker);

/* Another language was chosen for the screens. */
void ob_speaker_take_language(struct ob_speaker *speaker, const struct ob_settings *settings);

/* Why there is no voice although there should be, or a recording can't be used; "" when all is well. */
void ob_speaker_trouble(struct ob_speaker *speaker, char *text_out, size_t size);

#endif
