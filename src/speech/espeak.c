/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "speech/espeak.h"

#include <dlfcn.h>
#include <espeak-ng/speak_lib.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY   "libespeak-ng.so.1"
#define LONGEST_S 60

/* How it speaks. About 125 words a minute is a calm reading; the standard 175 hurries. A low pitch with little movement
 * in it suits formant synthesis: more partials fall under each formant, and less is sung. The variant lowers the higher
 * formants by a quarter and leaves the vowels where they are; it is the one that a much used screen reader starts with.
 */
#define VARIANT    "max"
#define RATE_WPM   122
#define PITCH      38 /* 0-100 */
#define PITCH_SWAY 36 /* 0-100 */
#define WORD_GAP   1  /* units of 10 ms at the standard speed */

struct ob_espeak {
    void *library;
    int rate_hz;
    char lang[32]; /* the voice that is set */
    int (*initialize)(espeak_AUDIO_OUTPUT output, int buffer_ms, const char *path, int options);
    void (*set_callback)(t_espeak_callback *callback);
    espeak_ERROR (*set_voice)(const char *name);
    espeak_ERROR (*set_parameter)(espeak_PARAMETER which, int value, int relative);
    espeak_ERROR (*synth)(const void *text, size_t size, unsigned position, espeak_POSITION_TYPE kind, unsigned end,
                          unsigned flags, unsigned *id, void *user);
    espeak_ERROR (*terminate)(void);
};

static atomic_flag in_use = ATOMIC_FLAG_INIT;

/* What is being said: the library's callback has no argument of ours that it hands through in every case. */
static struct {
    short *samples;
    size_t count, room, limit;
    enum ob_err err;
} heard;

static int take_samples(short *samples, int count, espeak_EVENT *events)
{
    (void)events;
    if (!samples || count <= 0)
        return 0;
    if (heard.count + (size_t)count > heard.limit) {
        heard.err = OB_ERR_RANGE;
        return 1;
    }
    if (heard.count + (size_t)count > heard.room) {
        const size_t room = 2 * heard.room + (size_t)count;
        short *larger = realloc(heard.samples, room * sizeof *larger);
        if (!larger) {
            heard.err = OB_ERR_NO_MEMORY;
            return 1;
        }
        heard.samples = larger;
        heard.room = room;
    }
    memcpy(heard.samples + heard.count, samples, (size_t)count * sizeof *samples);
    heard.count += (size_t)count;
    return 0;
}

static enum ob_err find_calls(struct ob_espeak *e)
{
    const struct {
        const char *name;
        void *at;
    } calls[] = {
        {"espeak_Initialize", &e->initialize},
        {"espeak_SetSynthCallback", &e->set_callback},
        {"espeak_SetVoiceByName", &e->set_voice},
        {"espeak_SetParameter", &e->set_parameter},
        {"espeak_Synth", &e->synth},
        {"espeak_Terminate", &e->terminate},
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        void *call = dlsym(e->library, calls[i].name);
        if (!call)
            return OB_ERR_DAMAGED;
        memcpy(calls[i].at, &call, sizeof call);
    }
    return OB_OK;
}

static enum ob_err begin(struct ob_espeak *e, const char *library, char *sentence_out, size_t size)
{
    e->library = dlopen(library ? library : LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!e->library) {
        snprintf(sentence_out, size, "There is no voice: the library of espeak-ng (libespeak-ng1) is not installed.");
        return OB_ERR_NOT_FOUND;
    }
    if (find_calls(e)) {
        snprintf(sentence_out, size, "There is no voice: the library of espeak-ng is another one than expected.");
        return OB_ERR_DAMAGED;
    }
    e->rate_hz = e->initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, espeakINITIALIZE_DONT_EXIT);
    if (e->rate_hz < 8000 || e->rate_hz > 96000) {
        snprintf(sentence_out, size,
                 "There is no voice: espeak-ng does not start; its data (espeak-ng-data) may be "
                 "missing.");
        return OB_ERR_DEVICE;
    }
    e->set_callback(take_samples);
    return OB_OK;
}

enum ob_err ob_espeak_open(const char *library, struct ob_espeak **espeak_out, char *sentence_out, size_t size)
{
    *espeak_out = NULL;
    if (atomic_flag_test_and_set(&in_use)) {
        snprintf(sentence_out, size, "There is no voice: it is in use already.");
        return OB_ERR_BUSY;
    }
    struct ob_espeak *e = calloc(1, sizeof *e);
    enum ob_err err = OB_ERR_NO_MEMORY;
    if (e)
        err = begin(e, library, sentence_out, size);
    else
        snprintf(sentence_out, size, "There is no voice: there is not enough memory.");
    if (err) {
        if (e && e->library)
            dlclose(e->library);
        free(e);
        atomic_flag_clear(&in_use);
        return err;
    }
    *espeak_out = e;
    return OB_OK;
}

void ob_espeak_close(struct ob_espeak *e)
{
    if (!e)
        return;
    e->terminate();
    dlclose(e->library);
    free(e);
    atomic_flag_clear(&in_use);
}

/* With the variant where the voice takes one. "en" is British English there. */
static enum ob_err set_language(struct ob_espeak *e, const char *lang)
{
    if (strcmp(e->lang, lang) == 0)
        return OB_OK;
    char name[64];
    snprintf(name, sizeof name, "%.30s+%s", lang, VARIANT);
    if (e->set_voice(name) != EE_OK && e->set_voice(lang) != EE_OK)
        return OB_ERR_UNSUPPORTED;
    e->set_parameter(espeakRATE, RATE_WPM, 0);
    e->set_parameter(espeakPITCH, PITCH, 0);
    e->set_parameter(espeakRANGE, PITCH_SWAY, 0);
    e->set_parameter(espeakWORDGAP, WORD_GAP, 0);
    snprintf(e->lang, sizeof e->lang, "%s", lang);
    return OB_OK;
}

enum ob_err ob_espeak_say(struct ob_espeak *e, const char *lang, const char *text, float **mono_out, size_t *frames_out,
                          double *sample_rate_hz_out)
{
    *mono_out = NULL;
    *frames_out = 0;
    *sample_rate_hz_out = e->rate_hz;
    if (strlen(lang) >= sizeof e->lang)
        return OB_ERR_UNSUPPORTED;
    enum ob_err err = set_language(e, lang);
    if (err)
        return err;
    memset(&heard, 0, sizeof heard);
    heard.limit = (size_t)e->rate_hz * LONGEST_S;
    const espeak_ERROR said = e->synth(text, strlen(text) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL);
    err = heard.err ? heard.err : said != EE_OK ? OB_ERR_DEVICE : heard.count == 0 ? OB_ERR_EMPTY : OB_OK;
    float *mono = err ? NULL : malloc(heard.count * sizeof *mono);
    if (!err && !mono)
        err = OB_ERR_NO_MEMORY;
    for (size_t i = 0; !err && i < heard.count; i++)
        mono[i] = (float)heard.samples[i] / 32768.0f;
    free(heard.samples);
    if (err)
        return err;
    *mono_out = mono;
    *frames_out = heard.count;
    return OB_OK;
}
