/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath export: what is kept, as files of the person's own. */
#include "app/commands.h"
#include "app/commands/archive_person.h"
#include "app/commands/copying.h"
#include "app/commands/kept.h"
#include "app/commands/passphrase.h"
#include "app/commands/progress.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"
#include "os/paths.h"
#include "report/write.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct export_options {
    const char *data, *session, *person, *format, *out, *passphrase_file, *seal_file;
    bool nn, seal, clear, force, json, help;
};

#define AT(field) offsetof(struct export_options, field)
static const struct ob_option table[] = {
    {"session", OB_OPTION_TEXT, AT(session), 0, 0, "SESSION", "one session, by number or id"},
    {"person", OB_OPTION_TEXT, AT(person), 0, 0, "WHO", "all of this one: a name, number or id"},
    {"format", OB_OPTION_TEXT, AT(format), 0, 0, "FORMAT", "rr, csv, edf, json, or of a person archive"},
    {"out", OB_OPTION_TEXT, AT(out), 0, 0, "PATH", "the file; for rr and edf of a person a folder"},
    {"nn", OB_OPTION_FLAG, AT(nn), 0, 0, NULL, "rr: intervals after artefact correction instead of as measured"},
    {"seal", OB_OPTION_FLAG, AT(seal), 0, 0, NULL, "archive: sealed under a passphrase, which is asked for"},
    {"seal-file", OB_OPTION_TEXT, AT(seal_file), 0, 0, "FILE", "archive: sealed; the passphrase is its first line"},
    {"clear", OB_OPTION_FLAG, AT(clear), 0, 0, NULL, "archive: not sealed; whoever has the file can read it"},
    {"force", OB_OPTION_FLAG, AT(force), 0, 0, NULL, "replace a file that is there"},
    OB_OPTION_DATA(AT(data)),
    OB_OPTION_PASSPHRASE(AT(passphrase_file)),
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "say what was written as JSON"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

enum form { RR, CSV, EDF, JSON, ARCHIVE, FORMS };
static const char *const forms[FORMS] = {"rr", "csv", "edf", "json", "archive"};

struct job {
    const struct export_options *o;
    enum form form;
    struct ob_store *store;
    struct ob_key *key;
    struct ob_session_row *rows; /* oldest first */
    size_t count;
    struct ob_person_record *record; /* NULL: of one session */
    /* what was done */
    size_t files, damaged;
    uint64_t beats;
    bool pulse, simulated;
};

/* One sentence or one line of JSON a file. */
static void tell_file(struct job *job, const char *path)
{
    if (job->o->json) {
        printf("%s", job->files ? ", " : "");
        ob_json_string(stdout, path);
    }
    job->files++;
}

static int load(struct job *job, const struct ob_session_row *row, struct ob_copy *copy)
{
    const enum ob_err err = ob_copy_from_store(job->store, job->key, &row->id, copy);
    if (err && err != OB_ERR_DAMAGED) {
        ob_copy_finish(copy);
        return ob_say(ob_kept_code(err), ob_err_text(err));
    }
    job->damaged += err == OB_ERR_DAMAGED;
    job->beats += copy->beat_count;
    job->pulse = job->pulse || copy->beats_from == OB_BEATS_PPG;
    job->simulated = job->simulated || copy->simulated;
    return OB_EXIT_DONE;
}

static int save(struct job *job, const struct ob_sheet *text, const char *path)
{
    char sentence[PATH_MAX + 200];
    const enum ob_err err = ob_sheet_save(text, path, job->o->force, sentence, sizeof sentence);
    if (err)
        return ob_say(err == OB_ERR_EXISTS ? OB_EXIT_USAGE : OB_EXIT_FAILED, sentence);
    tell_file(job, path);
    return OB_EXIT_DONE;
}

/* rr and edf: a file a session. */
static int write_one(struct job *job, const struct ob_copy *copy, const char *path)
{
    if (job->form == RR) {
        struct ob_sheet text = {0};
        ob_write_rr(&text, copy, job->o->nn);
        const int code = save(job, &text, path);
        ob_sheet_finish(&text);
        return code;
    }
    char sentence[PATH_MAX + 200];
    const enum ob_err err = ob_write_edf(path, copy, job->o->force, sentence, sizeof sentence);
    if (err)
        return ob_say(err == OB_ERR_EXISTS ? OB_EXIT_USAGE : OB_EXIT_FAILED, sentence);
    tell_file(job, path);
    return OB_EXIT_DONE;
}

static int write_each(struct job *job)
{
    int code = OB_EXIT_DONE;
    if (job->record) {
        const enum ob_err err = ob_paths_make(job->o->out);
        if (err)
            code = ob_say(OB_EXIT_FAILED, "the folder can't be made");
    }
    for (size_t i = 0; code == OB_EXIT_DONE && i < job->count; i++) {
        struct ob_copy copy;
        char path[PATH_MAX];
        code = load(job, &job->rows[i], &copy);
        if (code != OB_EXIT_DONE)
            break;
        if (!job->record)
            snprintf(path, sizeof path, "%s", job->o->out);
        else if ((size_t)snprintf(path, sizeof path, "%s/session-%06" PRIu64 "%s", job->o->out, copy.number,
                                  job->form == RR ? ".rr.txt" : ".edf") >= sizeof path)
            code = ob_say(OB_EXIT_USAGE, "the path is too long");
        if (code == OB_EXIT_DONE)
            code = write_one(job, &copy, path);
        ob_copy_finish(&copy);
        ob_progress_show("exporting", (double)(i + 1) / (double)job->count);
    }
    ob_progress_clear();
    return code;
}

/* csv and json: all sessions in one file. */
static int write_together(struct job *job)
{
    struct ob_sheet text = {0};
    int code = OB_EXIT_DONE;
    if (job->form == JSON && job->record) {
        ob_person_json(&text, job->record);
        /* the person's object goes on with its sessions */
        while (text.size > 0 && text.bytes[text.size - 1] != '}')
            text.size--;
        text.size -= text.size > 0;
        ob_sheet_put(&text, ",\n \"sessions\":[\n");
    }
    for (size_t i = 0; code == OB_EXIT_DONE && i < job->count; i++) {
        struct ob_copy copy;
        code = load(job, &job->rows[i], &copy);
        if (code != OB_EXIT_DONE)
            break;
        if (job->form == CSV) {
            ob_write_csv(&text, &copy, i == 0);
        } else {
            ob_sheet_put(&text, i ? "," : "");
            ob_write_json(&text, &copy);
        }
        ob_copy_finish(&copy);
    }
    if (job->form == JSON && job->record)
        ob_sheet_put(&text, "]}\n");
    if (code == OB_EXIT_DONE)
        code = save(job, &text, job->o->out);
    ob_sheet_finish(&text);
    return code;
}

static int write_archive(struct job *job)
{
    struct ob_passphrase seal = {.size = 0};
    bool given = false;
    char problem[PATH_MAX + 200];
    if (!job->o->clear && !ob_passphrase_get(job->o->seal_file, "Passphrase for the archive: ", true, &seal, &given))
        return given
                   ? OB_EXIT_USAGE
                   : ob_say(OB_EXIT_USAGE, "the archive wants a passphrase: type one, or give --seal-file or --clear");
    const struct ob_archive_person_desc desc = {.path = job->o->out,
                                                .replace = job->o->force,
                                                .passphrase = job->o->clear ? NULL : seal.text,
                                                .passphrase_size = seal.size,
                                                .record = job->record,
                                                .rows = job->rows,
                                                .count = job->count};
    struct ob_archive_person_report report = {0};
    const enum ob_err err = ob_archive_person_write(job->store, job->key, &desc, &report, problem, sizeof problem);
    ob_passphrase_wipe(&seal);
    job->beats = report.beats;
    job->damaged = report.damaged;
    if (err)
        return ob_say(err == OB_ERR_EXISTS ? OB_EXIT_USAGE : OB_EXIT_FAILED, problem);
    tell_file(job, job->o->out);
    return OB_EXIT_DONE;
}

static void sum_up(const struct job *job)
{
    if (job->o->json) {
        printf("], \"format\": \"%s\", \"sessions\": %zu, \"beats\": %" PRIu64
               ", \"damaged_sessions\": %zu, \"sealed\": %s}\n",
               forms[job->form], job->count, job->beats, job->damaged,
               job->form == ARCHIVE && !job->o->clear ? "true" : "false");
        return;
    }
    printf("%zu session%s, %" PRIu64 " beats%s%s: %s\n", job->count, job->count == 1 ? "" : "s", job->beats,
           job->pulse ? ", of the pulse (PRV)" : "", job->simulated ? ", simulated" : "", job->o->out);
    if (job->form == ARCHIVE && !job->o->clear)
        printf("It is sealed: without its passphrase nobody can read it, you neither.\n");
    else
        printf("It is not sealed: whoever has it can read it, and deleting the person here leaves it as it is.\n");
}

static int find_rows(struct job *job, const struct ob_id *session)
{
    enum ob_err err;
    if (session) {
        job->rows = malloc(sizeof *job->rows);
        job->count = 1;
        err = job->rows ? ob_store_session_get(job->store, job->key, session, job->rows) : OB_ERR_NO_MEMORY;
        return err ? ob_say(ob_kept_code(err), ob_err_text(err)) : OB_EXIT_DONE;
    }
    size_t damaged = 0;
    err = ob_store_sessions(job->store, job->key, &job->rows, &job->count, &damaged);
    job->damaged = damaged;
    job->record = err ? NULL : calloc(1, sizeof *job->record);
    if (!err)
        err = job->record ? ob_store_person_get(job->store, job->key, job->record) : OB_ERR_NO_MEMORY;
    if (err)
        return ob_say(ob_kept_code(err), ob_err_text(err));
    for (size_t i = 0; i < job->count / 2; i++) {
        const struct ob_session_row row = job->rows[i];
        job->rows[i] = job->rows[job->count - 1 - i];
        job->rows[job->count - 1 - i] = row;
    }
    if (job->count == 0 && job->form != ARCHIVE && job->form != JSON)
        return ob_say(OB_EXIT_INPUT, "nothing is kept of this person yet");
    return OB_EXIT_DONE;
}

static int export(struct job *job)
{
    char problem[256] = "";
    struct ob_id session;
    struct ob_person_row row;
    int code = OB_EXIT_DONE;
    if (job->o->session) {
        struct ob_id person;
        char id[OB_ID_TEXT];
        const enum ob_err err =
            ob_store_session_find(job->store, job->o->session, &session, &person, problem, sizeof problem);
        if (err)
            return ob_say(ob_kept_code(err), problem);
        ob_id_text(&person, id);
        code = ob_kept_find(job->store, id, &row);
    } else {
        code = ob_kept_find(job->store, job->o->person, &row);
    }
    if (code == OB_EXIT_DONE)
        code = ob_kept_unlock(job->store, &row, job->o->passphrase_file, &job->key);
    if (code == OB_EXIT_DONE)
        code = find_rows(job, job->o->session ? &session : NULL);
    if (code != OB_EXIT_DONE)
        return code;
    if (job->o->json)
        printf("{\"written\": [");
    code = job->form == ARCHIVE                  ? write_archive(job)
           : job->form == RR || job->form == EDF ? write_each(job)
                                                 : write_together(job);
    if (code == OB_EXIT_DONE)
        sum_up(job);
    else if (job->o->json)
        printf("], \"failed\": true}\n");
    if (job->damaged > 0)
        ob_say(0, "some of what was kept does not open and is not in it; 'outbreath verify' says more");
    return code;
}

/* Which of the forms, or a sentence. */
static int sound(const struct export_options *o, enum form *form_out)
{
    if (!o->session == !o->person)
        return ob_say(OB_EXIT_USAGE, "say what to export: --session SESSION or --person WHO");
    for (int i = 0; o->format && i < FORMS; i++)
        if (strcmp(forms[i], o->format) == 0)
            *form_out = (enum form)i;
    if (*form_out == FORMS)
        return ob_say(OB_EXIT_USAGE, "--format is rr, csv, edf, json or archive");
    if (!o->out)
        return ob_say(OB_EXIT_USAGE, "say where to: --out PATH");
    if (o->nn && *form_out != RR)
        return ob_say(OB_EXIT_USAGE, "--nn goes with --format rr; the other forms hold both kinds of intervals");
    if (*form_out == ARCHIVE && o->session)
        return ob_say(OB_EXIT_USAGE, "an archive holds all of a person: --person WHO");
    const int ways = o->clear + (o->seal || o->seal_file);
    if (*form_out == ARCHIVE ? ways != 1 : ways > 0)
        return ob_say(OB_EXIT_USAGE, "an archive is either sealed (--seal or --seal-file) or not (--clear); say which");
    return OB_EXIT_DONE;
}

int ob_cmd_export(int argc, char **argv)
{
    struct export_options options = {0};
    const char *words[1];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 1))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath export: a session, or all that is kept of a person, as files.\n\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    struct job job = {.o = &options, .form = FORMS};
    int code = sound(&options, &job.form);
    if (code == OB_EXIT_DONE)
        code = ob_kept_open(options.data, true, &job.store);
    if (code == OB_EXIT_DONE)
        code = export(&job);
    if (job.record)
        explicit_bzero(job.record, sizeof *job.record);
    free(job.record);
    free(job.rows);
    ob_key_destroy(job.key);
    ob_store_close(job.store);
    return code;
}
