/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound output behind one table of operations: PortAudio, null (the caller's clock), WAV file.
 *
 * A device may vanish at any moment. That is a state, not an error: the output goes on trying once a second and fades
 * back in, and the program goes on without sound meanwhile. */
#ifndef OB_AUDIO_AUDIO_H
#define OB_AUDIO_AUDIO_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Fills frames of interleaved stereo float. heard_ns is CLOCK_MONOTONIC time at which the first frame leaves the
 * device as far as the driver knows; ns_per_frame is the fitted distance of frames on that clock. Called on the
 * driver's real-time thread: OB_RT rules hold. */
typedef void ob_audio_render_fn(void *user, float *interleaved_out, uint32_t frames, int64_t heard_ns,
                                double ns_per_frame);

enum ob_audio_state { OB_AUDIO_OFF, OB_AUDIO_STARTING, OB_AUDIO_RUNNING, OB_AUDIO_LOST };

struct ob_audio_desc {
    double sample_rate_hz;      /* 48000 when 0 */
    uint32_t frames_per_buffer; /* 512 when 0 */
    const char *device;         /* part of a device's or a sound system's name ("jack"), or NULL for the default */
    const char *path;           /* WAV output: the file */
    ob_audio_render_fn *render;
    void *user;
};

/* Counters and state; a copy taken at one moment. */
struct ob_audio_status {
    enum ob_audio_state state;
    char device[96];    /* the name of the device in use, else empty */
    char sentence[128]; /* for people: what is the matter, else empty */
    double sample_rate_hz;
    double latency_s;   /* output latency as the driver reports it */
    uint64_t frames;    /* rendered so far */
    uint64_t underruns; /* reported by the driver */
    uint64_t gaps;      /* callbacks later than 1.5 periods */
    uint64_t losses;    /* times the device went away */
    uint64_t looks;     /* at the device, or for one: at least one a second while the driver's control thread lives */
};

struct ob_audio; /* one output; each adapter embeds its own state behind it */

struct ob_audio_ops {
    const char *kind; /* "portaudio", "null", "wav" */
    /* Opens and starts. PortAudio's never fails for want of a device: it keeps trying on its control thread. */
    enum ob_err (*open)(const struct ob_audio_desc *desc, struct ob_audio **audio_out);
    /* Virtual-clock outputs only (null, wav): renders what is due until now_ns, exactly. The first call starts the
     * clock: frame 0 is heard at its now_ns, and nothing is due yet. WAV: OB_ERR_DISK_FULL and its like once writing
     * fails, and from then on; what was written stays a whole file. NULL for real devices. */
    enum ob_err (*advance)(struct ob_audio *audio, int64_t now_ns);
    void (*status)(struct ob_audio *audio, struct ob_audio_status *status_out); /* any thread */
    /* Stops (after a short fade where a device runs), finishes files, frees. NULL is fine. */
    enum ob_err (*close)(struct ob_audio *audio);
};

extern const struct ob_audio_ops ob_audio_portaudio;
extern const struct ob_audio_ops ob_audio_null;
extern const struct ob_audio_ops ob_audio_wav;

#endif
