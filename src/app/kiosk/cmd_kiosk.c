/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath kiosk: the supervisor; with --child, which only the supervisor says, the child that it starts. */
#include "app/commands.h"
#include "app/commands/passphrase.h"
#include "app/commands/protocol_files.h"
#include "app/interrupt.h"
#include "app/kiosk/kiosk.h"
#include "app/kiosk/supervisor.h"
#include "app/options.h"
#include "app/say.h"
#include "app/window/shell.h"
#include "os/tr.h"
#include "store/key.h"

#include <sodium.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHILD "--child"

struct kiosk_options {
    const char *config, *replay;
    bool set_pin, window, help;
};

#define AT(field) offsetof(struct kiosk_options, field)
static const struct ob_option table[] = {
    {"config", OB_OPTION_TEXT, AT(config), 0, 0, "FILE", "settings from this file instead of yours"},
    {"replay", OB_OPTION_TEXT, AT(replay), 0, 0, "FILE", "a recording as the heart, to try it out"},
    {"window", OB_OPTION_FLAG, AT(window), 0, 0, NULL, "in a window, to try it out"},
    {"set-pin", OB_OPTION_FLAG, AT(set_pin), 0, 0, NULL,
     "asks for the staff's PIN and writes its hash to the settings"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static int set_pin(const char *config)
{
    struct ob_passphrase pin;
    bool given = false;
    char hash[crypto_pwhash_STRBYTES], problem[320];
    if (!ob_passphrase_get(NULL, "The staff's PIN, 4 to 12 digits: ", true, &pin, &given) || !given)
        return given ? OB_EXIT_FAILED : ob_say(OB_EXIT_USAGE, "the PIN is asked for at a terminal");
    int code = OB_EXIT_DONE;
    if (pin.size < OB_KIOSK_PIN_MIN || pin.size > OB_KIOSK_PIN_MAX || strspn(pin.text, "0123456789") != pin.size)
        code = ob_say(OB_EXIT_USAGE, "a PIN is 4 to 12 digits");
    else if (sodium_init() < 0 || crypto_pwhash_str(hash, pin.text, pin.size, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                                    crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        code = ob_say(OB_EXIT_FAILED, "there is not enough memory to hash the PIN");
    else if (ob_settings_file_set(config, OB_SET_KIOSK_PIN, hash, problem, sizeof problem))
        code = ob_say(OB_EXIT_INPUT, problem);
    else
        printf("The PIN's hash is in the settings. It takes effect with the next visit.\n");
    ob_passphrase_wipe(&pin);
    return code;
}

static int sit(struct ob_shell *s, struct ob_kiosk *kiosk)
{
    const struct ob_settings *set = &s->loaded.settings;
    s->kiosk = kiosk;
    s->at_home = true; /* a session ends somewhere */
    s->nobody = true;
    int code = ob_protocol_of(set, &s->protocol);
    if (code == OB_EXIT_DONE && s->protocol.phase_count > 0 && !s->protocol.kiosk)
        code = ob_say(OB_EXIT_INPUT, "the protocol named kiosk is not one for a kiosk: it wants 'kiosk: on'");
    if (code == OB_EXIT_DONE)
        code = ob_shell_open_heart(s);
    if (code == OB_EXIT_DONE)
        code = ob_shell_open(s, ob_settings_text(set, OB_SET_DISPLAY_SCENE));
    if (code == OB_EXIT_DONE)
        code = ob_shell_run(s);
    return ob_shell_close(s, code);
}

static int run_child(const struct kiosk_options *o)
{
    struct ob_shell *shell = calloc(1, sizeof *shell);
    struct ob_kiosk kiosk;
    if (!shell)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    int code = OB_EXIT_INPUT;
    if (ob_settings_load(o->config, NULL, &shell->loaded)) {
        ob_kiosk_init(&kiosk, &shell->loaded.settings, o->window);
        kiosk.fd = OB_KIOSK_CHILD_FD;
        shell->options.config = o->config;
        shell->options.scene_trial = "/proc/self/exe";
        shell->options.replay = o->replay;
        ob_kiosk_listen(&kiosk, shell);
        ob_tr_begin(ob_settings_text(&shell->loaded.settings, OB_SET_DISPLAY_LANGUAGE));
        code = sit(shell, &kiosk);
    }
    /* The process ends now, and its memory with it; what lies in the open goes first all the same. */
    explicit_bzero(shell, sizeof *shell);
    free(shell);
    return code;
}

static int supervise(int argc, char **argv, bool tried)
{
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    char **words = calloc((size_t)argc + 4, sizeof *words);
    if (length <= 0 || !words) {
        free(words);
        return ob_say(OB_EXIT_FAILED, "the program can't find itself");
    }
    self[length] = '\0';
    static char name[] = "outbreath", command[] = "kiosk", child[] = CHILD;
    words[0] = name;
    words[1] = command;
    words[2] = child;
    for (int i = 0; i < argc; i++)
        words[3 + i] = argv[i];
    const struct ob_supervisor_desc desc = {.program = self, .argv = words, .tried = tried};
    const int code = ob_supervisor_run(&desc);
    free(words);
    return code;
}

int ob_cmd_kiosk(int argc, char **argv)
{
    struct kiosk_options o = {0};
    const char *words[1];
    const bool child = argc > 0 && strcmp(argv[0], CHILD) == 0;
    if (!ob_options_parse(table, OPTIONS, argc, argv, child ? 1 : 0, &o, words, 1))
        return OB_EXIT_USAGE;
    if (o.help) {
        printf(
            "outbreath kiosk: an unattended screen for strangers, a visit of three minutes each, of which nothing is\n"
            "kept. docs/studio.md says how to set one up.\n\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    if (o.set_pin)
        return set_pin(o.config);
    ob_secrets_guard();
    ob_interrupt_install();
    return child ? run_child(&o) : supervise(argc, argv, o.window);
}
