/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the stated sampling rate fit a heart? */
#include "signal/ecg_state.h"

#include <math.h>

#define BEATS 30

/* Where T is looked for between two R, in RR; a straight line from end to end is taken off. */
#define FROM 0.16
#define TO   0.72

/* The time from R to T's peak, by the square root of RR (Bazett 1920), is much the same in all hearts, so it counts
 * more than width and RR, each of which varies by itself. Hearts lie between the two bounds; twice and half the rate
 * move the sum by 2.2. */
#define QT_WEIGHT 2.4
#define TOO_SLOW  -5.45
#define TOO_FAST  -8.1

static double r_to_t(const struct ob_ecg *e, double r, double rr)
{
    /* the smoothed signal is 3.5 samples late */
    int64_t from = (int64_t)(r + FROM * rr + 3.5), to = (int64_t)(r + TO * rr + 3.5), best = from;
    if (from < 0 || e->n - from >= (int64_t)ECG_RING || to >= e->n || to - from < 5)
        return 0.0;
    double first = e->low[from & ECG_MASK], slope = (e->low[to & ECG_MASK] - first) / (double)(to - from), most = 0.0;
    for (int64_t i = from; i <= to; i++) {
        double d = fabs(e->low[i & ECG_MASK] - first - slope * (double)(i - from));
        if (d > most) {
            most = d;
            best = i;
        }
    }
    return (double)best - 3.5 - r;
}

void ob_ecg_rate_note(struct ob_ecg *e, double r, double width_s, bool sure)
{
    double rr = r - e->last_r, qt = 0.0;
    if (sure && e->last_sure && width_s > 0.0 && rr > 0.0 && rr < (double)ECG_MS(3000))
        qt = r_to_t(e, e->last_r, rr);
    if (qt > 0.0) {
        double rr_s = rr / ECG_GRID_HZ;
        int count = e->rate_count < 1000 ? ++e->rate_count : 1000;
        e->ln_width_s += (log(width_s) - e->ln_width_s) / count;
        e->ln_rr_s += (log(rr_s) - e->ln_rr_s) / count;
        e->ln_qt += (log(qt / ECG_GRID_HZ / sqrt(rr_s)) - e->ln_qt) / count;
    }
    e->last_r = r;
    e->last_sure = sure;
}

enum ob_ecg_rate_doubt ob_ecg_rate_doubt(const struct ob_ecg *e)
{
    if (e->rate_count < BEATS)
        return OB_ECG_RATE_FINE;
    double size = e->ln_width_s + e->ln_rr_s + QT_WEIGHT * e->ln_qt;
    return size > TOO_SLOW ? OB_ECG_RATE_TOO_LOW : size < TOO_FAST ? OB_ECG_RATE_TOO_HIGH : OB_ECG_RATE_FINE;
}
