/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/take_home.h"

#include "app/commands/copying.h"
#include "app/commands/kept.h"
#include "app/commands/progress.h"
#include "app/commands/protocol_files.h"
#include "app/places/appointment.h"
#include "base/time.h"
#include "os/paths.h"
#include "os/tr.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct past {
    struct ob_past_session *sessions; /* oldest first */
    size_t count;
};

/* The windows of the sessions before this one. What does not open says nothing. */
static enum ob_err look_back(struct ob_store *store, const struct ob_key *key, uint64_t number, bool shows,
                             struct past *past)
{
    struct ob_session_row *rows = NULL;
    size_t count = 0, first = 0;
    enum ob_err err = ob_store_sessions(store, key, &rows, &count, NULL);
    if (err)
        return err;
    while (first < count && rows[first].number >= number)
        first++;
    const size_t most = count - first < OB_USUAL_MOST ? count - first : OB_USUAL_MOST;
    past->sessions = calloc(most + 1, sizeof *past->sessions);
    err = past->sessions ? OB_OK : OB_ERR_NO_MEMORY;
    for (size_t i = most; !err && i-- > 0;) {
        struct ob_copy copy;
        if (ob_copy_from_store(store, key, &rows[first + i].id, &copy) == OB_OK &&
            !ob_summary_past(&copy, &past->sessions[past->count++]))
            err = OB_ERR_NO_MEMORY;
        ob_copy_finish(&copy);
        if (shows)
            ob_progress_show("report", (double)(most - i) / (double)most);
    }
    if (shows)
        ob_progress_clear();
    free(rows);
    return err;
}

/* What a protocol calls itself, if it is still there. */
static void find_title(const char *name, char *title_out, size_t size)
{
    struct ob_protocol_entry *entries = calloc(OB_PROTOCOLS_MAX, sizeof *entries);
    struct ob_protocol *protocol = malloc(sizeof *protocol);
    struct ob_problems *problems = calloc(1, sizeof *problems);
    const size_t count = entries && protocol && problems ? ob_protocol_list(entries) : 0;
    title_out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].name, name) == 0 && ob_protocol_file_read(entries[i].path, protocol, problems) == OB_OK)
            snprintf(title_out, size, "%s", protocol->title);
    free(problems);
    free(protocol);
    free(entries);
}

static enum ob_err sum_up(struct ob_store *store, const struct ob_key *key, const struct ob_copy *copy,
                          const struct past *past, const struct ob_take_home_desc *desc, struct ob_summary *summary)
{
    char name[OB_NAME_BYTES];
    unsigned char *pace = NULL;
    size_t pace_size = 0;
    struct ob_keepsake keepsake;
    char noted[120] = "", title[96];
    find_title(copy->protocol, title, sizeof title);
    ob_kept_name(store, key, name, sizeof name);
    if (ob_store_keepsake_get(store, key, &keepsake) == OB_OK &&
        ob_appointment_is_to_come(&keepsake, (int64_t)time(NULL)))
        ob_appointment_words(&keepsake, 0, noted, sizeof noted);
    const bool paced =
        ob_store_blob_get(store, key, OB_BLOB_PACE, &pace, &pace_size) == OB_OK && pace_size == OB_PACE_BLOB;
    const enum ob_err err =
        ob_summary_make(&(struct ob_summary_desc){.copy = copy,
                                                  .past = past->sessions,
                                                  .past_count = past->count,
                                                  .name = desc->no_name ? NULL : name,
                                                  .title = title,
                                                  .words = desc->words,
                                                  .pace = paced ? pace : NULL,
                                                  .suggestion = desc->suggestion,
                                                  .appointment = desc->appointment ? desc->appointment : noted},
                        summary);
    explicit_bzero(name, sizeof name);
    free(pace);
    return err;
}

enum ob_err ob_take_home_summary(struct ob_store *store, const struct ob_key *key, const struct ob_session_row *row,
                                 const struct ob_take_home_desc *desc, struct ob_summary *summary_out,
                                 size_t *damaged_out)
{
    struct past past = {.sessions = NULL};
    struct ob_copy copy;
    memset(summary_out, 0, sizeof *summary_out);
    *damaged_out = 0;
    enum ob_err err = look_back(store, key, row->number, desc->shows_progress, &past);
    if (!err) {
        err = ob_copy_from_store(store, key, &row->id, &copy);
        *damaged_out += err == OB_ERR_DAMAGED;
        if (!err || err == OB_ERR_DAMAGED)
            err = sum_up(store, key, &copy, &past, desc, summary_out);
        ob_copy_finish(&copy);
    }
    if (past.sessions)
        explicit_bzero(past.sessions, past.count * sizeof *past.sessions);
    free(past.sessions);
    return err;
}

enum ob_err ob_take_home_kept(const struct ob_kept_session *kept, const struct ob_take_home_desc *desc,
                              struct ob_summary *summary_out)
{
    char problem[320];
    size_t damaged;
    struct ob_session_row row;
    struct ob_store *store = NULL;
    memset(summary_out, 0, sizeof *summary_out);
    enum ob_err err = ob_store_open(&(struct ob_store_desc){.folder = kept->folder, .existing = true}, &store, problem,
                                    sizeof problem);
    if (!err)
        err = ob_store_session_get(store, kept->key, &kept->session, &row);
    if (!err)
        err = ob_take_home_summary(store, kept->key, &row, desc, summary_out, &damaged);
    ob_store_close(store);
    return err;
}

#define SAME_MINUTE 100 /* pages of one minute that find a name */

static enum ob_err save_as(const struct ob_sheet *pdf, const struct ob_summary *summary, char *path_out, size_t size)
{
    char folder[PATH_MAX], day[32], sentence[PATH_MAX + 200];
    enum ob_err err = ob_paths_documents(folder, sizeof folder);
    const time_t then = (time_t)(summary->start_wall_ns / OB_NS_PER_S) + summary->utc_offset_s;
    struct tm tm;
    if (err || !gmtime_r(&then, &tm) || strftime(day, sizeof day, "%Y-%m-%d-%H%M", &tm) == 0)
        return err ? err : OB_ERR_RANGE;
    err = OB_ERR_EXISTS;
    for (int i = 1; err == OB_ERR_EXISTS && i <= SAME_MINUTE; i++) {
        char more[16] = "";
        if (i > 1)
            snprintf(more, sizeof more, "-%d", i);
        if ((size_t)snprintf(path_out, size, "%s/outbreath-%s%s.pdf", folder, day, more) >= size)
            return OB_ERR_RANGE;
        err = ob_sheet_save(pdf, path_out, false, sentence, sizeof sentence);
    }
    return err;
}

enum ob_err ob_take_home_save(const struct ob_kept_session *kept, char *sentence, size_t size)
{
    const struct ob_take_home_desc desc = {.suggestion = -1};
    const struct ob_tongue tongue = ob_take_home_tongue();
    struct ob_sheet pdf = {.bytes = NULL};
    char path[PATH_MAX + 64];
    struct ob_summary *summary = malloc(sizeof *summary);
    enum ob_err err = summary ? ob_take_home_kept(kept, &desc, summary) : OB_ERR_NO_MEMORY;
    if (!err) {
        ob_write_page_pdf(&pdf, summary, &tongue, OB_PAPER_A4);
        err = pdf.failed ? OB_ERR_NO_MEMORY : save_as(&pdf, summary, path, sizeof path);
    }
    if (summary)
        ob_summary_finish(summary);
    free(summary);
    ob_take_home_wipe(&pdf);
    if (err)
        snprintf(sentence, size, ob_tr("The page could not be made: %s."), ob_tr(ob_err_text(err)));
    else
        snprintf(sentence, size, ob_tr("The page is in %s. Whoever has it can read it."), path);
    return err;
}

/* Each catalogue translates these two as its own code and its own decimal sign. */
struct ob_tongue ob_take_home_tongue(void)
{
    return (struct ob_tongue){.tr = ob_tr, .decimal = ob_tr(".")[0], .code = ob_tr("en")};
}

void ob_take_home_wipe(struct ob_sheet *sheet)
{
    if (sheet->bytes)
        explicit_bzero(sheet->bytes, sheet->size);
    ob_sheet_finish(sheet);
}
