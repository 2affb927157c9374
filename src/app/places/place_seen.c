/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Over a session that goes on: what is seen of heart and breath just now. */
#include "app/places/place.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "hrv/spectrum.h"
#include "os/tr.h"
#include "ui/seen_screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(OB_UI_SPECTRUM_BINS == OB_SPECTRUM_BINS, "a page draws the whole density");

struct seen {
    struct ob_shell *shell;
    struct ob_ui_seen model;
    struct ob_spectrum *spectrum;
    struct ob_nn_series series;
    struct ob_nn_list list;
    struct ob_heart_mark marks[OB_TRAIL_MARKS + OB_SNAPSHOT_MARKS];
    int64_t described_ns; /* of the snapshot that the model tells */
};

/* Why there is nothing to draw, in words that blame nobody. */
static const char *why_empty(const struct ob_snapshot *now)
{
    switch ((enum ob_signal_state)now->sensor) {
    case OB_SENSOR_NONE:
        return ob_tr("No heart is measured; light and sound guide you all the same.");
    case OB_SENSOR_UNFIT:
        return ob_tr("These scores do not fit this recording. This is not a heart check.");
    default:
        return ob_tr("Not known yet: it takes a minute of heart beats without a gap.");
    }
}

static void describe_spectrum(struct seen *d, const struct ob_snapshot *now)
{
    struct ob_ui_spectrum *m = &d->model.spectrum;
    struct ob_spectrum_result found;
    *m = (struct ob_ui_spectrum){.step_hz = OB_SPECTRUM_STEP_HZ,
                                 .breath_brpm = now->breath_brpm.valid ? now->breath_brpm.value : (double)NAN,
                                 .pace_brpm = now->stage == OB_STAGE_GUIDED ? now->pacer.rate_brpm : (double)NAN};
    snprintf(m->empty, sizeof m->empty, "%s", why_empty(now));
    m->known = now->concentration_01.valid && ob_spectrum_compute(d->spectrum, &d->series, now->now_ns, &found);
    if (!m->known)
        return;
    ob_spectrum_density(d->spectrum, m->density);
    snprintf(m->words, sizeof m->words,
             ob_tr("Of the last minute. Your heart swings most %.1f times a minute. Slow, even breathing gathers the "
                   "swing in one place; it says nothing about your health."),
             60.0 * found.peak_hz);
    ob_tr_numbers(m->words);
}

static void describe_numbers(struct ob_ui_seen *m, const struct ob_snapshot *now)
{
    char part[80];
    m->words[0] = '\0';
    const struct {
        const struct ob_value *value;
        const char *words;
    } numbers[] = {
        {&now->hr_bpm, m->pulse ? ob_tr("Pulse rate %.0f.") : ob_tr("Heart rate %.0f.")},
        {&now->rsa_bpm, ob_tr("It swings by %.0f with the breath.")},
        {&now->breath_brpm, ob_tr("Your breath: %.1f a minute.")},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (!numbers[i].value->valid)
            continue;
        snprintf(part, sizeof part, numbers[i].words, numbers[i].value->value);
        snprintf(m->words + strlen(m->words), sizeof m->words - strlen(m->words), "%s%s", m->words[0] ? " " : "", part);
    }
    ob_tr_numbers(m->words);
}

static void describe(struct seen *d)
{
    /* Not a look of its own: what the frame is drawn from is valid until the next one. */
    const struct ob_snapshot *now = d->shell->sitting.newest;
    struct ob_ui_seen *m = &d->model;
    if (!now)
        return;
    d->described_ns = now->now_ns;
    d->list.count = 0; /* its memory is used again */
    m->pulse = now->beats_from == OB_BEATS_PPG;
    ob_trail_beats(now, &d->list, &d->series);
    m->strip = ob_trail_strip(&d->shell->trail, now, &d->list, d->marks);
    describe_numbers(m, now);
    describe_spectrum(d, now);
}

static void leave(void *state)
{
    struct seen *d = state;
    ob_spectrum_destroy(d->spectrum);
    ob_nn_list_finish(&d->list);
    free(d);
}

static void *enter(struct ob_shell *shell)
{
    struct seen *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->shell = shell;
    d->spectrum = ob_spectrum_create();
    if (!d->spectrum) {
        leave(d);
        return NULL;
    }
    d->model.strip.list = &d->list;
    d->model.strip.to_s = 60.0;
    describe(d);
    return d;
}

/* Once a second is as calm as it is enough. */
static bool step(void *state, int64_t now_ns)
{
    struct seen *d = state;
    const struct ob_snapshot *now = d->shell->sitting.newest;
    (void)now_ns;
    if (!now || now->now_ns - d->described_ns < OB_NS_PER_S)
        return false;
    describe(d);
    return true;
}

static void draw(void *state, struct ob_ui_canvas *canvas)
{
    const struct seen *d = state;
    ob_ui_seen_draw(canvas, &d->model);
}

static void back(void *state)
{
    struct seen *d = state;
    ob_shell_go(d->shell, NULL);
}

static void choose(void *state, uint64_t key)
{
    if (key == ob_ui_seen_back_key())
        back(state);
}

const struct ob_place ob_place_seen = {.name = "seen",
                                       .enter = enter,
                                       .leave = leave,
                                       .step = step,
                                       .over_session = true,
                                       .screen = {.sheer = true, .draw = draw, .choose = choose, .back = back}};
