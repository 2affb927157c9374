/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From beats to what the settling detector looks at: every 15 s the mean heart rate, how strongly it swings with the
 * breath, how clearly that swing is one rhythm, its spectrum, and the breathing rate where something measures it.
 *
 * The swing is the power of the heart rate (linear between intervals, 4 Hz) in a band: unpaced
 * 0.13-0.45 Hz, paced 0.06-0.40 Hz. An epoch counts when at least 70% of it is covered by intervals,
 * at most a tenth of its beats had to be corrected, and nobody moved. Pure; a part of settling.h. */
#ifndef OB_BREATH_SETTLING_EPOCHS_H
#define OB_BREATH_SETTLING_EPOCHS_H

#include <stdbool.h>
#include <stdint.h>

#define OB_SETTLING_EPOCH_S 15
#define OB_SETTLING_EPOCHS  48 /* kept: 12 minutes */
#define OB_SETTLING_LINES   14 /* of a spectrum */
#define OB_SETTLING_BANDS   (6 + OB_SETTLING_LINES)

#define OB_SETTLING_LINE_HZ      0.11 /* the first line */
#define OB_SETTLING_LINE_STEP_HZ 0.02

enum ob_settling_band {
    OB_SETTLING_SWING, /* of free breathing */
    OB_SETTLING_LOW,   /* three narrow ones within it, and one above most people's breath: is there one rhythm? */
    OB_SETTLING_MIDDLE,
    OB_SETTLING_HIGH,
    OB_SETTLING_FLOOR,
    OB_SETTLING_WIDE, /* of paced breathing */
    OB_SETTLING_LINE, /* the first line of the spectrum */
};

struct ob_settling_epoch {
    float hr_bpm;
    float power[OB_SETTLING_BANDS]; /* bpm^2 */
    float breath_brpm;
    float pace_brpm; /* of the pacer; 0: nothing guided */
    bool heart;      /* hr_bpm is known */
    bool swing;      /* power is known */
    bool breath;     /* breath_brpm is known */
};

struct ob_settling_filter { /* of second order */
    double b0, b1, b2, a1, a2, z[2];
};

struct ob_settling_epochs {
    /* finished epochs; the newest is epoch[(count - 1) % OB_SETTLING_EPOCHS] */
    struct ob_settling_epoch epoch[OB_SETTLING_EPOCHS];
    uint64_t count;
    int64_t end_ns; /* of the epoch under way */

    /* private: the epoch under way */
    double covered_s, turned; /* seconds and beats */
    uint32_t beats, corrected;
    double power_sum[OB_SETTLING_BANDS];
    uint32_t power_samples;
    double breath_sum, pace_brpm;
    uint32_t breath_count;
    bool moved, moved_next; /* in it; in the one after it */
    /* private: the resampled heart rate */
    struct ob_settling_filter filter[OB_SETTLING_BANDS][2];
    int64_t last_middle_ns, next_sample_ns;
    double last_bpm, level_bpm;
    uint32_t settled; /* samples since the filters began anew */
    bool begun, joined;
};

void ob_settling_epochs_init(struct ob_settling_epochs *epochs, int64_t begin_ns);

/* An NN interval that ends at time_ns; follows: it is joined to the one before; normal: as measured. Returns how many
 * epochs it finished. Times must rise. */
int ob_settling_epochs_beat(struct ob_settling_epochs *epochs, int64_t time_ns, double nn_ms, bool follows,
                            bool normal);

/* The epoch that is back epochs before the newest; NULL: not kept, or never was. */
const struct ob_settling_epoch *ob_settling_epochs_back(const struct ob_settling_epochs *epochs, uint32_t back);

#endif
