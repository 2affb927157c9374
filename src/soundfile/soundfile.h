/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound files, through libsndfile: WAV, FLAC and Ogg Vorbis (RFC 9639; the Vorbis I specification), and whatever else
 * it reads. Caller's thread; no state. */
#ifndef OB_SOUNDFILE_SOUNDFILE_H
#define OB_SOUNDFILE_SOUNDFILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Interleaved stereo, -1 to 1; what was mono is the same in both. Numbers that are none have become 0. */
struct ob_sound {
    float *stereo; /* owned: ob_sound_free() */
    size_t frames;
    double sample_rate_hz;
};

/* Reads a whole file; of more than two channels the first two. OB_ERR_NOT_FOUND, OB_ERR_PERMISSION and their like;
 * OB_ERR_FORMAT: no sound file that is understood; OB_ERR_EMPTY; OB_ERR_RANGE: longer than longest_s, or a rate outside
 * of 8000-192000 Hz. On an error sound_out is empty. */
enum ob_err ob_soundfile_read(const char *path, double longest_s, struct ob_sound *sound_out);

void ob_sound_free(struct ob_sound *sound);

enum ob_soundfile_kind { OB_SOUNDFILE_NONE, OB_SOUNDFILE_WAV, OB_SOUNDFILE_FLAC, OB_SOUNDFILE_OGG };

/* By the end of its name: .wav, .flac, .ogg, .oga, in any case. NONE for all else. */
enum ob_soundfile_kind ob_soundfile_kind_of(const char *path);

struct ob_soundfile_desc {
    const char *path; /* its end says the kind */
    double sample_rate_hz;
    bool replace;                                 /* a file that is there already; else OB_ERR_EXISTS */
    const char *title, *album, *artist, *comment; /* what players show; NULL: nothing */
};

struct ob_soundfile;

/* Begins a stereo file under another name beside the one that it will have. WAV: 24 bit. FLAC: 16 bit with triangular
 * dither (the same one each time). Ogg: Vorbis at quality 0.5, about 160 kbit/s; two of the same sound differ in a
 * random number in their headers. OB_ERR_USAGE: the name ends otherwise; OB_ERR_UNSUPPORTED: this libsndfile lacks the
 * kind. */
enum ob_err ob_soundfile_create(const struct ob_soundfile_desc *desc, struct ob_soundfile **file_out);

/* Interleaved stereo. The first failure is kept and returned from then on. */
enum ob_err ob_soundfile_write(struct ob_soundfile *file, const float *interleaved, size_t frames);

/* Finishes it, syncs it and gives it its name, or removes it: keep false, or anything failed. NULL is fine. */
enum ob_err ob_soundfile_close(struct ob_soundfile *file, bool keep);

#endif
