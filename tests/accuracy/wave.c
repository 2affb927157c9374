/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wave.h"

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

/* Annotation codes of the WFDB library: 1-13, 25, 30, 34, 35, 38, 41 are beats; 31, 32, 33: flutter begins, wave, ends.
 */
static void load_atr(struct wave *w, const uint8_t *b, size_t size)
{
    int64_t t = 0;
    double begin = -1.0;
    for (size_t i = 0; i + 1 < size; i += 2) {
        unsigned word = b[i] | (unsigned)b[i + 1] << 8;
        unsigned code = word >> 10, rest = word & 0x3ff;
        if (word == 0)
            break;
        if (code == 59) {
            int32_t skip =
                (int32_t)((uint32_t)b[i + 2] << 16 | (uint32_t)b[i + 3] << 24 | b[i + 4] | (uint32_t)b[i + 5] << 8);
            t += skip;
            i += 4;
            continue;
        }
        if (code == 63) {
            i += (rest + 1) & ~1u;
            continue;
        }
        if (code >= 60)
            continue;
        t += rest;
        double s = (double)t / w->fs_hz;
        if ((code >= 1 && code <= 13) || code == 25 || code == 30 || code == 34 || code == 35 || code == 38 ||
            code == 41)
            add_beat(w, s);
        else if (code == 32)
            begin = s;
        else if (code == 33 && begin >= 0.0) {
            w->flutter_s = realloc(w->flutter_s, (w->flutter_count + 1) * sizeof *w->flutter_s);
            w->flutter_s[w->flutter_count][0] = begin;
            w->flutter_s[w->flutter_count++][1] = s;
            begin = -1.0;
        }
    }
}

bool wave_load(struct wave *w, const char *name, int channel, const char *beats)
{
    memset(w, 0, sizeof *w);
    size_t size;
    char *hea = (char *)slurp(name, "hea", &size);
    if (!hea)
        return false;
    char id[128];
    int signals = 0, format = 0;
    size_t length = 0;
    if (sscanf(hea, "%127s %d %lf %zu", id, &signals, &w->fs_hz, &length) != 4) {
        free(hea);
        return false;
    }
    const char *line = strchr(hea, '\n');
    sscanf(line ? line + 1 : "", "%127s %d", id, &format);
    free(hea);
    uint8_t *dat = slurp(name, "dat", &size);
    if (!dat)
        return false;
    w->length = length;
    w->x = malloc(length * sizeof *w->x);
    for (size_t i = 0; i < length; i++) {
        size_t at = i * (size_t)signals + (size_t)channel;
        int v;
        if (format == 212) {
            const uint8_t *p = dat + at / 2 * 3;
            v = at % 2 ? (p[2] | (p[1] & 0xf0) << 4) : (p[0] | (p[1] & 0x0f) << 8);
            if (v & 0x800)
                v -= 0x1000;
            w->x[i] = v == -2048 ? NAN : (float)v;
        } else {
            v = (int16_t)(dat[at * 2] | dat[at * 2 + 1] << 8);
            w->x[i] = v == -32768 ? NAN : (float)v;
        }
    }
    free(dat);
    if (!beats)
        return true;
    uint8_t *ref = slurp(name, beats, &size);
    if (!ref)
        return false;
    if (strcmp(beats, "atr") == 0) {
        load_atr(w, ref, size);
    } else {
        for (char *p = strchr((char *)ref, '\n'); p && p[1]; p = strchr(p + 1, '\n'))
            add_beat(w, atof(p + 1) / w->fs_hz);
    }
    free(ref);
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
