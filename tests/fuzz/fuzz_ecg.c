/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ECG detector on any signal at any rate: the bytes are a score of single samples (any float), held values, beats,
 * noise, gaps and new starts. Three detectors run side by side, one on the inverted signal and one that takes many
 * samples at once, and must agree to the bit. */
#include "signal/ecg.h"

#include "base/rng.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST_SAMPLES 20000
#define MOST_WAITING 300

struct pair {
    struct ob_ecg *up, *down, *many;
    uint64_t samples;
    double fs_hz, last_index;
    float waiting[MOST_WAITING]; /* for the one that takes many, and what they must give */
    struct ob_ecg_beat expected[MOST_WAITING];
    size_t waiting_count, expected_count;
};

static void need(bool holds)
{
    if (!holds)
        abort();
}

static void push_waiting(struct pair *p)
{
    struct ob_ecg_beat beats[MOST_WAITING];
    const size_t found = ob_ecg_push_many(p->many, p->waiting, p->waiting_count, beats);
    need(found == p->expected_count);
    for (size_t i = 0; i < found; i++)
        need(beats[i].decided == p->expected[i].decided && beats[i].index == p->expected[i].index &&
             beats[i].confidence_01 == p->expected[i].confidence_01 && beats[i].height == p->expected[i].height);
    need(ob_ecg_quality_01(p->many) == ob_ecg_quality_01(p->up));
    p->waiting_count = p->expected_count = 0;
}

static void push(struct pair *p, float x)
{
    if (p->samples >= MOST_SAMPLES)
        return;
    struct ob_ecg_beat a, b;
    bool found = ob_ecg_push(p->up, x, &a), same = ob_ecg_push(p->down, -x, &b);
    need(found == same);
    if (found) {
        need(a.decided == p->samples && b.decided == a.decided);
        need(a.index == b.index && a.confidence_01 == b.confidence_01 && a.height == -b.height);
        need(a.index > p->last_index && a.index <= (double)p->samples);
        need(a.confidence_01 >= 0.0f && a.confidence_01 <= 1.0f);
        need(isfinite(a.height));
        p->last_index = a.index;
        p->expected[p->expected_count++] = a;
    }
    p->waiting[p->waiting_count++] = x;
    if (p->waiting_count == MOST_WAITING)
        push_waiting(p);
    float quality = ob_ecg_quality_01(p->up);
    need(quality >= 0.0f && quality <= 1.0f);
    need(ob_ecg_rate_doubt(p->up) == ob_ecg_rate_doubt(p->down));
    p->samples++;
}

/* One beat: a bell of `height` in the middle of `length` samples. */
static void beat(struct pair *p, double height, double width_s, int length)
{
    for (int i = 0; i < length; i++) {
        double t = (i - length / 2) / p->fs_hz / width_s;
        push(p, (float)(height * exp(-0.5 * t * t)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4)
        return 0;
    struct pair p = {.last_index = -1.0};
    double any;
    memcpy(&any, data, size < sizeof any ? 0 : sizeof any);
    if (size >= sizeof any)
        ob_ecg_destroy(ob_ecg_create(any));
    p.fs_hz = 100.0 + (double)((data[0] | data[1] << 8) % 9001) / 10.0;
    p.up = ob_ecg_create(p.fs_hz);
    p.down = ob_ecg_create(p.fs_hz);
    p.many = ob_ecg_create(p.fs_hz);
    struct ob_rng g;
    ob_rng_init(&g, data[2], 0);
    double unit = ldexp(1.0, (int)(data[3] % 64) - 32);
    float held = 0.0f;
    for (size_t i = 4; p.up && p.down && p.many && i + 2 < size && p.samples < MOST_SAMPLES;) {
        int what = data[i] % 8, a = data[i + 1], b = data[i + 2];
        i += 3;
        if (a % 4 == 0)
            push_waiting(&p);
        switch (what) {
        case 0:
            if (i + sizeof held <= size) {
                memcpy(&held, data + i, sizeof held);
                i += sizeof held;
            }
            push(&p, held);
            break;
        case 1:
            for (int k = 0; k < 4 * a; k++)
                push(&p, held);
            break;
        case 2:
        case 3:
            beat(&p, unit * (a - 100), 0.004 + b / 5000.0, (int)(p.fs_hz * (0.3 + (data[i - 3] >> 3) / 16.0)));
            break;
        case 4:
            for (int k = 0; k < 4 * a; k++)
                push(&p, (float)(unit * b * ob_rng_normal(&g)));
            break;
        case 5:
            for (int k = 0; k < a; k++)
                push(&p, b % 3 == 0 ? NAN : b % 3 == 1 ? INFINITY : -INFINITY);
            break;
        case 6:
            if (a % 8 == 0) {
                push_waiting(&p);
                ob_ecg_reset(p.up);
                ob_ecg_reset(p.many);
                ob_ecg_reset(p.down);
            }
            break;
        default:
            held = (float)(unit * (a - 128));
            push(&p, held);
        }
    }
    if (p.up && p.down && p.many)
        push_waiting(&p);
    ob_ecg_destroy(p.up);
    ob_ecg_destroy(p.down);
    ob_ecg_destroy(p.many);
    return 0;
}
