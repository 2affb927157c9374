/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands.h"
#include "app/options.h"
#include "base/log.h"
#include "base/nearest.h"
#include "render/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    /* clang-format off */ /* a row a command */
    {"analyze", ob_cmd_analyze},
    {"appointment", ob_cmd_appointment},
    {"backup", ob_cmd_backup},
    {"beats", ob_cmd_beats},
    {"breathe", ob_cmd_breathe},
    {"config", ob_cmd_config},
    {"delete", ob_cmd_delete},
    {"evaluate", ob_cmd_evaluate},
    {"export", ob_cmd_export},
    {"gallery", ob_cmd_gallery},
    {"headless", ob_cmd_headless},
    {"import", ob_cmd_import},
    {"people", ob_cmd_people},
    {"kiosk", ob_cmd_kiosk},
    {"person", ob_cmd_person},
    {"practice-audio", ob_cmd_practice_audio},
    {"protocols", ob_cmd_protocols},
    {"remind", ob_cmd_remind},
    {"replay", ob_cmd_replay},
    {"report", ob_cmd_report},
    {"restore", ob_cmd_restore},
    {"sessions", ob_cmd_sessions},
    {"verify", ob_cmd_verify},
    {"sensors", ob_cmd_sensors},
    /* clang-format on */
};
#define COMMANDS (sizeof commands / sizeof *commands)

static void log_to_stderr(void *user, enum ob_log_level level, const char *sentence)
{
    (void)user;
    if (level >= OB_LOG_WARNING || getenv("OUTBREATH_LOG"))
        fprintf(stderr, "outbreath: %s\n", sentence);
}

int main(int argc, char **argv)
{
    ob_log_set_sink(log_to_stderr, NULL);
    if (argc > 1 && argv[1][0] != '-') {
        const char *names[COMMANDS];
        if (strcmp(argv[1], OB_TRIAL_COMMAND) == 0 && argc == 4) /* not for people, and in no list */
            return ob_trial_child(argv[2], strcmp(argv[3], "es") == 0);
        for (size_t i = 0; i < COMMANDS; i++) {
            if (strcmp(argv[1], commands[i].name) == 0)
                return commands[i].run(argc - 2, argv + 2);
            names[i] = commands[i].name;
        }
        if (strcmp(argv[1], "help") == 0) {
            char help[] = "--help";
            char *words[] = {help};
            return ob_cmd_session(1, words);
        }
        const char *nearest = ob_nearest(argv[1], names, COMMANDS);
        fprintf(stderr, "outbreath: there is no command '%.60s'%s%s%s\n", argv[1], nearest ? "; did you mean '" : "; ",
                nearest ? nearest : "'outbreath help' lists them", nearest ? "'?" : ".");
        return OB_EXIT_USAGE;
    }
    return ob_cmd_session(argc - 1, argv + 1);
}
