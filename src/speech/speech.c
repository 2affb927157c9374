/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "speech/speech.h"

#include "base/time.h"
#include "os/clock.h"
#include "soundfile/soundfile.h"
#include "speech/cache.h"
#include "speech/espeak.h"
#include "speech/polish.h"

#include <ctype.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOBS        16
#define PATIENCE_NS (4 * OB_NS_PER_S) /* what is said later than this after its time is not said */
#define RECORDED_S  120.0             /* the longest recording */

struct job {
    char key[64], text[OB_SPEECH_TEXT], lang[24];
    int64_t start_ns, until_ns;
    enum ob_speech_priority priority;
    bool only_prepare;
    uint64_t hushes; /* when it was asked for */
};

struct ob_speech {
    /* immutable after create */
    struct ob_spoken_queue *queue;
    double sample_rate_hz;
    char recordings[PATH_MAX]; /* "": none */
    char *library;             /* owned */
    bool here;
    pthread_t thread;
    /* between the threads, under the lock */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job jobs[JOBS]; /* oldest first */
    int job_count;
    uint64_t hushes; /* so far: a line that was asked for before one is not said after it */
    bool quit;
    char sentence[160];
    /* the worker's, or the caller's where it works here */
    bool looked; /* for the library */
    struct ob_espeak *espeak;
    struct ob_speech_cache cache;
};

static void tell(struct ob_speech *speech, const char *sentence)
{
    pthread_mutex_lock(&speech->lock);
    snprintf(speech->sentence, sizeof speech->sentence, "%s", sentence);
    pthread_mutex_unlock(&speech->lock);
}

/* ---- making --------------------------------------------------------------------------------------------------- */

/* A key becomes a part of a path: nothing in it may lead elsewhere. */
static bool is_plain(const char *word)
{
    for (const char *c = word; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '-' && *c != '_')
            return false;
    return *word != '\0';
}

static struct ob_speech_entry *keep(struct ob_speech *speech, const char *name, enum ob_polish how, const float *sound,
                                    size_t frames, int channels, double rate_hz)
{
    struct ob_spoken_clip clip;
    double words_s;
    if (ob_polish(how, sound, frames, channels, rate_hz, speech->sample_rate_hz, &clip, &words_s))
        return NULL;
    return ob_speech_cache_add(&speech->cache, name, &clip, words_s);
}

static struct ob_speech_entry *recorded(struct ob_speech *speech, const struct job *job, const char *name)
{
    static const char *const ends[] = {"wav", "flac", "ogg"};
    if (!speech->recordings[0] || !is_plain(job->key) || !is_plain(job->lang))
        return NULL;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[PATH_MAX + 128], sentence[160];
        struct ob_sound sound;
        snprintf(path, sizeof path, "%s/%s/%s.%s", speech->recordings, job->lang, job->key, ends[i]);
        const enum ob_err err = ob_soundfile_read(path, RECORDED_S, &sound);
        if (err == OB_ERR_NOT_FOUND)
            continue;
        struct ob_speech_entry *entry = NULL;
        if (!err)
            entry = keep(speech, name, OB_POLISH_RECORDED, sound.stereo, sound.frames, 2, sound.sample_rate_hz);
        ob_sound_free(&sound);
        if (entry)
            return entry;
        snprintf(sentence, sizeof sentence, "The recording %s/%s.%s can't be used: %s.", job->lang, job->key, ends[i],
                 ob_err_text(err ? err : OB_ERR_EMPTY));
        tell(speech, sentence);
    }
    return NULL;
}

static struct ob_speech_entry *synthesised(struct ob_speech *speech, const struct job *job, const char *name)
{
    if (!speech->looked) {
        char sentence[160];
        speech->looked = true;
        if (ob_espeak_open(speech->library, &speech->espeak, sentence, sizeof sentence))
            tell(speech, sentence);
    }
    if (!speech->espeak)
        return NULL;
    float *mono;
    size_t frames;
    double rate_hz;
    const enum ob_err err = ob_espeak_say(speech->espeak, job->lang, job->text, &mono, &frames, &rate_hz);
    if (err == OB_ERR_UNSUPPORTED) {
        char sentence[160];
        snprintf(sentence, sizeof sentence, "There is no voice for the language '%.20s'.", job->lang);
        tell(speech, sentence);
    }
    if (err)
        return NULL;
    struct ob_speech_entry *entry = keep(speech, name, OB_POLISH_MADE, mono, frames, 1, rate_hz);
    free(mono);
    return entry;
}

static struct ob_speech_entry *make(struct ob_speech *speech, const struct job *job)
{
    char name[sizeof job->key + sizeof job->text + sizeof job->lang + 4];
    snprintf(name, sizeof name, "%s|%s|%s", job->lang, job->key, job->text);
    struct ob_speech_entry *entry = ob_speech_cache_find(&speech->cache, name);
    if (!entry)
        entry = recorded(speech, job, name);
    return entry ? entry : synthesised(speech, job, name);
}

static void take_returns(struct ob_speech *speech)
{
    const struct ob_spoken_clip *clip;
    while (speech->queue && (clip = ob_spoken_returned(speech->queue)))
        ob_speech_cache_returned(&speech->cache, clip);
}

static void do_job(struct ob_speech *speech, const struct job *job)
{
    take_returns(speech);
    struct ob_speech_entry *entry = make(speech, job);
    if (!entry || job->only_prepare || !speech->queue || speech->cache.lent >= 2 * OB_SPOKEN_POSTS)
        return;
    const struct ob_spoken_post post = {&entry->clip, job->start_ns, job->until_ns,
                                        job->priority == OB_SPEECH_URGENT ? 1u : 0u};
    /* Making it may have taken longer than the session lasted. */
    pthread_mutex_lock(&speech->lock);
    const bool wanted = job->hushes == speech->hushes;
    pthread_mutex_unlock(&speech->lock);
    if (wanted && ob_spoken_post(speech->queue, &post)) {
        entry->lent++;
        speech->cache.lent++;
    }
}

static void *run(void *user)
{
    struct ob_speech *speech = user;
    pthread_mutex_lock(&speech->lock);
    while (!speech->quit) {
        if (speech->job_count == 0) {
            pthread_cond_wait(&speech->wake, &speech->lock);
            continue;
        }
        const struct job job = speech->jobs[0];
        speech->job_count--;
        memmove(speech->jobs, speech->jobs + 1, (size_t)speech->job_count * sizeof job);
        pthread_mutex_unlock(&speech->lock);
        do_job(speech, &job);
        pthread_mutex_lock(&speech->lock);
    }
    pthread_mutex_unlock(&speech->lock);
    ob_espeak_close(speech->espeak);
    return NULL;
}

/* ---- asking --------------------------------------------------------------------------------------------------- */

/* As much as fits, cut where a word ends. */
static void copy_text(char *to, size_t size, const char *text)
{
    const size_t length = strlen(text);
    if (length < size) {
        memcpy(to, text, length + 1);
        return;
    }
    size_t end = size - 1;
    while (end > 0 && text[end] != ' ')
        end--;
    if (end == 0) /* not one space: between two characters, at least */
        for (end = size - 1; end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80;)
            end--;
    memcpy(to, text, end);
    to[end] = '\0';
}

static struct job job_of(const struct ob_speech *speech, const struct ob_speech_line *line)
{
    struct job job = {.start_ns = line->start_ns, .until_ns = line->until_ns, .priority = line->priority};
    snprintf(job.key, sizeof job.key, "%s", line->key ? line->key : "");
    snprintf(job.lang, sizeof job.lang, "%s", line->lang ? line->lang : "en");
    copy_text(job.text, sizeof job.text, line->text ? line->text : "");
    if (job.until_ns == 0 && job.start_ns != 0)
        job.until_ns = job.start_ns + PATIENCE_NS;
    else if (job.until_ns == 0 && !speech->here)
        job.until_ns = ob_clock_monotonic_ns() + PATIENCE_NS;
    return job;
}

static void drop_job(struct ob_speech *speech, int which)
{
    speech->job_count--;
    memmove(&speech->jobs[which], &speech->jobs[which + 1],
            (size_t)(speech->job_count - which) * sizeof speech->jobs[0]);
}

/* Under the lock. Where there is no room the oldest that is only to be made ahead goes, else the newest is refused. */
static bool add_job(struct ob_speech *speech, const struct job *job)
{
    if (job->priority == OB_SPEECH_URGENT && !job->only_prepare)
        speech->job_count = 0;
    const bool now = job->start_ns == 0 && !job->only_prepare;
    for (int i = speech->job_count - 1; now && i >= 0; i--) {
        const struct job *other = &speech->jobs[i];
        if (other->start_ns != 0 || other->only_prepare)
            continue;
        if (other->priority > job->priority)
            return false;
        drop_job(speech, i);
    }
    for (int i = 0; speech->job_count == JOBS && i < JOBS; i++)
        if (speech->jobs[i].only_prepare)
            drop_job(speech, i);
    if (speech->job_count == JOBS)
        return false;
    /* What is made ahead waits behind what is to be heard. */
    int at = speech->job_count;
    while (!job->only_prepare && at > 0 && speech->jobs[at - 1].only_prepare)
        at--;
    memmove(&speech->jobs[at + 1], &speech->jobs[at], (size_t)(speech->job_count - at) * sizeof speech->jobs[0]);
    speech->jobs[at] = *job;
    speech->job_count++;
    return true;
}

static void ask(struct ob_speech *speech, const struct ob_speech_line *line, bool only_prepare)
{
    if (!speech)
        return;
    struct job job = job_of(speech, line);
    job.only_prepare = only_prepare;
    if (!job.text[0] && !job.key[0])
        return;
    if (speech->here) {
        job.hushes = speech->hushes;
        do_job(speech, &job);
        return;
    }
    pthread_mutex_lock(&speech->lock);
    job.hushes = speech->hushes;
    if (add_job(speech, &job))
        pthread_cond_signal(&speech->wake);
    pthread_mutex_unlock(&speech->lock);
}

void ob_speech_line(struct ob_speech *speech, const struct ob_speech_line *line)
{
    ask(speech, line, false);
}

void ob_speech_prepare(struct ob_speech *speech, const struct ob_speech_line *line)
{
    ask(speech, line, true);
}

void ob_speech_say(struct ob_speech *speech, const char *text, const char *lang, enum ob_speech_priority priority)
{
    const struct ob_speech_line line = {.text = text, .lang = lang, .priority = priority};
    ask(speech, &line, false);
}

void ob_speech_hush(struct ob_speech *speech)
{
    if (!speech)
        return;
    pthread_mutex_lock(&speech->lock);
    speech->job_count = 0;
    speech->hushes++;
    pthread_mutex_unlock(&speech->lock);
}

void ob_speech_sentence(struct ob_speech *speech, char *sentence_out, size_t size)
{
    if (size > 0)
        sentence_out[0] = '\0';
    if (!speech)
        return;
    pthread_mutex_lock(&speech->lock);
    snprintf(sentence_out, size, "%s", speech->sentence);
    pthread_mutex_unlock(&speech->lock);
}

double ob_speech_seconds(struct ob_speech *speech, const struct ob_speech_line *line)
{
    if (!speech || !speech->here)
        return 0.0;
    const struct job job = job_of(speech, line);
    const struct ob_speech_entry *entry = make(speech, &job);
    return entry ? entry->words_s : 0.0;
}

/* ---- beginning and end ---------------------------------------------------------------------------------------- */

enum ob_err ob_speech_create(const struct ob_speech_desc *desc, struct ob_speech **speech_out)
{
    *speech_out = NULL;
    struct ob_speech *speech = calloc(1, sizeof *speech);
    if (!speech)
        return OB_ERR_NO_MEMORY;
    speech->queue = desc->queue;
    speech->sample_rate_hz = desc->sample_rate_hz > 0.0 ? desc->sample_rate_hz : 48000.0;
    speech->here = desc->here;
    snprintf(speech->recordings, sizeof speech->recordings, "%s", desc->recordings ? desc->recordings : "");
    pthread_mutex_init(&speech->lock, NULL);
    pthread_cond_init(&speech->wake, NULL);
    speech->library = desc->library ? strdup(desc->library) : NULL;
    if ((desc->library && !speech->library) ||
        (!speech->here && pthread_create(&speech->thread, NULL, run, speech) != 0)) {
        speech->here = true; /* no thread to be joined */
        ob_speech_destroy(speech);
        return OB_ERR_NO_MEMORY;
    }
    *speech_out = speech;
    return OB_OK;
}

void ob_speech_destroy(struct ob_speech *speech)
{
    if (!speech)
        return;
    if (speech->here) {
        ob_espeak_close(speech->espeak);
    } else {
        pthread_mutex_lock(&speech->lock);
        speech->quit = true;
        pthread_cond_signal(&speech->wake);
        pthread_mutex_unlock(&speech->lock);
        pthread_join(speech->thread, NULL);
    }
    ob_speech_cache_finish(&speech->cache);
    pthread_cond_destroy(&speech->wake);
    pthread_mutex_destroy(&speech->lock);
    free(speech->library);
    free(speech);
}
