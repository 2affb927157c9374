/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breathing rate from beats against a belt or impedance, in 60 s windows every 5 s, each with what was known by its
 * end. The reference is the number of breaths in the window: rising crossings of the smoothed signal's mean, with a
 * hysteresis of a tenth of its spread. */
#include "signal/resp.h"
#include "score.h"
#include "signal/ecg.h"
#include "wave.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

/* Breaths a minute between two times: intervals between rising crossings. */
static double reference(const float *x, double fs_hz, double from_s, double to_s)
{
    int from = (int)(from_s * fs_hz), to = (int)(to_s * fs_hz), half = (int)(0.25 * fs_hz);
    double mean = 0.0, spread = 0.0, first = -1.0, last = -1.0;
    for (int i = from; i < to; i++)
        mean += (double)x[i] / (to - from);
    for (int i = from; i < to; i++)
        spread += fabs((double)x[i] - mean) / (to - from);
    int breaths = -1;
    bool below = false;
    for (int i = from + half; i < to - half; i++) {
        double v = 0.0;
        for (int k = -half; k <= half; k++)
            v += (double)x[i + k] / (2 * half + 1);
        if (v < mean - 0.3 * spread)
            below = true;
        if (below && v > mean + 0.3 * spread) {
            below = false;
            last = i / fs_hz;
            if (breaths++ < 0)
                first = last;
        }
    }
    return breaths > 0 ? 60.0 * breaths / (last - first) : 0.0;
}

static void one(const char *name, int resp_channel, double most, double target)
{
    char path[64];
    snprintf(path, sizeof path, "wave/%s", name);
    struct wave ecg, belt;
    if (!wave_load(&ecg, path, 0, NULL) || !wave_load(&belt, path, resp_channel, NULL)) {
        printf("%s cannot be read\n", path);
        failures++;
        return;
    }
    struct ob_ecg *detector = ob_ecg_create(ecg.fs_hz);
    struct ob_resp resp;
    ob_resp_init(&resp);
    double last_s = -1.0, next_s = 60.0, sum = 0.0, sum_good = 0.0, good = 0.0;
    int count = 0;
    for (size_t i = 0; i < ecg.length; i++) {
        struct ob_ecg_beat beat;
        double now_s = (double)i / ecg.fs_hz;
        if (ob_ecg_push(detector, ecg.x[i], &beat)) {
            double t = beat.index / ecg.fs_hz;
            ob_resp_push(&resp, t, last_s >= 0.0 ? t - last_s : (double)NAN, (double)beat.height);
            last_s = t;
        }
        if (now_s < next_s)
            continue;
        double truth = reference(belt.x, belt.fs_hz, now_s - 60.0, now_s), rate, quality;
        next_s += 5.0;
        if (truth <= 0.0)
            continue;
        if (!ob_resp_rate(&resp, now_s, &rate, &quality)) {
            rate = 0.0;
            quality = 0.0;
        }
        sum += fabs(rate - truth);
        count++;
        if (quality > 0.35) {
            sum_good += fabs(rate - truth);
            good++;
        }
    }
    double error = count ? sum / count : 99.0;
    printf("%-10s mean absolute error %.2f/min in %d windows (most %.2f, target %.2f); %.2f in the %.0f with a quality "
           "above "
           "0.35%s\n",
           name, error, count, most, target, good > 0.0 ? sum_good / good : 0.0, good, error > most ? "  FAILED" : "");
    failures += error > most;
    ob_ecg_destroy(detector);
    wave_free(&ecg);
    wave_free(&belt);
}

int main(void)
{
    if (!wave_data()) {
        puts("skipped: no recordings (OB_DATA)");
        return 77;
    }
    one("nk_rest8", 1, 0.5, 0.5);
    /* shallow, uneven breathing: the best published method has 2.49 */
    one("nk_rest5", 2, 2.6, 2.0);
    one("bidmc_01", 2, 0.5, 1.5);
    printf("\n%s\n", failures ? "FAILED" : "all figures reached");
    return failures ? 1 : 0;
}
