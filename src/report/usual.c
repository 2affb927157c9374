/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/usual.h"

#include <math.h>
#include <string.h>

#define GENERAL_HR    0.142 /* 1.96 sqrt(2) ln 1.0526: CV of mean RR 5.2% */
#define GENERAL_RMSSD 0.531 /* 1.96 sqrt(2) ln 1.211: CV 21.1% */
#define OUT_OF_PLACE  1e-9

double ob_usual_t975(size_t degrees)
{
    static const double table[] = {INFINITY, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                   2.201,    2.179,  2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086};
    if (degrees < sizeof table / sizeof *table)
        return table[degrees];
    /* Cornish and Fisher's first term is within 0.003 from there on. */
    return 1.960 + 2.372 / (double)degrees;
}

const struct ob_metric *ob_usual_metric(enum ob_usual_kind kind, const struct ob_window *window)
{
    return kind == OB_USUAL_HR ? &window->hr_bpm : kind == OB_USUAL_RMSSD ? &window->rmssd_ms : &window->breath_brpm;
}

static double held(enum ob_usual_kind kind, double value)
{
    return kind == OB_USUAL_BREATH ? value : log(value);
}

static double told(enum ob_usual_kind kind, double value)
{
    return kind == OB_USUAL_BREATH ? value : exp(value);
}

/* Mean and SD of the windows before of comparable sessions; how many there are. */
static size_t own(enum ob_usual_kind kind, const char *posture, bool pulse, const struct ob_past_session *past,
                  size_t count, double *mean_out, double *sd_out)
{
    double sum = 0.0, squares = 0.0;
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        const double mean = n ? sum / (double)n : 0.0;
        if (pass == 0)
            n = 0;
        for (size_t i = 0; i < count; i++) {
            const struct ob_metric *m = ob_usual_metric(kind, &past[i].windows.before);
            if (!past[i].windows.before.there || past[i].windows.compare == OB_COMPARE_UNFIT || !m->valid ||
                !(m->value > 0.0) || past[i].pulse != pulse || strcmp(past[i].posture, posture) != 0)
                continue;
            const double value = held(kind, m->value);
            if (pass == 0) {
                sum += value;
                n++;
            } else {
                squares += (value - mean) * (value - mean);
            }
        }
    }
    *mean_out = n ? sum / (double)n : 0.0;
    *sd_out = n > 1 ? sqrt(squares / (double)(n - 1)) : 0.0;
    return n;
}

void ob_usual_change(enum ob_usual_kind kind, const struct ob_windows *w, const char *posture, bool pulse,
                     const struct ob_past_session *past, size_t past_count, struct ob_change *c)
{
    const struct ob_metric *before = ob_usual_metric(kind, &w->before), *after = ob_usual_metric(kind, &w->after);
    double mean = 0.0, sd = 0.0, half = 0.0;
    memset(c, 0, sizeof *c);
    const size_t n = own(kind, posture, pulse, past, past_count, &mean, &sd);
    if (n >= OB_USUAL_SESSIONS) {
        c->typical_low = told(kind, mean - 2.0 * sd);
        c->typical_high = told(kind, mean + 2.0 * sd);
    }
    if (w->compare != OB_COMPARE_FINE || !before->valid || !after->valid || !(before->value > 0.0) ||
        !(after->value > 0.0))
        return;
    c->known = true;
    c->before = before->value;
    c->after = after->value;
    c->change = after->value - before->value;
    if (n >= OB_USUAL_SESSIONS && sd > OUT_OF_PLACE) {
        c->basis = OB_USUAL_OWN;
        c->sessions = n;
        half = ob_usual_t975(n - 1) * sqrt(2.0) * sd;
    } else if (kind != OB_USUAL_BREATH) {
        c->basis = OB_USUAL_GENERAL;
        half = kind == OB_USUAL_HR ? GENERAL_HR : GENERAL_RMSSD;
    } else {
        return;
    }
    const double from = held(kind, before->value), to = held(kind, after->value);
    c->usual_low = told(kind, from - half) - before->value;
    c->usual_high = told(kind, from + half) - before->value;
    c->low = told(kind, to - half) - before->value;
    c->high = told(kind, to + half) - before->value;
    c->beyond = fabs(to - from) > half;
}
