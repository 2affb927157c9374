/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound through PortAudio. A control thread owns the library: it scans, opens, watches and closes; the callback only
 * renders and counts. What the callback needs lies in one struct and changes hands by one atomic (armed), because
 * nothing in PortAudio says to a thread sanitizer, or to a reader, when its own thread has started and ended. */
#include "audio/audio.h"
#include "audio/clockmap.h"
#include "audio/portaudio_device.h"
#include "audio/sound_libraries.h"
#include "base/rt.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"
#include "os/wake.h"

#include <math.h>
#include <poll.h>
#include <portaudio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define RETRY_MS         1000
#define RETRY_RUNAWAY_MS 30000 /* a device without a clock does not get one within a second */
#define WATCH_MS         100
#define SILENCE_NS       (1 * OB_NS_PER_S) /* without a callback for so long, the device is gone */
#define FADE_IN_S        0.4
#define FADE_OUT_S       0.05
#define RUNAWAY_SHARE    0.01
#define RUNAWAY_SLACK_S  0.3 /* what buffers may swallow at the start */
#define RUNAWAY_AHEAD_S  2.0 /* so far ahead of real time no buffer reaches */
#define RUNAWAY_SPAN_S   10.0

struct ob_audio {
    /* immutable after open */
    struct ob_audio_desc desc;
    char wanted[96]; /* part of a device's name, or empty */
    double sample_rate_hz;
    uint32_t frames_per_buffer;
    pthread_t thread;
    struct ob_wake wake; /* rung by close */

    /* control thread */
    PaStream *stream;
    int64_t opened_ns;
    /* the clock's watch: where the span under way began */
    int64_t span_ns;
    uint64_t span_frames, span_faults;

    /* callback thread while armed, control thread otherwise */
    struct ob_clockmap clock;
    uint64_t stream_frames;
    int64_t first_callback_ns, last_callback_ns;
    double stream_latency_s;
    float fade;

    /* any thread */
    _Atomic bool armed;          /* the callback may render */
    _Atomic bool fading;         /* the callback shall fade out */
    _Atomic bool faded;          /* it has */
    _Atomic bool ended;          /* PortAudio says that the stream has finished */
    _Atomic bool closing;        /* close was called */
    _Atomic int64_t heard_of_ns; /* when the callback last ran */
    _Atomic uint64_t rendered_in_stream;
    _Atomic uint64_t frames, underruns, gaps;
    _Atomic uint64_t looks; /* of the control thread */

    /* control thread writes, status reads; the callback never touches it */
    pthread_mutex_t lock;
    struct ob_audio_status told;
};

static void tell(struct ob_audio *audio, enum ob_audio_state state, const char *device, double latency_s,
                 const char *sentence)
{
    pthread_mutex_lock(&audio->lock);
    if (state == OB_AUDIO_LOST && audio->told.state == OB_AUDIO_RUNNING)
        audio->told.losses++;
    audio->told.state = state;
    audio->told.latency_s = latency_s;
    snprintf(audio->told.device, sizeof audio->told.device, "%s", device);
    snprintf(audio->told.sentence, sizeof audio->told.sentence, "%s", sentence);
    pthread_mutex_unlock(&audio->lock);
}

/* Straight lines: at 0.4 s in and 50 ms out nobody hears their corners. */
OB_RT static void apply_fade(struct ob_audio *audio, float *out, uint32_t frames)
{
    const bool out_now = atomic_load_explicit(&audio->fading, memory_order_relaxed);
    if (!out_now && audio->fade >= 1.0f)
        return;
    const float step = (float)((out_now ? -1.0 / FADE_OUT_S : 1.0 / FADE_IN_S) / audio->sample_rate_hz);
    for (uint32_t i = 0; i < frames; i++) {
        audio->fade = fminf(1.0f, fmaxf(0.0f, audio->fade + step));
        out[2 * i] *= audio->fade;
        out[2 * i + 1] *= audio->fade;
    }
    if (out_now && audio->fade <= 0.0f)
        atomic_store_explicit(&audio->faded, true, memory_order_release);
}

OB_RT static int callback(const void *input, void *output, unsigned long frames, const PaStreamCallbackTimeInfo *time,
                          PaStreamCallbackFlags flags, void *user)
{
    (void)input;
    struct ob_audio *audio = user;
    float *out = output;
    if (!atomic_load_explicit(&audio->armed, memory_order_acquire)) {
        memset(out, 0, frames * 2 * sizeof *out);
        return paContinue;
    }
    const int64_t now_ns = ob_clock_monotonic_ns();
    if (flags & paOutputUnderflow)
        atomic_fetch_add_explicit(&audio->underruns, 1, memory_order_relaxed);
    const double period_ns = (double)frames * 1e9 / audio->sample_rate_hz;
    /* The first half second fills buffers in a burst and then waits: no gap. */
    if (audio->stream_frames > (uint64_t)(0.5 * audio->sample_rate_hz) &&
        (double)(now_ns - audio->last_callback_ns) > 1.5 * period_ns)
        atomic_fetch_add_explicit(&audio->gaps, 1, memory_order_relaxed);
    audio->last_callback_ns = now_ns;

    /* A device that runs away gets silence until the control thread stops it: the session's sound is not spent on it.
     */
    if (!audio->first_callback_ns)
        audio->first_callback_ns = now_ns;
    const double played_s = (double)audio->stream_frames / audio->sample_rate_hz;
    if (played_s > ob_s_from_ns(now_ns - audio->first_callback_ns) + RUNAWAY_AHEAD_S) {
        memset(out, 0, frames * 2 * sizeof *out);
        audio->stream_frames += frames;
        atomic_store_explicit(&audio->rendered_in_stream, audio->stream_frames, memory_order_relaxed);
        atomic_store_explicit(&audio->heard_of_ns, now_ns, memory_order_release);
        return paContinue;
    }

    /* Debian's stamps are CLOCK_REALTIME on some hosts: only their difference means anything here. */
    double latency_s = time ? time->outputBufferDacTime - time->currentTime : -1.0;
    if (!(latency_s > 0.0 && latency_s < 2.0))
        latency_s = audio->stream_latency_s;
    double ns_per_frame = 0.0;
    const int64_t heard_ns =
        ob_clockmap_heard(&audio->clock, audio->stream_frames, now_ns + ob_ns_from_s(latency_s), &ns_per_frame);

    const uint64_t denormals = ob_rt_denormals_off();
    audio->desc.render(audio->desc.user, out, (uint32_t)frames, heard_ns, ns_per_frame);
    apply_fade(audio, out, (uint32_t)frames);
    ob_rt_denormals_restore(denormals);

    audio->stream_frames += frames;
    atomic_fetch_add_explicit(&audio->frames, frames, memory_order_relaxed);
    atomic_store_explicit(&audio->rendered_in_stream, audio->stream_frames, memory_order_relaxed);
    atomic_store_explicit(&audio->heard_of_ns, now_ns, memory_order_release);
    return paContinue;
}

static void finished(void *user)
{
    struct ob_audio *audio = user;
    atomic_store(&audio->ended, true);
}

/* Makes the callback's own things new. No stream runs. */
static void prepare(struct ob_audio *audio)
{
    ob_clockmap_init(&audio->clock, audio->sample_rate_hz, audio->frames_per_buffer);
    audio->stream_frames = 0;
    audio->first_callback_ns = 0;
    audio->last_callback_ns = 0;
    audio->fade = 0.0f;
    atomic_store(&audio->fading, false);
    atomic_store(&audio->faded, false);
    atomic_store(&audio->ended, false);
    atomic_store(&audio->rendered_in_stream, 0);
    atomic_store(&audio->heard_of_ns, ob_clock_monotonic_ns());
}

/* hung: the callback's thread does not come back by itself and is cancelled; otherwise it is asked and joined. */
static void close_stream(struct ob_audio *audio, bool fade_out, bool hung)
{
    if (!audio->stream)
        return;
    if (fade_out) {
        atomic_store(&audio->fading, true);
        for (int i = 0; i < 40 && !atomic_load(&audio->faded) && Pa_IsStreamActive(audio->stream) == 1; i++)
            ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 10 * OB_NS_PER_MS);
        /* What has been faded still lies in the device's buffer: let it be heard. */
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + ob_ns_from_s(fmin(audio->stream_latency_s, 0.2)));
    }
    atomic_store_explicit(&audio->armed, false, memory_order_release);
    if (hung)
        Pa_AbortStream(audio->stream);
    else
        Pa_StopStream(audio->stream);
    Pa_CloseStream(audio->stream);
    audio->stream = NULL;
}

static bool try_device(struct ob_audio *audio, PaDeviceIndex index)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(index);
    const double periods_s = 3.0 * audio->frames_per_buffer / audio->sample_rate_hz;
    const PaStreamParameters parameters = {
        .device = index,
        .channelCount = 2,
        .sampleFormat = paFloat32,
        .suggestedLatency = fmax(periods_s, fmin(info->defaultLowOutputLatency, 0.2)),
    };
    if (Pa_OpenStream(&audio->stream, NULL, &parameters, audio->sample_rate_hz, audio->frames_per_buffer,
                      paClipOff | paDitherOff, callback, audio) != paNoError) {
        audio->stream = NULL;
        return false;
    }
    Pa_SetStreamFinishedCallback(audio->stream, finished);
    const PaStreamInfo *stream = Pa_GetStreamInfo(audio->stream);
    prepare(audio);
    audio->stream_latency_s = stream ? stream->outputLatency : periods_s;
    const double latency_s = audio->stream_latency_s;
    atomic_store_explicit(&audio->armed, true, memory_order_release);
    if (Pa_StartStream(audio->stream) != paNoError) {
        close_stream(audio, false, true);
        return false;
    }
    audio->opened_ns = ob_clock_monotonic_ns();
    audio->span_ns = 0;
    tell(audio, OB_AUDIO_RUNNING, info->name, latency_s, "");
    return true;
}

/* Scans and opens the best device there is. The library stays initialised only while a stream runs: it finds devices
 * only while it starts. */
static bool try_open(struct ob_audio *audio, enum ob_audio_state state_without)
{
    if (Pa_Initialize() != paNoError) {
        tell(audio, state_without, "", 0.0, ob_tr("The sound system does not start; all goes on without sound."));
        return false;
    }
    ob_sound_libraries_pin();
    PaDeviceIndex order[OB_PORTAUDIO_DEVICES_MAX];
    const int count = ob_portaudio_rank(audio->wanted, order);
    for (int i = 0; i < count; i++)
        if (try_device(audio, order[i]))
            return true;
    Pa_Terminate();
    char sentence[sizeof audio->told.sentence];
    if (audio->wanted[0])
        snprintf(sentence, sizeof sentence,
                 ob_tr("There is no sound device called \"%.40s\"; until it is there, all goes on without sound."),
                 audio->wanted);
    else
        snprintf(sentence, sizeof sentence,
                 ob_tr("There is no sound device; until one is there, all goes on without sound."));
    tell(audio, state_without, "", 0.0, sentence);
    return false;
}

/* Frames against the monotonic clock, in spans. The first second only fills buffers. Too fast always counts; too slow
 * counts only where the machine itself did not starve the callback. */
static bool clock_is_wild(struct ob_audio *audio, int64_t now_ns)
{
    const uint64_t frames = atomic_load_explicit(&audio->rendered_in_stream, memory_order_relaxed);
    const double since_open_s = ob_s_from_ns(now_ns - audio->opened_ns);
    if ((double)frames / audio->sample_rate_hz > since_open_s + RUNAWAY_AHEAD_S)
        return true;
    if (since_open_s < 1.0)
        return false;
    const uint64_t faults = atomic_load(&audio->underruns) + atomic_load(&audio->gaps);
    if (!audio->span_ns || ob_s_from_ns(now_ns - audio->span_ns) > 3.0 * RUNAWAY_SPAN_S) {
        audio->span_ns = now_ns;
        audio->span_frames = frames;
        audio->span_faults = faults;
        return false;
    }
    const double span_s = ob_s_from_ns(now_ns - audio->span_ns);
    const double sound_s = (double)(frames - audio->span_frames) / audio->sample_rate_hz;
    if (span_s < RUNAWAY_SPAN_S)
        return sound_s > span_s * (1.0 + RUNAWAY_SHARE) + 2.0 * RUNAWAY_SLACK_S;
    const double allowed_s = span_s * RUNAWAY_SHARE + 0.1; /* a burst of buffers at either end of the span */
    return sound_s > span_s + allowed_s || (faults == audio->span_faults && sound_s < span_s - allowed_s);
}

/* Returns how long to wait before the next look, in ms. */
static int watch(struct ob_audio *audio)
{
    const int64_t now_ns = ob_clock_monotonic_ns();
    const char *sentence = NULL;
    int wait_ms = RETRY_MS;
    const bool silent = now_ns - atomic_load_explicit(&audio->heard_of_ns, memory_order_acquire) > SILENCE_NS;
    const bool over = atomic_load(&audio->ended) || Pa_IsStreamActive(audio->stream) != 1;
    if (silent || over) {
        sentence = ob_tr("The sound device is gone; sound comes back by itself when it returns.");
    } else if (clock_is_wild(audio, now_ns)) {
        sentence = ob_tr("The sound device does not keep time, so it was stopped; choose another one.");
        wait_ms = RETRY_RUNAWAY_MS;
    }
    if (!sentence)
        return WATCH_MS;
    close_stream(audio, false, silent && !over);
    Pa_Terminate();
    tell(audio, OB_AUDIO_LOST, "", 0.0, sentence);
    return wait_ms;
}

/* Until the next look, or until close. In pieces of a second at most, each of which shows that this thread lives. */
static void pause_ms(struct ob_audio *audio, int wait_ms)
{
    struct pollfd wait = {.fd = audio->wake.fd, .events = POLLIN};
    for (; wait_ms > 0 && !atomic_load(&audio->closing); wait_ms -= RETRY_MS) {
        atomic_fetch_add_explicit(&audio->looks, 1, memory_order_relaxed);
        poll(&wait, 1, wait_ms < RETRY_MS ? wait_ms : RETRY_MS);
    }
}

static void *control(void *user)
{
    struct ob_audio *audio = user;
    prctl(PR_SET_NAME, "sound", 0, 0, 0);
    ob_sound_libraries_hush();
    bool ever = false;
    while (!atomic_load(&audio->closing)) {
        int wait_ms;
        if (audio->stream) {
            wait_ms = watch(audio);
        } else {
            const bool open = try_open(audio, ever ? OB_AUDIO_LOST : OB_AUDIO_STARTING);
            ever = ever || open;
            wait_ms = open ? WATCH_MS : RETRY_MS;
        }
        pause_ms(audio, wait_ms);
    }
    if (audio->stream) {
        close_stream(audio, true, false);
        Pa_Terminate();
    }
    return NULL;
}

static enum ob_err pa_open(const struct ob_audio_desc *desc, struct ob_audio **audio_out)
{
    *audio_out = NULL;
    struct ob_audio *audio = calloc(1, sizeof *audio);
    if (!audio)
        return OB_ERR_NO_MEMORY;
    audio->desc = *desc;
    audio->desc.device = NULL; /* the caller's memory: kept in wanted */
    audio->desc.path = NULL;
    snprintf(audio->wanted, sizeof audio->wanted, "%s", desc->device ? desc->device : "");
    audio->sample_rate_hz = desc->sample_rate_hz > 0.0 ? desc->sample_rate_hz : 48000.0;
    audio->frames_per_buffer = desc->frames_per_buffer ? desc->frames_per_buffer : 512;
    audio->told.sample_rate_hz = audio->sample_rate_hz;
    audio->told.state = OB_AUDIO_STARTING;
    /* PortAudio aborts the program when a JACK server that it has met goes away. So JACK is met only by those who ask
     * for it (--device jack), and then no server is started for it. A person's own settings stay. */
    setenv("JACK_NO_START_SERVER", "1", 0);
    if (!strcasestr(audio->wanted, "jack"))
        setenv("JACK_DEFAULT_SERVER", "outbreath-asks-for-none", 0);
    enum ob_err err = audio->sample_rate_hz >= 8000.0 && audio->sample_rate_hz <= 192000.0 ? OB_OK : OB_ERR_RANGE;
    if (!err)
        err = ob_wake_init(&audio->wake);
    if (err) {
        free(audio);
        return err;
    }
    pthread_mutex_init(&audio->lock, NULL);
    if (pthread_create(&audio->thread, NULL, control, audio) != 0) {
        pthread_mutex_destroy(&audio->lock);
        ob_wake_finish(&audio->wake);
        free(audio);
        return OB_ERR_NO_MEMORY;
    }
    *audio_out = audio;
    return OB_OK;
}

static void pa_status(struct ob_audio *audio, struct ob_audio_status *status_out)
{
    pthread_mutex_lock(&audio->lock);
    *status_out = audio->told;
    pthread_mutex_unlock(&audio->lock);
    status_out->frames = atomic_load_explicit(&audio->frames, memory_order_relaxed);
    status_out->underruns = atomic_load_explicit(&audio->underruns, memory_order_relaxed);
    status_out->gaps = atomic_load_explicit(&audio->gaps, memory_order_relaxed);
    status_out->looks = atomic_load_explicit(&audio->looks, memory_order_relaxed);
}

static enum ob_err pa_close(struct ob_audio *audio)
{
    if (!audio)
        return OB_OK;
    atomic_store(&audio->closing, true);
    ob_wake_ring(&audio->wake);
    pthread_join(audio->thread, NULL);
    pthread_mutex_destroy(&audio->lock);
    ob_wake_finish(&audio->wake);
    free(audio);
    return OB_OK;
}

const struct ob_audio_ops ob_audio_portaudio = {"portaudio", pa_open, NULL, pa_status, pa_close};
