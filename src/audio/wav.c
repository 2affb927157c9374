/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The WAV output: 24-bit PCM stereo on the caller's clock. RIFF/WAVE after the IBM/Microsoft Multimedia Programming
 * Interface 1.0 (1991).
 *
 * Whole blocks are written at once, so that what a disk refuses is known at once. The sizes in the header are brought
 * up to date every second of sound: after a kill the file plays, short of its last second at most. 24 bit needs no
 * dither at any level that is heard, and so stays the same bit for bit. */
#include "audio/virtual.h"
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_BYTES 44
#define FRAME_BYTES  6
#define DATA_MAX     (UINT32_MAX - HEADER_BYTES - FRAME_BYTES) /* RIFF counts bytes in 32 bits: 4 hours at 48 kHz */

struct ob_audio {
    struct ob_virtual_clock clock;
    int fd;
    unsigned char *bytes; /* owned: one block */
    uint32_t written;     /* bytes of sound safely handed over */
    uint32_t in_header;   /* bytes of sound that the header tells of */
    uint32_t refresh;     /* how many more bytes call for a new header */
    _Atomic int failed;   /* enum ob_err of the first failure; nothing is written after it */
};

static void put_u32(unsigned char *at, uint32_t x)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(x >> (8 * i));
}

static void put_u16(unsigned char *at, unsigned x)
{
    at[0] = (unsigned char)x;
    at[1] = (unsigned char)(x >> 8);
}

static enum ob_err write_all(int fd, const unsigned char *bytes, size_t count, off_t at)
{
    while (count > 0) {
        const ssize_t done = pwrite(fd, bytes, count, at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return ob_err_from_errno(errno);
        bytes += done;
        at += done;
        count -= (size_t)done;
    }
    return OB_OK;
}

static enum ob_err write_header(struct ob_audio *audio)
{
    unsigned char header[HEADER_BYTES];
    const uint32_t rate = (uint32_t)(audio->clock.sample_rate_hz + 0.5);
    memcpy(header, "RIFF", 4);
    put_u32(header + 4, HEADER_BYTES - 8 + audio->written);
    memcpy(header + 8, "WAVEfmt ", 8);
    put_u32(header + 16, 16);
    put_u16(header + 20, 1); /* PCM */
    put_u16(header + 22, 2);
    put_u32(header + 24, rate);
    put_u32(header + 28, rate * FRAME_BYTES);
    put_u16(header + 32, FRAME_BYTES);
    put_u16(header + 34, 24);
    memcpy(header + 36, "data", 4);
    put_u32(header + 40, audio->written);
    const enum ob_err err = write_all(audio->fd, header, sizeof header, 0);
    if (!err)
        audio->in_header = audio->written;
    return err;
}

static enum ob_err wav_close(struct ob_audio *audio)
{
    if (!audio)
        return OB_OK;
    enum ob_err err = (enum ob_err)atomic_load(&audio->failed);
    if (audio->fd >= 0) {
        /* The header lies inside bytes that the disk has given already: it can be finished on a full disk too. */
        const enum ob_err header = audio->in_header != audio->written ? write_header(audio) : OB_OK;
        if (ftruncate(audio->fd, HEADER_BYTES + (off_t)audio->written) != 0 && !err && errno != EINVAL)
            err = ob_err_from_errno(errno);
        if (close(audio->fd) != 0 && !err)
            err = ob_err_from_errno(errno);
        if (!err)
            err = header;
    }
    ob_virtual_clock_finish(&audio->clock);
    free(audio->bytes);
    free(audio);
    return err;
}

static enum ob_err wav_open(const struct ob_audio_desc *desc, struct ob_audio **audio_out)
{
    *audio_out = NULL;
    if (!desc->path)
        return OB_ERR_USAGE;
    struct ob_audio *audio = calloc(1, sizeof *audio);
    if (!audio)
        return OB_ERR_NO_MEMORY;
    audio->fd = -1;
    enum ob_err err = ob_virtual_clock_init(&audio->clock, desc);
    if (!err) {
        audio->refresh = (uint32_t)audio->clock.sample_rate_hz * FRAME_BYTES;
        audio->bytes = malloc((size_t)audio->clock.block_frames * FRAME_BYTES);
        err = audio->bytes ? OB_OK : OB_ERR_NO_MEMORY;
    }
    if (!err) {
        audio->fd = open(desc->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        err = audio->fd >= 0 ? write_header(audio) : ob_err_from_errno(errno);
    }
    if (err) {
        wav_close(audio);
        return err;
    }
    *audio_out = audio;
    return OB_OK;
}

/* Rounds half away from zero; what is not a number becomes silence. */
static int32_t to_24_bit(float x)
{
    const double scaled = (double)x * 8388607.0;
    if (!(scaled > -8388608.0))
        return x < 0.0f ? -8388608 : 0;
    if (scaled > 8388607.0)
        return 8388607;
    return (int32_t)(scaled + (scaled < 0.0 ? -0.5 : 0.5));
}

static enum ob_err wav_write(void *sink, const float *interleaved, uint32_t frames)
{
    struct ob_audio *audio = sink;
    if (audio->written > DATA_MAX - frames * FRAME_BYTES) {
        atomic_store(&audio->failed, OB_ERR_RANGE);
        return OB_ERR_RANGE;
    }
    for (uint32_t i = 0; i < 2 * frames; i++) {
        const uint32_t x = (uint32_t)to_24_bit(interleaved[i]);
        audio->bytes[3 * i] = (unsigned char)x;
        audio->bytes[3 * i + 1] = (unsigned char)(x >> 8);
        audio->bytes[3 * i + 2] = (unsigned char)(x >> 16);
    }
    enum ob_err err =
        write_all(audio->fd, audio->bytes, (size_t)frames * FRAME_BYTES, HEADER_BYTES + (off_t)audio->written);
    if (!err) {
        audio->written += frames * FRAME_BYTES;
        if (audio->written - audio->in_header >= audio->refresh)
            err = write_header(audio);
    }
    if (err)
        atomic_store(&audio->failed, err);
    return err;
}

static enum ob_err wav_advance(struct ob_audio *audio, int64_t now_ns)
{
    const enum ob_err failed = (enum ob_err)atomic_load(&audio->failed);
    return failed ? failed : ob_virtual_clock_advance(&audio->clock, now_ns, wav_write, audio);
}

static void wav_status(struct ob_audio *audio, struct ob_audio_status *status_out)
{
    ob_virtual_clock_status(&audio->clock, status_out);
    snprintf(status_out->device, sizeof status_out->device, "WAV file");
    const enum ob_err failed = (enum ob_err)atomic_load(&audio->failed);
    if (failed == OB_ERR_RANGE)
        snprintf(status_out->sentence, sizeof status_out->sentence,
                 "The sound file is as long as a WAV file can be; it ends here.");
    else if (failed)
        snprintf(status_out->sentence, sizeof status_out->sentence, "Writing the sound file has stopped: %s.",
                 ob_err_text(failed));
    if (failed)
        status_out->state = OB_AUDIO_LOST;
}

const struct ob_audio_ops ob_audio_wav = {"wav", wav_open, wav_advance, wav_status, wav_close};
