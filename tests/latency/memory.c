/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `./run bench memory`: memory that is the program's own: anonymous plus shared memory of the kernel's smaps_rollup
 * ("Anonymous" counts private pages without a file behind them; "Shmem" of status is shared memory, such as pictures on
 * their way to the X server). Live at 720p after half a minute, and over a simulated hour without picture. */
#include "../live/child.h"
#include "../live/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIVE_S 30.0

static struct stage stage;

static double kib_of(pid_t pid, const char *file, const char *key)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *in = fopen(path, "re");
    double kib = 0.0;
    while (in && fgets(line, sizeof line, in))
        if (strncmp(line, key, strlen(key)) == 0)
            kib = strtod(line + strlen(key), NULL);
    if (in)
        fclose(in);
    return kib;
}

static void print_memory(const char *what, pid_t pid)
{
    const double anonymous = kib_of(pid, "smaps_rollup", "Anonymous:"), shared = kib_of(pid, "status", "RssShmem:");
    printf("%-30s %10.1f %10.1f %10.1f %10.1f\n", what, (anonymous + shared) / 1024.0, anonymous / 1024.0,
           shared / 1024.0, kib_of(pid, "smaps_rollup", "Pss:") / 1024.0);
}

static bool live(void)
{
    char problem[256];
    if (!stage_init(&stage, STAGE_SCREEN | STAGE_STUDIO, 1280, 720, problem, sizeof problem)) {
        printf("live: skipped: %s\n", problem);
        return true;
    }
    const char *const arguments[] = {OB_PROGRAM, "--demo", "--numbers", "--minutes", "10", NULL};
    const bool ran = stage_start(&stage, arguments) && stage_wait_picture(&stage, 30.0);
    if (ran) {
        sleep_s(LIVE_S);
        print_memory("live, 720p, software GL, 30 s", stage.program);
        sleep_s(LIVE_S);
        print_memory("live, 60 s", stage.program);
    }
    stage_finish(&stage);
    return ran;
}

/* A simulated hour without files of sound and pictures, looked at a hundred times a second: its middle halves are
 * compared. Its start and its last words are not its slope. */
static bool hour(void)
{
    char out[160], problem[256];
    if (!stage_init(&stage, 0, 0, 0, problem, sizeof problem))
        return false;
    snprintf(out, sizeof out, "%s/session", stage.folder);
    const char *const arguments[] = {OB_PROGRAM, "headless",      "--minutes",   "60",         "--out", out,
                                     "--person", "ectopic_pct=1", "--no-frames", "--no-sound", NULL};
    double looks[4096];
    size_t count = 0;
    bool ran = stage_start(&stage, arguments);
    while (ran && stage_runs(&stage)) {
        const double kib =
            kib_of(stage.program, "smaps_rollup", "Anonymous:") + kib_of(stage.program, "status", "RssShmem:");
        if (kib > 0.0 && count < sizeof looks / sizeof *looks)
            looks[count++] = kib;
        sleep_s(0.01);
    }
    ran = ran && stage_wait(&stage, 1.0) == 0;
    if (ran && count >= 20) {
        double most_early = 0.0, most_late = 0.0;
        for (size_t i = count / 10; i < count - count / 10; i++) {
            double *most = i < count / 2 ? &most_early : &most_late;
            *most = looks[i] > *most ? looks[i] : *most;
        }
        printf("%-30s %10.1f\n", "headless, first half hour", most_early / 1024.0);
        printf("%-30s %10.1f   (%+.0f KiB)\n", "headless, second half hour", most_late / 1024.0,
               most_late - most_early);
    } else
        fprintf(stderr, "memory: the simulated hour did not run to its end: %s\n", stage_output(&stage));
    stage_finish(&stage);
    return ran;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 2;
    printf("%-30s %10s %10s %10s %10s\n", "MiB (aim: at most 80)", "together", "anonymous", "shared", "PSS");
    const bool good = live();
    return hour() && good ? 0 : 1;
}
