/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "edf/edf.h"

#include "edf/edf_parts.h"
#include "format/edf.h"
#include "os/file.h"

#include <edflib.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEAST_NOTE_SIGNALS 3
#define MOST_NOTE_SIGNALS  64
#define LONGEST_RECORD_S   10

static pthread_mutex_t libedf = PTHREAD_MUTEX_INITIALIZER;

/* The number as it will stand in a field of eight characters, and what a reader makes of that. */
static double in_eight_letters(double value)
{
    char text[32];
    for (int digits = 8; digits > 0; digits--) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strlen(text) <= 8 && !strchr(text, 'e'))
            return strtod(text, NULL);
    }
    return (double)NAN;
}

/* Header fields are ASCII; everything else becomes a question mark rather than two strange letters. */
static void take_ascii(const char *text, char *out, size_t size)
{
    size_t n = 0;
    for (; text && *text && n + 1 < size; text++) {
        if (((unsigned char)*text & 0xC0) == 0x80)
            continue;
        out[n++] = *text;
        if ((unsigned char)*text < 32 || (unsigned char)*text > 126)
            out[n - 1] = '?';
    }
    out[n] = 0;
}

static enum ob_err take_channels(const struct ob_edf_desc *desc, struct ob_edf *edf, char *sentence, size_t size)
{
    if (desc->count < 1 || desc->count > OB_EDF_CHANNELS_MAX)
        return ob_fail(sentence, size, OB_ERR_RANGE, "An EDF+ file of ours has 1 to %d signals, not %d.",
                       OB_EDF_CHANNELS_MAX, desc->count);
    edf->channels = desc->count;
    for (int i = 0; i < desc->count; i++) {
        const struct ob_edf_channel *c = &desc->channels[i];
        struct ob_edf_track *track = &edf->track[i];
        take_ascii(c->name, track->name, sizeof track->name);
        take_ascii(c->unit, track->unit, sizeof track->unit);
        take_ascii(c->sensor, track->sensor, sizeof track->sensor);
        track->rate_hz = c->rate_hz;
        track->low = in_eight_letters(c->low);
        track->high = in_eight_letters(c->high);
        if (!(c->rate_hz >= 0.1 && c->rate_hz <= 1000.0) || !(track->high > track->low))
            return ob_fail(sentence, size, OB_ERR_RANGE,
                           "The rate or the range of the signal %s can't be written to EDF+.", track->name);
    }
    for (edf->record_s = 1; edf->record_s <= LONGEST_RECORD_S; edf->record_s++) {
        bool whole = true;
        for (int i = 0; i < edf->channels; i++) {
            const double samples = edf->track[i].rate_hz * edf->record_s;
            edf->track[i].in_record = (int)lround(samples);
            whole = whole && fabs(samples - round(samples)) < 1e-9 * samples && samples > 0.5;
        }
        if (whole)
            return OB_OK;
    }
    return ob_fail(sentence, size, OB_ERR_RANGE, "The rates of the signals have no common record of up to %d s.",
                   LONGEST_RECORD_S);
}

/* A file of our own beside the place where it is to be, so that the folder is known to take it. */
static enum ob_err make_temporary(struct ob_edf *edf, char *sentence, size_t size)
{
    const size_t room = strlen(edf->path) + 12;
    edf->temporary = malloc(room);
    if (!edf->temporary)
        return ob_fail(sentence, size, OB_ERR_NO_MEMORY, "There is not enough memory.");
    snprintf(edf->temporary, room, "%s.XXXXXX", edf->path);
    const int fd = mkstemp(edf->temporary);
    if (fd < 0) {
        const enum ob_err err = ob_err_from_errno(errno);
        free(edf->temporary);
        edf->temporary = NULL;
        return ob_fail(sentence, size, err, "%s can't be written: %s.", edf->path, ob_err_text(err));
    }
    close(fd);
    return OB_OK;
}

enum ob_err ob_edf_create(const struct ob_edf_desc *desc, struct ob_edf **edf_out, char *sentence, size_t size)
{
    *edf_out = NULL;
    if (size > 0)
        sentence[0] = 0;
    struct ob_edf *edf = calloc(1, sizeof *edf);
    if (!edf || !(edf->path = strdup(desc->path))) {
        free(edf);
        return ob_fail(sentence, size, OB_ERR_NO_MEMORY, "There is not enough memory.");
    }
    edf->replace = desc->replace;
    edf->year = desc->year ? desc->year : 1985;
    edf->month = desc->year ? desc->month : 1;
    edf->day = desc->year ? desc->day : 1;
    edf->hour = desc->year ? desc->hour : 0;
    edf->minute = desc->year ? desc->minute : 0;
    edf->second = desc->year ? desc->second : 0;
    take_ascii(desc->patient_code, edf->patient_code, sizeof edf->patient_code);
    take_ascii(desc->about, edf->about, sizeof edf->about);
    take_ascii(desc->equipment ? desc->equipment : "Outbreath " OB_VERSION, edf->equipment, sizeof edf->equipment);
    enum ob_err err = take_channels(desc, edf, sentence, size);
    if (!err && !edf->replace && access(edf->path, F_OK) == 0)
        err = ob_fail(sentence, size, OB_ERR_EXISTS, "%s is there already; it was left as it is.", edf->path);
    if (!err)
        err = make_temporary(edf, sentence, size);
    if (err) {
        ob_edf_abandon(edf);
        return err;
    }
    *edf_out = edf;
    return OB_OK;
}

void ob_edf_abandon(struct ob_edf *edf)
{
    if (!edf)
        return;
    if (edf->temporary)
        unlink(edf->temporary);
    for (int i = 0; i < edf->channels; i++)
        free(edf->track[i].steps);
    free(edf->notes);
    free(edf->temporary);
    free(edf->path);
    free(edf);
}

static enum ob_err make_room(struct ob_edf_track *track, size_t count)
{
    if ((double)(track->count + count) / track->rate_hz > 3600.0 * OB_EDF_HOURS_MOST)
        return OB_ERR_RANGE;
    if (track->count + count <= track->capacity)
        return OB_OK;
    size_t capacity = track->capacity ? track->capacity : 4096;
    while (capacity < track->count + count)
        capacity *= 2;
    short *steps = realloc(track->steps, capacity * sizeof *steps);
    if (!steps)
        return OB_ERR_NO_MEMORY;
    track->steps = steps;
    track->capacity = capacity;
    return OB_OK;
}

enum ob_err ob_edf_put(struct ob_edf *edf, int channel, const float *values, size_t count)
{
    struct ob_edf_track *track = &edf->track[channel];
    const enum ob_err err = make_room(track, count);
    if (err)
        return err;
    /* the header's range belongs to the steps from -32768 to 32767, of which the lowest is kept for missing samples */
    const double step = (track->high - track->low) / (2.0 * OB_EDF_STEPS + 1.0);
    for (size_t i = 0; i < count; i++) {
        const double value = (double)values[i];
        double at = round((value - track->low) / step) + OB_EDF_MISSING;
        if (!isfinite(value)) {
            track->steps[track->count++] = OB_EDF_MISSING;
            continue;
        }
        const double kept = at < -OB_EDF_STEPS ? -OB_EDF_STEPS : at > OB_EDF_STEPS ? OB_EDF_STEPS : at;
        edf->cut += fabs(kept - at) > 1.0;
        track->steps[track->count++] = (short)kept;
    }
    return OB_OK;
}

static size_t cut_between_letters(const char *text, size_t most)
{
    size_t length = strlen(text);
    if (length <= most)
        return length;
    length = most;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    return length;
}

enum ob_err ob_edf_annotate(struct ob_edf *edf, int64_t onset_ns, int64_t duration_ns, const char *text)
{
    const int64_t most_ns = (int64_t)OB_EDF_HOURS_MOST * 3600 * 1000000000;
    if (onset_ns < 0 || onset_ns > most_ns || duration_ns > most_ns)
        return OB_ERR_RANGE;
    if (edf->note_count == edf->note_capacity) {
        const size_t capacity = edf->note_capacity ? 2 * edf->note_capacity : 256;
        struct ob_edf_kept_note *notes = realloc(edf->notes, capacity * sizeof *notes);
        if (!notes)
            return OB_ERR_NO_MEMORY;
        edf->notes = notes;
        edf->note_capacity = capacity;
    }
    struct ob_edf_kept_note *note = &edf->notes[edf->note_count];
    note->order = edf->note_count++;
    note->tick = (onset_ns + OB_EDF_NOTE_TICK_NS / 2) / OB_EDF_NOTE_TICK_NS;
    note->long_ticks = duration_ns < 0 ? -1 : (duration_ns + OB_EDF_NOTE_TICK_NS / 2) / OB_EDF_NOTE_TICK_NS;
    const size_t length = cut_between_letters(text, OB_EDF_NOTE_MAX);
    memcpy(note->text, text, length);
    note->text[length] = 0;
    /* the marks between annotations must not stand in one; neither is an empty text told from the start of a record */
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)note->text[i] < 32 || note->text[i] == 127)
            note->text[i] = ' ';
    if (length == 0)
        memcpy(note->text, "-", 2);
    return OB_OK;
}

uint64_t ob_edf_cut(const struct ob_edf *edf)
{
    return edf->cut;
}

static int by_time(const void *a, const void *b)
{
    const struct ob_edf_kept_note *x = a, *y = b;
    return x->tick != y->tick ? (x->tick > y->tick) - (x->tick < y->tick)
                              : (x->order > y->order) - (x->order < y->order);
}

/* As many records as the longest signal and the last annotation need; shorter signals are filled up. */
static enum ob_err fill_up(struct ob_edf *edf, size_t *records_out)
{
    size_t records = 1;
    for (int i = 0; i < edf->channels; i++) {
        const size_t in_record = (size_t)edf->track[i].in_record;
        const size_t need = (edf->track[i].count + in_record - 1) / in_record;
        records = need > records ? need : records;
    }
    if (edf->note_count > 0) {
        const int64_t ticks = (int64_t)edf->record_s * 1000000000 / OB_EDF_NOTE_TICK_NS;
        const size_t need = (size_t)(edf->notes[edf->note_count - 1].tick / ticks) + 1;
        records = need > records ? need : records;
    }
    const size_t all = (edf->note_count + MOST_NOTE_SIGNALS - 1) / MOST_NOTE_SIGNALS;
    records = all > records ? all : records;
    for (int i = 0; i < edf->channels; i++) {
        struct ob_edf_track *track = &edf->track[i];
        const size_t whole = records * (size_t)track->in_record;
        const enum ob_err err = whole > track->count ? make_room(track, whole - track->count) : OB_OK;
        if (err)
            return err;
        while (track->count < whole)
            track->steps[track->count++] = OB_EDF_MISSING;
    }
    *records_out = records;
    return OB_OK;
}

/* libedf cuts a number's digits off where it should round, so that 1.2 could become 1.199999. */
static double away_from_zero(double value)
{
    return value * (1.0 + 1e-10);
}

static bool say_signals(const struct ob_edf *edf, int handle)
{
    bool ok = true;
    for (int i = 0; i < edf->channels; i++) {
        const struct ob_edf_track *track = &edf->track[i];
        ok = ok && edf_set_samplefrequency(handle, i, track->in_record) == 0 &&
             edf_set_physical_maximum(handle, i, away_from_zero(track->high)) == 0 &&
             edf_set_physical_minimum(handle, i, away_from_zero(track->low)) == 0 &&
             edf_set_digital_maximum(handle, i, OB_EDF_STEPS) == 0 &&
             edf_set_digital_minimum(handle, i, OB_EDF_MISSING) == 0 && edf_set_label(handle, i, track->name) == 0 &&
             edf_set_physical_dimension(handle, i, track->unit) == 0 &&
             edf_set_transducer(handle, i, track->sensor) == 0 &&
             edf_set_prefilter(handle, i, OB_EDF_LOWEST_MISSING) == 0;
    }
    return ok;
}

static bool write_with_libedf(const struct ob_edf *edf, size_t records)
{
    int note_signals = (int)((edf->note_count + records - 1) / records);
    note_signals = note_signals < LEAST_NOTE_SIGNALS ? LEAST_NOTE_SIGNALS : note_signals;
    const int handle = edfopen_file_writeonly(edf->temporary, EDFLIB_FILETYPE_EDFPLUS, edf->channels);
    if (handle < 0)
        return false;
    bool ok = say_signals(edf, handle) && edf_set_number_of_annotation_signals(handle, note_signals) == 0 &&
              edf_set_datarecord_duration(handle, edf->record_s * 100000) == 0 &&
              edf_set_startdatetime(handle, edf->year, edf->month, edf->day, edf->hour, edf->minute, edf->second) == 0;
    if (ok && edf->patient_code[0])
        ok = edf_set_patientcode(handle, edf->patient_code) == 0;
    if (ok && edf->about[0])
        ok = edf_set_recording_additional(handle, edf->about) == 0;
    ok = ok && edf_set_equipment(handle, edf->equipment) == 0;
    for (size_t r = 0; ok && r < records; r++)
        for (int i = 0; ok && i < edf->channels; i++) {
            const struct ob_edf_track *track = &edf->track[i];
            ok = edfwrite_digital_short_samples(handle, track->steps + r * (size_t)track->in_record) == 0;
        }
    for (size_t n = 0; ok && n < edf->note_count; n++)
        ok = edfwrite_annotation_utf8(handle, edf->notes[n].tick, edf->notes[n].long_ticks, edf->notes[n].text) == 0;
    return edfclose_file(handle) == 0 && ok;
}

enum ob_err ob_edf_finish(struct ob_edf *edf, char *sentence, size_t size)
{
    if (size > 0)
        sentence[0] = 0;
    if (edf->note_count > 1)
        qsort(edf->notes, edf->note_count, sizeof *edf->notes, by_time);
    size_t records = 0;
    enum ob_err err = fill_up(edf, &records);
    if (err)
        ob_fail(sentence, size, err, "%s can't be written: %s.", edf->path,
                err == OB_ERR_RANGE ? "the recording is too long for one EDF+ file" : ob_err_text(err));
    if (!err) {
        pthread_mutex_lock(&libedf);
        errno = 0;
        const bool written = write_with_libedf(edf, records);
        const int why = errno;
        pthread_mutex_unlock(&libedf);
        char clause[200] = "";
        /* libedf does not say why; a full disk shows in errno, and in any case when the file is read again */
        err = written ? ob_edf_check(edf, records, clause, sizeof clause) : OB_ERR_IO;
        if (err && (why == ENOSPC || why == EDQUOT))
            err = OB_ERR_DISK_FULL;
        if (err)
            ob_fail(sentence, size, err, "%s was not written: %s.", edf->path,
                    clause[0] && err != OB_ERR_DISK_FULL ? clause : ob_err_text(err));
    }
    if (!err && (err = ob_file_place(edf->temporary, edf->path, edf->replace)) != OB_OK)
        ob_fail(sentence, size, err, "%s was not written: %s.", edf->path, ob_err_text(err));
    if (!err) {
        free(edf->temporary);
        edf->temporary = NULL;
    }
    ob_edf_abandon(edf);
    return err;
}
