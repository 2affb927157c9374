/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The populations of simulated persons: every distribution, and nothing else. Private to the room.
 *
 * Frozen: figures that `outbreath evaluate` prints mean something only as long as these rows stand still. A change
 * here is a new population; say so where figures are quoted (docs/loop.md), and a test will ask for it.
 *
 * A row: key, distribution in the main population, distribution in the misspecified one. Keys are those of
 * OB_PERSON_TABLE; rows are drawn from top to bottom from one random stream.
 *   EVEN(low, high)             even between the two
 *   NORMAL(mean, sd, low, high) normal, brought into low-high
 *   FIXED(value)
 * The main one is part 4 of the design page "physiology", even over a range where the page gives only that. The
 * misspecified one has a resonance, noise, depth and lead that estimators are not made for. */
#ifndef OB_PERSON_POPULATION_TABLE_H
#define OB_PERSON_POPULATION_TABLE_H

#define OB_PERSON_POPULATION_TABLE(X)                                                                                  \
    X(rf, NORMAL(5.6, 0.5, 4.5, 6.5), NORMAL(5.6, 0.5, 4.5, 6.5))                                                      \
    X(rho, EVEN(0.2, 0.6), EVEN(0.1, 0.8))                                                                             \
    X(q, EVEN(1.0, 3.0), EVEN(0.7, 5.0))                                                                               \
    X(lead_s, FIXED(0.55), EVEN(0.2, 1.2))                                                                             \
    X(rate, NORMAL(14.0, 2.5, 8.0, 21.0), NORMAL(14.0, 2.5, 8.0, 21.0))                                                \
    X(inhale, EVEN(0.36, 0.46), EVEN(0.36, 0.46))                                                                      \
    X(g, EVEN(0.0, 0.6), EVEN(0.0, 1.0))                                                                               \
    X(volume_cv, EVEN(0.2, 0.25), EVEN(0.2, 0.4))                                                                      \
    X(period_cv, EVEN(0.06, 0.15), EVEN(0.06, 0.15))                                                                   \
    X(sighs_per_h, EVEN(5.0, 10.0), EVEN(5.0, 10.0))                                                                   \
    X(compliance, EVEN(0.6, 1.0), EVEN(0.6, 1.0))                                                                      \
    X(coupling, EVEN(0.5, 2.0), EVEN(0.5, 2.0))                                                                        \
    X(lag_s, EVEN(0.2, 0.8), EVEN(0.2, 0.8))                                                                           \
    X(lapses_per_min, EVEN(0.0, 1.0), EVEN(0.0, 2.0))                                                                  \
    X(noise, EVEN(1.8, 3.0), EVEN(2.5, 5.0))                                                                           \
    X(mayer_bpm, EVEN(1.0, 2.0), EVEN(0.0, 3.0))                                                                       \
    X(habituation_bpm, EVEN(0.0, 3.0), EVEN(0.0, 3.0))                                                                 \
    X(habituation_tau_min, EVEN(5.0, 12.0), EVEN(5.0, 12.0))                                                           \
    X(jitter_ms, EVEN(1.0, 2.0), EVEN(1.0, 2.0))

/* Age, heart rate and gain come before the rows above, from the same stream: age even over 20-75, heart rate
 * NORMAL(67, 8, 48, 95), gain 25 e^(-0.022 (min(age, 60) - 20)) bpm/L, lognormal with SD 0.45 between people, 1-60. */

/* What goes wrong, from a stream of its own: most hearts and straps are sound, and a fault that is there is even
 * between 0 and its limit. A row: key, share of persons who have it, limit. */
#define OB_PERSON_FAULT_TABLE(X)                                                                                       \
    X(ectopic_pct, 0.30, 3.0)                                                                                          \
    X(missed_pct, 0.30, 2.0)                                                                                           \
    X(extra_pct, 0.20, 1.0)                                                                                            \
    X(duplicate_pct, 0.10, 2.0)                                                                                        \
    X(reorder_pct, 0.10, 2.0)                                                                                          \
    X(motion_per_min, 0.30, 1.0)                                                                                       \
    X(dropouts_per_h, 0.20, 6.0)                                                                                       \
    X(contact_ramp_s, 0.20, 60.0)                                                                                      \
    X(batch_s, 0.50, 1.0)                                                                                              \
    X(age_of_data_s, 0.30, 1.5)                                                                                        \
    X(drift_ppm, 0.80, 100.0)                                                                                          \
    X(strokes, 0.10, 6.0)

/* Letting go, from a third stream: half of the persons do, at a moment even over the middle 60% of the session. */
#define OB_PERSON_SHIFT_SHARE 0.5
#define OB_PERSON_SHIFT_FIRST 0.2
#define OB_PERSON_SHIFT_LAST  0.8
#define OB_PERSON_SHIFT_BPM   EVEN(-6.0, -2.0)
#define OB_PERSON_SHIFT_RATE  EVEN(-4.0, -1.0)
#define OB_PERSON_SHIFT_GAIN  EVEN(10.0, 35.0)

#endif
