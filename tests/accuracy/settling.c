/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exhale moment's operating point: how often a shift of simulated persons is found and how often quiet half hours
 * have a mark, on seeds that nothing was fitted on; and what real recordings raise.
 *
 *   accuracy_settling [SESSIONS]     of each kind; without, a few of those that are judged. With it also those that
 * only tell, and the recordings. Fails when the intervals (95%) exclude what docs/loop.md says. */
#include "base/event.h"
#include "base/time.h"
#include "engine/engine.h"
#include "settling_trial.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUIET_SEED 1000000u
#define SHIFT_SEED 2000000u
#define ODD_SEED   3000000u

/* Wilson 1927, doi:10.1080/01621459.1927.10502953 */
static void wilson(int hits, int n, double *low, double *high)
{
    const double z = 1.96, p = (double)hits / n, k = 1.0 + z * z / n;
    const double half = z * sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
    *low = (p + z * z / (2.0 * n) - half) / k;
    *high = (p + z * z / (2.0 * n) + half) / k;
}

struct row {
    const char *name;
    struct trial trial;
    double bound; /* hits of at least this, or half hours with a mark of at most this; NAN: printed only */
};

static int run_row(const struct row *row, int sessions)
{
    int hits = 0, near = 0;
    for (int i = 0; i < sessions; i++) {
        struct trial trial = row->trial;
        trial.seed += (uint32_t)i;
        struct trial_result result;
        if (!trial_run(&trial, &result))
            return 1;
        bool hit = false;
        for (int k = 0; k < result.marks && !hit; k++) {
            const double late_s = ob_s_from_ns(result.mark[k].known_ns) - result.shift_s;
            hit = result.shift_s < 0.0 || (late_s > 0.0 && late_s <= TRIAL_HIT_S);
            near += hit && fabs(ob_s_from_ns(result.mark[k].at_ns) - result.shift_s) <= TRIAL_NEAR_S;
        }
        hits += hit; /* without a shift every mark is one too many */
    }
    double low, high;
    wilson(hits, sessions, &low, &high);
    const bool quiet = row->trial.shift_bpm == 0.0;
    const bool held = !(quiet ? low > row->bound : high < row->bound);
    printf("%-44s %6.3f  [%.3f, %.3f]", row->name, (double)hits / sessions, low, high);
    if (!quiet && hits > 0)
        printf("  within 90 s: %.2f", (double)near / hits);
    if (!isnan(row->bound))
        printf("  %s %.2f: %s", quiet ? "at most" : "at least", row->bound, held ? "holds" : "FAILS");
    printf("\n");
    return held ? 0 : 1;
}

/* ---- recordings ------------------------------------------------------------------------------------------------- */

static int listen(const char *name, double *hours)
{
    const char *dir = getenv("OB_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/rr/%s.rr.txt", dir && *dir ? dir : OB_TEST_DATA_DEFAULT, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    struct ob_engine *engine = ob_engine_create();
    if (!engine)
        abort();
    int marks = 0;
    double rr_ms, t_s = 0.0, watched_s = 0.0;
    for (;;) {
        /* Sessions of an hour: nobody lies still for longer. */
        const int64_t begin_ns = ob_ns_from_s(t_s);
        ob_engine_step(engine,
                       &(struct ob_event){.kind = OB_EVENT_BEGIN, .applied_ns = begin_ns, .u.plan.minutes = 70});
        ob_engine_step(engine, &(struct ob_event){.kind = OB_EVENT_COMMAND,
                                                  .applied_ns = begin_ns,
                                                  .u.command = {OB_COMMAND_JUST_BREATHE, 1.0}});
        const double end_s = t_s + 3600.0;
        bool more = true;
        while (t_s < end_s && (more = fscanf(file, "%lf", &rr_ms) == 1)) {
            if (rr_ms <= 0.0)
                continue;
            t_s += rr_ms * 1e-3;
            const int64_t at = ob_ns_from_s(t_s);
            ob_engine_step(engine, &(struct ob_event){.kind = OB_EVENT_RR,
                                                      .measured_ns = at,
                                                      .arrived_ns = at,
                                                      .applied_ns = at,
                                                      .u.rr = {.rr_ms = rr_ms, .beats = OB_BEATS_RR, .quality_01 = 1}});
        }
        marks += (int)ob_engine_snapshot(engine)->mark_count;
        watched_s += ob_engine_snapshot(engine)->settling_watched_s;
        if (!more || t_s > 24.0 * 3600.0)
            break;
    }
    ob_engine_destroy(engine);
    fclose(file);
    *hours = watched_s / 3600.0;
    return marks;
}

/* Of a count, by Wilson and Hilferty's approximation of chi squared (doi:10.1073/pnas.17.12.684). */
static double poisson_bound(double count, bool upper)
{
    const double n = upper ? count + 1.0 : count;
    if (n <= 0.0)
        return 0.0;
    const double c = 1.0 - 1.0 / (9.0 * n) + (upper ? 1.96 : -1.96) / (3.0 * sqrt(n));
    return n * c * c * c;
}

static void recordings(void)
{
    static const struct {
        const char *title, *names[8];
    } groups[] = {
        {"a day of healthy hearts, waking and asleep", {"rr_nsr001", "rr_nsr004", "rr_nsr007", "nsr2_nsr001"}},
        {"ear-clip biofeedback sessions", {"joegle_02", "joegle_05", "joegle_09", "joegle_13", "joegle_17"}},
        {"at rest, short", {"meditation_pre", "rb_rest", "h10_dhyb"}},
    };
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        double hours = 0.0;
        int marks = 0, files = 0;
        for (int i = 0; i < 8 && groups[g].names[i]; i++) {
            double h = 0.0;
            const int n = listen(groups[g].names[i], &h);
            if (n < 0)
                continue;
            files++;
            marks += n;
            hours += h;
        }
        if (files == 0)
            printf("%-44s no recordings here: skipped\n", groups[g].title);
        else if (hours > 0.0)
            printf("%-44s %6.2f marks an hour  [%.2f, %.2f]  (%d in %.1f hours of %d recordings)\n", groups[g].title,
                   marks / hours, poisson_bound(marks, false) / hours, poisson_bound(marks, true) / hours, marks, hours,
                   files);
    }
}

int main(int argc, char **argv)
{
    const int sessions = argc > 1 ? atoi(argv[1]) : 40;
    const bool all = argc > 1;
    const enum ob_person_population usual = OB_PERSON_POPULATION_MAIN, odd = OB_PERSON_POPULATION_MISSPECIFIED;
    const struct row rows[] = {
        {"quiet, heart alone", {usual, QUIET_SEED, 0.0, false, false}, 0.05},
        {"quiet, with a belt", {usual, QUIET_SEED, 0.0, true, false}, 0.05},
        {"quiet, paced", {usual, QUIET_SEED, 0.0, false, true}, 0.05},
        {"shift of -4 bpm, heart alone", {usual, SHIFT_SEED, -4.0, false, false}, 0.80},
        {"shift of -4 bpm, with a belt", {usual, SHIFT_SEED, -4.0, true, false}, 0.88},
        {"shift of -4 bpm, paced", {usual, SHIFT_SEED, -4.0, false, true}, NAN},
        {"shift of -2 bpm, heart alone", {usual, SHIFT_SEED, -2.0, false, false}, NAN},
        {"shift of -6 bpm, heart alone", {usual, SHIFT_SEED, -6.0, false, false}, NAN},
        {"shift of -6 bpm, paced", {usual, SHIFT_SEED, -6.0, false, true}, NAN},
        {"unexpected persons: quiet, heart alone", {odd, ODD_SEED, 0.0, false, false}, NAN},
        {"unexpected persons: quiet, with a belt", {odd, ODD_SEED, 0.0, true, false}, NAN},
        {"unexpected persons: -4 bpm, heart alone", {odd, ODD_SEED, -4.0, false, false}, NAN},
    };
    printf("%d simulated half hours of each kind; 95%% intervals\n", sessions);
    int failures = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!all && isnan(rows[i].bound))
            continue;
        failures += run_row(&rows[i], sessions);
        fflush(stdout);
    }
    if (all) {
        printf("\nreal recordings, unpaced view, heart alone; nobody knows what was a shift:\n");
        recordings();
    }
    return failures ? 1 : 0;
}
