/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Your weeks: what is kept of the person whose sessions these are. */
#include "app/places/appointment.h"
#include "app/places/place.h"
#include "app/places/practice.h"
#include "app/session/take_home.h"
#include "app/window/shell.h"
#include "hrv/psd.h"
#include "os/tr.h"
#include "report/page.h"
#include "ui/history_screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const weekdays[7] = {OB_TR("Mon"), OB_TR("Tue"), OB_TR("Wed"), OB_TR("Thu"),
                                        OB_TR("Fri"), OB_TR("Sat"), OB_TR("Sun")};

_Static_assert(OB_UI_SPECTRUM_BINS == OB_PSD_BINS, "a page draws the whole density");

struct history {
    struct ob_shell *shell;
    struct ob_ui_history model;
    struct ob_practice practice;
};

static bool draw_last(const void *user, const struct ob_plot_pen *pen, const struct ob_plot_place *place)
{
    const struct ob_tongue tongue = ob_take_home_tongue();
    return ob_page_strip(pen, place, user, &tongue);
}

static int rising(const void *a, const void *b)
{
    const double d = *(const double *)a - *(const double *)b;
    return (d > 0.0) - (d < 0.0);
}

static double rate_of(const struct ob_window *window)
{
    return window->there && window->hr_bpm.valid ? window->hr_bpm.value : (double)NAN;
}

static void fill_trend(struct ob_ui_history *m, const struct ob_practice *practice)
{
    double mean = 0.0, square = 0.0;
    size_t known = 0;
    for (size_t i = 0; i < practice->past_count && i < OB_UI_HISTORY_TREND; i++) {
        const struct ob_windows *w = &practice->past[i].windows;
        struct ob_trend_point *point = &m->trend[m->trend_count++];
        *point = (struct ob_trend_point){
            .before = rate_of(&w->before), .after = rate_of(&w->after), .compared = w->compare == OB_COMPARE_FINE};
        if (isnan(point->before))
            continue;
        known++;
        mean += point->before;
        square += point->before * point->before;
    }
    if (known < OB_USUAL_SESSIONS)
        return; /* too few to say what is usual */
    mean /= (double)known;
    const double sd = sqrt(fmax(0.0, (square / (double)known - mean * mean) * (double)known / (double)(known - 1)));
    m->usual_low = mean - 2.0 * sd;
    m->usual_high = mean + 2.0 * sd;
}

/* The middle of the values that are known; NaN: none is. */
static double median_brpm(const struct ob_summary *last, bool pacer)
{
    double *known = malloc((last->breath_count + 1) * sizeof *known), middle = (double)NAN;
    size_t count = 0;
    for (size_t i = 0; known && i < last->breath_count; i++) {
        const double brpm = (double)(pacer ? last->breaths[i].pacer_brpm : last->breaths[i].own_brpm);
        if (isfinite(brpm))
            known[count++] = brpm;
    }
    if (count > 0) {
        qsort(known, count, sizeof *known, rising);
        middle = known[count / 2];
    }
    free(known);
    return middle;
}

static void describe_spectrum(struct ob_ui_spectrum *m, const struct ob_summary *last)
{
    *m = (struct ob_ui_spectrum){
        .step_hz = OB_PSD_STEP_HZ, .breath_brpm = median_brpm(last, false), .pace_brpm = median_brpm(last, true)};
    snprintf(m->empty, sizeof m->empty, "%s",
             last->unfit ? ob_tr("The scores did not fit this recording. This is not a heart check.")
                         : ob_tr("No spectrum: there is no minute of heart beats without a gap."));
    struct ob_psd *psd = ob_psd_create();
    struct ob_spectra *spectra = psd ? malloc(sizeof *spectra) : NULL;
    m->known = spectra && !last->unfit && ob_psd_compute(psd, &last->list, 0.0, spectra) && spectra->segments > 0;
    if (m->known) {
        memcpy(m->density, spectra->welch, sizeof m->density);
        snprintf(m->words, sizeof m->words,
                 ob_tr("The mean over the whole session, by Welch's method, in pieces of %.0f s. Slow, even breathing "
                       "gathers the swing in one place; it says nothing about your health."),
                 spectra->segment_s);
    }
    free(spectra);
    ob_psd_destroy(psd);
}

/* Above the days with which a month begins. */
static void name_months(struct ob_ui_history *m)
{
    const time_t now = time(NULL);
    struct tm today = {0};
    localtime_r(&now, &today);
    for (int i = 0; i < OB_UI_HISTORY_DAYS; i++) {
        struct tm day = today;
        day.tm_mday -= OB_UI_HISTORY_DAYS - 1 - i;
        day.tm_hour = 12;
        day.tm_isdst = -1;
        if (mktime(&day) != (time_t)-1 && day.tm_mday == 1)
            m->month_names[i] = ob_month_name(day.tm_mon);
    }
}

static void *enter(struct ob_shell *shell)
{
    struct history *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    struct ob_practice *practice = &h->practice;
    h->shell = shell;
    struct ob_ui_history *m = &h->model;
    ob_practice_read(practice, shell->options.data, shell->options.who, true);
    const int half_year = ob_practice_days(practice, m->minutes, OB_UI_HISTORY_DAYS, &m->weekday);
    m->has_days = half_year > 0;
    for (int i = 0; i < 7; i++)
        m->day_names[i] = ob_tr(weekdays[(m->weekday + 1 + i) % 7]);
    ob_practice_week(practice, m->week, sizeof m->week);
    name_months(m);
    if (practice->locked)
        snprintf(m->about, sizeof m->about, "%s",
                 ob_tr("What is kept is locked by a passphrase; 'outbreath sessions' opens it."));
    else if (practice->several)
        snprintf(m->about, sizeof m->about, "%s",
                 ob_tr("Several people are kept here: start with --as and a name to see the weeks of one."));
    else if (!m->has_days && !ob_settings_is(&shell->loaded.settings, OB_SET_SESSION_KEEP))
        snprintf(m->about, sizeof m->about, "%s",
                 ob_tr("Nothing is kept here: the settings say that sessions are not remembered."));
    else if (!m->has_days)
        snprintf(m->about, sizeof m->about, "%s", ob_tr("Nothing is kept here yet. It begins with your next session."));
    if (practice->pace_known) {
        ob_own_pace_estimate(&practice->pace, &m->estimate);
        m->has_pace = m->estimate.word != OB_PACE_UNKNOWN;
        ob_own_pace_probabilities(&practice->pace, m->probabilities);
        ob_own_pace_text(&m->estimate, ob_tr, m->pace, sizeof m->pace);
        ob_tr_numbers(m->pace);
    }
    fill_trend(m, practice);
    if (practice->last_known) {
        const struct ob_summary *last = &practice->last;
        m->draw_last = draw_last;
        m->last_user = last;
        describe_spectrum(&m->spectrum, last);
        const double minutes = last->duration_s / 60.0;
        if (minutes < 9.95)
            snprintf(m->last, sizeof m->last, ob_tr("%.1f minutes, %zu beats"), minutes, last->beats);
        else
            snprintf(m->last, sizeof m->last, ob_tr("%.0f minutes, %zu beats"), round(minutes), last->beats);
        ob_tr_numbers(m->last);
    }
    return h;
}

static void leave(void *state)
{
    struct history *h = state;
    ob_practice_finish(&h->practice);
    free(h);
}

static void draw(void *state, struct ob_ui_canvas *canvas)
{
    const struct history *h = state;
    ob_ui_history_draw(canvas, &h->model);
}

static void back(void *state)
{
    struct history *h = state;
    ob_shell_go(h->shell, &ob_place_home);
}

static void choose(void *state, uint64_t key)
{
    if (ob_ui_history_is_back(key))
        back(state);
}

const struct ob_place ob_place_history = {
    .name = "history", .enter = enter, .leave = leave, .screen = {.draw = draw, .choose = choose, .back = back}};
