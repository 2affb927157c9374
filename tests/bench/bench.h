/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A benchmark is a table of cases; this header turns the table into a program.
 *
 *   static const struct bench_case cases[] = {
 *       {.name = "one tick", .unit = "tick", .create = make_engine, .step = one_tick, .destroy = drop_engine},
 *   };
 *   int main(int argc, char **argv)
 *   {
 *       return bench_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
 *   }
 *
 * Without arguments the program prints a table: median, mean, p99, p99.9 and the worst of the cost of a step, in
 * CPU time of this thread. `--counted` lists the cases with their units, `--once CASE N` runs N steps of a case and
 * prints nothing: instructions.sh counts with these two. A program that prints tables of another shape needs
 * neither; it answers both with exit status 2 and is then only run as it is. */
#ifndef OB_TESTS_BENCH_H
#define OB_TESTS_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct bench_case {
    const char *name;             /* unique within the program */
    const char *unit;             /* what one step is, in the singular: "beat", "tick", "buffer", "frame" */
    void *(*create)(void);        /* may be NULL; everything that is not to be measured */
    void (*prepare)(void *state); /* before each step, not measured (with batch 1), but counted; may be NULL */
    void (*step)(void *state);    /* the work of one unit, or of units_per_step of them */
    void (*destroy)(void *state); /* may be NULL */
    int steps;                    /* measured steps; 0: 20000 */
    int warm_up;                  /* steps before that; 0: a tenth of them */
    int batch;                    /* steps per reading of the clock, for steps under 2 us; 0: 1 */
    int units_per_step;           /* 0: 1 */
    double period_ns;             /* a deadline for one unit: the table adds mean and p99.9 in percent of it; 0: none */
};

static int64_t bench_cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int bench_ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void bench_measure(const struct bench_case *c)
{
    int steps = c->steps > 0 ? c->steps : 20000;
    int warm_up = c->warm_up > 0 ? c->warm_up : steps / 10;
    int batch = c->batch > 0 ? c->batch : 1;
    int units = c->units_per_step > 0 ? c->units_per_step : 1;
    int readings = steps / batch > 0 ? steps / batch : 1;
    double *cost_ns = malloc((size_t)readings * sizeof *cost_ns);
    if (!cost_ns) {
        fprintf(stderr, "bench: no memory for %d readings\n", readings);
        exit(1);
    }
    void *state = c->create ? c->create() : NULL;
    for (int i = 0; i < warm_up; i++) {
        if (c->prepare)
            c->prepare(state);
        c->step(state);
    }
    double sum_ns = 0;
    for (int i = 0; i < readings; i++) {
        if (c->prepare)
            c->prepare(state);
        int64_t from = bench_cpu_ns();
        for (int k = 0; k < batch; k++)
            c->step(state);
        cost_ns[i] = (double)(bench_cpu_ns() - from) / batch / units;
        sum_ns += cost_ns[i];
    }
    if (c->destroy)
        c->destroy(state);
    qsort(cost_ns, (size_t)readings, sizeof *cost_ns, bench_ascending);
    double mean_ns = sum_ns / readings;
    double p999_ns = cost_ns[(int)(0.999 * (readings - 1))];
    printf("%-32s %-10s %10.3f %10.3f %10.3f %10.3f %10.3f", c->name, c->unit, cost_ns[readings / 2] / 1e3,
           mean_ns / 1e3, cost_ns[(int)(0.99 * (readings - 1))] / 1e3, p999_ns / 1e3, cost_ns[readings - 1] / 1e3);
    if (c->period_ns > 0)
        printf("   %6.3f%% %6.3f%%", 100 * mean_ns / c->period_ns, 100 * p999_ns / c->period_ns);
    putchar('\n');
    fflush(stdout);
    free(cost_ns);
}

static int bench_main(int argc, char **argv, const struct bench_case *cases, size_t count)
{
    if (argc == 2 && strcmp(argv[1], "--counted") == 0) {
        for (size_t i = 0; i < count; i++)
            printf("%s\t%s\t%d\n", cases[i].name, cases[i].unit,
                   cases[i].units_per_step > 0 ? cases[i].units_per_step : 1);
        return 0;
    }
    if (argc == 4 && strcmp(argv[1], "--once") == 0) {
        for (size_t i = 0; i < count; i++) {
            if (strcmp(argv[2], cases[i].name) != 0)
                continue;
            void *state = cases[i].create ? cases[i].create() : NULL;
            for (long n = strtol(argv[3], NULL, 10); n > 0; n--) {
                if (cases[i].prepare)
                    cases[i].prepare(state);
                cases[i].step(state);
            }
            if (cases[i].destroy)
                cases[i].destroy(state);
            return 0;
        }
        fprintf(stderr, "bench: there is no case \"%s\"\n", argv[2]);
        return 2;
    }
    if (argc != 1) {
        fprintf(stderr, "usage: %s [--counted | --once CASE STEPS]\n", argv[0]);
        return 2;
    }
    printf("%-32s %-10s %10s %10s %10s %10s %10s   (us of CPU time)\n", "case", "one", "median", "mean", "p99", "p99.9",
           "worst");
    for (size_t i = 0; i < count; i++)
        bench_measure(&cases[i]);
    return 0;
}

#endif
