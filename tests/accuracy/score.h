/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One-to-one matching of found beats with reference beats. */
#ifndef OB_TESTS_ACCURACY_SCORE_H
#define OB_TESTS_ACCURACY_SCORE_H

#include <stddef.h>

struct wave;

struct found {
    double t_s, decided_s, confidence;
    int matched; /* index of its reference beat, -1 none, -2 left out */
};

struct score {
    size_t tp, fp, fn;
    double error_sum_s, error_square_s2; /* of the matched ones */
};

/* In time order each reference beat takes the nearest free found one within the tolerance. lag_s is taken off. */
void score_match(const struct wave *ref, struct found *found, size_t count, double tolerance_s, double lag_s,
                 struct score *out);
void score_add(struct score *sum, const struct score *one);
double score_se(const struct score *s);
double score_ppv(const struct score *s);
double score_f1(const struct score *s);
double score_sd_ms(const struct score *s);

/* Wilson's 95% interval of a share. */
void score_wilson(double share, double n, double *low_out, double *high_out);

#endif
