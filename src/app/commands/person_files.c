/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/person_files.h"

#include "app/commands/person_edf.h"
#include "app/session/session_files.h"
#include "base/time.h"
#include "os/file.h"
#include "os/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRUTH_NS (40 * OB_NS_PER_MS)

enum sheet { ECG, PPG, RESP, RR, TRUTH, TRUE_BEATS, SHEETS };

static const struct {
    const char *name, *heading;
} sheets[SHEETS] = {
    [ECG] = {"ecg.csv", "time_s,ecg_mv"},
    [PPG] = {"ppg.csv", "time_s,ppg"},
    [RESP] = {"respiration.csv", "time_s,resp_l"},
    [RR] = {"rr.csv", "time_s,rr_ms"},
    [TRUTH] = {"truth.csv", "time_s,volume_l,phase_turns,breath_brpm,natural_brpm,hr_bpm,rsa_bpm,shift_01,lapsing,"
                            "sighing,stroked,moving,connected,pacer_turns,pacer_brpm,guided"},
    [TRUE_BEATS] = {"truth_beats.csv", "time_s,rr_ms,ectopic,reported"},
};

struct ob_person_files {
    FILE *out[SHEETS];
    struct ob_event_file *events;
    struct ob_person_edf *edf;
    enum ob_err err; /* the first one */
};

static void remember(struct ob_person_files *files, enum ob_err err)
{
    if (!files->err)
        files->err = err;
}

static void put(struct ob_person_files *files, enum sheet sheet, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void put(struct ob_person_files *files, enum sheet sheet, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    errno = 0;
    if (vfprintf(files->out[sheet], format, args) < 0)
        remember(files, ob_err_from_errno(errno));
    va_end(args);
}

static void open_sheet(struct ob_person_files *files, const char *folder, enum sheet sheet,
                       const struct ob_person_desc *desc)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder, sheets[sheet].name);
    files->out[sheet] = fopen(path, "we");
    if (!files->out[sheet]) {
        remember(files, ob_err_from_errno(errno));
        return;
    }
    put(files, sheet, "# simulated person, seed %.0f, Outbreath %s\n", desc->seed, OB_VERSION);
    const double hz = sheet == ECG ? desc->ecg_hz : sheet == PPG ? desc->ppg_hz : sheet == RESP ? 25.0 : 0.0;
    if (hz > 0.0)
        put(files, sheet, "# fs = %.10g\n", hz);
    put(files, sheet, "%s\n", sheets[sheet].heading);
}

static void write_description(struct ob_person_files *files, const char *folder, const struct ob_person_desc *desc)
{
    char path[PATH_MAX + 64], text[2048];
    snprintf(path, sizeof path, "%s/person.txt", folder);
    size_t used = ob_person_desc_text(desc, text, sizeof text - 1);
    text[used++] = '\n';
    const enum ob_err err = ob_file_write_atomic(path, text, used);
    if (err)
        remember(files, err);
}

enum ob_err ob_person_files_open(const char *folder, const struct ob_person_desc *desc,
                                 struct ob_person_files **files_out, char *problem_out, size_t problem_size)
{
    struct ob_person_files *files = calloc(1, sizeof *files);
    if (!files)
        return OB_ERR_NO_MEMORY;
    files->err = strlen(folder) < PATH_MAX ? ob_paths_make(folder) : OB_ERR_RANGE;
    for (int i = 0; !files->err && i < SHEETS; i++)
        open_sheet(files, folder, (enum sheet)i, desc);
    if (!files->err) {
        char path[PATH_MAX + 64];
        snprintf(path, sizeof path, "%s/events.oblog", folder);
        files->err = ob_event_file_open(path, &files->events);
    }
    if (!files->err)
        files->err = ob_person_edf_open(folder, desc, &files->edf, problem_out, problem_size);
    if (!files->err)
        write_description(files, folder, desc);
    if (files->err) {
        const enum ob_err err = files->err;
        snprintf(problem_out, problem_size, "nothing can be written to %.200s: %s", folder, ob_err_text(err));
        ob_person_files_close(files);
        return err;
    }
    *files_out = files;
    return OB_OK;
}

static void write_samples(struct ob_person_files *files, const struct ob_event *event)
{
    const uint32_t signal = event->u.samples.signal, frames = event->u.samples.frames;
    const enum sheet sheet = signal == OB_SIGNAL_ECG ? ECG : signal == OB_SIGNAL_PPG ? PPG : RESP;
    for (uint32_t i = 0; i < frames; i++)
        put(files, sheet, "%.5f,%.5g\n",
            ob_s_from_ns(event->measured_ns) - (double)(frames - 1 - i) * event->u.samples.period_ns * 1e-9,
            (double)event->u.samples.values[i]);
}

void ob_person_files_event(void *user, const struct ob_event *event)
{
    struct ob_person_files *files = user;
    const enum ob_err err = ob_event_file_write(files->events, event);
    if (err)
        remember(files, err);
    if (event->kind == OB_EVENT_SAMPLES) {
        write_samples(files, event);
        remember(files, ob_person_edf_samples(files->edf, event));
    } else if (event->kind == OB_EVENT_RR)
        put(files, RR, "%.5f,%.3f\n", ob_s_from_ns(event->measured_ns), event->u.rr.rr_ms);
}

void ob_person_files_look(struct ob_person_files *files, struct ob_person *person, const struct ob_snapshot *s)
{
    if (!person)
        return;
    struct ob_person_true_beat beat;
    while (ob_person_take_true_beat(person, &beat)) {
        put(files, TRUE_BEATS, "%.5f,%.3f,%d,%d\n", ob_s_from_ns(beat.time_ns), beat.rr_ms, beat.ectopic,
            beat.reported);
        remember(files, ob_person_edf_beat(files->edf, &beat));
    }
    if ((s->now_ns - s->begin_ns) % TRUTH_NS != 0)
        return;
    struct ob_person_truth t;
    ob_person_truth(person, &t);
    const struct ob_pacer_state pacer = ob_pacer_at(&s->pacer, t.time_ns);
    remember(files, ob_person_edf_truth(files->edf, &t, pacer.phase_turns));
    put(files, TRUTH, "%.2f,%.4f,%.4f,%.3f,%.3f,%.3f,%.3f,%.3f,%d,%d,%d,%d,%d,%.4f,%.3f,%d\n", ob_s_from_ns(t.time_ns),
        t.volume_l, t.phase_turns, t.rate_brpm, t.natural_brpm, t.hr_bpm, t.rsa_bpm, t.shift_01, t.lapsing, t.sighing,
        t.stroked, t.moving, t.connected, pacer.phase_turns, pacer.rate_brpm, s->stage == OB_STAGE_GUIDED);
}

enum ob_err ob_person_files_close(struct ob_person_files *files)
{
    if (!files)
        return OB_OK;
    for (int i = 0; i < SHEETS; i++) {
        errno = 0;
        if (files->out[i] && fclose(files->out[i]) != 0)
            remember(files, ob_err_from_errno(errno));
    }
    remember(files, ob_event_file_close(files->events));
    remember(files, ob_person_edf_close(files->edf));
    const enum ob_err all = files->err;
    free(files);
    return all;
}
