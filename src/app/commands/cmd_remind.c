/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath remind: pauses between treatments, offered by the desktop to those who wish for them. The timer of the
 * person's systemd runs 'remind due', so that nothing of the program has to stay in memory. */
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/places/between.h"
#include "app/places/practice.h"
#include "app/say.h"
#include "app/settings_files.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/notify.h"
#include "os/tr.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_S (15 * 60.0) /* then the offer is taken back */
#define RESTED_S   (90 * 60.0) /* whoever has just practised is left alone */
#define MINUTES    "3"

struct remind_options {
    const char *data;
    bool help;
};

#define AT(field) offsetof(struct remind_options, field)
static const struct ob_option table[] = {
    OB_OPTION_DATA(AT(data)),
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static void show_help(void)
{
    printf("outbreath remind: a pause of three minutes between two things, offered by the desktop.\n\n"
           "  outbreath remind            how it stands\n"
           "  outbreath remind on [N]     N pauses a day, 1 to 4 (1), within the hours of between.hours\n"
           "  outbreath remind off        none, as at first\n"
           "  outbreath remind now        offers one now, to try it\n"
           "  outbreath remind due        what the timer runs: offers one if it is time, and else does nothing\n\n");
    ob_options_print(table, OPTIONS);
}

/* ---- how it stands ---- */

static int tell(const struct ob_settings *set)
{
    int at_min[OB_BETWEEN_MOST];
    const size_t count = ob_between_times(set, at_min);
    if (count == 0)
        printf("No pauses are offered. 'outbreath remind on' offers one a day.\n");
    else {
        printf("A pause of %s minutes is offered at", MINUTES);
        for (size_t i = 0; i < count; i++)
            printf("%s %02d:%02d", i ? "," : "", at_min[i] / 60, at_min[i] % 60);
        printf(ob_settings_is(set, OB_SET_BETWEEN_DARK) ? ", without a picture.\n" : ", with the scene.\n");
        printf(ob_user_timer_is_set(OB_BETWEEN_TIMER) ? "The timer is set ('systemctl --user list-timers' shows it).\n"
                                                      : "The timer is not set; it is when Outbreath is at home the "
                                                        "next time, or by 'outbreath remind on'.\n");
    }
    printf(ob_notify_is_there() ? "This desktop shows notifications.\n"
                                : "Nobody shows notifications here now; on a desktop they come when it runs.\n");
    return OB_EXIT_DONE;
}

/* ---- on and off ---- */

static int turn(const char *pauses)
{
    static struct ob_loaded loaded;
    char problem[PATH_MAX + 640];
    enum ob_user_timer_state state;
    enum ob_err err = ob_settings_file_set(NULL, OB_SET_BETWEEN_PAUSES, pauses, problem, sizeof problem);
    if (err == OB_ERR_RANGE)
        return ob_say(OB_EXIT_USAGE, "remind on takes how many pauses a day, from 1 to 4");
    if (err)
        return ob_say(OB_EXIT_FAILED, problem);
    if (!ob_settings_load(NULL, NULL, &loaded))
        return OB_EXIT_INPUT;
    err = ob_between_follow(&loaded, &state);
    if (err) {
        snprintf(problem, sizeof problem, "the timer can't be changed: %s", ob_err_text(err));
        return ob_say(OB_EXIT_FAILED, problem);
    }
    if (state == OB_USER_TIMER_LATER && ob_settings_number(&loaded.settings, OB_SET_BETWEEN_PAUSES) >= 1.0)
        printf("It begins when you sign in again: your systemd can't be reached from here.\n");
    return tell(&loaded.settings);
}

/* ---- an offer ---- */

/* Whether a session goes on now, or somebody has had one a short while ago. Of what is locked nothing is known. */
static bool has_had_enough(const char *data)
{
    struct ob_practice practice;
    struct ob_store *store = NULL;
    char problem[512];
    bool enough = false;
    ob_practice_read(&practice, data, NULL, false);
    for (size_t i = 0; i < practice.count; i++) {
        const struct ob_session_row *row = &practice.sessions[i];
        const double since_s = ob_s_from_ns(ob_clock_wall_ns() - row->start_wall_ns) - row->duration_s;
        enough |= row->duration_s >= OB_PRACTICE_COUNTS_S && since_s >= 0.0 && since_s < RESTED_S;
    }
    ob_practice_finish(&practice);
    if (ob_store_open(&(struct ob_store_desc){.folder = data, .existing = true}, &store, problem, sizeof problem) ==
        OB_OK)
        enough |= ob_store_lock(store, problem, sizeof problem) == OB_ERR_BUSY;
    ob_store_close(store);
    return enough;
}

/* This program again, as the pause. With several people here nobody is asked whose it is, and it is not kept. */
static int begin(const struct ob_settings *set, const char *data)
{
    char program[] = "outbreath", protocol[] = "--protocol", pause[] = "pause", minutes[] = "--minutes",
         three[] = MINUTES, no_keep[] = "--no-keep", folder[] = "--data", *at = data ? strdup(data) : NULL;
    struct ob_practice practice;
    ob_practice_read(&practice, data, NULL, false);
    const bool nobody = practice.several;
    ob_practice_finish(&practice);
    const bool dark = ob_settings_is(set, OB_SET_BETWEEN_DARK);
    char *words[8] = {program, dark ? protocol : minutes, dark ? pause : three};
    size_t count = 3;
    if (nobody)
        words[count++] = no_keep;
    if (at) {
        words[count++] = folder;
        words[count++] = at;
    }
    fflush(NULL);
    execv("/proc/self/exe", words);
    free(at);
    return ob_say(OB_EXIT_FAILED, "the session can't begin: the program is not where it was");
}

static int offer(const struct ob_settings *set, const char *data)
{
    const char *suggestion = ob_between_suggestion(set, ob_between_today(NULL));
    char body[400];
    snprintf(body, sizeof body, "%s%s%s",
             ob_settings_is(set, OB_SET_BETWEEN_DARK)
                 ? ob_tr("Three minutes of easy breathing; the screen goes dark meanwhile.")
                 : ob_tr("Three minutes of easy breathing."),
             suggestion ? "\n" : "", suggestion ? ob_tr(suggestion) : "");
    const struct ob_notify_desc desc = {.title = ob_tr("A pause?"),
                                        .body = body,
                                        .way = ob_tr("Outbreath is in the menu of programs."),
                                        .action = ob_tr("Begin"),
                                        .patience_s = PATIENCE_S,
                                        .give_up = ob_interrupted};
    switch (ob_notify(&desc)) {
    case OB_NOTIFY_TAKEN:
        return begin(set, data);
    case OB_NOTIFY_ABSENT:
        return ob_say(OB_EXIT_DEVICE, "nobody shows notifications here");
    default:
        return OB_EXIT_DONE; /* no is no, and not asked about */
    }
}

static int due(const struct ob_loaded *loaded, const char *data)
{
    const struct ob_settings *set = &loaded->settings;
    int now_min;
    ob_between_today(&now_min);
    if (ob_settings_number(set, OB_SET_BETWEEN_PAUSES) < 1.0)
        ob_between_follow(loaded, NULL); /* the file was changed by hand: then the timer goes */
    if (!ob_between_is_due(set, now_min) || has_had_enough(data))
        return OB_EXIT_DONE;
    const int code = offer(set, data);
    return code == OB_EXIT_DEVICE ? OB_EXIT_DONE : code; /* without a desktop there is nothing to offer */
}

int ob_cmd_remind(int argc, char **argv)
{
    static struct ob_loaded loaded;
    struct remind_options options = {0};
    const char *words[3];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 3))
        return OB_EXIT_USAGE;
    if (options.help) {
        show_help();
        return OB_EXIT_DONE;
    }
    const char *word = words[0] ? words[0] : "";
    const bool on = strcmp(word, "on") == 0;
    if (words[0] && words[1] && !on)
        return ob_say(OB_EXIT_USAGE, "this is not how it goes; 'outbreath remind --help' shows how");
    if (on || strcmp(word, "off") == 0)
        return turn(on ? words[1] ? words[1] : "1" : "off");
    if (!ob_settings_load(NULL, NULL, &loaded))
        return OB_EXIT_INPUT;
    ob_tr_begin(ob_settings_text(&loaded.settings, OB_SET_DISPLAY_LANGUAGE));
    if (!*word)
        return tell(&loaded.settings);
    ob_interrupt_install();
    if (strcmp(word, "now") == 0)
        return offer(&loaded.settings, options.data);
    if (strcmp(word, "due") == 0)
        return due(&loaded, options.data);
    return ob_say(OB_EXIT_USAGE, "it is 'remind', 'remind on', 'remind off', 'remind now' or 'remind due'");
}
