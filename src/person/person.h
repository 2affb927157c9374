/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated person: breathing that follows a cue imperfectly, a heart that answers it, and what sensors would
 * see of both. Pure and seeded: the same description and the same cues give the same person, bit for bit.
 *
 * Respiration, RSA, noise and faults: design page "physiology", part 4. Beats: integral pulse frequency modulation
 * (Bayly 1968, doi:10.1109/TBME.1968.4502574). ECG: McSharry et al. 2003 (doi:10.1109/TBME.2003.808805). 1/f as a sum
 * of relaxations: Keshner 1982 (doi:10.1109/PROC.1982.12282).
 *
 * Inside, everything happens on a fixed grid of 10 ms from the start on, so results do not depend on how often
 * ob_person_advance() is called. The cue between two calls is taken to turn evenly at the newest rate; without a cue
 * results are identical bit for bit whatever the spacing, with one they agree to rounding.
 *
 * Every signal and every fault draws from a random stream of its own: asking for an ECG, or adding missed beats, does
 * not change the breathing or the true beats of the same seed. One thread at a time. */
#ifndef OB_PERSON_PERSON_H
#define OB_PERSON_PERSON_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row a key: name, default, lowest, highest, unit, meaning. --person takes these keys, --person help lists them.
 * Everything about faults is 0 by default: a clean sensor on a healthy heart. */
#define OB_PERSON_TABLE(X)                                                                                             \
    X(seed, 1, 0, 4294967295.0, "", "of all random numbers")                                                           \
    /* breathing */                                                                                                    \
    X(rate, 14, 4, 30, "breaths/min", "breathing when left alone")                                                     \
    X(inhale, 0.4, 0.25, 0.6, "share", "of a breath that is inhale when left alone")                                   \
    X(g, 0.6, 0, 1, "", "how breaths deepen when slow: volume = 0.5 L (15/rate)^g")                                    \
    X(volume_cv, 0.22, 0, 0.5, "share", "spread of volume from breath to breath")                                      \
    X(period_cv, 0.1, 0, 0.3, "share", "spread of length from breath to breath when left alone")                       \
    X(sighs_per_h, 7, 0, 120, "1/h", "sighs, 2.2-3 times as deep and 1.4 times as long")                               \
    X(compliance, 0.9, 0, 1, "share", "how closely breathing follows the cue: 0 not at all")                           \
    X(coupling, 1.2, 0, 3, "1/s", "how firmly breathing is pulled to the phase of the cue")                            \
    X(lag_s, 0.4, 0, 3, "s", "from hearing to breathing")                                                              \
    X(lapses_per_min, 0.3, 0, 10, "1/min", "moments of 5-20 s in which the cue is forgotten")                          \
    /* the heart */                                                                                                    \
    X(age, 40, 16, 95, "years", "sets the gain where that is not given")                                               \
    X(hr, 66, 35, 140, "bpm", "mean heart rate at the start")                                                          \
    X(gain, 0, 0, 60, "bpm/L", "of the heart's answer to breath; 0: from age, 25 e^(-0.022 (age-20))")                 \
    X(rf, 5.6, 4, 8, "breaths/min", "resonance frequency")                                                             \
    X(rho, 0.4, 0, 0.9, "share", "of the answer that resonates")                                                       \
    X(q, 2, 0.5, 6, "", "sharpness of the resonance")                                                                  \
    X(lead_s, 0.55, 0, 1.5, "s", "by which the heart's drive runs ahead of the lungs")                                 \
    X(noise, 2.2, 0, 8, "bpm", "standard deviation of slow 1/f wandering")                                             \
    X(mayer_bpm, 1.5, 0, 6, "bpm", "standard deviation of the pressure waves at the resonance")                        \
    X(habituation_bpm, 1.5, 0, 15, "bpm", "by which the heart settles during a session")                               \
    X(habituation_tau_min, 8, 1, 60, "min", "time constant of that settling")                                          \
    X(jitter_ms, 1.5, 0, 20, "ms", "spread of each reported beat: 1-2 for ECG, 4-10 for pulse")                        \
    /* letting go */                                                                                                   \
    X(shift_at_min, -1, -1, 1440, "min", "when the person lets go; -1: never")                                         \
    X(shift_bpm, -4, -20, 20, "bpm", "change of heart rate then")                                                      \
    X(shift_rate, -2, -10, 10, "breaths/min", "change of natural breathing then")                                      \
    X(shift_gain_pct, 20, -90, 200, "%", "change of the gain then")                                                    \
    X(shift_ramp_s, 60, 1, 600, "s", "that the change takes")                                                          \
    /* falling asleep */                                                                                               \
    X(asleep_at_min, -1, -1, 1440, "min", "when the person falls asleep over three minutes: hears nothing; -1: never") \
    X(asleep_bpm, -5, -20, 0, "bpm", "change of heart rate then")                                                      \
    /* an irregular heart, a moving body */                                                                            \
    X(ectopic_pct, 0, 0, 50, "% of beats", "early beats at 0.6-0.8 of the interval, with a compensatory pause")        \
    X(strokes, 0, 0, 60, "1/min", "hand strokes over the chest, in acceleration and ECG")                              \
    X(motion_per_min, 0, 0, 20, "1/min", "bursts of movement of 1-4 s, in acceleration, ECG and pulse")                \
    /* the sensor */                                                                                                   \
    X(missed_pct, 0, 0, 50, "% of beats", "not seen: absent from RR, flat in ECG and pulse")                           \
    X(extra_pct, 0, 0, 50, "% of beats", "seen where there is none: a spike between two beats")                        \
    X(duplicate_pct, 0, 0, 50, "% of beats", "delivered a second time")                                                \
    X(reorder_pct, 0, 0, 50, "% of beats", "delivered after their successor")                                          \
    X(dropout_at_min, -1, -1, 1440, "min", "when the sensor is lost; -1: never")                                       \
    X(dropouts_per_h, 0, 0, 120, "1/h", "further losses at random times")                                              \
    X(dropout_s, 10, 0.1, 3600, "s", "that each loss lasts")                                                           \
    X(contact_ramp_s, 0, 0, 600, "s", "until dry electrodes have contact: noise, small waves, missed beats")           \
    X(batch_s, 0, 0, 5, "s", "data are sent together this often by its own clock (Bluetooth 0.2-1); 0: each at once")  \
    X(age_of_data_s, 0, 0, 20, "s", "from a beat to its being sent")                                                   \
    X(drift_ppm, 0, -1000, 1000, "ppm", "by which the sensor's clock is fast")                                         \
    X(rr_step_ms, 0.9765625, 0, 50, "ms", "grid of reported beat times (1/1024 s); 0: none")                           \
    X(ecg_hz, 130, 100, 1000, "Hz", "sampling rate of the ECG")                                                        \
    X(ppg_hz, 100, 20, 500, "Hz", "sampling rate of the pulse wave")                                                   \
    X(ecg_noise_mv, 0.012, 0, 1, "mV", "standard deviation of noise in the ECG")                                       \
    X(mains_mv, 0, 0, 1, "mV", "amplitude of 50 Hz hum in the ECG")

enum ob_person_signal {
    OB_PERSON_ECG,  /* 1 channel, mV, at ecg_hz */
    OB_PERSON_PPG,  /* 1 channel, arbitrary units rising with blood volume, about 0-1, at ppg_hz */
    OB_PERSON_RESP, /* 1 channel, litres above the resting end of an exhale as a belt would see them, 25 Hz */
    OB_PERSON_ACC,  /* 3 channels interleaved, mg, a chest strap on somebody lying, 50 Hz */
    OB_PERSON_SIGNALS
};

struct ob_person_desc {
#define OB_PERSON_FIELD(name, standard, low, high, unit, meaning) double name;
    OB_PERSON_TABLE(OB_PERSON_FIELD)
#undef OB_PERSON_FIELD
    unsigned signals; /* 1u << enum ob_person_signal for each signal to be made (0: RR alone); not a --person key */
};

/* Sets the defaults of the table, and no signals. */
void ob_person_desc_init(struct ob_person_desc *desc);

/* Reads "seed=7,rf=5.4" on top of what desc holds; spaces around keys and values are allowed, empty text changes
 * nothing. On an error desc is unchanged and problem_out holds a sentence that names the key, and the range or the
 * nearest key there is. OB_ERR_USAGE: unknown key, no number, no '='; OB_ERR_RANGE: out of range. problem_out may be
 * NULL when problem_size is 0. */
enum ob_err ob_person_desc_parse(const char *text, struct ob_person_desc *desc, char *problem_out, size_t problem_size);

/* Writes the table for people, a line a key, always terminated. Returns the length that it wants without the
 * terminator, as snprintf does. */
size_t ob_person_desc_help(char *out, size_t size);

/* Writes the values that differ from the defaults as "seed=7,rf=5.4" (17 digits where needed, so that parsing gives the
 * same person). Returns as ob_person_desc_help does. */
size_t ob_person_desc_text(const struct ob_person_desc *desc, char *out, size_t size);

enum ob_person_population {
    OB_PERSON_POPULATION_MAIN,        /* the distributions of "physiology", part 4 */
    OB_PERSON_POPULATION_MISSPECIFIED /* what estimators do not expect: other resonance, noise, lead, depth */
};

/* Draws one person: everything about breathing and heart, from the distributions in population_table.h; seed is also
 * the person's seed. The shift and the faults of sensor and body stay as desc has them. */
void ob_person_desc_draw(struct ob_person_desc *desc, enum ob_person_population population, uint32_t seed);

/* Draws what goes wrong with this person's heart, body and strap: ectopics, strokes, lost and late data. Most are
 * sound. Draws of breathing and heart stay as they are. */
void ob_person_desc_draw_faults(struct ob_person_desc *desc, uint32_t seed);

/* Draws whether and when this person lets go in a session of so many minutes, and how far. */
void ob_person_desc_draw_shift(struct ob_person_desc *desc, double minutes, uint32_t seed);

/* What the person hears at one moment. */
struct ob_person_cue {
    double phase_turns; /* 0 start of an inhale; [0, inhale_01) is inhale; only the fraction matters */
    double rate_brpm;   /* how fast the phase turns, breaths/min */
    double inhale_01;   /* share of the breath that is inhale; 0 counts as 0.4 */
    double audible_01;  /* 0 silence: the person settles back to the own rate over a few breaths; 1 clearly heard */
};

enum ob_person_beat_kind {
    OB_PERSON_BEAT_NORMAL,
    OB_PERSON_BEAT_ECTOPIC, /* truly early */
    OB_PERSON_BEAT_EXTRA,   /* the sensor's invention: there was no beat */
};

/* A beat as the sensor reports it. */
struct ob_person_beat {
    int64_t time_ns;      /* when it truly was (for an extra: where it was put) */
    int64_t measured_ns;  /* when the sensor's clock says it was: with jitter, grid and drift. Never after delivered_ns
                             but for the drift, which an adapter maps away as with any device's clock */
    int64_t delivered_ns; /* when it arrives in the program */
    double rr_ms;         /* from the reported beat before, in the sensor's clock */
    enum ob_person_beat_kind kind;
    bool after_missed; /* true beats between this one and the one before were not seen: rr_ms spans them */
    bool after_gap;    /* the first after lost data; rr_ms itself is sound, what came before is not joined to it */
    bool duplicate;    /* the same beat again */
};

/* A beat as it truly was. */
struct ob_person_true_beat {
    int64_t time_ns;
    double rr_ms; /* from the true beat before; 0 for the first */
    bool ectopic;
    bool reported; /* the sensor saw it */
};

/* What nobody but a test may know, at the newest step. */
struct ob_person_truth {
    int64_t time_ns;
    double phase_turns;  /* of the lungs, 0 start of an inhale */
    double volume_l;     /* above the resting end of an exhale */
    double rate_brpm;    /* at which it breathes now, sighs aside */
    double natural_brpm; /* at which it would breathe alone */
    double breath_l;     /* depth of the breath under way */
    double inhale_01;    /* share of inhale in the breath under way */
    double hr_bpm;       /* instantaneous heart rate */
    double rsa_bpm;      /* the part of it that breathing makes */
    double gain_bpm_l;   /* now, with age and shift */
    double shift_01;     /* how far it has let go */
    double contact_01;   /* 1: the sensor touches well */
    bool lapsing;        /* has forgotten the cue */
    bool sighing;
    bool stroked; /* a hand is on the chest */
    bool moving;
    bool connected; /* false during a dropout */
    uint64_t breaths, beats, sighs;
    uint64_t lost; /* beats and frames dropped because nobody took them */
};

struct ob_person;

/* A person whose first moment is start_ns. desc is copied; values out of range are brought into it. NULL when there is
 * no memory. The caller owns it. */
struct ob_person *ob_person_create(const struct ob_person_desc *desc, int64_t start_ns);
void ob_person_destroy(struct ob_person *person);

/* Lives on until now_ns (never backwards). cue_now: what is heard at now_ns, NULL for silence. Queues hold at least
 * 4 s of everything beside what waits for delivery: take in time, or the oldest is lost and counted. */
void ob_person_advance(struct ob_person *person, int64_t now_ns, const struct ob_person_cue *cue_now);

/* The next reported beat that has been delivered by now, in order of delivery. False: none. */
bool ob_person_take_beat(struct ob_person *person, struct ob_person_beat *out);

/* The next true beat, at once. False: none. */
bool ob_person_take_true_beat(struct ob_person *person, struct ob_person_true_beat *out);

/* Takes up to max_frames delivered frames of a signal; returns how many. A block never spans lost data: after a
 * dropout the next block begins with a jump in time. last_measured_ns (may be NULL): time of the last frame taken, in
 * the sensor's clock. 0 frames: none now, or the signal was not asked for. */
int ob_person_take_samples(struct ob_person *person, enum ob_person_signal which, float *out, int max_frames,
                           int64_t *last_measured_ns);

/* Channels (1 or 3) and nominal rate of a signal. */
int ob_person_channels(enum ob_person_signal which);
double ob_person_signal_hz(const struct ob_person *person, enum ob_person_signal which);

/* Delivered state of contact and connection: what a sensor would say now. */
bool ob_person_touching(const struct ob_person *person);
bool ob_person_connected(const struct ob_person *person);

void ob_person_truth(const struct ob_person *person, struct ob_person_truth *out);

#endif
