/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/pace.h"

#include "base/crc32c.h"
#include "base/maths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Shapes of resonance: rho, Q, prior. The first is hardly one. */
static const struct {
    double rho, q, prior;
} shapes[OB_PACE_SHAPES] = {{0.10, 1.0, 0.10}, {0.25, 1.3, 0.30}, {0.40, 2.0, 0.30}, {0.55, 2.7, 0.30}};

/* What the ripple is made of; fitted to simulated persons on seeds that no figure is quoted from. */
#define WAVES_SD_BPM  1.5  /* pressure waves */
#define WAVES_Q       2.61 /* how narrow they are */
#define WANDER_SD_BPM 2.76 /* 1/f, as five relaxations */
#define DEPTH_CV      0.288
#define LENGTH_CV     0.465 /* of what breathing off the pacer adds around the pace */
#define LENGTH_WIDTH  1.2   /* breaths/min, half width of that */
#define FLOOR_BPM2_HZ 0.0539
#define RIPPLE_BESIDE 0.45  /* breaths/min beside the pace that the fit has emptied */
#define RIPPLE_TEMPER 0.060 /* windows overlap by seven eighths and bins by half */
#define RIPPLE_LEVEL                                                                                                   \
    10.0                /* rates that the expected level of a window is worth: hearts differ in how restless they are */
#define RIPPLE_TALL 6.0 /* a power so many times the expected counts as one that many times and its logarithm */

#define SWING_SPREAD  0.30 /* of ln(swing) from breath to breath */
#define SWING_SURE    8.0  /* breaths that this is worth */
#define SWING_TEMPER  0.5  /* neighbours share a breath's depth */
#define DEEPENING     0.3  /* of slow breaths, in ln(volume) a ln(rate) */
#define DEEPENING_SD  0.2
#define SWING_OUTLIER 0.7 /* from the running median of ln(swing) */
#define MEDIAN_STEP   0.1
#define FIRST_BREATHS 6 /* until the running median means something */

#define FADE_SESSIONS 0.9
#define FEW_BREATHS   20 /* before which nothing is said */
#define FLAT_SURE     0.5

static double rate_of(int i)
{
    return OB_PACE_FIRST_BRPM + OB_PACE_STEP_BRPM * i;
}

static double ln_prior(int shape, int rate)
{
    const double away = (rate_of(rate) - OB_PACE_PRIOR_BRPM) / OB_PACE_PRIOR_SD;
    return log(shapes[shape].prior) - 0.5 * away * away;
}

static struct ob_resonance resonance_of(int shape, int rate)
{
    return (struct ob_resonance){.rate_brpm = rate_of(rate), .rho = shapes[shape].rho, .q = shapes[shape].q};
}

void ob_own_pace_init(struct ob_own_pace *pace)
{
    memset(pace, 0, sizeof *pace);
    for (int s = 0; s < OB_PACE_SHAPES; s++)
        for (int r = 0; r < OB_PACE_RATES; r++)
            pace->ln_past[s][r] = ln_prior(s, r);
}

void ob_own_pace_breath(struct ob_own_pace *pace, double brpm, double swing_bpm)
{
    if (!(brpm >= 3.5 && brpm <= 10.0) || !(swing_bpm > 0.1 && swing_bpm < 120.0))
        return;
    const double ln_swing = log(swing_bpm);
    if (pace->n < 0.5)
        pace->median_ln = ln_swing;
    const double away = ln_swing - pace->median_ln;
    /* A step of fixed size towards each new value ends where half of them lie above. */
    pace->median_ln += ob_clamp(away, -MEDIAN_STEP, MEDIAN_STEP);
    if (pace->n >= FIRST_BREATHS && fabs(away) > SWING_OUTLIER)
        return;
    const double x = -log(brpm / 6.0);
    pace->n += 1.0;
    pace->x += x;
    pace->xx += x * x;
    for (int s = 0; s < OB_PACE_SHAPES; s++) {
        for (int r = 0; r < OB_PACE_RATES; r++) {
            const struct ob_resonance resonance = resonance_of(s, r);
            const double y = ln_swing - 0.5 * log(ob_resonance_gain2(&resonance, brpm));
            pace->y[s][r] += y;
            pace->yy[s][r] += y * y;
            pace->xy[s][r] += x * y;
        }
    }
    pace->breaths++;
}

/* The density that pressure waves and 1/f noise have at an angular frequency, one-sided, bpm^2/Hz. */
static double waves(double w, double brpm)
{
    const double w0 = OB_TAU * brpm / 60.0, decay = w0 / (2.0 * WAVES_Q);
    const double a = decay * decay + (w - w0) * (w - w0), b = decay * decay + (w + w0) * (w + w0);
    return 2.0 * WAVES_SD_BPM * WAVES_SD_BPM * decay * (1.0 / a + 1.0 / b);
}

static double wander(double w)
{
    static const double taus_s[] = {2.0, 8.0, 30.0, 120.0, 480.0};
    double sum = 0.0;
    for (int i = 0; i < 5; i++)
        sum += 1.0 / (taus_s[i] * (1.0 / (taus_s[i] * taus_s[i]) + w * w));
    return 4.0 * WANDER_SD_BPM * WANDER_SD_BPM / 5.0 * sum;
}

/* What breaths of unequal depth and length move around a pace, for a swing of 1 at it and a heart that answers all
 * rates alike: the spectrum of one breath, half a cosine up and half down, and a hump about the pace. */
static double unevenness(double brpm, double pace_brpm)
{
    const double x = brpm / pace_brpm, breath_s = 60.0 / pace_brpm;
    const double one = fabs(x - 1.0) < 1e-3 ? 0.5 : sin(OB_PI * x) / (OB_PI * x) / (1.0 - x * x);
    const double off = (brpm - pace_brpm) / LENGTH_WIDTH;
    return 2.0 * breath_s * (DEPTH_CV * DEPTH_CV * one * one + 0.25 * LENGTH_CV * LENGTH_CV / (1.0 + off * off));
}

void ob_own_pace_ripple(struct ob_own_pace *pace, const struct ob_ripple *ripple)
{
    /* Of each hypothesis: logarithms of what is expected, and what there is over that. */
    double logs[OB_PACE_SHAPES][OB_PACE_RATES] = {{0}}, ratios[OB_PACE_SHAPES][OB_PACE_RATES] = {{0}};
    int rates = 0;
    for (int k = 0; k < OB_RIPPLE_RATES; k++) {
        const double brpm = OB_RIPPLE_FIRST_BRPM + OB_RIPPLE_STEP_BRPM * k;
        if (fabs(brpm - ripple->pace_brpm) < RIPPLE_BESIDE)
            continue;
        rates++;
        const double w = OB_TAU * brpm / 60.0;
        const double uneven = unevenness(brpm, ripple->pace_brpm) * ripple->swing_bpm * ripple->swing_bpm;
        /* An interval shows the mean over itself. */
        const double half = 0.5 * w * 60.0 / ripple->mean_bpm, mean = sin(half) / half;
        const double noise = wander(w);
        for (int r = 0; r < OB_PACE_RATES; r++) {
            const double wave = waves(w, rate_of(r));
            for (int s = 0; s < OB_PACE_SHAPES; s++) {
                const struct ob_resonance resonance = resonance_of(s, r);
                const double answer =
                    ob_resonance_gain2(&resonance, brpm) / ob_resonance_gain2(&resonance, ripple->pace_brpm);
                const double expected = (uneven * answer + wave + noise) * mean * mean + FLOOR_BPM2_HZ;
                double ratio = ripple->power[k] / expected;
                if (ratio > RIPPLE_TALL)
                    ratio = RIPPLE_TALL + log(ratio / RIPPLE_TALL);
                logs[s][r] += log(expected);
                ratios[s][r] += ratio;
            }
        }
    }
    for (int s = 0; s < OB_PACE_SHAPES; s++) {
        for (int r = 0; r < OB_PACE_RATES; r++) {
            /* The level that suits the window best, held to the expected one. */
            const double level = (ratios[s][r] + RIPPLE_LEVEL) / (rates + RIPPLE_LEVEL);
            pace->ln_ripple[s][r] -= RIPPLE_TEMPER * (logs[s][r] + rates * log(level) + ratios[s][r] / level);
        }
    }
    pace->ripples++;
}

/* The swing's evidence: level and deepening are integrated out, the spread too. */
static double ln_swing(const struct ob_own_pace *pace, int s, int r)
{
    if (pace->n < 3.0)
        return 0.0;
    const double n = pace->n;
    const double xx = pace->xx - pace->x * pace->x / n;
    const double yy = pace->yy[s][r] - pace->y[s][r] * pace->y[s][r] / n;
    const double xy = pace->xy[s][r] - pace->x * pace->y[s][r] / n;
    const double variance = SWING_SPREAD * SWING_SPREAD, hold = variance / (DEEPENING_SD * DEEPENING_SD);
    const double slope = (xy + hold * DEEPENING) / (xx + hold);
    const double left = yy - 2.0 * slope * xy + slope * slope * xx + hold * (slope - DEEPENING) * (slope - DEEPENING);
    return -0.5 * (SWING_SURE + SWING_TEMPER * (n - 1.0)) * log(SWING_SURE * variance + SWING_TEMPER * fmax(left, 0.0));
}

/* ln of the posterior, its highest value 0. */
static void ln_posterior(const struct ob_own_pace *pace, double out[OB_PACE_SHAPES][OB_PACE_RATES])
{
    double highest = -(double)INFINITY;
    for (int s = 0; s < OB_PACE_SHAPES; s++) {
        for (int r = 0; r < OB_PACE_RATES; r++) {
            out[s][r] = pace->ln_past[s][r] + pace->ln_ripple[s][r] + ln_swing(pace, s, r);
            highest = fmax(highest, out[s][r]);
        }
    }
    for (int s = 0; s < OB_PACE_SHAPES; s++)
        for (int r = 0; r < OB_PACE_RATES; r++)
            out[s][r] -= highest;
}

static double probabilities(const struct ob_own_pace *pace, double out[OB_PACE_RATES])
{
    double ln[OB_PACE_SHAPES][OB_PACE_RATES], sum = 0.0, flat = 0.0;
    ln_posterior(pace, ln);
    memset(out, 0, OB_PACE_RATES * sizeof *out);
    for (int s = 0; s < OB_PACE_SHAPES; s++) {
        for (int r = 0; r < OB_PACE_RATES; r++) {
            const double p = exp(ln[s][r]);
            out[r] += p;
            sum += p;
            flat += s == 0 ? p : 0.0;
        }
    }
    for (int r = 0; r < OB_PACE_RATES; r++)
        out[r] /= sum;
    return flat / sum;
}

void ob_own_pace_probabilities(const struct ob_own_pace *pace, double probabilities_out[OB_PACE_RATES])
{
    probabilities(pace, probabilities_out);
}

/* Where the distribution function passes a level; each rate stands for its cell. */
static double quantile(const double p[OB_PACE_RATES], double level)
{
    double below = 0.0;
    for (int r = 0; r < OB_PACE_RATES; r++) {
        if (below + p[r] >= level && p[r] > 0.0)
            return rate_of(r) + OB_PACE_STEP_BRPM * ((level - below) / p[r] - 0.5);
        below += p[r];
    }
    return rate_of(OB_PACE_RATES - 1);
}

void ob_own_pace_estimate(const struct ob_own_pace *pace, struct ob_own_pace_estimate *e)
{
    double p[OB_PACE_RATES];
    memset(e, 0, sizeof *e);
    e->flat_01 = probabilities(pace, p);
    for (int r = 0; r < OB_PACE_RATES; r++)
        e->mean_brpm += p[r] * rate_of(r);
    for (int r = 0; r < OB_PACE_RATES; r++)
        e->sd_brpm += p[r] * (rate_of(r) - e->mean_brpm) * (rate_of(r) - e->mean_brpm);
    e->sd_brpm = sqrt(e->sd_brpm);
    e->low_brpm = quantile(p, 0.05);
    e->high_brpm = quantile(p, 0.95);
    e->breaths = pace->breaths;
    if (pace->breaths < FEW_BREATHS)
        e->word = OB_PACE_UNKNOWN;
    else if (e->flat_01 > FLAT_SURE)
        e->word = OB_PACE_ANYWHERE;
    else
        e->word = e->high_brpm - e->low_brpm > OB_PACE_WIDE_BRPM ? OB_PACE_WIDE : OB_PACE_NUMBER;
}

/* ---- the blob --------------------------------------------------------------------------------------------------- */

#define BLOB_VERSION 1
#define BLOB_HEAD    12 /* "OBPC", version, shapes, rates, 0, breaths */
#define BLOB_STEP    0.05
#define BLOB_CELLS   (OB_PACE_SHAPES * OB_PACE_RATES)

_Static_assert(BLOB_HEAD + BLOB_CELLS + 4 <= OB_PACE_BLOB, "the blob holds head, cells and checksum");

static void put_u32(unsigned char *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t get_u32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void ob_own_pace_save(const struct ob_own_pace *pace, unsigned char blob[OB_PACE_BLOB])
{
    double ln[OB_PACE_SHAPES][OB_PACE_RATES];
    ln_posterior(pace, ln);
    memset(blob, 0, OB_PACE_BLOB);
    memcpy(blob, "OBPC", 4);
    blob[4] = BLOB_VERSION;
    blob[5] = OB_PACE_SHAPES;
    blob[6] = OB_PACE_RATES;
    put_u32(blob + 8, pace->breaths);
    for (int s = 0; s < OB_PACE_SHAPES; s++)
        for (int r = 0; r < OB_PACE_RATES; r++)
            blob[BLOB_HEAD + s * OB_PACE_RATES + r] = (unsigned char)ob_clamp(-ln[s][r] / BLOB_STEP + 0.5, 0.0, 255.0);
    put_u32(blob + OB_PACE_BLOB - 4, ob_crc32c(0, blob, OB_PACE_BLOB - 4));
}

bool ob_own_pace_load(struct ob_own_pace *pace, const unsigned char blob[OB_PACE_BLOB])
{
    ob_own_pace_init(pace);
    if (memcmp(blob, "OBPC", 4) != 0 || blob[4] != BLOB_VERSION || blob[5] != OB_PACE_SHAPES ||
        blob[6] != OB_PACE_RATES || get_u32(blob + OB_PACE_BLOB - 4) != ob_crc32c(0, blob, OB_PACE_BLOB - 4))
        return false;
    /* Fading is towards the prior: what was learnt beyond it is what fades. */
    for (int s = 0; s < OB_PACE_SHAPES; s++)
        for (int r = 0; r < OB_PACE_RATES; r++)
            pace->ln_past[s][r] = FADE_SESSIONS * (-BLOB_STEP * (double)blob[BLOB_HEAD + s * OB_PACE_RATES + r]) +
                                  (1.0 - FADE_SESSIONS) * pace->ln_past[s][r];
    pace->breaths = get_u32(blob + 8);
    return true;
}

size_t ob_own_pace_text(const struct ob_own_pace_estimate *e, ob_tr_fn *tr, char *out, size_t size)
{
    int length = 0;
    switch (e->word) {
    case OB_PACE_UNKNOWN:
        length = snprintf(
            out, size,
            ob_words_in(tr, OB_TR("Your own pace is not known yet. Anywhere near 5.5 to 6 breaths a minute suits.")));
        break;
    case OB_PACE_WIDE:
        length = snprintf(
            out, size,
            ob_words_in(
                tr, OB_TR("Likely between %.1f and %.1f breaths a minute: still wide. Anywhere near 5.5 to 6 suits.")),
            e->low_brpm, e->high_brpm);
        break;
    case OB_PACE_ANYWHERE:
        length =
            snprintf(out, size,
                     ob_words_in(tr, OB_TR("Your heart answers much alike over the whole range: anywhere near 5.5 to 6 "
                                           "breaths a minute suits.")));
        break;
    case OB_PACE_NUMBER:
        length =
            snprintf(out, size, ob_words_in(tr, OB_TR("Near %.1f breaths a minute, likely between %.1f and %.1f.")),
                     e->mean_brpm, e->low_brpm, e->high_brpm);
        break;
    }
    return length > 0 ? (size_t)length : 0;
}
