/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath verify: is all of it there, and does all of it open? */
#include "app/commands.h"
#include "app/commands/kept.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"
#include "base/time.h"
#include "os/clock.h"

#include <inttypes.h>

struct verify_options {
    const char *data, *passphrase_file;
    bool json, help;
};

#define AT(field) offsetof(struct verify_options, field)
static const struct ob_option table[] = {
    OB_OPTION_DATA(AT(data)),
    {"passphrase-file", OB_OPTION_TEXT, AT(passphrase_file), 0, 0, "FILE",
     "a passphrase: whom it opens is checked too"},
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "as JSON"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static void print_json(const struct ob_verify *v, double took_s)
{
    printf("{\n  \"sound\": %s,\n  \"database_sound\": %s,\n", ob_verify_sound(v) ? "true" : "false",
           v->database_sound ? "true" : "false");
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {{"people", v->people},      {"people_locked", v->people_locked},
                  {"sessions", v->sessions},  {"interrupted", v->interrupted},
                  {"beats", v->beats},        {"rows", v->rows},
                  {"bytes", v->bytes},        {"files", v->files},
                  {"bad_rows", v->bad_rows},  {"gaps", v->gaps},
                  {"bad_files", v->bad_files}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        printf("  \"%s\": %" PRIu64 ",\n", counts[i].name, counts[i].value);
    printf("  \"first\": ");
    ob_json_string(stdout, v->first[0] ? v->first : NULL);
    printf(",\n  \"took_s\": %.3f\n}\n", took_s);
}

static void print_words(const struct ob_verify *v, double took_s)
{
    printf("people %" PRIu64 " (%" PRIu64 " locked), sessions %" PRIu64 " (%" PRIu64 " interrupted), beats %" PRIu64
           ", rows %" PRIu64 ", files %" PRIu64 "; looked at %.1f MB in %.2f s\n",
           v->people, v->people_locked, v->sessions, v->interrupted, v->beats, v->rows, v->files,
           (double)v->bytes / 1e6, took_s);
    if (v->people_locked > 0)
        printf("Of those who are locked only the order of the rows was checked.\n");
    if (ob_verify_sound(v))
        printf("All is well.\n");
    else
        printf("Not well: %" PRIu64 " rows and %" PRIu64 " files do not open, %" PRIu64 " gaps. First: %s.\n",
               v->bad_rows, v->bad_files, v->gaps, v->first[0] ? v->first : "the database");
}

int ob_cmd_verify(int argc, char **argv)
{
    struct verify_options options = {0};
    const char *words[1];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 1))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath verify: is all of it there, and does all of it open?\n\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    const int64_t begun_ns = ob_clock_monotonic_ns();
    struct ob_store *store = NULL;
    const int code = ob_kept_open(options.data, true, &store);
    if (code != OB_EXIT_DONE)
        return code;
    struct ob_person_row *people = NULL;
    struct ob_key **keys = NULL;
    struct ob_key *open[4096];
    size_t count = 0, opened = 0;
    struct ob_verify verify;
    enum ob_err err = ob_kept_keys(store, options.passphrase_file, &people, &keys, &count);
    if (!err) {
        for (size_t i = 0; i < count && opened < sizeof open / sizeof *open; i++)
            if (keys[i])
                open[opened++] = keys[i];
        err = ob_store_verify(store, open, opened, &verify);
        ob_kept_close_keys(people, keys, count);
    }
    ob_store_close(store);
    if (err)
        return ob_say(ob_kept_code(err), ob_err_text(err));
    const double took_s = ob_s_from_ns(ob_clock_monotonic_ns() - begun_ns);
    if (options.json)
        print_json(&verify, took_s);
    else
        print_words(&verify, took_s);
    return ob_verify_sound(&verify) ? OB_EXIT_DONE : OB_EXIT_FAILED;
}
