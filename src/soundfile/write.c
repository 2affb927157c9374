/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/file.h"
#include "soundfile/soundfile.h"

#include <errno.h>
#include <limits.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK       2048 /* libsndfile's Vorbis keeps a block of what it is handed on its stack */
#define OGG_QUALITY 0.5

struct ob_soundfile {
    SNDFILE *sound;
    int fd;
    enum ob_err failed; /* the first failure of the disk or the encoder */
    bool replace, dithered;
    uint32_t random;
    char temporary[PATH_MAX], path[PATH_MAX];
};

enum ob_soundfile_kind ob_soundfile_kind_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    if (!dot || strchr(dot, '/'))
        return OB_SOUNDFILE_NONE;
    if (strcasecmp(dot, ".wav") == 0)
        return OB_SOUNDFILE_WAV;
    if (strcasecmp(dot, ".flac") == 0)
        return OB_SOUNDFILE_FLAC;
    return strcasecmp(dot, ".ogg") == 0 || strcasecmp(dot, ".oga") == 0 ? OB_SOUNDFILE_OGG : OB_SOUNDFILE_NONE;
}

/* libsndfile does not say why a write was short, so it writes by these. */
static sf_count_t file_length(void *user)
{
    struct stat about;
    const struct ob_soundfile *file = user;
    return fstat(file->fd, &about) == 0 ? about.st_size : -1;
}

static sf_count_t file_seek(sf_count_t offset, int whence, void *user)
{
    const struct ob_soundfile *file = user;
    return lseek(file->fd, offset, whence);
}

static sf_count_t file_read(void *bytes, sf_count_t count, void *user)
{
    const struct ob_soundfile *file = user;
    return read(file->fd, bytes, (size_t)count);
}

static sf_count_t file_write(const void *bytes, sf_count_t count, void *user)
{
    struct ob_soundfile *file = user;
    sf_count_t done = 0;
    while (!file->failed && done < count) {
        const ssize_t put = write(file->fd, (const char *)bytes + done, (size_t)(count - done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            file->failed = ob_err_from_errno(put < 0 ? errno : EIO);
        else
            done += put;
    }
    return done;
}

static sf_count_t file_tell(void *user)
{
    const struct ob_soundfile *file = user;
    return lseek(file->fd, 0, SEEK_CUR);
}

static SF_VIRTUAL_IO through_us = {file_length, file_seek, file_read, file_write, file_tell};

static void tag(struct ob_soundfile *file, int which, const char *text)
{
    if (text && *text)
        sf_set_string(file->sound, which, text);
}

static int format_of(enum ob_soundfile_kind kind)
{
    switch (kind) {
    case OB_SOUNDFILE_WAV:
        return SF_FORMAT_WAV | SF_FORMAT_PCM_24;
    case OB_SOUNDFILE_FLAC:
        return SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    case OB_SOUNDFILE_OGG:
        return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    default:
        return 0;
    }
}

static enum ob_err open_temporary(struct ob_soundfile *file)
{
    if (!file->replace && access(file->path, F_OK) == 0)
        return OB_ERR_EXISTS;
    struct stat about;
    if (stat(file->path, &about) == 0 && S_ISDIR(about.st_mode))
        return OB_ERR_EXISTS;
    file->fd = mkstemp(file->temporary);
    if (file->fd < 0) {
        file->temporary[0] = '\0';
        return ob_err_from_errno(errno);
    }
    /* mkstemp makes it for its owner alone; it is to be given away like any file that people make. */
    const mode_t mask = umask(0);
    umask(mask);
    return fchmod(file->fd, 0666 & ~mask) == 0 ? OB_OK : ob_err_from_errno(errno);
}

enum ob_err ob_soundfile_create(const struct ob_soundfile_desc *desc, struct ob_soundfile **file_out)
{
    *file_out = NULL;
    const enum ob_soundfile_kind kind = ob_soundfile_kind_of(desc->path);
    if (kind == OB_SOUNDFILE_NONE)
        return OB_ERR_USAGE;
    struct ob_soundfile *file = calloc(1, sizeof *file);
    if (!file)
        return OB_ERR_NO_MEMORY;
    file->fd = -1;
    file->replace = desc->replace;
    file->dithered = kind == OB_SOUNDFILE_FLAC;
    file->random = 1;
    enum ob_err err = OB_OK;
    if ((size_t)snprintf(file->path, sizeof file->path, "%s", desc->path) >= sizeof file->path ||
        (size_t)snprintf(file->temporary, sizeof file->temporary, "%s.XXXXXX", desc->path) >= sizeof file->temporary)
        err = OB_ERR_RANGE;
    if (err)
        file->temporary[0] = '\0';
    else
        err = open_temporary(file);
    SF_INFO info = {.samplerate = (int)(desc->sample_rate_hz + 0.5), .channels = 2, .format = format_of(kind)};
    if (!err && !sf_format_check(&info))
        err = OB_ERR_UNSUPPORTED;
    if (!err) {
        file->sound = sf_open_virtual(&through_us, SFM_WRITE, &info, file);
        err = file->sound ? file->failed : file->failed ? file->failed : OB_ERR_IO;
    }
    if (err) {
        ob_soundfile_close(file, false);
        return err;
    }
    double quality = OGG_QUALITY;
    sf_command(file->sound, SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof quality);
    sf_command(file->sound, SFC_SET_CLIPPING, NULL, SF_TRUE);
    tag(file, SF_STR_TITLE, desc->title);
    tag(file, SF_STR_ALBUM, desc->album);
    tag(file, SF_STR_ARTIST, desc->artist);
    tag(file, SF_STR_COMMENT, desc->comment);
    *file_out = file;
    return OB_OK;
}

/* Uniform, -0.5 to 0.5 of the last bit of 16. */
static float half_bit(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return ((float)(*random >> 8) / 16777216.0f - 0.5f) / 32768.0f;
}

enum ob_err ob_soundfile_write(struct ob_soundfile *file, const float *interleaved, size_t frames)
{
    float block[2 * BLOCK];
    while (frames > 0 && !file->failed) {
        const size_t count = frames < BLOCK ? frames : BLOCK;
        for (size_t i = 0; i < 2 * count; i++)
            block[i] = interleaved[i] + (file->dithered ? half_bit(&file->random) + half_bit(&file->random) : 0.0f);
        if (sf_writef_float(file->sound, block, (sf_count_t)count) != (sf_count_t)count && !file->failed)
            file->failed = OB_ERR_IO;
        interleaved += 2 * count;
        frames -= count;
    }
    return file->failed;
}

enum ob_err ob_soundfile_close(struct ob_soundfile *file, bool keep)
{
    if (!file)
        return OB_OK;
    if (file->sound && sf_close(file->sound) != 0 && !file->failed)
        file->failed = OB_ERR_IO;
    if (file->fd >= 0 && close(file->fd) != 0 && !file->failed)
        file->failed = ob_err_from_errno(errno);
    enum ob_err err = file->failed;
    if (keep && !err)
        err = ob_file_place(file->temporary, file->path, file->replace);
    if ((!keep || err) && file->temporary[0])
        unlink(file->temporary);
    free(file);
    return err;
}
