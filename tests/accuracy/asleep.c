/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is let go as asleep: of simulated persons who fall asleep in a guided session, and of those who do not. Fails
 * when anybody awake is let go who practises as the design expects, or too few sleepers are. accuracy_asleep N [SEED]
 * lives N sessions of each kind (default 2); seeds that chose no constant. */
#include "app/session/simulation.h"
#include "base/rng.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUTES 25.0
static unsigned first_seed = 1200000u;

enum kind { MAIN, STRANGE, LETS_GO, POOR, DEAF, STOPS, SLEEPER, STRANGE_SLEEPER, BELT_SLEEPER, KINDS };

static const char *const names[KINDS] = {
    "as the design expects",
    "hearts no estimator is made for",
    "who let go but follow (-6 bpm)",
    "who follow badly (compliance 0-0.5)",
    "who never follow",
    "awake, who stop following for good",
    "asleep in minute 7-12",
    "asleep, hearts of the second kind",
    "asleep, with a belt",
};

/* Most of those awake, least of those asleep, who may be let go in a small run. */
static const double most[KINDS] = {0.0, 0.2, 0.0, 0.35, 0.0, 0.5, 1.0, 1.0, 1.0};
static const double least[KINDS] = {[SLEEPER] = 0.3, [STRANGE_SLEEPER] = 0.0, [BELT_SLEEPER] = 0.3};

/* Minutes from falling asleep, or from the beginning, until guidance began to go; negative: it did not. */
static double live(enum kind kind, unsigned index)
{
    const unsigned seed = first_seed + 1000u * (unsigned)kind + index;
    struct ob_simulation_desc desc = {.feed = index % 4 == 3 ? OB_PERSON_FEED_ECG : OB_PERSON_FEED_RR,
                                      .with_resp = kind == BELT_SLEEPER,
                                      .deaf = kind == DEAF,
                                      .plan = {.minutes = MINUTES}};
    ob_person_desc_init(&desc.person);
    ob_person_desc_draw(&desc.person,
                        kind == STRANGE || kind == STRANGE_SLEEPER ? OB_PERSON_POPULATION_MISSPECIFIED
                                                                   : OB_PERSON_POPULATION_MAIN,
                        seed);
    ob_person_desc_draw_faults(&desc.person, seed);
    struct ob_rng rng;
    ob_rng_init(&rng, seed, 778);
    const double at_min = ob_rng_range(&rng, 7.0, 12.0);
    if (kind == LETS_GO) {
        desc.person.shift_at_min = at_min;
        desc.person.shift_bpm = -6.0;
    } else if (kind == POOR) {
        desc.person.compliance = ob_rng_range(&rng, 0.0, 0.5);
    } else if (kind >= STOPS) {
        desc.person.asleep_at_min = at_min;
        desc.person.asleep_bpm = kind == STOPS ? 0.0 : ob_rng_range(&rng, -8.0, -3.0);
    }
    struct ob_simulation *sim = ob_simulation_create(&desc);
    if (!sim)
        return (double)NAN;
    double let_go_min = -1.0;
    while (ob_simulation_tick(sim)) {
        const struct ob_snapshot *s = ob_simulation_snapshot(sim);
        if (s->let_go_ns != 0) {
            let_go_min = ob_s_from_ns(s->let_go_ns - s->begin_ns) / 60.0 - (kind >= STOPS ? at_min : 0.0);
            break;
        }
    }
    ob_simulation_destroy(sim);
    return let_go_min;
}

int main(int argc, char **argv)
{
    const int persons = argc > 1 ? atoi(argv[1]) : 2;
    int failures = 0;
    if (argc > 2)
        first_seed = (unsigned)strtoul(argv[2], NULL, 10); /* to tune on */
    printf("sessions of 25 minutes, persons        let go        after\n");
    for (int kind = 0; kind < KINDS; kind++) {
        int gone = 0;
        double after_min = 0.0;
        for (int i = 0; i < persons; i++) {
            const double min = live((enum kind)kind, (unsigned)i);
            if (isnan(min))
                return 1;
            gone += min >= 0.0;
            after_min += fmax(min, 0.0);
        }
        const double share = (double)gone / persons;
        const bool bad = share > most[kind] || share < least[kind];
        printf("%-38s %4d of %4d", names[kind], gone, persons);
        if (gone > 0)
            printf("  %4.1f min", after_min / gone);
        printf("%s\n", bad ? "  FAILED" : "");
        failures += bad;
    }
    return failures > 0;
}
