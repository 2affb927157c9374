/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "plot/axis.h"
#include "plot/plot.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void breathing(struct ob_nn_list *list, double seconds)
{
    double time_s = 0.0;
    while (time_s < seconds) {
        double nn = 850.0 + 50.0 * sin(OB_TAU * 0.1 * time_s);
        time_s += nn / 1000.0;
        struct ob_nn one = {
            .time_s = time_s, .nn_ms = nn, .joined = list->count % 90 != 0, .corrected = list->count % 37 == 5};
        assert_true(ob_nn_list_add(list, one));
    }
}

static void every_format_begins_as_it_should(void **state)
{
    (void)state;
    static const char *const starts[] = {[OB_PLOT_PNG] = "\x89PNG", [OB_PLOT_PDF] = "%PDF", [OB_PLOT_SVG] = "<?xml"};
    struct ob_nn_list list = {.items = NULL};
    breathing(&list, 200.0);
    struct ob_psd *psd = ob_psd_create();
    assert_non_null(psd);
    static struct ob_spectra spectra;
    assert_true(ob_psd_compute(psd, &list, 0.0, &spectra));
    ob_psd_destroy(psd);
    struct ob_plot_desc desc = {
        .title = "a recording \xff with a bad byte", .note = "a note", .list = &list, .spectra = &spectra};
    for (int format = OB_PLOT_PNG; format <= OB_PLOT_SVG; format++) {
        unsigned char *bytes[2];
        size_t size[2];
        for (int round = 0; round < 2; round++)
            assert_true(ob_plot_report(&desc, (enum ob_plot_format)format, &bytes[round], &size[round]));
        assert_true(size[0] > 1000);
        assert_memory_equal(bytes[0], starts[format], strlen(starts[format]));
        if (format == OB_PLOT_PNG) { /* the others carry a date or counted names */
            assert_int_equal(size[0], size[1]);
            assert_memory_equal(bytes[0], bytes[1], size[0]);
        }
        free(bytes[0]);
        free(bytes[1]);
    }
    ob_nn_list_finish(&list);
}

static void nothing_to_draw_is_drawn_as_such(void **state)
{
    (void)state;
    struct ob_nn_list list = {.items = NULL};
    static struct ob_spectra none;
    struct ob_plot_desc desc = {.list = &list, .spectra = &none};
    unsigned char *bytes;
    size_t size;
    assert_true(ob_plot_report(&desc, OB_PLOT_PNG, &bytes, &size));
    free(bytes);
    struct ob_nn one = {.time_s = 1.0, .nn_ms = 900.0};
    assert_true(ob_nn_list_add(&list, one));
    assert_true(ob_plot_report(&desc, OB_PLOT_SVG, &bytes, &size));
    free(bytes);
    ob_nn_list_finish(&list);
}

static void endings_name_formats(void **state)
{
    (void)state;
    enum ob_plot_format format;
    assert_true(ob_plot_format_of("a/b.PNG", &format));
    assert_int_equal(format, OB_PLOT_PNG);
    assert_true(ob_plot_format_of("x.svg", &format));
    assert_int_equal(format, OB_PLOT_SVG);
    assert_true(ob_plot_format_of("x.y.pdf", &format));
    assert_int_equal(format, OB_PLOT_PDF);
    assert_false(ob_plot_format_of("pdf", &format));
    assert_false(ob_plot_format_of(".png", &format));
    assert_false(ob_plot_format_of("x.jpg", &format));
}

static void steps_are_round(void **state)
{
    (void)state;
    assert_true(fabs(ob_plot_step(0.4, 10) - 0.05) < 1e-12);
    assert_true(fabs(ob_plot_step(300.0, 10) - 50.0) < 1e-9);
    assert_true(fabs(ob_plot_step(1234.0, 5) - 500.0) < 1e-9);
    assert_true(fabs(ob_plot_step_within(5.0, 17.0, 2) - 5.0) < 1e-9); /* 10 alone would be no scale */
    assert_true(fabs(ob_plot_step_within(8.0, 17.0, 2) - 5.0) < 1e-9);
    assert_true(fabs(ob_plot_step_within(0.0, 10.0, 2) - 5.0) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_begins_as_it_should),
        cmocka_unit_test(nothing_to_draw_is_drawn_as_such),
        cmocka_unit_test(endings_name_formats),
        cmocka_unit_test(steps_are_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
