/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath report: a session on one page, to take home. */
#include "app/commands.h"
#include "app/commands/kept.h"
#include "app/commands/text_file.h"
#include "app/options.h"
#include "app/say.h"
#include "app/session/take_home.h"
#include "os/tr.h"
#include "report/page.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct report_options {
    const char *data, *out, *who, *lang, *words, *words_file, *paper, *suggestion, *appointment, *passphrase_file;
    bool no_name, force, help;
};

#define AT(field) offsetof(struct report_options, field)
static const struct ob_option table[] = {
    {"out", OB_OPTION_TEXT, AT(out), 0, 0, "FILE", "the page: its ending says what it becomes, .pdf, .html or .csv"},
    {"as", OB_OPTION_TEXT, AT(who), 0, 0, "WHO", "without SESSION the newest of this one: a name, number or id"},
    {"words", OB_OPTION_TEXT, AT(words), 0, 0, "TEXT", "the therapist's own words, at most 3999 bytes"},
    {"words-file", OB_OPTION_TEXT, AT(words_file), 0, 0, "FILE", "the same from a file (-: standard input)"},
    {"suggestion", OB_OPTION_TEXT, AT(suggestion), 0, 0, "WHICH",
     "on at home: slower, stillness, water, movement, body or appointment (they rotate)"},
    {"appointment", OB_OPTION_TEXT, AT(appointment), 0, 0, "TEXT", "the next appointment, as it should be read"},
    {"paper", OB_OPTION_TEXT, AT(paper), 0, 0, "a4|letter", "size of the PDF (a4)"},
    {"lang", OB_OPTION_TEXT, AT(lang), 0, 0, "LANG", "its language, such as de (that of the desktop)"},
    {"no-name", OB_OPTION_FLAG, AT(no_name), 0, 0, NULL, "leave the name out"},
    {"force", OB_OPTION_FLAG, AT(force), 0, 0, NULL, "replace a file that is there"},
    OB_OPTION_DATA(AT(data)),
    OB_OPTION_PASSPHRASE(AT(passphrase_file)),
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

enum form { PDF, HTML, CSV, FORMS };

struct job {
    const struct report_options *o;
    enum form form;
    enum ob_paper paper;
    int suggestion;
    char words[OB_SUMMARY_WORDS];
    struct ob_store *store;
    struct ob_key *key;
    struct ob_session_row row;
    size_t damaged;
};

static bool ends_in(const char *path, const char *ending)
{
    const size_t length = strlen(path), wanted = strlen(ending);
    return length > wanted && strcasecmp(path + length - wanted, ending) == 0;
}

static int sound(struct job *job)
{
    static const char *const endings[FORMS] = {".pdf", ".html", ".csv"};
    const struct report_options *o = job->o;
    if (!o->out)
        return ob_say(OB_EXIT_USAGE, "say where to: --out FILE.pdf, .html or .csv");
    job->form = FORMS;
    for (int i = 0; i < FORMS; i++)
        if (ends_in(o->out, endings[i]))
            job->form = (enum form)i;
    if (job->form == FORMS)
        return ob_say(OB_EXIT_USAGE, "--out ends in .pdf, .html or .csv");
    if (o->paper && strcmp(o->paper, "a4") != 0 && strcmp(o->paper, "letter") != 0)
        return ob_say(OB_EXIT_USAGE, "--paper is a4 or letter");
    job->paper = o->paper && strcmp(o->paper, "letter") == 0 ? OB_PAPER_LETTER : OB_PAPER_A4;
    job->suggestion = o->suggestion ? ob_suggestion_of(o->suggestion) : -1;
    if (o->suggestion && job->suggestion < 0)
        return ob_say(OB_EXIT_USAGE, "--suggestion is slower, stillness, water, movement, body or appointment");
    return ob_text_given(o->words, o->words_file, "--words", job->words, sizeof job->words) ? OB_EXIT_DONE
                                                                                            : OB_EXIT_USAGE;
}

static int save(struct job *job, const struct ob_summary *summary)
{
    struct ob_sheet sheet = {.bytes = NULL};
    char sentence[PATH_MAX + 200];
    const struct ob_tongue tongue = ob_take_home_tongue();
    if (job->form == PDF)
        ob_write_page_pdf(&sheet, summary, &tongue, job->paper);
    else if (job->form == HTML)
        ob_write_page_html(&sheet, summary, &tongue);
    else
        ob_write_page_csv(&sheet, summary);
    const enum ob_err err =
        sheet.failed ? OB_ERR_NO_MEMORY : ob_sheet_save(&sheet, job->o->out, job->o->force, sentence, sizeof sentence);
    const int code = err == OB_OK              ? OB_EXIT_DONE
                     : err == OB_ERR_NO_MEMORY ? ob_say(OB_EXIT_FAILED, ob_err_text(err))
                     : err == OB_ERR_EXISTS    ? ob_say(OB_EXIT_USAGE, sentence)
                                               : ob_say(OB_EXIT_FAILED, sentence);
    ob_take_home_wipe(&sheet);
    return code;
}

static int make(struct job *job)
{
    const struct report_options *o = job->o;
    const struct ob_take_home_desc desc = {.words = job->words,
                                           .appointment = o->appointment,
                                           .suggestion = job->suggestion,
                                           .no_name = o->no_name,
                                           .shows_progress = true};
    struct ob_summary *summary = malloc(sizeof *summary);
    if (!summary)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    const enum ob_err err = ob_take_home_summary(job->store, job->key, &job->row, &desc, summary, &job->damaged);
    const int code = err ? ob_say(ob_kept_code(err), ob_err_text(err)) : save(job, summary);
    ob_summary_finish(summary);
    free(summary);
    return code;
}

int ob_cmd_report(int argc, char **argv)
{
    struct report_options options = {0};
    const char *words[2];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 2))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath report [SESSION] --out FILE: a session on one page; without SESSION the newest.\n\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    struct job job = {.o = &options};
    int code = sound(&job);
    ob_tr_begin(options.lang);
    if (code == OB_EXIT_DONE)
        code = ob_kept_open(options.data, true, &job.store);
    if (code == OB_EXIT_DONE)
        code = ob_kept_session(job.store, words[0], options.who, options.passphrase_file, &job.key, &job.row);
    if (code == OB_EXIT_DONE && job.row.state == OB_SESSION_RUNNING)
        code = ob_say(OB_EXIT_INPUT, "this session is still running");
    if (code == OB_EXIT_DONE)
        code = make(&job);
    if (code == OB_EXIT_DONE) {
        printf("Session %" PRIu64 " is in %s.\n", job.row.number, options.out);
        printf("It is not sealed: whoever has it can read it, and deleting the person here leaves it as it is.\n");
    }
    if (job.damaged > 0)
        ob_say(0, "some of what was kept does not open and is not in it; 'outbreath verify' says more");
    explicit_bzero(job.words, sizeof job.words);
    ob_key_destroy(job.key);
    ob_store_close(job.store);
    return code;
}
