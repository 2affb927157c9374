/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole sessions: how many times faster than real time headless runs, and how soon the first breath is guided. */
#include "base/time.h"
#include "engine/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MINUTES 20.0

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int headless(const char *what, const char *arguments, const char *folder)
{
    char command[1024];
    snprintf(command, sizeof command, "'%s' headless --minutes %g %s --out '%s' >/dev/null", OB_PROGRAM, MINUTES,
             arguments, folder);
    const double from_s = now_s();
    if (system(command) != 0) {
        fprintf(stderr, "bench: headless failed: %s\n", command);
        return 1;
    }
    const double took_s = now_s() - from_s;
    printf("%-44s %8.2f s for %.0f min %8.0f times real time\n", what, took_s, MINUTES, MINUTES * 60.0 / took_s);
    return 0;
}

/* Session time at which the pacer leads at least by half. */
static double first_guided_s(void)
{
    struct ob_engine *engine = ob_engine_create();
    if (!engine)
        exit(1);
    const struct ob_event begin = {.kind = OB_EVENT_BEGIN};
    ob_engine_step(engine, &begin);
    const struct ob_snapshot *s = ob_engine_snapshot(engine);
    while (s->params.guidance_01 < 0.5f && s->now_ns < 60 * OB_NS_PER_S)
        ob_engine_advance(engine, s->now_ns + OB_TICK_NS);
    const double at_s = ob_s_from_ns(s->now_ns);
    ob_engine_destroy(engine);
    return at_s;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 2;
    char folder[] = "/tmp/outbreath-bench-XXXXXX";
    if (!mkdtemp(folder))
        return 1;
    int failed = headless("headless, simulated ECG, files", "--no-frames --no-sound", folder);
    failed |= headless("headless, simulated ECG, files and sound", "--no-frames", folder);
    printf("%-44s %8.2f s after the session began (aim: 1 s)\n", "first guided breath", first_guided_s());
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) != 0 || failed;
}
