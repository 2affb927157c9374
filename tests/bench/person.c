/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many seconds of a simulated person one core makes in a second, driven as the program drives it: a cue every
 * 10 ms, everything taken at once. */
#include "person/person.h"
#include "base/maths.h"
#include "base/time.h"

#include <stdio.h>
#include <time.h>

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static double live(unsigned signals, double ecg_hz, double seconds, const char *more)
{
    struct ob_person_desc desc;
    ob_person_desc_init(&desc);
    if (ob_person_desc_parse(more, &desc, NULL, 0) != OB_OK)
        return 0;
    desc.signals = signals;
    desc.ecg_hz = ecg_hz;
    struct ob_person *person = ob_person_create(&desc, 0);
    if (!person)
        return 0;
    const double begin_s = cpu_s();
    double sum = 0;
    for (int64_t now_ns = OB_TICK_NS; now_ns < ob_ns_from_s(seconds); now_ns += OB_TICK_NS) {
        const struct ob_person_cue cue = {ob_fract(0.1 * ob_s_from_ns(now_ns)), 6, 0.4, 1};
        struct ob_person_beat beat;
        float values[192];
        ob_person_advance(person, now_ns, &cue);
        while (ob_person_take_beat(person, &beat))
            sum += beat.rr_ms;
        for (int which = 0; which < OB_PERSON_SIGNALS; which++) {
            while (ob_person_take_samples(person, (enum ob_person_signal)which, values, 64, NULL) > 0)
                sum += (double)values[0];
        }
    }
    const double spent_s = cpu_s() - begin_s;
    ob_person_destroy(person);
    return sum > 0 ? seconds / spent_s : 0;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 2; /* its table has a shape of its own */
    static const struct {
        const char *name, *more;
        unsigned signals;
        double ecg_hz;
    } rows[] = {
        {"RR only", "", 0, 130},
        {"RR only, every fault", "ectopic_pct=3,missed_pct=3,extra_pct=3,strokes=12,motion_per_min=2,batch_s=1", 0,
         130},
        {"ECG at 130 Hz", "", 1u << OB_PERSON_ECG, 130},
        {"ECG at 1000 Hz", "", 1u << OB_PERSON_ECG, 1000},
        {"ECG 130, PPG 100, RESP, ACC", "", (1u << OB_PERSON_SIGNALS) - 1u, 130},
    };
    printf("%-32s %22s %16s\n", "simulated person", "seconds in a second", "us per second");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const double speed = live(rows[i].signals, rows[i].ecg_hz, 1800, rows[i].more);
        printf("%-32s %22.0f %16.1f\n", rows[i].name, speed, speed > 0 ? 1e6 / speed : 0);
    }
    return 0;
}
