/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polar's measurement-data service: what its control point answers and what its data characteristic sends. Pure.
 *
 * Data packet: type u8 (low six bits), stamp u64 ns since 2000-01-01 of the LAST sample, frame type u8 (top bit: delta
 * frame), samples. Little-endian, signed numbers in two's complement. A delta frame begins with one whole sample; then
 * blocks follow of: bits of a difference u8, samples u8, the differences channel by channel, lowest bit first, filled
 * up to a whole byte. Source: Polar's published measurement-data specification. */
#ifndef OB_SENSOR_PMD_DECODE_H
#define OB_SENSOR_PMD_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_PMD_FRAMES_MAX   512
#define OB_PMD_SETTINGS_MAX 8 /* of one setting: how many values are kept */

enum ob_pmd_type {
    OB_PMD_ECG = 0,
    OB_PMD_PPG = 1, /* known, not decoded */
    OB_PMD_ACC = 2,
    OB_PMD_PPI = 3, /* pulse intervals of an optical sensor */
};

/* One pulse interval. */
struct ob_pmd_ppi {
    uint16_t interval_ms;
    uint16_t error_ms; /* the sensor's own estimate of the interval's error */
    uint8_t hr_bpm;
    bool moving; /* the sensor itself calls the interval unusable: it was moved */
    bool touching;
    bool contact_supported;
};

struct ob_pmd_frame {
    enum ob_pmd_type type;
    uint64_t last_ns; /* the device's clock at the last sample, ns since 2000-01-01; 0 in PPI: not said */
    int frames;       /* samples of ECG or ACC, or intervals of PPI */
    int channels;     /* 1 of ECG, 3 of ACC, 0 of PPI */
    bool in_g;        /* delta frames of kind 0: value times the factor of the settings is in g, not in mg */
    int32_t values[OB_PMD_FRAMES_MAX * 3]; /* interleaved: ECG in microvolts, ACC in mg unless in_g */
    struct ob_pmd_ppi ppi[OB_PMD_FRAMES_MAX];
};

/* False: no frame that is known, or one that does not add up. Such a packet is lost as a whole, since without its last
 * sample the stamp means nothing. frame_out is then to be ignored. */
bool ob_pmd_decode(const unsigned char *bytes, size_t count, struct ob_pmd_frame *frame_out);

enum ob_pmd_error {
    OB_PMD_DONE = 0,
    OB_PMD_BAD_PARAMETER = 5,
    OB_PMD_ALREADY = 6, /* in that state already: as good as done */
    OB_PMD_BAD_MTU = 10,
    OB_PMD_CHARGING = 13,
};

enum ob_pmd_setting {
    OB_PMD_RATE,
    OB_PMD_RESOLUTION,
    OB_PMD_RANGE,
    OB_PMD_RANGE_MILLI,
    OB_PMD_CHANNELS,
    OB_PMD_FACTOR
};
#define OB_PMD_SETTING_KINDS 6

/* The answer to an order given to the control point (1 settings, 2 start, 3 stop). */
struct ob_pmd_answer {
    uint8_t order;
    uint8_t type;  /* of the stream it is about */
    uint8_t error; /* enum ob_pmd_error, or another of the device's */
    bool more;     /* the settings go on in another answer */
    bool has_factor;
    float factor;                     /* of OB_PMD_FACTOR */
    int values[OB_PMD_SETTING_KINDS]; /* how many of each setting are in value */
    uint32_t value[OB_PMD_SETTING_KINDS][OB_PMD_SETTINGS_MAX];
};

/* False: no answer, or one that ends within a setting. What was read up to there is in answer_out. */
bool ob_pmd_decode_answer(const unsigned char *bytes, size_t count, struct ob_pmd_answer *answer_out);

/* Reading the control point gives 0F and a mask of streams: bit n for type n. 0: it is not that. */
uint32_t ob_pmd_decode_features(const unsigned char *bytes, size_t count);

#endif
