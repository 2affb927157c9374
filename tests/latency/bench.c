/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `./run bench latency`: how long light and sound take to answer a heartbeat, measured from outside (probe.h), beside
 * what the program says of itself. Nothing here is judged in the test run: time depends on the machine. */
#include "../live/child.h"
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEATS     150
#define WARM_UP   5
#define WIDTH     1280
#define HEIGHT    720
#define BUFFER_MS (512.0 / 48.0)

static struct stage stage;
static struct probe probe;

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct figures {
    double ms[PROBE_BEATS_MAX];
    size_t count, lost;
};

static double percentile(const struct figures *f, double p01)
{
    return f->count ? f->ms[(size_t)(p01 * (double)(f->count - 1) + 0.5)] : 0.0;
}

static void gather(struct figures *figures, int64_t answer_after_ns(const struct probe *, size_t))
{
    memset(figures, 0, sizeof *figures);
    for (size_t i = WARM_UP; i < probe.said; i++) {
        const int64_t at_ns = answer_after_ns(&probe, i);
        if (at_ns == INT64_MIN)
            figures->lost++;
        else
            figures->ms[figures->count++] = (double)(at_ns - probe.said_ns[i]) * 1e-6;
    }
    qsort(figures->ms, figures->count, sizeof figures->ms[0], by_size);
}

/* The number that follows `key` in what the program said; 0: it said no such thing. */
static double said(const char *output, const char *key)
{
    const char *found = NULL;
    for (const char *at = output; (at = strstr(at, key)); at += strlen(key))
        found = at + strlen(key);
    return found ? strtod(found, NULL) : 0.0;
}

static void print_row(const char *what, const struct figures *f)
{
    printf("%-34s %8.1f %8.1f %8.1f %7zu %6zu\n", what, percentile(f, 0.5), percentile(f, 0.95), percentile(f, 1.0),
           f->count, f->lost);
}

static void print_load(const char *when)
{
    double load = 0.0;
    if (getloadavg(&load, 1) == 1)
        printf("load average %s: %.2f\n", when, load);
}

static void report(void)
{
    static struct figures picture, sound;
    gather(&picture, probe_flip_after_ns);
    gather(&sound, probe_click_after_ns);
    const char *output = stage_output(&stage);
    const double reported_ms = said(output, "reported output latency ");
    const double fps = said(output, "picture: ");

    printf("%-34s %8s %8s %8s %7s %6s\n", "ms from the write of a beat to", "p50", "p95", "most", "beats", "lost");
    print_row("its flip in the framebuffer", &picture);
    print_row("its click on the sink", &sound);
    printf("\nThe framebuffer was looked at each 0.25 ms (at worst %.1f ms).\n", (double)probe.look_gap_ns * 1e-6);
    printf("A click may be heard up to %.1f ms later than given: one block of the sound server.\n",
           probe.slack_s * 1e3);
    printf("\nThe program says of itself:\n");
    for (const char *line = output; *line; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n'))
        printf("    %.*s\n", (int)strcspn(line, "\n"), line);

    const double p95 = percentile(&picture, 0.95), sound_p95 = percentile(&sound, 0.95);
    const double sound_aim_ms = BUFFER_MS + reported_ms;
    printf("\n%-46s %8s %8s\n", "aim", "reached", "");
    printf("%-46s %8.1f %8s\n", "picture p95 within two frames of 60 Hz (33.3)", p95, p95 <= 2e3 / 60.0 ? "yes" : "no");
    if (fps > 1.0)
        printf("picture p95 within two frames at %4.1f/s (%4.1f)  %8.1f %8s\n", fps, 2e3 / fps, p95,
               p95 <= 2e3 / fps ? "yes" : "no");
    if (reported_ms > 0.0)
        printf("sound p95 within buffer %.1f + latency %.1f      %8.1f %8s\n", BUFFER_MS, reported_ms, sound_p95,
               sound_p95 <= sound_aim_ms ? "yes" : "no");
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) /* it has no cases whose instructions could be counted */
        return 2;
    char problem[256];
    if (!stage_init(&stage, STAGE_SCREEN | STAGE_STUDIO | STAGE_LINE, WIDTH, HEIGHT, problem, sizeof problem)) {
        printf("skipped: %s\n", problem);
        return 0;
    }
    const char *const arguments[] = {OB_PROGRAM,  "--serial", stage.port, "--latency-probe",
                                     "--width",   "1280",     "--height", "720",
                                     "--minutes", "30",       NULL};
    print_load("before");
    probe.stage = &stage;
    probe.seed = 1;
    int status = 1;
    if (!studio_record_start(&stage.studio, 10) || !stage_start(&stage, arguments) || !stage_wait_picture(&stage, 30.0))
        fprintf(stderr, "latency: no picture came; the program said: %s\n", stage_output(&stage));
    else {
        sleep_s(4.0); /* until the picture has found its size and the sound its clock */
        const bool ran = probe_run(&probe, WARM_UP + BEATS);
        stage_end(&stage);
        studio_record_stop(&stage.studio);
        if (ran) {
            probe_listen(&probe);
            report();
            print_load("after");
            status = 0;
        } else
            fprintf(stderr, "latency: the program ended early; it said: %s\n", stage_output(&stage));
    }
    stage_finish(&stage);
    return status;
}
