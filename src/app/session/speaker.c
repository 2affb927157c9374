/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/speaker.h"

#include "app/places/practice.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static bool is_word(const struct ob_settings *settings, const char *word)
{
    return strcmp(ob_settings_text(settings, OB_SET_SOUND_VOICE), word) == 0;
}

void ob_speaker_take_language(struct ob_speaker *speaker, const struct ob_settings *settings)
{
    speaker->language = ob_voice_language(ob_settings_text(settings, OB_SET_DISPLAY_LANGUAGE));
    speaker->tr = ob_voice_tr(speaker->language);
}

void ob_speaker_init(struct ob_speaker *speaker, struct ob_sound *sound, const struct ob_settings *settings,
                     const char *data, const char *who)
{
    char folder[PATH_MAX];
    memset(speaker, 0, sizeof *speaker);
    speaker->sound = sound;
    speaker->data = data;
    speaker->who = who;
    ob_speaker_take_language(speaker, settings);
    if (sound->audio) {
        const bool found = ob_voice_folder(data, folder, sizeof folder) == OB_OK;
        const struct ob_speech_desc desc = {.queue = ob_sound_spoken(sound), .recordings = found ? folder : NULL};
        if (ob_speech_create(&desc, &speaker->speech))
            speaker->speech = NULL;
    }
    ob_speaker_turn(speaker, !is_word(settings, "off"));
}

void ob_speaker_meet(struct ob_speaker *speaker, const char *who, bool stranger)
{
    speaker->who = who;
    speaker->stranger = stranger;
}

void ob_speaker_finish(struct ob_speaker *speaker)
{
    ob_speech_destroy(speaker->speech);
    memset(speaker, 0, sizeof *speaker);
}

/* Whoever passes by a kiosk is new; others are until a few sessions are kept of them. */
static bool teaches(const struct ob_speaker *speaker, const struct ob_settings *settings,
                    const struct ob_protocol *protocol)
{
    if (!is_word(settings, "on"))
        return is_word(settings, "teach");
    if (protocol->kiosk || speaker->stranger)
        return true;
    struct ob_practice practice;
    ob_practice_read(&practice, speaker->data, speaker->who, false);
    const bool is_new = practice.count < OB_SPEAKER_NEW;
    ob_practice_finish(&practice);
    return is_new;
}

void ob_speaker_begin(struct ob_speaker *speaker, const struct ob_settings *settings,
                      const struct ob_protocol *protocol)
{
    ob_speaker_take_language(speaker, settings);
    const struct ob_script_desc desc = {
        .protocol = protocol, .teach = teaches(speaker, settings, protocol), .tr = speaker->tr};
    ob_script_init(&speaker->script, &desc);
    speaker->follows = true;
    /* What comes at a moment is made ahead; first of all what helps when somebody feels dizzy. */
    static const enum ob_script_id ahead[] = {OB_SCRIPT_WELCOME,   OB_SCRIPT_DIZZY, OB_SCRIPT_FIRST_IN,
                                              OB_SCRIPT_FIRST_OUT, OB_SCRIPT_IN,    OB_SCRIPT_OUT};
    for (size_t i = 0; speaker->on && i < sizeof ahead / sizeof *ahead; i++) {
        const char *english = ob_script_english(ahead[i]);
        const char *text = speaker->tr ? speaker->tr(english) : english;
        const struct ob_speech_line line = {
            .key = ob_script_key(ahead[i]), .text = text, .lang = text == english ? "en" : speaker->language};
        ob_speech_prepare(speaker->speech, &line);
    }
}

static void say(struct ob_speaker *speaker, const struct ob_script_line *told)
{
    const struct ob_speech_line line = {.key = told->key,
                                        .text = told->text,
                                        .lang = told->translated ? speaker->language : "en",
                                        .start_ns = told->start_ns,
                                        .until_ns = told->until_ns,
                                        .priority = told->urgent ? OB_SPEECH_URGENT : OB_SPEECH_PRACTICE};
    if (speaker->on)
        ob_speech_line(speaker->speech, &line);
}

void ob_speaker_step(struct ob_speaker *speaker, const struct ob_snapshot *snapshot, bool dizzy, char *caption,
                     size_t size)
{
    struct ob_script_line told;
    if (!speaker || !speaker->follows)
        return;
    if (ob_script_step(&speaker->script, snapshot, dizzy, &told))
        say(speaker, &told);
    const char *own = ob_script_caption(&speaker->script, snapshot->now_ns);
    const bool held = snapshot->stage == OB_STAGE_PAUSED;
    if (own[0] && !held)
        snprintf(caption, size, "%s", own);
    else if (ob_script_opens(&speaker->script) && !held && snapshot->stage == OB_STAGE_GUIDED)
        caption[0] = '\0'; /* between two lines of the opening */
}

void ob_speaker_leave(struct ob_speaker *speaker)
{
    if (!speaker->follows)
        return;
    speaker->follows = false;
    ob_speaker_stop(speaker);
}

void ob_speaker_turn(struct ob_speaker *speaker, bool on)
{
    speaker->on = on;
    if (!on)
        ob_speaker_stop(speaker);
}

void ob_speaker_say(struct ob_speaker *speaker, const char *text)
{
    ob_speech_say(speaker->speech, text, speaker->language, OB_SPEECH_SCREEN);
}

void ob_speaker_stop(struct ob_speaker *speaker)
{
    ob_speech_hush(speaker->speech);
    ob_sound_stop_words(speaker->sound);
}

bool ob_speaker_sounds(const struct ob_speaker *speaker)
{
    return atomic_load_explicit(&ob_sound_spoken(speaker->sound)->sounding, memory_order_relaxed) != 0;
}

void ob_speaker_trouble(struct ob_speaker *speaker, char *text_out, size_t size)
{
    text_out[0] = '\0';
    if (speaker->on)
        ob_speech_sentence(speaker->speech, text_out, size);
}
