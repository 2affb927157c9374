/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wave.h"

#include "format/wfdb.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PI 3.14159265358979323846

const char *wave_data(void)
{
    const char *dir = getenv("OB_DATA");
    if (!dir || !*dir)
        dir = OB_TEST_DATA_DEFAULT;
    char path[1024];
    snprintf(path, sizeof path, "%s/mitdb/100.dat", dir);
    return access(path, R_OK) == 0 ? dir : NULL;
}

static uint8_t *slurp(const char *name, const char *ending, size_t *size_out)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.%s", wave_data(), name, ending);
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    uint8_t *bytes = malloc((size_t)size + 1);
    *size_out = fread(bytes, 1, (size_t)size, f);
    bytes[*size_out] = 0;
    fclose(f);
    return bytes;
}

static void add_beat(struct wave *w, double t)
{
    w->beats_s = realloc(w->beats_s, (w->beat_count + 1) * sizeof *w->beats_s);
    w->beats_s[w->beat_count++] = t;
}

/* Flutter waves stand between annotations 32 and 33; they are no beats. */
static void load_annotations(struct wave *w, const unsigned char *bytes, size_t size)
{
    struct ob_wfdb_annotations reader;
    struct ob_wfdb_annotation a;
    double begin_s = -1.0;
    ob_wfdb_annotations_init(&reader);
    while (ob_wfdb_annotations_next(&reader, &bytes, &size, &a)) {
        double t = (double)a.sample / w->fs_hz;
        if (ob_wfdb_is_beat(a.code)) {
            add_beat(w, t);
        } else if (a.code == 32) {
            begin_s = t;
        } else if (a.code == 33 && begin_s >= 0.0) {
            w->flutter_s = realloc(w->flutter_s, (w->flutter_count + 1) * sizeof *w->flutter_s);
            w->flutter_s[w->flutter_count][0] = begin_s;
            w->flutter_s[w->flutter_count++][1] = t;
            begin_s = -1.0;
        }
    }
}

bool wave_load(struct wave *w, const char *name, int channel, const char *beats)
{
    struct ob_wfdb_header header;
    struct ob_wfdb_reader reader;
    char sentence[256];
    float values[OB_CHANNELS_MAX];
    size_t size;
    memset(w, 0, sizeof *w);
    uint8_t *bytes = slurp(name, "hea", &size);
    if (!bytes || ob_wfdb_parse_header(bytes, size, &header, sentence, sizeof sentence) != OB_OK) {
        free(bytes);
        return false;
    }
    free(bytes);
    bytes = slurp(name, "dat", &size);
    if (!bytes || channel >= header.signals || ob_wfdb_reader_init(&reader, &header, 0) != OB_OK) {
        free(bytes);
        return false;
    }
    w->fs_hz = header.fs_hz;
    w->x = malloc((size_t)header.frames * sizeof *w->x);
    const unsigned char *at = bytes;
    while (w->length < (size_t)header.frames && ob_wfdb_reader_next(&reader, &at, &size, values))
        w->x[w->length++] = values[channel];
    free(bytes);
    if (!beats)
        return true;
    bytes = slurp(name, beats, &size);
    if (!bytes)
        return false;
    if (strcmp(beats, "atr") == 0)
        load_annotations(w, bytes, size);
    else
        for (char *p = strchr((char *)bytes, '\n'); p && p[1]; p = strchr(p + 1, '\n'))
            add_beat(w, atof(p + 1) / w->fs_hz);
    free(bytes);
    return true;
}

void wave_free(struct wave *w)
{
    free(w->x);
    free(w->beats_s);
    free(w->flutter_s);
    memset(w, 0, sizeof *w);
}

void wave_resample(const struct wave *w, double fs_hz, struct wave *out)
{
    *out = *w;
    out->beats_s = malloc((w->beat_count + 1) * sizeof *out->beats_s);
    if (w->beat_count)
        memcpy(out->beats_s, w->beats_s, w->beat_count * sizeof *out->beats_s);
    out->flutter_s = malloc((w->flutter_count + 1) * sizeof *out->flutter_s);
    if (w->flutter_count)
        memcpy(out->flutter_s, w->flutter_s, w->flutter_count * sizeof *out->flutter_s);
    out->fs_hz = fs_hz;
    out->length = (size_t)((double)w->length * fs_hz / w->fs_hz);
    out->x = malloc(out->length * sizeof *out->x);
    double cut = fs_hz < w->fs_hz ? fs_hz / w->fs_hz : 1.0;
    int half = (int)(8.0 / cut) + 1;
    /* the kernel is tabulated: 64 phases between samples are far finer than the signal */
    enum { PHASES = 256 };
    double *kernel = malloc((size_t)(PHASES + 1) * (size_t)(2 * half) * sizeof *kernel);
    for (int p = 0; p <= PHASES; p++)
        for (int k = 0; k < 2 * half; k++) {
            double d = (double)(k - half + 1) - (double)p / PHASES;
            double a = PI * d * cut;
            double window = fabs(d) < half ? 0.5 + 0.5 * cos(PI * d / half) : 0.0;
            kernel[p * 2 * half + k] = (fabs(a) < 1e-9 ? 1.0 : sin(a) / a) * cut * window;
        }
    for (size_t i = 0; i < out->length; i++) {
        double t = (double)i * w->fs_hz / fs_hz;
        int64_t at = (int64_t)t;
        int p = (int)((t - (double)at) * PHASES + 0.5);
        double sum = 0.0;
        for (int k = 0; k < 2 * half; k++) {
            int64_t j = at + k - half + 1;
            if (j < 0)
                j = 0;
            if (j >= (int64_t)w->length)
                j = (int64_t)w->length - 1;
            sum += kernel[p * 2 * half + k] * (double)w->x[j];
        }
        out->x[i] = (float)sum;
    }
    free(kernel);
}
