/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `./run bench cpu [SECONDS]`: processor time of the whole program in a session without a picture (`outbreath
 * breathe`), all its threads together, with sound into a null sink. Real time: a minute a row by default. A sound
 * server is another program and does not count. */
#include "../live/child.h"
#include "../live/stage.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SETTLE_S 15.0 /* voice, first breaths, devices */
#define AIM      3.0  /* percent of a core */
#define THREADS  64

static struct stage stage;

/* Processor time of a task in seconds, by its stat file; 0 where there is none. */
static double used_s(const char *path)
{
    char text[1024];
    FILE *in = fopen(path, "re");
    if (!in)
        return 0.0;
    const size_t got = fread(text, 1, sizeof text - 1, in);
    fclose(in);
    text[got] = '\0';
    const char *behind = strrchr(text, ')'); /* a name may hold anything */
    unsigned long user = 0, system = 0;
    if (!behind || sscanf(behind + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        return 0.0;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double program_s(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)stage.program);
    return used_s(path);
}

struct task {
    int id;
    double used_s;
};

static size_t tasks_of(struct task *tasks)
{
    char path[64];
    size_t count = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)stage.program);
    DIR *listing = opendir(path);
    for (struct dirent *entry; listing && (entry = readdir(listing)) && count < THREADS;) {
        const int id = atoi(entry->d_name);
        if (id <= 0)
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%d/stat", (int)stage.program, id);
        tasks[count++] = (struct task){id, used_s(path)};
    }
    if (listing)
        closedir(listing);
    return count;
}

static double before_s(const struct task *tasks, size_t count, int id)
{
    for (size_t i = 0; i < count; i++)
        if (tasks[i].id == id)
            return tasks[i].used_s;
    return 0.0;
}

static int most_first(const void *a, const void *b)
{
    const double d = ((const struct task *)b)->used_s - ((const struct task *)a)->used_s;
    return (d > 0.0) - (d < 0.0);
}

/* Waits; a strap's worth of beats goes down the line meanwhile. */
static bool live(double seconds, bool beats)
{
    const double from = now_s();
    double next = from;
    while (stage_runs(&stage) && now_s() - from < seconds) {
        const double rr_s = 0.93 + 0.06 * sin(0.6283 * (now_s() - from));
        if (beats && now_s() >= next) {
            char line[16];
            snprintf(line, sizeof line, "Q%.0f\r\n", 1e3 * rr_s);
            stage_say(&stage, line);
            next += rr_s;
        }
        sleep_s(0.02);
    }
    return stage_runs(&stage);
}

static bool measure(const char *what, const char *const *arguments, int parts, double seconds)
{
    char problem[256];
    struct task before[THREADS], after[THREADS];
    if (!stage_init(&stage, parts, 0, 0, problem, sizeof problem)) {
        printf("%-44s skipped: %s\n", what, problem);
        return true;
    }
    const char *words[16] = {OB_PROGRAM, "breathe", "--minutes", "20", NULL};
    size_t count = 4;
    for (; *arguments; arguments++)
        words[count++] = strcmp(*arguments, "PORT") == 0 ? stage.port : *arguments;
    words[count] = NULL;
    const bool beats = parts & STAGE_LINE;
    bool ran = stage_start(&stage, words) && live(SETTLE_S, beats);
    const size_t were = tasks_of(before);
    const double from_s = program_s(), began = now_s();
    ran = ran && live(seconds, beats);
    const double used = program_s() - from_s, took = now_s() - began;
    const size_t are = tasks_of(after);
    if (ran) {
        printf("%-44s %6.2f%%   by thread:", what, 100.0 * used / took);
        for (size_t i = 0; i < are; i++)
            after[i].used_s -= before_s(before, were, after[i].id);
        qsort(after, are, sizeof *after, most_first);
        for (size_t i = 0; i < are && i < 5; i++)
            printf(" %.2f", 100.0 * after[i].used_s / took);
        printf("\n");
        fflush(stdout);
    } else
        fprintf(stderr, "cpu: the program ended early: %s\n", stage_output(&stage));
    stage_finish(&stage);
    return ran;
}

int main(int argc, char **argv)
{
    const double seconds = argc > 1 ? atof(argv[1]) : 60.0;
    if (argc > 2 || seconds < 1.0)
        return 2;
    printf("processor time of the whole program without a picture, of one core (aim: under %.0f%%), over %.0f s\n", AIM,
           seconds);
    static const char *const alone[] = {NULL}, *const line[] = {"--serial", "PORT", NULL},
                             *const demo[] = {"--demo", NULL}, *const mute[] = {"--mute", NULL};
    bool good = measure("no sensor, sound", alone, STAGE_STUDIO, seconds);
    good &= measure("beats from a serial line, sound", line, STAGE_STUDIO | STAGE_LINE, seconds);
    good &= measure("simulated ECG (made here as well), sound", demo, STAGE_STUDIO, seconds);
    good &= measure("no sensor, no sound", mute, 0, seconds);
    return good ? 0 : 1;
}
