/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report: windows, sentences, and one page whatever the session holds. */
#include "base/mark.h"
#include "breath/moment.h"
#include "report/page.h"
#include "report/words.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two minutes unpaced, eight guided, two unpaced: 60 bpm before, 57 after, breath 14 and 11. */
struct made {
    double before_bpm, after_bpm, swing_ms;
    int bad_every; /* each so many beats an ectopic one; 0: none */
    bool no_beats, no_after, treatment;
};

static void add_mark(struct ob_copy *copy, double at_s, const char *kind, const char *words)
{
    struct ob_copy_mark mark = {.time_ns = (int64_t)(at_s * 1e9)};
    snprintf(mark.kind, sizeof mark.kind, "%s", kind);
    snprintf(mark.words, sizeof mark.words, "%s", words);
    assert_true(ob_copy_add_mark(copy, &mark));
}

static struct ob_copy session(struct made m)
{
    struct ob_copy copy = {.number = 7, .start_wall_ns = INT64_C(1795284000000000000), .utc_offset_s = 3600};
    snprintf(copy.state, sizeof copy.state, "ended");
    snprintf(copy.protocol, sizeof copy.protocol, "guided");
    copy.beats_from = OB_BEATS_ECG;
    double t = 0.0;
    for (int i = 0; t < 720.0 && !m.no_beats; i++) {
        const double base = 60000.0 / (t < 400.0 ? m.before_bpm : m.after_bpm);
        const double rr = base + (i % 2 ? 0.5 : -0.5) * m.swing_ms;
        t += rr * 1e-3;
        struct ob_copy_beat beat = {.time_ns = (int64_t)(t * 1e9), .rr_ms = (float)rr, .nn_ms = (float)rr};
        if (m.bad_every && i % m.bad_every == 0)
            beat.flag = OB_BEAT_ECTOPIC;
        assert_true(ob_copy_add_beat(&copy, &beat));
    }
    for (int s = 1; s < 720; s++) {
        const bool after = s >= 600;
        struct ob_copy_second second = {.time_ns = (int64_t)s * 1000000000};
        second.stage = m.treatment            ? OB_STAGE_UNPACED
                       : s < 120              ? OB_STAGE_UNPACED_BEFORE
                       : after && !m.no_after ? OB_STAGE_UNPACED_AFTER
                                              : OB_STAGE_GUIDED;
        for (int f = 0; f < OB_FEATURES; f++)
            second.values[f] = NAN;
        second.values[OB_FEATURE_BREATH_BRPM] = m.no_beats ? NAN : s < 400 ? 14.0f : 11.0f;
        assert_true(ob_copy_add_second(&copy, &second));
    }
    copy.duration_s = 720.0;
    return copy;
}

static const struct made plain = {.before_bpm = 60.0, .after_bpm = 57.0, .swing_ms = 30.0};

static struct ob_summary summary_of(const struct ob_copy *copy, const char *name, const char *words)
{
    struct ob_summary s;
    const struct ob_summary_desc desc = {.copy = copy, .name = name, .words = words, .suggestion = -1};
    assert_int_equal(ob_summary_make(&desc, &s), OB_OK);
    return s;
}

static void the_windows_are_measured(void **state)
{
    (void)state;
    struct ob_copy copy = session(plain);
    struct ob_summary s = summary_of(&copy, "Ada", NULL);
    assert_int_equal(s.windows.compare, OB_COMPARE_FINE);
    assert_true(s.windows.before.from_s == 0.0 && s.windows.before.to_s == 120.0);
    assert_true(s.windows.after.from_s == 600.0 && s.windows.after.to_s == 720.0);
    assert_true(fabs(s.windows.before.hr_bpm.value - 60.0) < 0.1);
    assert_true(fabs(s.windows.after.hr_bpm.value - 57.0) < 0.1);
    assert_true(fabs(s.windows.before.rmssd_ms.value - 30.0) < 0.01); /* every step is 30 ms */
    assert_true(s.windows.before.breath_brpm.value == 14.0 && s.windows.after.breath_brpm.value == 11.0);
    assert_true(s.windows.before.covered_01 > 0.98 && s.windows.before.artefact_01 == 0.0);
    struct ob_said said;
    ob_said_change(&s, NULL, &said);
    assert_string_equal(said.text, "From before to after, what changed is within what is usual.");
    s.change[OB_USUAL_HR].beyond = true;
    ob_said_change(&s, NULL, &said);
    assert_string_equal(said.text, "The heart rate is lower by more than is usual. All else that could be compared is "
                                   "within what is usual.");
    s.change[OB_USUAL_RMSSD].beyond = true; /* and of breathing nobody knows: nothing else is left */
    ob_said_change(&s, NULL, &said);
    assert_null(strstr(said.text, "All else"));
    ob_summary_finish(&s);
    ob_copy_finish(&copy);
}

static void parts_of_a_protocol_can_be_the_windows(void **state)
{
    (void)state;
    struct made m = plain;
    m.treatment = true;
    struct ob_copy copy = session(m);
    struct ob_summary s = summary_of(&copy, "Ada", NULL);
    assert_int_equal(s.windows.compare, OB_COMPARE_NO_WINDOWS);
    ob_summary_finish(&s);
    add_mark(&copy, 0.0, OB_PHASE_KIND, "number=1 measured=1");
    add_mark(&copy, 120.0, OB_PHASE_KIND, "number=2 measured=0");
    s = summary_of(&copy, "Ada", NULL);
    assert_int_equal(s.windows.compare, OB_COMPARE_NO_AFTER);
    ob_summary_finish(&s);
    add_mark(&copy, 600.0, OB_PHASE_KIND, "number=3 measured=1");
    s = summary_of(&copy, "Ada", NULL);
    assert_int_equal(s.windows.compare, OB_COMPARE_FINE);
    assert_true(s.windows.after.from_s == 600.0 && s.windows.after.to_s == 720.0);
    ob_summary_finish(&s);
    ob_copy_finish(&copy);
}

static void another_posture_is_not_compared(void **state)
{
    (void)state;
    struct ob_copy copy = session(plain);
    add_mark(&copy, 300.0, "turned over", "");
    struct ob_summary s = summary_of(&copy, "Ada", NULL);
    struct ob_said_row row;
    assert_int_equal(s.windows.compare, OB_COMPARE_TURNED);
    assert_false(s.change[OB_USUAL_HR].known);
    ob_said_row(&s, NULL, OB_ROW_POSTURE, &row);
    assert_string_equal(row.cells[2], "turned over once");
    ob_said_row(&s, NULL, OB_ROW_HR, &row);
    assert_string_equal(row.cells[3], "");
    ob_summary_finish(&s);
    /* Within a window: the longer part of it is taken, and lies in the old posture. */
    ob_copy_finish(&copy);
    copy = session(plain);
    add_mark(&copy, 20.0, "turned over", "");
    s = summary_of(&copy, "Ada", NULL);
    assert_int_equal(s.windows.compare, OB_COMPARE_FINE);
    assert_true(s.windows.before.from_s == 20.0);
    ob_summary_finish(&s);
    ob_copy_finish(&copy);
}

static void what_cannot_be_told_says_why(void **state)
{
    (void)state;
    struct ob_said said;
    struct ob_said_row row;
    struct made m = plain;
    m.no_beats = true; /* and nobody looked for an exhale moment: then chance is not spoken of */
    struct ob_copy copy = session(m);
    struct ob_summary s = summary_of(&copy, "Ada", NULL);
    ob_said_change(&s, NULL, &said);
    assert_string_equal(said.text, "No heart beat was recorded, so nothing is compared.");
    ob_said_row(&s, NULL, OB_ROW_HR, &row);
    assert_string_equal(row.cells[1], "not known");
    ob_said_chance(&s, NULL, &said);
    assert_string_equal(said.text, "");
    ob_summary_finish(&s);
    ob_copy_finish(&copy);

    m = plain;
    m.no_after = true;
    copy = session(m);
    s = summary_of(&copy, "Ada", NULL);
    ob_said_change(&s, NULL, &said);
    assert_string_equal(said.text, "There is no window after, so nothing is compared.");
    ob_said_row(&s, NULL, OB_ROW_HR, &row);
    assert_string_equal(row.cells[1], "60.0 bpm");
    assert_string_equal(row.cells[2], "no window");
    ob_summary_finish(&s);
    ob_copy_finish(&copy);

    m = plain;
    m.bad_every = 3; /* a third: an unfit heart */
    copy = session(m);
    s = summary_of(&copy, "Ada", NULL);
    assert_true(s.unfit);
    ob_said_change(&s, NULL, &said);
    assert_non_null(strstr(said.text, "This is not a heart check"));
    ob_said_row(&s, NULL, OB_ROW_HR, &row);
    assert_string_equal(row.cells[1], "not known");
    ob_summary_finish(&s);
    ob_copy_finish(&copy);

    m = plain;
    m.bad_every = 12; /* 8%: a heart rate, and no variability */
    copy = session(m);
    s = summary_of(&copy, "Ada", NULL);
    assert_true(s.windows.before.hr_bpm.valid && !s.windows.before.rmssd_ms.valid);
    ob_said_basis(&s, NULL, &said);
    assert_non_null(strstr(said.text, "RMSSD (HRV), before: more than 5% of the beats had to be corrected."));
    ob_summary_finish(&s);
    ob_copy_finish(&copy);
}

static void the_exhale_moment_is_told_in_one_wording(void **state)
{
    (void)state;
    struct ob_copy copy = session(plain);
    const struct ob_settling_mark mark = {.at_ns = INT64_C(300000000000),
                                          .known_ns = INT64_C(400000000000),
                                          .heart_bpm = -3.3,
                                          .swing_percent = 55.0,
                                          .breath_known = true,
                                          .breath_brpm = -1.5,
                                          .sighs_known = true,
                                          .sighs = 1,
                                          .sigh_ns = INT64_C(290000000000)};
    char words[OB_COPY_WORDS], text[OB_MOMENT_TEXT];
    ob_moment_encode(&mark, 0, words, sizeof words);
    add_mark(&copy, 300.0, OB_MOMENT_KIND, words);
    add_mark(&copy, 719.0, OB_WATCH_KIND, "watched_s=240 could_not_tell_s=60 too_early_s=420");
    struct ob_summary s = summary_of(&copy, "Ada", NULL);
    struct ob_said said;
    assert_int_equal(s.moment_count, 1);
    assert_true(s.watched_s == 240.0 && s.too_early_s == 420.0);
    ob_said_moments(&s, NULL, &said);
    ob_moment_text(&s.moments[0], 0, NULL, text, sizeof text);
    assert_string_equal(said.text, text);
    ob_said_chance(&s, NULL, &said);
    ob_moment_watch_text(240.0, 60.0, 420.0, NULL, text, sizeof text);
    assert_memory_equal(said.text, text, strlen(text));
    assert_non_null(strstr(said.text, "about 1 in 20") ? said.text : strstr(said.text, "About 1 in 20"));
    assert_non_null(strstr(said.text, "the cause is unknown"));
    ob_summary_finish(&s);
    ob_copy_finish(&copy);
}

static int count_of(const struct ob_sheet *sheet, const char *what)
{
    int count = 0;
    const size_t length = strlen(what);
    for (size_t i = 0; i + length <= sheet->size; i++)
        count += memcmp(sheet->bytes + i, what, length) == 0;
    return count;
}

static struct ob_copy crowded(void)
{
    static const char *const labels[] = {"sigh", "jaw", "text", "shoulders", "nose"};
    struct ob_copy copy = session(plain);
    for (int i = 0; i < 200; i++)
        add_mark(&copy, 3.0 * i, labels[i % 5], i % 5 == 2 ? "肩の力が抜けた <b> & \"so\"" : "");
    return copy;
}

static void it_is_one_page_whatever_it_holds(void **state)
{
    (void)state;
    char name[801], words[OB_SUMMARY_WORDS];
    memset(name, 0, sizeof name);
    memset(words, 0, sizeof words);
    for (int i = 0; i < 20; i++)
        strcat(name, "Maximiliane عبد الرحمن नी ");
    for (size_t i = 0; i + 60 < sizeof words; i += 40)
        strcat(words, i % 400 == 0 ? "Zuerst die Füße, dann hinauf.\n\n\n\n" : "und langsam den Rücken hinauf, ");
    struct made none = plain;
    none.no_beats = true;
    struct ob_copy copies[4] = {session(plain), crowded(), session(none), {.number = 1}};
    for (int i = 0; i < 4; i++) {
        struct ob_summary s = summary_of(&copies[i], i ? name : "Ada", i ? words : "");
        for (int paper = OB_PAPER_A4; paper <= OB_PAPER_LETTER; paper++) {
            struct ob_sheet pdf = {.bytes = NULL};
            ob_write_page_pdf(&pdf, &s, NULL, (enum ob_paper)paper);
            assert_false(pdf.failed);
            assert_memory_equal(pdf.bytes, "%PDF", 4);
            assert_int_equal(count_of(&pdf, "/Count 1\n"), 1);
            ob_sheet_finish(&pdf);
        }
        struct ob_sheet html = {.bytes = NULL}, csv = {.bytes = NULL};
        ob_write_page_html(&html, &s, NULL);
        assert_false(html.failed);
        assert_int_equal(count_of(&html, "<script"), 0);
        assert_int_equal(count_of(&html, "http:"), count_of(&html, "http://www.w3.org/")); /* names, nothing fetched */
        assert_int_equal(count_of(&html, "https:"), 0);
        assert_int_equal(count_of(&html, "<b>"), 0); /* escaped */
        assert_int_equal(count_of(&html, "not a medical record"), 1);
        assert_int_equal(count_of(&html, "cannot show that massage"), 1);
        assert_int_equal(count_of(&html, "<li>"), (int)s.mark_count);
        ob_write_page_csv(&csv, &s);
        assert_false(csv.failed);
        assert_int_equal(count_of(&csv, "\nmark,"), (int)s.mark_count);
        assert_int_equal(count_of(&csv, "not a medical record"), 1);
        ob_sheet_finish(&html);
        ob_sheet_finish(&csv);
        ob_summary_finish(&s);
        ob_copy_finish(&copies[i]);
    }
}

/* What is drawn ends above the foot and within the margins: nothing lies on the paper's edge. */
static void look_at_margins(const struct ob_summary *s, enum ob_paper paper)
{
    double width_pt, height_pt;
    ob_paper_size(paper, &width_pt, &height_pt);
    const int width = (int)width_pt, height = (int)ceil(height_pt);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    assert_true(ob_page_draw(cairo, s, NULL, width_pt, height_pt));
    cairo_surface_flush(surface);
    const unsigned char *pixels = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    int outside = 0, foot_gap = 0, ink = 0;
    for (int y = 0; y < height; y++) {
        int row = 0;
        for (int x = 0; x < width; x++) {
            const bool dark = pixels[y * stride + 4 * x + 1] < 200;
            row += dark;
            ink += dark;
            outside += dark && (x < 40 || x > width - 40 || y < 30 || y > height - 28);
        }
        /* Between the last words and the rule of the foot there is white. */
        foot_gap += y > height - 82 && y < height - 32 && row == 0;
    }
    assert_int_equal(outside, 0);
    assert_true(foot_gap >= 3);
    assert_true(ink > 10000);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

static void nothing_is_drawn_outside_the_margins(void **state)
{
    (void)state;
    char words[OB_SUMMARY_WORDS] = "";
    while (strlen(words) + 40 < sizeof words)
        strcat(words, "Neue Zeile, und noch eine.\n");
    struct ob_copy copy = crowded();
    for (int i = 0; i < 2; i++) {
        struct ob_summary s = summary_of(&copy, "Ada", i ? words : "Ruhig.");
        look_at_margins(&s, OB_PAPER_A4);
        look_at_margins(&s, OB_PAPER_LETTER);
        ob_summary_finish(&s);
    }
    ob_copy_finish(&copy);
}

static const char *german(const char *text)
{
    return strcmp(text, "Posture") == 0 ? "Haltung" : text;
}

static void it_speaks_the_tongue_that_is_asked_for(void **state)
{
    (void)state;
    const struct ob_tongue tongue = {.tr = german, .decimal = ',', .code = "de"};
    struct ob_copy copy = session(plain);
    struct ob_summary s = summary_of(&copy, "Ada", NULL);
    struct ob_said_row row;
    struct ob_said said;
    char number[32];
    ob_said_row(&s, &tongue, OB_ROW_POSTURE, &row);
    assert_string_equal(row.cells[0], "Haltung");
    ob_said_row(&s, &tongue, OB_ROW_HR, &row);
    assert_string_equal(row.cells[1], "60,0 bpm");
    ob_said_when(&s, NULL, &said);
    assert_string_equal(said.text, "21 November 2026, 19:00");
    ob_in_number(NULL, -0.04, 1, 1, number, sizeof number);
    assert_string_equal(number, "0.0");
    ob_in_number(NULL, -3.14159, 1, 1, number, sizeof number);
    assert_string_equal(number, "−3.1");
    ob_in_number(NULL, 3.14159, 0, 1, number, sizeof number);
    assert_string_equal(number, "+3");
    ob_summary_finish(&s);
    ob_copy_finish(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_windows_are_measured),
        cmocka_unit_test(parts_of_a_protocol_can_be_the_windows),
        cmocka_unit_test(another_posture_is_not_compared),
        cmocka_unit_test(what_cannot_be_told_says_why),
        cmocka_unit_test(the_exhale_moment_is_told_in_one_wording),
        cmocka_unit_test(it_is_one_page_whatever_it_holds),
        cmocka_unit_test(nothing_is_drawn_outside_the_margins),
        cmocka_unit_test(it_speaks_the_tongue_that_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
