/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath without a subcommand: a session with light and sound. */
#include "app/commands.h"
#include "app/commands/protocol_files.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/say.h"
#include "app/window/plain.h"
#include "app/window/shell.h"
#include "app/window/surroundings.h"
#include "os/tr.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct session_options {
    struct ob_settings settings; /* what the command line says of them */
    struct ob_shell_options shell;
    bool home, help, version;
};

#define AT(field) offsetof(struct session_options, field)
static const struct ob_option table[] = {
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_MINUTES),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_MEASURED),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_ADAPTIVE),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_PROTOCOL),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_KEEP),
    {"as", OB_OPTION_TEXT, AT(shell.who), 0, 0, "WHO",
     "whose session it is: a name, number or id of 'outbreath people'"},
    OB_OPTION_DATA(AT(shell.data)),
    OB_OPTION_PASSPHRASE(AT(shell.passphrase_file)),
    OB_OPTION_OF(AT(settings), OB_SET_PACER_RATE),
    OB_OPTION_OF(AT(settings), OB_SET_SENSOR_SERIAL_PORT),
    OB_OPTION_OF(AT(settings), OB_SET_SENSOR_BAUD),
    OB_OPTION_OF(AT(settings), OB_SET_SENSOR_BLUETOOTH),
    OB_OPTION_OF(AT(settings), OB_SET_SENSOR_SAMPLING),
    {"breath", OB_OPTION_TEXT, AT(shell.breath), 0, 0, "SENSOR",
     "breathing from another sensor: its id in 'outbreath sensors'"},
    {"replay", OB_OPTION_TEXT, AT(shell.replay), 0, 0, "FILE",
     "a recording as if it were live: RR text, CSV, WFDB or EDF"},
    {"kind", OB_OPTION_TEXT, AT(shell.kind), 0, 0, "KIND", "what the recording is, where the guess is wrong"},
    {"channel", OB_OPTION_TEXT, AT(shell.channel), 0, 0, "NAME|N", "which signal of it"},
    {"speed", OB_OPTION_NUMBER, AT(shell.speed), 0.1, 1000, "N", "times true speed (1)"},
    {"demo", OB_OPTION_FLAG, AT(shell.demo), 0, 0, NULL, "a simulated person, and it says so"},
    {"person", OB_OPTION_TEXT, AT(shell.person), 0, 0, "KEYS",
     "who that is, such as seed=7,rf=5.4 ('help' lists the keys)"},
    {"feed", OB_OPTION_TEXT, AT(shell.feed), 0, 0, "ecg|rr|ppg", "what the simulated sensor gives (ecg)"},
    {"record", OB_OPTION_TEXT, AT(shell.record), 0, 0, "FILE|kept",
     "all that the sensor says: to a file in the clear, or 'kept': with the session, sealed"},
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_VOLUME),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_SOUNDSCAPE),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_VOICE),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_GONG),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_MUTE),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_DEVICE),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_BUFFER),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_LATE),
    OB_OPTION_OF(AT(settings), OB_SET_HAPTICS_WHEN),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_SCENE),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_WIDTH),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_HEIGHT),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_FULLSCREEN),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_SCREEN),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_NUMBERS),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_REDUCED_MOTION),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_LANGUAGE),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_OVERSCAN),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_SPEAK),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_THEME),
    OB_OPTION_OF(AT(settings), OB_SET_CONSOLE_PORT),
    OB_OPTION_OF(AT(settings), OB_SET_CONSOLE_SCREEN),
    {"config", OB_OPTION_TEXT, AT(shell.config), 0, 0, "FILE|none", "settings from this file instead of yours"},
    {"latency-log", OB_OPTION_FLAG, AT(shell.latency_log), 0, 0, NULL, "print latency percentiles every 10 s"},
    {"latency-probe", OB_OPTION_FLAG, AT(shell.latency_probe), 0, 0, NULL,
     "a patch and a click for every arrival, to be measured"},
    {"home", OB_OPTION_FLAG, AT(home), 0, 0, NULL, "begin at home, whatever else is said"},
    {"version", OB_OPTION_FLAG, AT(version), 0, 0, NULL, "the version"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static void show_help(void)
{
    printf(
        "Outbreath: light and sound that follow your heart while you breathe.\n\n"
        "  outbreath                        home: a session with light and sound, and everything about it\n"
        "  outbreath [OPTIONS]              where a heart or a plan is named: a session at once\n"
        "  outbreath breathe [OPTIONS]      a session in a terminal, in plain lines: for screen readers\n"
        "  outbreath headless [OPTIONS]     the same without screen and sound card, into files\n"
        "  outbreath gallery                pictures of the scenes as files and contact sheets\n"
        "  outbreath replay FILE.oblog      an event log through the engine again\n"
        "  outbreath analyze FILE...        variability metrics of recordings: table, JSON, CSV, pictures\n"
        "  outbreath beats FILE             the beats of an ECG or a pulse wave\n"
        "  outbreath sensors                boards and straps in sight, and what is wrong with them\n"
        "  outbreath sessions               what is kept, newest first\n"
        "  outbreath people COMMAND         who is kept here: list, add, rename, notes, lock, unlock\n"
        "  outbreath delete                 forgets a person or a session\n"
        "  outbreath backup, restore FILE   all that is kept as one file, and back\n"
        "  outbreath appointment            when the next massage is, for the line at home\n"
        "  outbreath remind                 a pause between treatments, offered by the desktop\n"
        "  outbreath report --out FILE      a session on one page: PDF, HTML or CSV\n"
        "  outbreath export                 a session or a person as RR text, CSV, EDF+, JSON or one archive\n"
        "  outbreath import FILE            keeps what was exported, or what another program recorded\n"
        "  outbreath verify                 is all that is kept there, and does it open?\n"
        "  outbreath protocols              the shapes that a session can have\n"
        "  outbreath practice-audio NAME    a guided practice as a sound file, to be given away\n"
        "  outbreath kiosk                  an unattended screen in a studio, for strangers\n"
        "  outbreath config COMMAND         the settings: show, check, set, unset, path\n"
        "  outbreath person --out DIR       a simulated person as files, with the truth\n"
        "  outbreath evaluate               simulated populations through the engine, and whether the figures hold\n"
        "  outbreath COMMAND --help         more about a command\n\n"
        "Keys: space pause, h numbers, i how they are made, b just breathe, d dizzy, n next part, c next scene,\n"
        "m next sound, v voice, s sensors, f full screen, + and - volume, a new console address, ? keys, Esc leave.\n"
        "PageDown and PageUp mark, as a presenter does: see keys.mark in the settings.\n\nOptions of a session:\n");
    ob_options_print(table, OPTIONS);
}

/* A protocol's own scene, unless the command line wants another. */
static const char *scene_of(const struct ob_settings *set, const struct ob_protocol *protocol)
{
    const bool asked = set->values[OB_SET_DISPLAY_SCENE].layer == OB_LAYER_COMMAND_LINE;
    return protocol->scene[0] && !asked ? protocol->scene : ob_settings_text(set, OB_SET_DISPLAY_SCENE);
}

/* How many different hearts the command line names. */
static int hearts_named(const struct session_options *o)
{
    return (o->settings.values[OB_SET_SENSOR_SERIAL_PORT].layer == OB_LAYER_COMMAND_LINE) +
           (o->settings.values[OB_SET_SENSOR_BLUETOOTH].layer == OB_LAYER_COMMAND_LINE) + !!o->shell.replay +
           (o->shell.demo || o->shell.person);
}

/* A sensor that the command line names is the one that is preferred. */
static void prefer_named(struct session_options *o)
{
    if (o->settings.values[OB_SET_SENSOR_SERIAL_PORT].layer == OB_LAYER_COMMAND_LINE)
        ob_settings_take(&o->settings, OB_SET_SENSOR_PREFER, "serial", OB_LAYER_COMMAND_LINE, 0);
    else if (o->settings.values[OB_SET_SENSOR_BLUETOOTH].layer == OB_LAYER_COMMAND_LINE)
        ob_settings_take(&o->settings, OB_SET_SENSOR_PREFER, "bluetooth", OB_LAYER_COMMAND_LINE, 0);
}

/* Whether the command line asks for a session at once: a heart, a plan, or a file to record to. What only concerns the
 * window, the sound or whose it is does not. */
static bool asks_for_session(const struct session_options *o)
{
    static const enum ob_setting plans[] = {OB_SET_SESSION_MINUTES, OB_SET_SESSION_MEASURED, OB_SET_SESSION_ADAPTIVE,
                                            OB_SET_SESSION_PROTOCOL, OB_SET_PACER_RATE};
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        if (o->settings.values[plans[i]].layer == OB_LAYER_COMMAND_LINE)
            return true;
    const struct ob_shell_options *s = &o->shell;
    return hearts_named(o) > 0 || s->breath || s->record || s->latency_log || s->latency_probe;
}

static int run(struct ob_shell *shell, bool at_once)
{
    const struct ob_settings *set = &shell->loaded.settings;
    shell->at_home = !at_once;
    ob_surroundings_recall(shell);
    int code = ob_protocol_of(set, &shell->protocol);
    if (code == OB_EXIT_DONE)
        code = ob_shell_open_heart(shell);
    if (code == OB_EXIT_DONE && at_once)
        code = ob_shell_prepare(shell);
    if (code == OB_EXIT_DONE)
        code = ob_shell_open(shell, scene_of(set, &shell->protocol));
    if (code == OB_EXIT_DONE)
        code = shell->options.plain ? ob_plain_run(shell) : ob_shell_run(shell);
    return ob_shell_close(shell, code);
}

static void show_plain_help(void)
{
    printf("A session in a terminal, in plain lines, for a screen reader: no picture; sound, voice, sensors and what "
           "is kept\n"
           "as ever.\n\nKeys: Enter pause, d dizzy, b just breathe, t time left, n next part, v voice, + and - volume, "
           "q leave.\n\n"
           "Options of a session:\n");
    ob_options_print(table, OPTIONS);
}

static int command(int argc, char **argv, bool plain)
{
    struct session_options o = {0};
    struct ob_shell *shell = calloc(1, sizeof *shell);
    if (!shell)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    ob_settings_init(&o.settings);
    const char *words[1];
    int code = OB_EXIT_DONE;
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &o, words, 1))
        code = OB_EXIT_USAGE;
    else if (o.help)
        plain ? show_plain_help() : show_help();
    else if (o.version)
        printf("outbreath %s\n", OB_VERSION);
    else if (strcmp(ob_settings_text(&o.settings, OB_SET_DISPLAY_SCREEN), "list") == 0)
        code = ob_two_screens_print();
    else if (o.shell.person && strcmp(o.shell.person, "help") == 0)
        ob_source_print_person_help();
    else if (hearts_named(&o) > 1)
        code = ob_say(OB_EXIT_USAGE, "--serial, --bluetooth, --replay and --demo are different hearts: choose one");
    else if (prefer_named(&o), !ob_settings_load(o.shell.config, &o.settings, &shell->loaded))
        code = OB_EXIT_INPUT;
    else {
        ob_interrupt_install();
        ob_tr_begin(ob_settings_text(&shell->loaded.settings, OB_SET_DISPLAY_LANGUAGE));
        shell->options = o.shell;
        shell->options.plain = plain;
        shell->options.scene_trial = "/proc/self/exe";
        code = run(shell, plain || (asks_for_session(&o) && !o.home));
    }
    free(shell);
    return code;
}

int ob_cmd_session(int argc, char **argv)
{
    return command(argc, argv, false);
}

int ob_cmd_breathe(int argc, char **argv)
{
    return command(argc, argv, true);
}
