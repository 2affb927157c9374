/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "edf/edf.h"
#include "report/write.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S  INT64_C(1000000000)
#define RR_HZ     4
#define LONGEST_S (INT64_C(3600) * OB_EDF_HOURS_MOST - 60)

/* A strap's first beats may have been measured before the session began; the file then begins so many seconds earlier.
 */
static int64_t shift_of(const struct ob_copy *copy)
{
    int64_t first_ns = 0;
    for (size_t i = 0; i < copy->beat_count; i++)
        first_ns = copy->beats[i].time_ns < first_ns ? copy->beats[i].time_ns : first_ns;
    return (-first_ns + NS_PER_S - 1) / NS_PER_S * NS_PER_S;
}

/* RR at 4 Hz: each sample is the interval in which it lies, as measured; nothing where none was. */
static enum ob_err put_rr(struct ob_edf *edf, const struct ob_copy *copy, int64_t shift_ns, int64_t length_s)
{
    enum ob_err err = OB_OK;
    size_t beat = 0;
    for (int64_t i = 0; !err && i < length_s * RR_HZ; i++) {
        const int64_t at_ns = i * NS_PER_S / RR_HZ - shift_ns;
        while (beat < copy->beat_count && copy->beats[beat].time_ns < at_ns)
            beat++;
        float value = NAN;
        if (beat < copy->beat_count) {
            const struct ob_copy_beat *b = &copy->beats[beat];
            if (at_ns >= b->time_ns - (int64_t)((double)b->rr_ms * 1e6))
                value = b->rr_ms;
        }
        err = ob_edf_put(edf, 0, &value, 1);
    }
    return err;
}

/* A number of each second, at 1 Hz. */
static enum ob_err put_feature(struct ob_edf *edf, int channel, const struct ob_copy *copy, enum ob_feature feature,
                               int64_t shift_ns, int64_t length_s)
{
    enum ob_err err = OB_OK;
    size_t at = 0;
    for (int64_t s = 0; !err && s < length_s; s++) {
        while (at < copy->second_count && copy->seconds[at].time_ns + shift_ns < s * NS_PER_S)
            at++;
        const bool known = at < copy->second_count && copy->seconds[at].time_ns + shift_ns < (s + 1) * NS_PER_S;
        const float value = known ? copy->seconds[at].values[feature] : NAN;
        err = ob_edf_put(edf, channel, &value, 1);
    }
    return err;
}

static int64_t at_least_0(int64_t ns)
{
    return ns > 0 ? ns : 0;
}

/* Beats of a pulse wave are called pulse, so that a reader knows that they give pulse rate variability. */
static enum ob_err note_beats(struct ob_edf *edf, const struct ob_copy *copy, int64_t shift_ns)
{
    const char *word = copy->beats_from == OB_BEATS_PPG ? "pulse" : "beat";
    enum ob_err err = OB_OK;
    for (size_t i = 0; !err && i < copy->beat_count; i++) {
        const struct ob_copy_beat *beat = &copy->beats[i];
        char text[OB_EDF_NOTE_MAX + 1];
        if (beat->flag == OB_BEAT_NORMAL)
            snprintf(text, sizeof text, "%s", word);
        else
            snprintf(text, sizeof text, "%s %s", word, ob_beat_flag_name((enum ob_beat_flag)beat->flag));
        if (beat->flag == OB_BEAT_GAP)
            err = ob_edf_annotate(edf, beat->time_ns + shift_ns, -1, "gap");
        if (!err)
            err = ob_edf_annotate(edf, beat->time_ns + shift_ns, -1, text);
    }
    return err;
}

static enum ob_err note_stages(struct ob_edf *edf, const struct ob_copy *copy, int64_t shift_ns)
{
    enum ob_err err = OB_OK;
    size_t first = 0;
    for (size_t i = 1; !err && i <= copy->second_count; i++) {
        if (i < copy->second_count && copy->seconds[i].stage == copy->seconds[first].stage)
            continue;
        char text[OB_EDF_NOTE_MAX + 1];
        snprintf(text, sizeof text, "stage %s", ob_copy_stage_name(copy->seconds[first].stage));
        const int64_t from_ns = copy->seconds[first].time_ns;
        const int64_t to_ns = i < copy->second_count ? copy->seconds[i].time_ns : copy->seconds[i - 1].time_ns;
        err = ob_edf_annotate(edf, at_least_0(from_ns + shift_ns), to_ns - from_ns, text);
        first = i;
    }
    return err;
}

static enum ob_err note_marks(struct ob_edf *edf, const struct ob_copy *copy, int64_t shift_ns)
{
    enum ob_err err = OB_OK;
    for (size_t i = 0; !err && i < copy->mark_count; i++) {
        const struct ob_copy_mark *mark = &copy->marks[i];
        char text[OB_COPY_KIND + OB_COPY_WORDS + 8];
        snprintf(text, sizeof text, "mark %s%s%s", mark->kind, mark->words[0] ? ": " : "", mark->words);
        err = ob_edf_annotate(edf, at_least_0(mark->time_ns + shift_ns), -1, text);
    }
    return err;
}

/* Local time of the start, since EDF knows no zones. EDF's years run from 1985 to 2084. */
static void take_start(const struct ob_copy *copy, int64_t shift_ns, struct ob_edf_desc *desc)
{
    char utc[40];
    ob_sheet_utc(copy->start_wall_ns + copy->utc_offset_s * NS_PER_S - shift_ns, utc);
    int part[6];
    if (copy->start_wall_ns == 0 ||
        sscanf(utc, "%4d-%2d-%2dT%2d:%2d:%2d", part, part + 1, part + 2, part + 3, part + 4, part + 5) != 6 ||
        part[0] < 1985 || part[0] > 2084)
        return;
    desc->year = part[0];
    desc->month = part[1];
    desc->day = part[2];
    desc->hour = part[3];
    desc->minute = part[4];
    desc->second = part[5];
}

static int64_t length_of(const struct ob_copy *copy, int64_t shift_ns)
{
    int64_t last_ns = (int64_t)(copy->duration_s * 1e9);
    if (copy->beat_count > 0 && copy->beats[copy->beat_count - 1].time_ns > last_ns)
        last_ns = copy->beats[copy->beat_count - 1].time_ns;
    if (copy->second_count > 0 && copy->seconds[copy->second_count - 1].time_ns > last_ns)
        last_ns = copy->seconds[copy->second_count - 1].time_ns;
    return (last_ns + shift_ns) / NS_PER_S + 1;
}

enum ob_err ob_write_edf(const char *path, const struct ob_copy *copy, bool replace, char *sentence_out, size_t size)
{
    static const struct {
        const char *name, *unit;
        double rate_hz, low, high;
        enum ob_feature feature;
    } signals[] = {{"RR", "ms", RR_HZ, 0, 4096, OB_FEATURES},
                   {"HR", "bpm", 1, 0, 256, OB_FEATURE_HR_BPM},
                   {"Breaths", "/min", 1, 0, 64, OB_FEATURE_BREATH_BRPM},
                   {"Pacer", "/min", 1, 0, 64, OB_FEATURE_PACER_BRPM}};
    enum { SIGNALS = sizeof signals / sizeof *signals };
    struct ob_edf_channel channels[SIGNALS];
    memset(channels, 0, sizeof channels);
    for (int i = 0; i < SIGNALS; i++) {
        channels[i].name = signals[i].name;
        channels[i].unit = signals[i].unit;
        channels[i].sensor = copy->source;
        channels[i].rate_hz = signals[i].rate_hz;
        channels[i].low = signals[i].low;
        channels[i].high = signals[i].high;
    }
    char about[41];
    /* the header keeps about 24 letters of it */
    snprintf(about, sizeof about, "%s%s", ob_copy_label(copy), copy->simulated ? " simulated person" : "");
    struct ob_edf_desc desc = {
        .path = path, .channels = channels, .count = SIGNALS, .about = about, .replace = replace};
    const int64_t shift_ns = shift_of(copy), length_s = length_of(copy, shift_ns);
    take_start(copy, shift_ns, &desc);
    if (length_s > LONGEST_S) {
        snprintf(sentence_out, size, "%s was not written: the session is too long for one EDF+ file.", path);
        return OB_ERR_RANGE;
    }
    struct ob_edf *edf;
    enum ob_err err = ob_edf_create(&desc, &edf, sentence_out, size);
    if (err)
        return err;
    err = put_rr(edf, copy, shift_ns, length_s);
    for (int i = 1; !err && i < SIGNALS; i++)
        err = put_feature(edf, i, copy, signals[i].feature, shift_ns, length_s);
    if (!err && shift_ns > 0)
        err = ob_edf_annotate(edf, shift_ns, -1, "session begins");
    err = err ? err : note_beats(edf, copy, shift_ns);
    err = err ? err : note_stages(edf, copy, shift_ns);
    err = err ? err : note_marks(edf, copy, shift_ns);
    if (err) {
        ob_edf_abandon(edf);
        snprintf(sentence_out, size, "%s was not written: %s.", path, ob_err_text(err));
        return err;
    }
    return ob_edf_finish(edf, sentence_out, size);
}
