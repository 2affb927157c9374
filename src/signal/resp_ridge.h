/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ridge of breathing in a map of rate over time, made of several series. Private to the room; signal/resp.h says
 * what it is. */
#ifndef OB_SIGNAL_RESP_RIDGE_H
#define OB_SIGNAL_RESP_RIDGE_H

#include <stdbool.h>

#define RIDGE_HZ      2.0 /* sampling rate of the series */
#define RIDGE_SAMPLES 120 /* of the longest window */
#define RIDGE_LONGEST 60  /* samples of a wavelet: the shortest window */
#define RIDGE_STEP    10  /* samples from spectrum to spectrum */
#define RIDGE_SPECTRA (RIDGE_SAMPLES / RIDGE_STEP)
#define RIDGE_LATEST  4
#define RIDGE_RATES   96
#define RIDGE_SERIES  6

enum ob_ridge_kind {
    RIDGE_MECHANICAL, /* moved by the chest: wanders slowly, tilted by sqrt(f) */
    RIDGE_INTERVALS,  /* swings by itself below 0.15 Hz too: tilted by f^2 */
};

struct ob_ridge {
    /* Constant after init. */
    double hz[RIDGE_RATES];
    double tilt[2][RIDGE_RATES]; /* by enum ob_ridge_kind */
    int length[RIDGE_RATES];     /* of a wavelet */
    /* the first halves of the wavelets: of what is alike in both, and of what differs in sign */
    double even[RIDGE_RATES][RIDGE_LONGEST / 2], odd[RIDGE_RATES][RIDGE_LONGEST / 2];
    /* The window under way. */
    int spectra; /* in it */
    int series;
    double weight_sum;
    double map[RIDGE_SPECTRA][RIDGE_RATES];
    double each[RIDGE_SERIES][RIDGE_SPECTRA][RIDGE_RATES];
    double weight[RIDGE_SERIES];
    const double *tilted[RIDGE_SERIES];
};

struct ob_ridge_course {
    double hz;        /* mean over the window */
    double latest_hz; /* mean over its last RIDGE_LATEST spectra */
    double contrast;  /* mean logarithm of how far the ridge stands above the level of the map: 0 nothing, 2.5 a tone */
    double lead;      /* how far, likewise, above the best ridge at another rate */
    double edge_01;   /* share of the window in which it lies at the lowest or highest rate */
};

/* Takes mean and straight line (least squares) off x[0..n); n of 2 and more. */
void ob_ridge_take_off_line(double *x, int n);

void ob_ridge_init(struct ob_ridge *ridge);

/* A new window of count samples, RIDGE_LONGEST to RIDGE_SAMPLES, a multiple of RIDGE_STEP. */
void ob_ridge_begin(struct ob_ridge *ridge, int count);

/* One series of that many samples; a line is taken off x, and outliers beyond 3 robust standard deviations are cut.
 * least: mean deviation from that line below which it does not move, and is left out; weight_01: how much of it is
 * there. */
void ob_ridge_add(struct ob_ridge *ridge, double *x, enum ob_ridge_kind kind, double least, double weight_01);

/* False: no series moves. */
bool ob_ridge_follow(struct ob_ridge *ridge, struct ob_ridge_course *course_out);

#endif
