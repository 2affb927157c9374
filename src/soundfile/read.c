/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/file.h"
#include "soundfile/soundfile.h"

#include <errno.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BLOCK    4096
#define CHANNELS 64 /* of a file; more are not read */

static enum ob_err look_at(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return ob_err_from_errno(errno);
    if (!S_ISREG(about.st_mode)) /* a pipe would keep the caller waiting */
        return OB_ERR_FORMAT;
    return about.st_size == 0 ? OB_ERR_EMPTY : OB_OK;
}

static float sane(float x)
{
    return isfinite(x) ? x : 0.0f;
}

/* The count in a header is a promise; only what is there counts. */
static enum ob_err read_frames(SNDFILE *file, const SF_INFO *info, size_t longest, struct ob_sound *sound)
{
    float *block = malloc(BLOCK * (size_t)info->channels * sizeof *block);
    enum ob_err err = block ? OB_OK : OB_ERR_NO_MEMORY;
    size_t room = 0;
    while (!err) {
        const sf_count_t got = sf_readf_float(file, block, BLOCK);
        if (got <= 0)
            break;
        if (sound->frames + (size_t)got > longest) {
            err = OB_ERR_RANGE;
            break;
        }
        if (sound->frames + (size_t)got > room) {
            room = 2 * room + BLOCK;
            float *larger = realloc(sound->stereo, 2 * room * sizeof *larger);
            if (!larger) {
                err = OB_ERR_NO_MEMORY;
                break;
            }
            sound->stereo = larger;
        }
        const size_t channels = (size_t)info->channels;
        for (size_t i = 0; i < (size_t)got; i++) {
            float *to = sound->stereo + 2 * (sound->frames + i);
            to[0] = sane(block[i * channels]);
            to[1] = sane(block[i * channels + (channels > 1)]);
        }
        sound->frames += (size_t)got;
    }
    free(block);
    if (!err && sound->frames == 0)
        err = OB_ERR_EMPTY;
    return err;
}

enum ob_err ob_soundfile_read(const char *path, double longest_s, struct ob_sound *sound_out)
{
    memset(sound_out, 0, sizeof *sound_out);
    enum ob_err err = look_at(path);
    if (err)
        return err;
    SF_INFO info = {0};
    errno = 0;
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (!file)
        return errno == EACCES ? OB_ERR_PERMISSION : OB_ERR_FORMAT;
    if (info.samplerate < 8000 || info.samplerate > 192000)
        err = OB_ERR_RANGE;
    else if (info.channels < 1 || info.channels > CHANNELS)
        err = OB_ERR_FORMAT;
    else
        err = read_frames(file, &info, (size_t)(longest_s * info.samplerate), sound_out);
    sf_close(file);
    sound_out->sample_rate_hz = info.samplerate;
    if (err)
        ob_sound_free(sound_out);
    return err;
}

void ob_sound_free(struct ob_sound *sound)
{
    free(sound->stereo);
    memset(sound, 0, sizeof *sound);
}
