/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many sighs are seen by a belt and by the chest's acceleration, and how many that are none; fails beyond the
 * stated figures. Simulated persons of seeds that chose no constant, half an hour each, who sigh 12 times an hour
 * at 2.2-3 times the depth of their breath before its own scatter: the least of them are no deeper than deep breaths
 * are. accuracy_sigh N asks N persons of each kind (default 4). Of real recordings nobody knows which breaths were
 * sighs; how many are called so is printed. */
#include "base/time.h"
#include "person/person.h"
#include "signal/resp.h"
#include "wave.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUTES 30
#define NEAR_S  6.0
#define SEED    990000u
#define MOST    200

struct kind {
    const char *name;
    bool acc, paced;
    double strokes, motion;
    double least, most_per_h; /* share seen, false ones an hour */
};

struct tally {
    int sighs, seen, named;
    double hours;
};

struct session {
    struct ob_person *person;
    struct ob_resp *resp;
    double sigh_s[MOST], named_s[MOST];
    int sighs, named;
};

static void feed(struct session *s, bool acc)
{
    float x[3 * 64];
    int64_t last_ns;
    const enum ob_person_signal which = acc ? OB_PERSON_ACC : OB_PERSON_RESP;
    const int64_t period_ns = (int64_t)(1e9 / ob_person_signal_hz(s->person, which));
    const int n = ob_person_take_samples(s->person, which, x, 64, &last_ns);
    for (int i = 0; i < n; i++) {
        const int64_t t = last_ns - (n - 1 - i) * period_ns;
        if (acc)
            ob_resp_acc(s->resp, t, (const double[3]){(double)x[3 * i], (double)x[3 * i + 1], (double)x[3 * i + 2]});
        else
            ob_resp_belt(s->resp, t, (double)x[i]);
    }
}

static bool run(const struct kind *kind, unsigned seed, struct tally *tally)
{
    struct ob_person_desc desc;
    ob_person_desc_init(&desc);
    ob_person_desc_draw(&desc, OB_PERSON_POPULATION_MAIN, SEED + seed);
    desc.sighs_per_h = 12.0;
    desc.strokes = kind->strokes;
    desc.motion_per_min = kind->motion;
    desc.signals = 1u << (kind->acc ? OB_PERSON_ACC : OB_PERSON_RESP);
    struct session s = {.person = ob_person_create(&desc, 0), .resp = ob_resp_create()};
    if (!s.person || !s.resp)
        return false;
    bool sighing = false;
    double turns = 0.0, deepest = 0.0;
    uint32_t count = 0;
    for (int64_t now = 0; now < MINUTES * 60 * OB_NS_PER_S; now += 100 * OB_NS_PER_MS) {
        const struct ob_person_cue cue = {turns += 0.01, 6.0, 0.4, 1.0};
        ob_person_advance(s.person, now, kind->paced ? &cue : NULL);
        feed(&s, kind->acc);
        struct ob_person_truth truth;
        ob_person_truth(s.person, &truth);
        if (truth.sighing && s.sighs < MOST) {
            /* its top is the sigh's moment */
            s.sighs += !sighing;
            if (!sighing || truth.volume_l > deepest) {
                deepest = truth.volume_l;
                s.sigh_s[s.sighs - 1] = ob_s_from_ns(now);
            }
        }
        sighing = truth.sighing;
        struct ob_person_beat beat;
        struct ob_person_true_beat true_beat;
        while (ob_person_take_beat(s.person, &beat) || ob_person_take_true_beat(s.person, &true_beat)) {
        }
        struct ob_resp_rate rate;
        uint32_t sighs;
        int64_t newest_ns;
        if (now % (2 * OB_NS_PER_S) != 0)
            continue;
        (void)ob_resp_rate(s.resp, now, &rate);
        if (ob_resp_sighs(s.resp, now, &sighs, &newest_ns) && sighs > count && s.named < MOST)
            s.named_s[s.named++] = ob_s_from_ns(newest_ns);
        count = ob_resp_sighs(s.resp, now, &sighs, &newest_ns) ? sighs : count;
    }
    for (int i = 0; i < s.sighs; i++) {
        if (s.sigh_s[i] < 90.0 || s.sigh_s[i] > MINUTES * 60 - 30.0)
            continue;
        tally->sighs++;
        for (int k = 0; k < s.named; k++)
            if (fabs(s.named_s[k] - s.sigh_s[i]) < NEAR_S) {
                tally->seen++;
                break;
            }
    }
    for (int k = 0; k < s.named; k++) {
        bool is = false;
        for (int i = 0; i < s.sighs; i++)
            is |= fabs(s.named_s[k] - s.sigh_s[i]) < NEAR_S;
        tally->named += !is;
    }
    tally->hours += MINUTES / 60.0;
    ob_person_destroy(s.person);
    ob_resp_destroy(s.resp);
    return true;
}

static void real(const char *name, int channel)
{
    struct wave w;
    if (!wave_load(&w, name, channel, NULL))
        return;
    struct ob_resp *resp = ob_resp_create();
    uint32_t sighs = 0;
    int64_t newest_ns = 0;
    for (size_t i = 0; resp && i < w.length; i++) {
        const int64_t t = ob_ns_from_s((double)i / w.fs_hz);
        if (!isnan(w.x[i]))
            ob_resp_belt(resp, t, (double)w.x[i]);
        struct ob_resp_rate rate;
        if (i % (size_t)(2.0 * w.fs_hz) == 0 && ob_resp_rate(resp, t, &rate))
            (void)ob_resp_sighs(resp, t, &sighs, &newest_ns);
    }
    printf("%-34s %5.1f min: %u breaths called sighs\n", name, (double)w.length / w.fs_hz / 60.0, sighs);
    ob_resp_destroy(resp);
    wave_free(&w);
}

int main(int argc, char **argv)
{
    static const struct kind kinds[] = {
        {"a belt, as they like", false, false, 0, 0, 0.55, 1.5},
        {"a belt, paced at 6/min", false, true, 0, 0, 0.5, 3.0},
        {"the chest, as they like", true, false, 0, 0, 0.35, 1.0},
        {"the chest, stroked 10 a minute", true, false, 10, 0, 0.35, 2.0},
        {"the chest, moving once a minute", true, false, 0, 1, 0.35, 2.5},
    };
    const int persons = argc > 1 ? atoi(argv[1]) : 4;
    int failures = 0;
    printf("sighs of simulated persons            seen            false/h\n");
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct tally t = {0};
        for (int i = 0; i < persons; i++)
            if (!run(&kinds[k], (unsigned)i, &t))
                return 1;
        const double seen = t.sighs ? (double)t.seen / t.sighs : 0.0, per_h = t.named / t.hours;
        const bool bad = seen < kinds[k].least || per_h > kinds[k].most_per_h;
        printf("%-34s %4d of %4d %4.2f  %6.2f in %.1f h%s\n", kinds[k].name, t.seen, t.sighs, seen, per_h, t.hours,
               bad ? "  FAILED" : "");
        failures += bad;
    }
    if (!wave_data())
        printf("no recordings here: theirs are left out\n");
    else {
        real("wave/nk_rest8", 1);
        real("wave/nk_rest5", 2);
        real("wave/bidmc_01", 2);
    }
    return failures > 0;
}
