/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "living.h"

static char problem[256];

static enum ob_err parse(const char *text, struct ob_person_desc *desc)
{
    return ob_person_desc_parse(text, desc, problem, sizeof problem);
}

static void values_are_read_on_top_of_those_there(void **state)
{
    (void)state;
    struct ob_person_desc desc;
    ob_person_desc_init(&desc);
    assert_true(desc.rf == 5.6 && desc.hr == 66 && desc.shift_at_min == -1);
    assert_int_equal(parse("seed=7,rf=5.4", &desc), OB_OK);
    assert_true(desc.seed == 7 && desc.rf == 5.4 && desc.hr == 66);
    assert_int_equal(parse(" hr = 72 , shift_bpm = -5.5 ", &desc), OB_OK);
    assert_true(desc.seed == 7 && desc.hr == 72 && desc.shift_bpm == -5.5);
    assert_int_equal(parse("", &desc), OB_OK);
    assert_int_equal(parse("   ", &desc), OB_OK);
    assert_string_equal(problem, "");
}

static void mistakes_are_said_in_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum ob_err err;
        const char *says[3];
    } cases[] = {
        {"complience=1", OB_ERR_USAGE, {"complience", "'compliance'", "help"}},
        {"rff=5", OB_ERR_USAGE, {"rff", "'rf'", "nearest"}},
        {"rf=fast", OB_ERR_USAGE, {"'rf'", "4 to 8", "fast"}},
        {"rf=", OB_ERR_USAGE, {"'rf'", "4 to 8", "number"}},
        {"rf=5.4x", OB_ERR_USAGE, {"'rf'", "5.4x", "number"}},
        {"rf=nan", OB_ERR_USAGE, {"'rf'", "nan", "number"}},
        {"rf=1e999", OB_ERR_USAGE, {"'rf'", "1e999", "number"}},
        {"rf=9", OB_ERR_RANGE, {"'rf'", "between 4 and 8", "breaths/min"}},
        {"hr=-3", OB_ERR_RANGE, {"'hr'", "between 35 and 140", "-3"}},
        {"seed=1e10", OB_ERR_RANGE, {"'seed'", "4294967295", "1e10"}},
        {"seed", OB_ERR_USAGE, {"seed", "no '='", "key=value"}},
        {"seed=7,", OB_ERR_USAGE, {"''", "no '='", "key=value"}},
        {",", OB_ERR_USAGE, {"''", "no '='", "key=value"}},
        {"=5", OB_ERR_USAGE, {"''", "nearest", "help"}},
        {"seed=7;rf=5", OB_ERR_USAGE, {"'seed'", "number", "7;rf=5"}},
        {"\x01\xff=5", OB_ERR_USAGE, {"'?\?'", "nearest", "help"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ob_person_desc desc, before;
        ob_person_desc_init(&desc);
        desc.seed = 12;
        before = desc;
        assert_int_equal(parse(cases[i].text, &desc), cases[i].err);
        for (int k = 0; k < 3; k++) {
            if (!strstr(problem, cases[i].says[k]))
                fail_msg("for '%s' it says \"%s\", without %s", cases[i].text, problem, cases[i].says[k]);
        }
        assert_memory_equal(&desc, &before, sizeof desc);
    }
    /* what comes before the mistake is not kept either */
    struct ob_person_desc desc;
    ob_person_desc_init(&desc);
    assert_int_equal(parse("hr=80,rf=99", &desc), OB_ERR_RANGE);
    assert_true(desc.hr == 66);
    assert_int_equal(ob_person_desc_parse("rf=99", &desc, NULL, 0), OB_ERR_RANGE);
}

static void endless_text_is_refused_and_the_sentence_fits(void **state)
{
    (void)state;
    static char text[100000];
    memset(text, 'a', sizeof text - 1);
    struct ob_person_desc desc;
    ob_person_desc_init(&desc);
    assert_int_equal(parse(text, &desc), OB_ERR_USAGE);
    text[50000] = '=';
    assert_int_equal(parse(text, &desc), OB_ERR_USAGE);
    assert_true(strlen(problem) < sizeof problem - 1);
    char little[8];
    assert_int_equal(ob_person_desc_parse(text, &desc, little, sizeof little), OB_ERR_USAGE);
    assert_int_equal(strlen(little), 7);
}

static void help_names_every_key(void **state)
{
    (void)state;
    static char help[16384];
    const size_t wanted = ob_person_desc_help(help, sizeof help);
    assert_true(wanted < sizeof help);
    assert_int_equal(strlen(help), wanted);
#define NAMED(name, standard, low, high, unit, meaning)                                                                \
    assert_non_null(strstr(help, "\n" #name " "));                                                                     \
    assert_non_null(strstr(help, meaning));
    OB_PERSON_TABLE(NAMED)
#undef NAMED
    char little[20];
    assert_int_equal(ob_person_desc_help(little, sizeof little), wanted);
    assert_int_equal(strlen(little), sizeof little - 1);
    assert_int_equal(ob_person_desc_help(NULL, 0), wanted);
}

static void text_gives_the_same_person_back(void **state)
{
    (void)state;
    struct ob_person_desc desc, back;
    char text[2048];
    ob_person_desc_init(&desc);
    assert_int_equal(ob_person_desc_text(&desc, text, sizeof text), 0);
    assert_string_equal(text, "");
    parse("seed=7,rf=5.4", &desc);
    ob_person_desc_text(&desc, text, sizeof text);
    assert_string_equal(text, "seed=7,rf=5.4");
    for (uint32_t seed = 1; seed <= 50; seed++) {
        ob_person_desc_draw(&desc, OB_PERSON_POPULATION_MISSPECIFIED, seed);
        assert_true(ob_person_desc_text(&desc, text, sizeof text) < sizeof text);
        ob_person_desc_init(&back);
        assert_int_equal(parse(text, &back), OB_OK);
        assert_memory_equal(&back, &desc, sizeof desc);
    }
}

static void populations_have_the_stated_distributions(void **state)
{
    (void)state;
    enum { PERSONS = 4000 };
    double sum = 0, sum2 = 0, log_gain = 0, log_gain2 = 0;
    for (uint32_t seed = 0; seed < PERSONS; seed++) {
        struct ob_person_desc desc, again, checked;
        ob_person_desc_init(&desc);
        ob_person_desc_init(&again);
        desc.missed_pct = again.missed_pct = 2;
        ob_person_desc_draw(&desc, OB_PERSON_POPULATION_MAIN, seed);
        ob_person_desc_draw(&again, OB_PERSON_POPULATION_MAIN, seed);
        assert_memory_equal(&desc, &again, sizeof desc);
        assert_true(desc.missed_pct == 2 && desc.seed == seed);
        assert_true(desc.rf >= 4.5 && desc.rf <= 6.5 && desc.rho >= .2 && desc.rho <= .6 && desc.q >= 1 && desc.q <= 3);
        sum += desc.rf;
        sum2 += desc.rf * desc.rf;
        const double residual = log(desc.gain / 25.0) + 0.022 * (fmin(desc.age, 60.0) - 20.0);
        log_gain += residual;
        log_gain2 += residual * residual;
        /* every drawn value is one that --person would take */
        for (int odd = 0; odd < 2; odd++) {
            ob_person_desc_init(&checked);
            ob_person_desc_draw(&checked, odd ? OB_PERSON_POPULATION_MISSPECIFIED : OB_PERSON_POPULATION_MAIN, seed);
#define WITHIN(name, standard, low, high, unit, meaning) assert_true(checked.name >= (low) && checked.name <= (high));
            OB_PERSON_TABLE(WITHIN)
#undef WITHIN
        }
    }
    const double mean = sum / PERSONS, sd = sqrt(sum2 / PERSONS - mean * mean);
    assert_near("mean resonance", mean, 5.59, 0.04);
    assert_near("SD of resonance", sd, 0.47, 0.04); /* 0.5 with the tails cut at 4.5 and 6.5 */
    const double gain_mean = log_gain / PERSONS;
    assert_near("mean log gain", gain_mean, 0, 0.03);
    assert_near("SD of log gain", sqrt(log_gain2 / PERSONS - gain_mean * gain_mean), 0.45, 0.03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_on_top_of_those_there),
        cmocka_unit_test(mistakes_are_said_in_a_sentence),
        cmocka_unit_test(endless_text_is_refused_and_the_sentence_fits),
        cmocka_unit_test(help_names_every_key),
        cmocka_unit_test(text_gives_the_same_person_back),
        cmocka_unit_test(populations_have_the_stated_distributions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
