/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One recording from file to report: beats, RR, correction, metrics. */
#ifndef OB_APP_ANALYSIS_H
#define OB_APP_ANALYSIS_H

#include "app/commands/file_beats.h"
#include "hrv/report.h"
#include "signal/rr_offline.h"

#include <stdatomic.h>
#include <stdbool.h>

struct ob_analysis_desc {
    const char *path;
    const char *kind;    /* "ecg", "ppg" or NULL */
    const char *channel; /* name or number or NULL */
    double fs_hz;        /* 0: what the file says */
    double from_s, to_s; /* part of the recording, by the time of beats; to_s 0: the end */
    double breath_brpm;  /* as measured by somebody, 0: not known */
    bool raw;            /* take RR as NN, without correction */
};

struct ob_analysis {
    char path[256];                           /* of the end, where it is longer */
    char sentence[OB_RECORDING_SENTENCE_MAX]; /* why there is nothing, or what was left out; else empty */
    char warning[160];                        /* the sampling rate is doubted (ob_file_beats_result), else empty */
    bool readable;
    bool raw;                   /* nothing was corrected; artefacts are counted all the same */
    enum ob_beat_source source; /* OB_BEATS_PPG: everything here is PRV */
    char channel[OB_CHANNEL_NAME_MAX];
    double fs_hz;           /* 0 for RR */
    struct ob_nn_list list; /* the part; owned by whole */
    struct ob_nn_list whole;
    unsigned char *kinds; /* enum ob_rr_class of each raw interval of the whole */
    double *rr_ms;        /* raw intervals */
    size_t rr_count;
    struct ob_rr_report correction; /* of the whole recording */
    double artefact_share_01;       /* of the part */
    double unsure_share_01;         /* of the beats of the part, those found with a confidence below 0.5; 0 for RR */
    double covered_share_01;        /* of the part's time, that which has NN intervals; 0 when it has no time at all */
    struct ob_report report;        /* of the part */
};

/* done_permille is written while it works, for a progress bar on another thread. False when the file could not be read:
 * analysis_out->sentence then says why. psd is this thread's. Call ob_analysis_finish in either case. */
bool ob_analysis_run(const struct ob_analysis_desc *desc, struct ob_psd *psd, struct ob_analysis *analysis_out,
                     _Atomic int *done_permille);
void ob_analysis_finish(struct ob_analysis *analysis);

/* "HRV", or "PRV" for pulse waves. */
const char *ob_analysis_label(const struct ob_analysis *analysis);

/* "rr", "ecg", "ppg". */
const char *ob_analysis_source(const struct ob_analysis *analysis);

/* A clause for people about why these numbers are to be taken with care, i from 0 until NULL. */
const char *ob_analysis_caution(const struct ob_analysis *analysis, int i);

#endif
