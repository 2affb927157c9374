/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath backup and outbreath restore: all that is kept as one file, and back. */
#include "app/commands.h"
#include "app/commands/kept.h"
#include "app/commands/passphrase.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"
#include "os/paths.h"
#include "store/backup.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

struct backup_options {
    const char *data, *passphrase_file;
    bool no_passphrase, yes, json, help;
};

#define AT(field) offsetof(struct backup_options, field)
static const struct ob_option backup_table[] = {
    {"passphrase-file", OB_OPTION_TEXT, AT(passphrase_file), 0, 0, "FILE", "the passphrase of the backup, for scripts"},
    {"no-passphrase", OB_OPTION_FLAG, AT(no_passphrase), 0, 0, NULL, "without one, and so without keys that lie open"},
    OB_OPTION_DATA(AT(data)),
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "as JSON"},
    OB_OPTION_HELP(AT(help)),
};
static const struct ob_option restore_table[] = {
    {"passphrase-file", OB_OPTION_TEXT, AT(passphrase_file), 0, 0, "FILE", "the passphrase of the backup, for scripts"},
    {"yes", OB_OPTION_FLAG, AT(yes), 0, 0, NULL, "do not ask before what is there is replaced"},
    OB_OPTION_DATA(AT(data)),
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "as JSON"},
    OB_OPTION_HELP(AT(help)),
};

static void report(const struct backup_options *o, const struct ob_backup_report *r, const char *verb, const char *path)
{
    if (o->json) {
        printf("{\"%s\": ", verb);
        ob_json_string(stdout, path);
        printf(", \"people\": %" PRIu64 ", \"sessions\": %" PRIu64 ", \"files\": %" PRIu64 ", \"bytes\": %" PRIu64
               ", \"sealed\": %s, \"keys_left_out\": %" PRIu64 "}\n",
               r->people, r->sessions, r->files, r->bytes, r->sealed ? "true" : "false", r->keys_left_out);
    } else
        printf("%s: %" PRIu64 " %s, %" PRIu64 " session%s, %.1f MB.\n",
               strcmp(verb, "backup") == 0 ? "Backup made" : "Restored", r->people,
               r->people == 1 ? "person" : "people", r->sessions, r->sessions == 1 ? "" : "s", (double)r->bytes / 1e6);
}

int ob_cmd_backup(int argc, char **argv)
{
    const size_t count = sizeof backup_table / sizeof *backup_table;
    struct backup_options options = {0};
    const char *words[2];
    if (!ob_options_parse(backup_table, count, argc, argv, 0, &options, words, 2))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf(
            "outbreath backup FILE: all that is kept as one file.\n\nUnder a passphrase it holds every key and opens "
            "on "
            "any machine. Without one, keys that\nlie open in files stay out of it: it then opens only beside the keys "
            "folder of this one.\n\n");
        ob_options_print(backup_table, count);
        return OB_EXIT_DONE;
    }
    if (!words[0])
        return ob_say(OB_EXIT_USAGE, "say where the backup goes: outbreath backup FILE");
    struct ob_store *store = NULL;
    int code = ob_kept_open(options.data, true, &store);
    if (code != OB_EXIT_DONE)
        return code;
    struct ob_passphrase passphrase = {.size = 0};
    bool given = false;
    const bool wants = !options.no_passphrase;
    if (wants &&
        !ob_passphrase_get(options.passphrase_file, "Passphrase for the backup (empty: none): ", true, &passphrase,
                           &given) &&
        given)
        code = OB_EXIT_USAGE;
    else {
        char problem[300] = "";
        struct ob_backup_report r;
        const enum ob_err err = ob_store_backup(store, words[0], given ? passphrase.text : NULL, passphrase.size, &r,
                                                problem, sizeof problem);
        if (err)
            code = ob_say(ob_kept_code(err), problem);
        else
            report(&options, &r, "backup", words[0]);
        if (!err && r.keys_left_out > 0) {
            char sentence[300];
            snprintf(sentence, sizeof sentence,
                     "the keys of %" PRIu64 " %s are not in this backup: it opens only where the keys folder (or the "
                     "keyring) of this machine is; with a passphrase it holds the keys of files too",
                     r.keys_left_out, r.keys_left_out == 1 ? "person" : "people");
            ob_say(0, sentence);
        }
    }
    ob_passphrase_wipe(&passphrase);
    ob_store_close(store);
    return code;
}

int ob_cmd_restore(int argc, char **argv)
{
    const size_t count = sizeof restore_table / sizeof *restore_table;
    struct backup_options options = {0};
    const char *words[2];
    if (!ob_options_parse(restore_table, count, argc, argv, 0, &options, words, 2))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf(
            "outbreath restore FILE: puts a backup in the place of what is kept, once all of it was found sound.\n\n");
        ob_options_print(restore_table, count);
        return OB_EXIT_DONE;
    }
    if (!words[0])
        return ob_say(OB_EXIT_USAGE, "say which backup: outbreath restore FILE");
    char folder[PATH_MAX - 64], problem[300] = "", path[PATH_MAX];
    bool sealed = false, given = false;
    enum ob_err err = ob_store_folder(options.data, folder, sizeof folder);
    if (!err)
        err = ob_backup_sealed(words[0], &sealed);
    if (err) {
        snprintf(problem, sizeof problem, "%.150s is no backup that can be restored: %s; nothing was changed", words[0],
                 ob_err_text(err));
        return ob_say(ob_kept_code(err), problem);
    }
    struct ob_passphrase passphrase = {.size = 0};
    if (sealed && !ob_passphrase_get(options.passphrase_file, "Passphrase of the backup: ", false, &passphrase, &given))
        return given ? OB_EXIT_USAGE
                     : ob_say(OB_EXIT_INPUT,
                              "this backup wants its passphrase: type it at a terminal, or give --passphrase-file");
    snprintf(path, sizeof path, "%s/store.db", folder);
    if (ob_paths_exists(path) && !options.yes &&
        !ob_confirm("What is kept now is replaced by the backup. Type 'yes': ", "yes")) {
        ob_passphrase_wipe(&passphrase);
        return ob_say(OB_EXIT_USAGE, "there are sessions here already; --yes replaces them. Nothing was changed");
    }
    struct ob_backup_report r;
    err = ob_store_restore(folder, words[0], given ? passphrase.text : NULL, passphrase.size, &r, problem,
                           sizeof problem);
    ob_passphrase_wipe(&passphrase);
    if (err)
        return ob_say(ob_kept_code(err), problem);
    report(&options, &r, "restored", words[0]);
    return OB_EXIT_DONE;
}
