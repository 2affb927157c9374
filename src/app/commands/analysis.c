/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/analysis.h"

#include "app/commands/file_breath.h"
#include "base/maths.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shares of artefacts above which metrics are to be doubted. */
#define TIME_DOMAIN_MOST 0.05
#define SPECTRUM_MOST    0.02

/* A detector that doubts more of its beats than this, or time without intervals beyond this, is told. */
#define UNSURE_MOST   0.1
#define UNSURE_01     0.5
#define COVERED_LEAST 0.95

/* The detectors learn from the first seconds; beats that they are less sure of than this are no place to start. */
#define START_01 0.3

/* Intervals as they are read. */
struct intake {
    double *rr_ms;
    size_t count, capacity;
    double start_s;       /* of the first interval */
    double last_s;        /* of the beat before; < 0: none yet */
    double from_s, to_s;  /* the part that is wanted; to_s 0: the end */
    double seconds;       /* of the whole recording */
    double beats, unsure; /* found in the part */
    double least_01;      /* confidence of a beat that makes intervals */
    bool failed;
    struct ob_file_breath *breath; /* of signals; NULL without memory */
    _Atomic int *done_permille;
};

static bool take(struct intake *intake, double rr_ms)
{
    if (intake->count == intake->capacity) {
        const size_t capacity = intake->capacity ? 2 * intake->capacity : 4096;
        double *rr_ms_new = realloc(intake->rr_ms, capacity * sizeof *rr_ms_new);
        if (!rr_ms_new) {
            intake->failed = true;
            return false;
        }
        intake->rr_ms = rr_ms_new;
        intake->capacity = capacity;
    }
    intake->rr_ms[intake->count++] = rr_ms;
    return true;
}

static bool take_beat(void *user, const struct ob_file_beat *beat)
{
    struct intake *intake = user;
    if (intake->breath)
        ob_file_breath_beat(intake->breath, beat);
    if (beat->t_s >= intake->from_s && (intake->to_s <= 0.0 || beat->t_s < intake->to_s)) {
        intake->beats += 1.0;
        intake->unsure += beat->confidence_01 < UNSURE_01 ? 1.0 : 0.0;
    }
    const double before_s = intake->last_s;
    if (beat->confidence_01 < (before_s < 0.0 ? fmax(START_01, intake->least_01) : intake->least_01))
        return true;
    intake->last_s = beat->t_s;
    if (before_s >= 0.0)
        return take(intake, 1000.0 * (beat->t_s - before_s));
    intake->start_s = beat->t_s;
    return true;
}

static void take_frames(void *user, const float *frames, size_t count)
{
    struct intake *intake = user;
    if (intake->breath)
        ob_file_breath_frames(intake->breath, frames, count);
}

static void take_progress(void *user, double done_01)
{
    struct intake *intake = user;
    atomic_store_explicit(intake->done_permille, (int)(done_01 * 900.0), memory_order_relaxed);
}

static void take_rr(struct intake *intake, struct ob_recording *recording)
{
    struct ob_recording_rr block[512];
    size_t got;
    while (!intake->failed && (got = ob_recording_read_rr(recording, block, sizeof block / sizeof *block)) > 0) {
        for (size_t i = 0; i < got && !intake->failed; i++) {
            /* A gap of unknown length stays one: an interval of 0. A known one counts in time. */
            const bool known = block[i].gap && block[i].rr_ms > OB_RR_HOLE_MS;
            intake->seconds += !block[i].gap || known ? block[i].rr_ms / 1000.0 : 0.0;
            (void)take(intake, block[i].gap && !known ? 0.0 : block[i].rr_ms);
        }
        take_progress(intake, ob_recording_progress_01(recording));
    }
}

/* Share of artefacts among the intervals that end within [from_s, to_s). */
static double share_of_part(const struct ob_analysis *a, double start_s, double from_s, double to_s)
{
    double time_s = start_s, artefacts = 0.0, beats = 0.0;
    for (size_t i = 0; i < a->rr_count; i++) {
        const double rr_ms = a->rr_ms[i];
        time_s += rr_ms > 0.0 ? rr_ms / 1000.0 : 0.0;
        if (time_s < from_s || time_s >= to_s || a->kinds[i] == OB_RR_GAP)
            continue;
        beats += 1.0;
        const bool two = a->kinds[i] == OB_RR_ECTOPIC || a->kinds[i] == OB_RR_EXTRA;
        artefacts += a->kinds[i] == OB_RR_NORMAL ? 0.0 : two ? 0.5 : 1.0;
    }
    return beats > 0.0 ? artefacts / beats : 0.0;
}

/* Share of the part's time that has intervals. */
static double covered_share(const struct ob_analysis *a, const struct intake *intake, double from_s, double to_s)
{
    const double end_s = to_s < intake->seconds ? to_s : intake->seconds;
    double there_s = 0.0;
    for (size_t i = 0; i < a->list.count; i++)
        there_s += a->list.items[i].nn_ms / 1000.0;
    return end_s > from_s ? ob_clamp01(there_s / (end_s - from_s)) : 0.0;
}

/* RR as they are, in runs between holes. */
static bool take_as_measured(struct ob_analysis *a, double start_s)
{
    double time_s = start_s;
    bool joined = false;
    a->whole.count = 0;
    for (size_t i = 0; i < a->rr_count; i++) {
        const double rr_ms = a->rr_ms[i];
        time_s += rr_ms > 0.0 ? rr_ms / 1000.0 : 0.0;
        const bool hole = !(rr_ms > 0.0) || rr_ms > OB_RR_HOLE_MS;
        const struct ob_nn nn = {.time_s = time_s, .nn_ms = rr_ms, .joined = joined};
        if (!hole && !ob_nn_list_add(&a->whole, nn))
            return false;
        joined = !hole;
    }
    return true;
}

static bool fail(struct ob_analysis *a, const char *clause)
{
    snprintf(a->sentence, sizeof a->sentence, "%s: %s.", a->path, clause);
    return false;
}

static bool read_in(const struct ob_analysis_desc *desc, struct ob_analysis *a, struct intake *intake)
{
    int channel;
    enum ob_signal_kind kind;
    struct ob_recording *recording = ob_file_beats_open(desc->path, desc->fs_hz, desc->kind, desc->channel, &channel,
                                                        &kind, a->sentence, sizeof a->sentence);
    if (!recording)
        return false;
    const struct ob_recording_info *info = ob_recording_info(recording);
    bool ok = true;
    a->source = info->pulse ? OB_BEATS_PPG : OB_BEATS_RR;
    if (channel < 0) {
        take_rr(intake, recording);
    } else {
        a->source = kind == OB_SIGNAL_PPG ? OB_BEATS_PPG : OB_BEATS_ECG;
        a->fs_hz = info->fs_hz;
        snprintf(a->channel, sizeof a->channel, "%s", info->name[channel]);
        const int belt = ob_recording_best(info, OB_SIGNAL_RESP);
        /* What an ECG's detector finds in noise would make intervals of nobody's: without it they are longer, and are
         * judged as what they are, a beat that is missing or a hole. A pulse's unsure beats are mostly where they
         * should be, and small. */
        intake->least_01 = kind == OB_SIGNAL_ECG && !desc->raw ? UNSURE_01 : 0.0;
        intake->breath = ob_file_breath_create(info->fs_hz, kind, info->channels, channel, belt);
        const struct ob_file_beats_desc beats = {.recording = recording,
                                                 .channel = channel,
                                                 .kind = kind,
                                                 .beat = take_beat,
                                                 .frames = take_frames,
                                                 .progress = take_progress,
                                                 .user = intake};
        struct ob_file_beats_result result;
        const char *clause;
        ok = ob_file_beats(&beats, &result, &clause);
        if (!ok)
            (void)fail(a, clause);
        intake->seconds = result.seconds;
        memcpy(a->warning, result.warning, sizeof a->warning);
    }
    if (ok)
        ok = ob_recording_outcome(recording, a->sentence, sizeof a->sentence) != OB_ERR_IO;
    ob_recording_close(recording);
    if (ok && intake->failed)
        return fail(a, "there is not enough memory");
    return ok;
}

/* The breathing rate as somebody measured it, else as the signal shows it. 0 and a reason: not known. */
static double breath_hz(const struct ob_analysis_desc *desc, const struct intake *intake, double to_s,
                        const char **reason_out)
{
    double brpm = desc->breath_brpm;
    *reason_out = NULL;
    if (brpm <= 0.0 && intake->breath && !ob_file_breath_rate(intake->breath, desc->from_s, to_s, &brpm))
        *reason_out = "breathing does not show clearly enough in this signal";
    return brpm / 60.0;
}

static bool compute(const struct ob_analysis_desc *desc, struct ob_psd *psd, const struct intake *intake,
                    struct ob_analysis *a)
{
    a->kinds = malloc(a->rr_count + 1);
    if (!a->kinds || !ob_rr_offline(a->rr_ms, a->rr_count, intake->start_s, NULL, a->kinds, &a->whole, &a->correction))
        return fail(a, "there is not enough memory");
    a->raw = desc->raw;
    if (a->raw && !take_as_measured(a, intake->start_s))
        return fail(a, "there is not enough memory");
    const double end_s = a->whole.count ? a->whole.items[a->whole.count - 1].time_s + 1.0 : 0.0;
    const double to_s = desc->to_s > 0.0 ? desc->to_s : end_s;
    a->list = ob_nn_list_part(&a->whole, desc->from_s, to_s);
    a->artefact_share_01 = share_of_part(a, intake->start_s, desc->from_s, to_s);
    a->unsure_share_01 = intake->beats > 0.0 ? intake->unsure / intake->beats : 0.0;
    a->covered_share_01 = covered_share(a, intake, desc->from_s, desc->to_s > 0.0 ? desc->to_s : intake->seconds);
    const char *no_breath;
    const double resp_hz = breath_hz(desc, intake, to_s, &no_breath);
    if (!ob_report_compute(psd, &a->list, resp_hz, &a->report))
        return fail(a, "there is not enough memory");
    if (no_breath)
        a->report.breath_brpm = a->report.resp_ms2 = a->report.resp_lomb_ms2 = ob_metric_none(no_breath);
    a->readable = true;
    return true;
}

bool ob_analysis_run(const struct ob_analysis_desc *desc, struct ob_psd *psd, struct ob_analysis *a,
                     _Atomic int *done_permille)
{
    memset(a, 0, sizeof *a);
    const size_t length = strlen(desc->path);
    snprintf(a->path, sizeof a->path, "%s", desc->path + (length < sizeof a->path ? 0 : length - sizeof a->path + 1));
    struct intake intake = {.last_s = -1.0, .from_s = desc->from_s, .to_s = desc->to_s, .done_permille = done_permille};
    bool ok = read_in(desc, a, &intake);
    a->rr_ms = intake.rr_ms;
    a->rr_count = intake.count;
    ok = ok && compute(desc, psd, &intake, a);
    ob_file_breath_destroy(intake.breath);
    if (ok)
        atomic_store_explicit(done_permille, 1000, memory_order_relaxed);
    return ok;
}

void ob_analysis_finish(struct ob_analysis *a)
{
    ob_nn_list_finish(&a->whole);
    free(a->kinds);
    free(a->rr_ms);
    a->kinds = NULL;
    a->rr_ms = NULL;
}

const char *ob_analysis_label(const struct ob_analysis *a)
{
    return a->source == OB_BEATS_PPG ? "PRV" : "HRV";
}

const char *ob_analysis_source(const struct ob_analysis *a)
{
    return a->source == OB_BEATS_PPG ? "ppg" : a->source == OB_BEATS_ECG ? "ecg" : "rr";
}

const char *ob_analysis_caution(const struct ob_analysis *a, int i)
{
    const struct {
        bool holds;
        const char *clause;
    } cautions[] = {
        {a->warning[0] != 0, a->warning},
        {!a->correction.usable, a->correction.reason},
        {a->unsure_share_01 > UNSURE_MOST, "the detector was unsure of more than 10% of the beats"},
        {a->covered_share_01 < COVERED_LEAST, "more than 5% of the time has no intervals"},
        {a->raw, "nothing was corrected: every artefact is in these numbers"},
        {a->artefact_share_01 > TIME_DOMAIN_MOST,
         "more than 5% of the beats were artefacts: no metric of variability should be relied on"},
        {a->artefact_share_01 > SPECTRUM_MOST && a->artefact_share_01 <= TIME_DOMAIN_MOST,
         "more than 2% of the beats were artefacts: spectral powers should not be relied on"},
        {a->source == OB_BEATS_PPG, "these are pulse rate variability (PRV), not HRV"},
    };
    for (size_t k = 0; k < sizeof cautions / sizeof *cautions; k++) {
        if (cautions[k].holds && i-- == 0)
            return cautions[k].clause;
    }
    return NULL;
}
