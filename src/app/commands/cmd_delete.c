/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath delete: forgets a person or a session. */
#include "app/commands.h"
#include "app/commands/kept.h"
#include "app/commands/passphrase.h"
#include "app/options.h"
#include "app/say.h"

#include <inttypes.h>
#include <string.h>

struct delete_options {
    const char *data, *person, *session;
    bool yes, json, help;
};

#define AT(field) offsetof(struct delete_options, field)
static const struct ob_option table[] = {
    {"person", OB_OPTION_TEXT, AT(person), 0, 0, "WHO", "a name, number or id: all that is kept of this one"},
    {"session", OB_OPTION_TEXT, AT(session), 0, 0, "SESSION", "a number or id: this session alone"},
    {"yes", OB_OPTION_FLAG, AT(yes), 0, 0, NULL, "do not ask"},
    OB_OPTION_DATA(AT(data)),
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "as JSON"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static int ask(const struct delete_options *o, const char *question)
{
    if (o->yes || ob_confirm(question, "yes"))
        return OB_EXIT_DONE;
    return ob_say(OB_EXIT_USAGE, ob_somebody_is_here()
                                     ? "nothing was deleted"
                                     : "nobody is here to be asked, so nothing was deleted; --yes deletes");
}

static int answer(const struct delete_options *o, const char *what, const struct ob_id *id)
{
    char text[OB_ID_TEXT];
    ob_id_text(id, text);
    if (o->json)
        printf("{\"deleted\": {\"%s\": \"%s\"}}\n", what, text);
    else if (strcmp(what, "person") == 0)
        printf("Forgotten: the key is destroyed, and with it all that it opened.\n");
    else
        printf("Deleted.\n");
    return OB_EXIT_DONE;
}

static int delete_person(struct ob_store *store, const struct delete_options *o)
{
    char question[160], problem[256] = "";
    struct ob_person_row row = {.sessions = 0};
    int code = OB_EXIT_DONE;
    /* An id need not be in the database any more: what a damaged one left behind can be deleted too. */
    if (!ob_id_parse(o->person, &row.id))
        code = ob_kept_find(store, o->person, &row);
    snprintf(
        question, sizeof question,
        "This destroys the key of the person and all that is kept (%" PRIu64 " sessions). Type 'yes': ", row.sessions);
    if (code == OB_EXIT_DONE)
        code = ask(o, question);
    if (code != OB_EXIT_DONE)
        return code;
    const enum ob_err err = ob_store_person_delete(store, &row.id, problem, sizeof problem);
    return err ? ob_say(ob_kept_code(err), problem) : answer(o, "person", &row.id);
}

static int delete_session(struct ob_store *store, const struct delete_options *o)
{
    char problem[256] = "";
    struct ob_id session, person;
    enum ob_err err = ob_store_session_find(store, o->session, &session, &person, problem, sizeof problem);
    if (err)
        return ob_say(ob_kept_code(err), problem);
    const int code = ask(o, "This deletes the session. Type 'yes': ");
    if (code != OB_EXIT_DONE)
        return code;
    err = ob_store_session_delete(store, &session, problem, sizeof problem);
    return err ? ob_say(ob_kept_code(err), problem) : answer(o, "session", &session);
}

int ob_cmd_delete(int argc, char **argv)
{
    struct delete_options options = {0};
    const char *words[1];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 1))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath delete: forgets a person, or one session.\n\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    if (!options.person == !options.session)
        return ob_say(OB_EXIT_USAGE, "say what to delete: --person WHO or --session SESSION");
    struct ob_store *store = NULL;
    int code = ob_kept_open(options.data, true, &store);
    if (code != OB_EXIT_DONE)
        return code;
    code = options.person ? delete_person(store, &options) : delete_session(store, &options);
    ob_store_close(store);
    return code;
}
