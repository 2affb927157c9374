/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The populations are drawn as their table says, and stand still. */
#include "living.h"

#define PERSONS 4000

struct spread {
    double mean, sd, low, high;
};

static struct spread spread_of(const double *values)
{
    struct spread s = {.low = (double)INFINITY, .high = -(double)INFINITY};
    for (int i = 0; i < PERSONS; i++) {
        s.mean += values[i] / PERSONS;
        s.low = fmin(s.low, values[i]);
        s.high = fmax(s.high, values[i]);
    }
    for (int i = 0; i < PERSONS; i++)
        s.sd += (values[i] - s.mean) * (values[i] - s.mean) / PERSONS;
    s.sd = sqrt(s.sd);
    return s;
}

static void the_draws_have_the_stated_spread(void **state)
{
    (void)state;
    static double rf[PERSONS], rho[PERSONS], odd_rho[PERSONS], ectopic[PERSONS];
    int ectopics = 0, shifts = 0;
    for (int i = 0; i < PERSONS; i++) {
        struct ob_person_desc desc;
        ob_person_desc_init(&desc);
        ob_person_desc_draw(&desc, OB_PERSON_POPULATION_MISSPECIFIED, (uint32_t)i);
        odd_rho[i] = desc.rho;
        ob_person_desc_draw(&desc, OB_PERSON_POPULATION_MAIN, (uint32_t)i);
        rf[i] = desc.rf;
        rho[i] = desc.rho;
        assert_true(desc.ectopic_pct == 0.0 && desc.shift_at_min == -1.0);
        ob_person_desc_draw_faults(&desc, (uint32_t)i);
        ob_person_desc_draw_shift(&desc, 30.0, (uint32_t)i);
        assert_true(desc.rf == rf[i]);
        ectopic[i] = desc.ectopic_pct;
        ectopics += desc.ectopic_pct > 0.0;
        shifts += desc.shift_at_min >= 0.0;
        assert_true(desc.shift_at_min == -1.0 || (desc.shift_at_min >= 6.0 && desc.shift_at_min <= 24.0));
        assert_true(desc.shift_bpm <= -2.0 && desc.shift_bpm >= -6.0);
    }
    const struct spread a = spread_of(rf), b = spread_of(rho), c = spread_of(odd_rho), d = spread_of(ectopic);
    assert_true(fabs(a.mean - 5.6) < 0.05 && fabs(a.sd - 0.47) < 0.04 && a.low == 4.5 && a.high == 6.5);
    assert_true(b.low >= 0.2 && b.low < 0.21 && b.high <= 0.6 && b.high > 0.59);
    assert_true(c.low >= 0.1 && c.low < 0.11 && c.high <= 0.8 && c.high > 0.79);
    assert_true(d.high <= 3.0 && d.high > 2.8);
    assert_true(fabs(ectopics / (double)PERSONS - 0.3) < 0.03 && fabs(shifts / (double)PERSONS - 0.5) < 0.03);
}

/* Figures in the manual were taken with these persons. If this fails, the populations are not those of the manual any
 * more: run `outbreath evaluate` again and put its tables there. */
static void the_populations_are_frozen(void **state)
{
    (void)state;
    struct ob_person_desc desc;
    char text[2048];
    uint32_t sum = 2166136261u;
    for (uint32_t seed = 0; seed < 50; seed++) {
        for (int population = 0; population < 2; population++) {
            ob_person_desc_init(&desc);
            ob_person_desc_draw(&desc, (enum ob_person_population)population, seed);
            ob_person_desc_draw_faults(&desc, seed);
            ob_person_desc_draw_shift(&desc, 20.0, seed);
            const double parts[] = {desc.rf,         desc.rho,       desc.q,           desc.gain,
                                    desc.compliance, desc.mayer_bpm, desc.ectopic_pct, desc.shift_bpm};
            for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
                snprintf(text, sizeof text, "%.9g ", parts[i]);
                for (const char *c = text; *c; c++)
                    sum = (sum ^ (unsigned char)*c) * 16777619u;
            }
        }
    }
    print_message("sum over 100 persons: %08x\n", (unsigned)sum);
    assert_int_equal(sum, 0x0b90af37);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_draws_have_the_stated_spread),
        cmocka_unit_test(the_populations_are_frozen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
