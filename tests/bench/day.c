/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day of ECG at 250 Hz through the tools for files, from the page cache on one core: beats alone, and beats with all
 * metrics. The day is ten simulated minutes, again and again. */
#include "base/time.h"
#include "person/person.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define FS_HZ   250
#define TIMES   144
#define FRAMES  (600 * FS_HZ)
#define REPEATS 3

static int write_day(const char *folder)
{
    static unsigned char bytes[2 * FRAMES];
    struct ob_person_desc desc;
    ob_person_desc_init(&desc);
    desc.ecg_hz = FS_HZ;
    desc.signals = 1u << OB_PERSON_ECG;
    struct ob_person *person = ob_person_create(&desc, 0);
    if (!person)
        return 1;
    int frames = 0;
    for (int64_t now_ns = 0; frames < FRAMES; now_ns += OB_NS_PER_S / 10) {
        float block[64];
        int got;
        ob_person_advance(person, now_ns, NULL);
        while ((got = ob_person_take_samples(person, OB_PERSON_ECG, block, 64, NULL)) > 0)
            for (int i = 0; i < got && frames < FRAMES; i++, frames++) {
                const int value = (int)lrintf(1000.0f * block[i]);
                bytes[2 * frames] = (unsigned char)(value & 0xff);
                bytes[2 * frames + 1] = (unsigned char)((value >> 8) & 0xff);
            }
    }
    ob_person_destroy(person);
    char path[256];
    snprintf(path, sizeof path, "%s/day.dat", folder);
    FILE *out = fopen(path, "wb");
    if (!out)
        return 1;
    size_t put = 0;
    for (int i = 0; i < TIMES; i++)
        put += fwrite(bytes, sizeof bytes, 1, out);
    if (fclose(out) != 0 || put != TIMES)
        return 1;
    snprintf(path, sizeof path, "%s/day.hea", folder);
    out = fopen(path, "w");
    if (!out)
        return 1;
    fprintf(out, "day 1 %d %d\nday.dat 16 1000/mV 16 0 0 0 0 ECG\n", FS_HZ, FRAMES * TIMES);
    return fclose(out) != 0;
}

static double children_cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static int run(const char *what, const char *arguments, const char *folder)
{
    char command[1024];
    snprintf(command, sizeof command, "'%s' %s '%s/day.hea' >/dev/null", OB_PROGRAM, arguments, folder);
    double best_s = INFINITY;
    for (int i = 0; i < REPEATS; i++) {
        const double from_s = children_cpu_s();
        if (system(command) != 0) {
            fprintf(stderr, "bench: this failed: %s\n", command);
            return 1;
        }
        best_s = fmin(best_s, children_cpu_s() - from_s);
    }
    printf("%-44s %8.2f s of CPU time (best of %d)\n", what, best_s, REPEATS);
    return 0;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 2;
    char folder[] = "/tmp/outbreath-bench-XXXXXX";
    if (!mkdtemp(folder))
        return 1;
    int failed = write_day(folder);
    if (!failed) {
        printf("24 h of ECG at %d Hz, %.1f million samples (aim for all of it: under 1 s)\n", FS_HZ,
               1e-6 * FRAMES * TIMES);
        failed |= run("beats", "beats --json", folder);
        failed |= run("beats, breathing and all metrics", "analyze --csv", folder);
    }
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) != 0 || failed;
}
