/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wav.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t le32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

int wav_read(const char *path, struct wav *wav_out)
{
    FILE *in = fopen(path, "rb");
    unsigned char head[12], chunk[8], format[40] = {0};
    if (!in)
        return -1;
    int result = -1;
    if (fread(head, 1, 12, in) == 12 && memcmp(head, "RIFF", 4) == 0 && memcmp(head + 8, "WAVE", 4) == 0)
        while (fread(chunk, 1, 8, in) == 8) {
            const uint32_t size = le32(chunk + 4);
            if (memcmp(chunk, "fmt ", 4) == 0 && size <= sizeof format) {
                if (fread(format, 1, size, in) != size)
                    break;
            } else if (memcmp(chunk, "data", 4) == 0) {
                const unsigned bits = format[14];
                const size_t frames = size / 6;
                unsigned char *bytes = malloc(size);
                if (bits != 24 || format[2] != 2 || !bytes || fread(bytes, 1, size, in) != size) {
                    free(bytes);
                    break;
                }
                wav_out->rate_hz = le32(format + 4);
                wav_out->frames = frames;
                wav_out->mono = malloc(frames * sizeof(float));
                for (size_t i = 0; i < frames && wav_out->mono; i++) {
                    double sum = 0;
                    for (int c = 0; c < 2; c++) {
                        const unsigned char *p = bytes + 6 * i + 3 * c;
                        sum +=
                            (int32_t)((uint32_t)p[0] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 24) / 2147483648.0;
                    }
                    wav_out->mono[i] = (float)(0.5 * sum);
                }
                free(bytes);
                result = wav_out->mono ? 0 : -1;
                break;
            } else if (fseek(in, (long)(size + (size & 1)), SEEK_CUR) != 0)
                break;
        }
    fclose(in);
    return result;
}

size_t wav_envelope(const struct wav *wav, double step_s, double *out, size_t max)
{
    const size_t step = (size_t)(wav->rate_hz * step_s);
    size_t n = 0;
    for (size_t at = 0; at + step <= wav->frames && n < max; at += step) {
        double sum = 0;
        for (size_t i = 0; i < step; i++)
            sum += (double)wav->mono[at + i] * (double)wav->mono[at + i];
        out[n++] = 10 * log10(sum / (double)step + 1e-12);
    }
    return n;
}

/* Power of the series at a frequency (cycles a step), Hann window. */
static double power_at(const double *x, size_t n, double mean, double frequency)
{
    double re = 0, im = 0;
    for (size_t i = 0; i < n; i++) {
        const double w = (x[i] - mean) * (0.5 - 0.5 * cos(6.283185307179586 * (double)i / (double)n));
        re += w * cos(6.283185307179586 * frequency * (double)i);
        im += w * sin(6.283185307179586 * frequency * (double)i);
    }
    return re * re + im * im;
}

double series_period(const double *x, size_t n, double shortest, double longest)
{
    double mean = 0, best = shortest, best_power = -1;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (double period = shortest; period <= longest; period *= 1.001) {
        const double power = power_at(x, n, mean, 1 / period) + power_at(x, n, mean, 2 / period);
        if (power > best_power) {
            best_power = power;
            best = period;
        }
    }
    return best;
}

double series_repeat(const double *x, size_t n, double shortest, double longest)
{
    double mean = 0, best = shortest, best_likeness = -1e300;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (size_t lag = (size_t)ceil(shortest); lag <= (size_t)longest && lag < n; lag++) {
        double likeness = 0;
        for (size_t i = 0; i + lag < n; i++)
            likeness += (x[i] - mean) * (x[i + lag] - mean) / (double)(n - lag);
        if (likeness > best_likeness) {
            best_likeness = likeness;
            best = (double)lag;
        }
    }
    return best;
}

static void put(FILE *file, uint32_t x, int bytes)
{
    for (int i = 0; i < bytes; i++)
        fputc((int)(x >> (8 * i) & 255), file);
}

int wav_write_tone(const char *path, uint32_t rate_hz, double seconds, double level)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return -1;
    const uint32_t frames = (uint32_t)(seconds * rate_hz);
    fputs("RIFF", file);
    put(file, 36 + 2 * frames, 4);
    fputs("WAVEfmt ", file);
    put(file, 16, 4);
    put(file, 1, 2);
    put(file, 1, 2);
    put(file, rate_hz, 4);
    put(file, 2 * rate_hz, 4);
    put(file, 2, 2);
    put(file, 16, 2);
    fputs("data", file);
    put(file, 2 * frames, 4);
    uint32_t random = 1;
    for (uint32_t i = 0; i < frames; i++) {
        random = random * 1664525u + 1013904223u;
        const double rustle = (double)(int32_t)random / 2147483648.0;
        const double x = level * (0.6 * sin(6.283185307 * 300.0 * i / rate_hz) + 0.2 * rustle);
        put(file, (uint32_t)(int32_t)lrint(32767.0 * x) & 0xffff, 2);
    }
    return fclose(file);
}
