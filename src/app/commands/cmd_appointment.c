/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath appointment: when the next massage is, for the line at home. */
#include "app/commands.h"
#include "app/commands/kept.h"
#include "app/options.h"
#include "app/places/appointment.h"
#include "app/say.h"
#include "os/tr.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct appointment_options {
    const char *data, *person, *passphrase_file;
    bool help;
};

#define AT(field) offsetof(struct appointment_options, field)
static const struct ob_option table[] = {
    {"person", OB_OPTION_TEXT, AT(person), 0, 0, "WHO", "whose: a name, number or id of 'outbreath people'"},
    OB_OPTION_DATA(AT(data)),
    OB_OPTION_PASSPHRASE(AT(passphrase_file)),
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static void show_help(void)
{
    printf("outbreath appointment: the next massage, a quiet line at home that goes by itself when it is over.\n\n"
           "  outbreath appointment                    when it is\n"
           "  outbreath appointment 2026-12-03 15:30   it is then; without a time, some time on that day\n"
           "  outbreath appointment none               there is none\n\n");
    ob_options_print(table, OPTIONS);
}

static int show(const struct appointment_options *o)
{
    struct ob_store *store = NULL;
    struct ob_person_row person;
    struct ob_key *key = NULL;
    struct ob_keepsake keepsake = {0};
    char words[120];
    char problem[512];
    const struct ob_store_desc desc = {.folder = o->data, .existing = true};
    if (ob_store_open(&desc, &store, problem, sizeof problem) == OB_ERR_EMPTY) { /* nothing is made by looking */
        printf("%s\n", ob_tr("No appointment is noted."));
        return OB_EXIT_DONE;
    }
    ob_store_close(store);
    store = NULL;
    int code = ob_kept_open(o->data, true, &store);
    if (code == OB_EXIT_DONE)
        code = ob_kept_find(store, o->person, &person);
    if (code == OB_EXIT_DONE)
        code = ob_kept_unlock(store, &person, o->passphrase_file, &key);
    if (code == OB_EXIT_DONE) {
        const enum ob_err err = ob_store_keepsake_get(store, key, &keepsake);
        code = err ? ob_say(ob_kept_code(err), ob_err_text(err)) : OB_EXIT_DONE;
    }
    ob_key_destroy(key);
    ob_store_close(store);
    if (code != OB_EXIT_DONE)
        return code;
    const int64_t now_s = (int64_t)time(NULL);
    if (!ob_appointment_is_to_come(&keepsake, now_s)) {
        printf("%s\n", ob_tr("No appointment is noted."));
        return OB_EXIT_DONE;
    }
    ob_appointment_words(&keepsake, now_s, words, sizeof words);
    printf(ob_tr("Next massage: %s"), words);
    printf("\n");
    return OB_EXIT_DONE;
}

int ob_cmd_appointment(int argc, char **argv)
{
    struct appointment_options o = {0};
    const char *words[4];
    struct ob_keepsake keepsake = {0};
    char text[64];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &o, words, 4))
        return OB_EXIT_USAGE;
    ob_tr_begin(NULL);
    if (o.help) {
        show_help();
        return OB_EXIT_DONE;
    }
    if (!words[0])
        return show(&o);
    const bool none = strcmp(words[0], "none") == 0 && !words[1];
    snprintf(text, sizeof text, "%.30s%s%.30s", words[0], words[1] ? " " : "", words[1] ? words[1] : "");
    if ((words[1] && words[2]) || (!none && !ob_appointment_read(text, &keepsake)))
        return ob_say(OB_EXIT_USAGE,
                      "an appointment is a date with a time, such as 2026-12-03 15:30, a date alone, or none");
    if (!none && !ob_appointment_is_to_come(&keepsake, (int64_t)time(NULL)))
        return ob_say(OB_EXIT_USAGE, "that is over already");
    const int code = ob_appointment_put(o.data, o.person, o.passphrase_file, &keepsake);
    return code == OB_EXIT_DONE ? show(&o) : code;
}
