/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of the ECG detector, shared by its files: ecg.c (the flow), ecg_shape.c (forms, and where R is) and
 * ecg_traits.c (what a candidate looks like). Times are indices on the 250 Hz grid since the last reset. */
#ifndef OB_SIGNAL_ECG_STATE_H
#define OB_SIGNAL_ECG_STATE_H

#include "signal/box.h"
#include "signal/ecg.h"
#include "signal/ecg_judge.h"
#include "signal/grid.h"

#define ECG_GRID_HZ 250.0
#define ECG_MS(ms)  ((int64_t)((ms) * (ECG_GRID_HZ / 1000.0) + 0.5))
#define ECG_RING    1024u /* 4.1 s */
#define ECG_MASK    (ECG_RING - 1u)

#define ECG_LAG    5  /* of the difference that takes the slope: 20 ms */
#define ECG_WINDOW 20 /* of the slope sum: 80 ms */
/* A slope sum at n speaks of grid sample n - ECG_DELAY: half of the box filters (3.5), of the difference (2.5) and of
 * the window (9.5). */
#define ECG_DELAY 15

/* A candidate that is not clear at once is judged again that long after its peak: 230 ms after R. */
#define ECG_LATE ECG_MS(168)

#define ECG_PENDING 12
#define ECG_QUEUE   16
#define ECG_LEVELS  8
#define ECG_PAST    16
/* That much larger, a wave makes the one that was taken doubtful. */
#define ECG_LARGER 1.25

#define ECG_NOTHING -3.0f /* ln of what came after, when nothing did */

/* A form is the slope around a candidate, a point every 8 ms. */
#define ECG_SHAPE        15
#define ECG_REACH        2
#define ECG_SHAPE_WIDE   (ECG_SHAPE + 2 * ECG_REACH)
#define ECG_SHIFTS       8 /* 2 ECG_REACH + 1, rounded up */
#define ECG_BEAT_SHAPES  4
#define ECG_OTHER_SHAPES 3

struct ecg_shape {
    float d[ECG_SHAPE]; /* mean of its members, each by its own slope sum */
    float norm;         /* sum of squares */
    float ln_peak;      /* of its members, trailing mean */
    int uses;
    int64_t born, last;
    /* what came 90-320 ms after its members: a QRS has a slower and lower T wave behind it, a P wave a QRS */
    float after_level, after_curve;
    int after_count;
};

/* A candidate of late, until it is known what came after it. */
struct ecg_past {
    int64_t at;
    double peak;
    float curve;
    float after_level, after_curve; /* of the largest one after it */
    struct ecg_shape *shape;        /* NULL until it is decided */
    int64_t shape_born;
    bool told;
};

struct ecg_candidate {
    int64_t at;  /* of the slope sum's peak; ECG_DELAY not taken off */
    double peak; /* that slope sum */
    float ln_peak;
    float d[ECG_SHAPE + ECG_SHIFTS]; /* ECG_SHAPE_WIDE, and zeros */
    float square[2 * ECG_REACH + 1]; /* sums of squares of d, from each shift on */
    float crest, high, low, curve;
    float traits[OB_TRAIT_COUNT];
    float early, late; /* ln odds */
    bool judged, refused;
};

struct ob_ecg {
    struct ob_grid grid;
    int64_t n; /* grid samples so far */
    struct ob_box box_a, box_b, window;
    double raw[ECG_RING], low[ECG_RING], sum[ECG_RING];

    /* the running maximum of the slope sum */
    bool rising;
    double peak, valley;
    int64_t peak_at;

    struct ecg_candidate pending[ECG_PENDING]; /* oldest first; refused ones stay for a second look */
    int pending_count;
    int64_t next_look;

    /* what is known of this heart */
    bool learned;
    int64_t learn_from;
    double levels[ECG_LEVELS], rrs[ECG_LEVELS];
    int level_count, rr_count;
    double qrs_level, noise_level, last_level;
    double rr, irregular;
    int64_t last_beat, last_but_one;
    float last_odds;
    float trust;                         /* trailing mean of the beats' ln odds */
    int trusted;                         /* beats in it */
    float crest, high, low_share, curve; /* trailing means over beats */
    /* for the doubt of the sampling rate: the last R, and trailing means over sure beats of R's width at half its
     * height, of RR, and of the time to T's peak by the root of RR */
    double last_r;
    bool last_sure;
    int rate_count;
    double ln_width_s, ln_rr_s, ln_qt;
    double passed_peak, passed;
    int passed_count;
    struct ecg_shape beats[ECG_BEAT_SHAPES], others[ECG_OTHER_SHAPES];
    struct ecg_candidate last_taken;
    struct ecg_shape *last_shape; /* that it was taken into */
    struct ecg_past past[ECG_PAST];
    unsigned past_count;

    struct ob_ecg_beat queue[ECG_QUEUE];
    int queue_head, queue_count;

    /* quality, by the second */
    int stuck_run, stuck, block;
    uint64_t block_missing;
    float sure, quality;

    const struct ob_ecg_weights *weights;
    ob_ecg_oracle *oracle;
    bool oracle_leads; /* its last answer was not to do as judged */
    void *user;
};

float ob_ecg_clamp(double value, double low, double high);
/* ln(a / b) within bounds; without a `low`, without b `high`. */
float ob_ecg_ln_ratio(double a, double b, double low, double high);

/* ecg_shape.c */
float ob_ecg_likeness(const struct ecg_candidate *c, const struct ecg_shape *shape, int *shift_out);
/* Takes the candidate into the form that is like it, or begins one instead of the longest unused. */
struct ecg_shape *ob_ecg_remember(struct ecg_shape *shapes, int count, const struct ecg_candidate *c);
/* A new candidate may be what came after the last ones; and a decided one belongs to a form now. */
void ob_ecg_note(struct ob_ecg *ecg, const struct ecg_candidate *c);
void ob_ecg_note_shape(struct ob_ecg *ecg, const struct ecg_candidate *c, struct ecg_shape *shape);
/* Grid index of the R peak, with its fraction, its width at half its height in seconds, and that height. */
double ob_ecg_find_r(const struct ob_ecg *ecg, const struct ecg_candidate *c, double *width_s_out, double *height_out);

/* ecg_learn.c */
/* It is a beat: reports it and learns from it. */
void ob_ecg_accept(struct ob_ecg *ecg, const struct ecg_candidate *c, float ln_odds);
/* It is none. */
void ob_ecg_refuse(struct ob_ecg *ecg, struct ecg_candidate *c);
/* The last beat was something else, a P wave mostly: it was reported and stays so, but nothing is remembered of it. */
void ob_ecg_forget_last(struct ob_ecg *ecg);
/* The first two seconds, and again when lost: the largest wave is taken for a beat until more is known. */
void ob_ecg_learn(struct ob_ecg *ecg);
void ob_ecg_unlearn(struct ob_ecg *ecg);

/* ecg_rate.c */
/* An R at grid index r, sure or not. */
void ob_ecg_rate_note(struct ob_ecg *ecg, double r, double width_s, bool sure);

/* ecg_traits.c */
/* What the signal around it says, once. */
void ob_ecg_measure(const struct ob_ecg *ecg, struct ecg_candidate *c);
/* ln odds that it is a beat, from that and from what is known by now. */
float ob_ecg_weigh(const struct ob_ecg *ecg, struct ecg_candidate *c, bool late);

#endif
