/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath practice-audio: a whole guided practice as a sound file, to be given away. The real engine without a
 * sensor, the real synth, the same script and voice as in a session, as fast as the machine can. */
#include "app/commands.h"
#include "app/commands/progress.h"
#include "app/commands/protocol_files.h"
#include "app/commands/protocol_length.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/say.h"
#include "app/session/own_sounds.h"
#include "app/session/plan.h"
#include "app/session/voice.h"
#include "app/settings_files.h"
#include "base/time.h"
#include "engine/engine.h"
#include "os/clock.h"
#include "os/tr.h"
#include "script/script.h"
#include "soundfile/soundfile.h"
#include "speech/speech.h"
#include "synth/loudness.h"
#include "synth/spoken.h"
#include "synth/synth.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ     OB_OWN_SOUNDS_RATE_HZ
#define TICK_FRAMES 480  /* of OB_TICK_NS */
#define SEED        1    /* of the noise in it: the same practice is the same file */
#define AFTER_S     14.0 /* for the closing bowl, the last words and the room behind them */
#define AFTER_QUIET 2.0  /* where nothing marks the end */
#define FADE_S      1.5  /* at the very end */

struct practice_options {
    struct ob_settings settings;
    const char *out, *voice, *lang, *data, *config;
    double minutes;
    bool force, help;
};

#define AT(field) offsetof(struct practice_options, field)
static const struct ob_option table[] = {
    {"out", OB_OPTION_TEXT, AT(out), 0, 0, "FILE", "where it goes: .ogg, .flac or .wav"},
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_SOUNDSCAPE),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_GONG),
    {"voice", OB_OPTION_TEXT, AT(voice), 0, 0, "on|off", "whether somebody speaks (on)"},
    {"minutes", OB_OPTION_NUMBER, AT(minutes), 1, OB_PROTOCOL_MINUTES, "M",
     "as long as this instead: its longest part is made to fit"},
    {"lang", OB_OPTION_TEXT, AT(lang), 0, 0, "LANG", "the language of the words: en or de (that of the system)"},
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_VOLUME),
    {"data", OB_OPTION_TEXT, AT(data), 0, 0, "DIR",
     "the folder of what is kept; own words lie in its voice/, own sounds in its sounds/"},
    {"force", OB_OPTION_FLAG, AT(force), 0, 0, NULL, "replace a file that is there"},
    {"config", OB_OPTION_TEXT, AT(config), 0, 0, "FILE|none", "settings from this file instead of yours"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

struct practice {
    const struct practice_options *options;
    struct ob_loaded loaded;
    struct ob_protocol protocol;
    const char *language;
    bool speaks, gong, closed;
    struct ob_own_sounds sounds;
    uint32_t soundscape;
    float volume_01;
    struct ob_engine *engine;
    struct ob_synth *synth;
    struct ob_script script;
    struct ob_spoken_queue queue;
    struct ob_speech *speech; /* NULL: nobody speaks */
    struct ob_soundfile *file;
    struct ob_loudness loudness;
    int64_t now_ns;
    int words; /* lines that were told to the voice */
    double breaths, first_brpm, last_brpm;
};

static int complain(int code, const char *format, const char *what)
{
    char line[PATH_MAX + 256];
    snprintf(line, sizeof line, format, what);
    return ob_say(code, line);
}

/* ---- what was asked for ---------------------------------------------------------------------------------------- */

/* That of the command line, the protocol or the settings. A name in a file that is gone stops nobody. */
static int choose_soundscape(struct practice *p)
{
    const struct ob_settings *set = &p->loaded.settings;
    const bool asked = set->values[OB_SET_SOUND_SOUNDSCAPE].layer == OB_LAYER_COMMAND_LINE;
    const char *name =
        !asked && p->protocol.soundscape[0] ? p->protocol.soundscape : ob_settings_text(set, OB_SET_SOUND_SOUNDSCAPE);
    char problem[320];
    ob_own_sounds_init(&p->sounds, p->options->data);
    p->gong = ob_settings_is(set, OB_SET_SOUND_GONG);
    bool found = ob_own_sounds_resolve(&p->sounds, name, &p->soundscape, problem, sizeof problem);
    if (found && p->soundscape >= OB_SOUNDSCAPE_OWN &&
        ob_own_sounds_load(&p->sounds, p->soundscape - OB_SOUNDSCAPE_OWN)) {
        snprintf(problem, sizeof problem, "%s", p->sounds.list[p->soundscape - OB_SOUNDSCAPE_OWN].problem);
        found = false;
    }
    if (found)
        return OB_EXIT_DONE;
    p->soundscape = OB_SOUNDSCAPE_SHORE;
    return ob_say(asked ? OB_EXIT_INPUT : OB_EXIT_DONE, problem);
}

static int choose_voice(struct practice *p)
{
    const struct practice_options *o = p->options;
    p->speaks = true;
    if (o->voice && strcmp(o->voice, "off") == 0)
        p->speaks = false;
    else if (o->voice && strcmp(o->voice, "on") != 0)
        return complain(OB_EXIT_USAGE, "--voice is on or off, not '%.60s'", o->voice);
    p->language = ob_voice_language(o->lang ? o->lang : ob_settings_text(&p->loaded.settings, OB_SET_DISPLAY_LANGUAGE));
    if (!p->language)
        return complain(OB_EXIT_USAGE, "there are no words in '%.60s' yet; there are en and de", o->lang);
    ob_tr_begin(p->language);
    return OB_EXIT_DONE;
}

static bool is_silent(const struct ob_protocol *protocol)
{
    for (int i = 0; i < protocol->phase_count; i++)
        if (protocol->phases[i].sound_from_db > OB_SILENT_DB || protocol->phases[i].sound_to_db > OB_SILENT_DB)
            return false;
    return true;
}

static int choose_protocol(struct practice *p, const char *name)
{
    char clause[240], line[400];
    struct ob_settings *set = &p->loaded.settings;
    ob_settings_take(set, OB_SET_SESSION_PROTOCOL, name, OB_LAYER_COMMAND_LINE, 0);
    const int code = ob_protocol_of(set, &p->protocol);
    if (code != OB_EXIT_DONE)
        return code;
    if (p->protocol.phase_count == 0)
        return ob_say(OB_EXIT_USAGE, "practice-audio wants the name of a protocol; 'outbreath protocols' lists them");
    if (is_silent(&p->protocol))
        return complain(OB_EXIT_INPUT, "%.60s is silent from beginning to end: there is nothing to hear in it",
                        p->protocol.name);
    if (p->options->minutes > 0.0 &&
        !ob_protocol_make_minutes(&p->protocol, p->options->minutes, clause, sizeof clause)) {
        snprintf(line, sizeof line, "%.60s can't last %g minutes: %s", p->protocol.name, p->options->minutes, clause);
        return ob_say(OB_EXIT_USAGE, line);
    }
    return OB_EXIT_DONE;
}

/* ---- making ---------------------------------------------------------------------------------------------------- */

static int open_file(struct practice *p)
{
    char comment[400], line[PATH_MAX + 200];
    const struct practice_options *o = p->options;
    snprintf(
        comment, sizeof comment,
        ob_tr(
            "%.0f minutes, %s. Easy, not deep, through the nose; stop when it is unpleasant. Never while driving. Made "
            "with Outbreath %s."),
        ob_protocol_seconds(&p->protocol) / 60.0, ob_tr(ob_own_sounds_title(&p->sounds, p->soundscape)), OB_VERSION);
    const struct ob_soundfile_desc desc = {
        .path = o->out,
        .sample_rate_hz = RATE_HZ,
        .replace = o->force,
        .title = ob_tr(p->protocol.title),
        .album = "Outbreath",
        .artist = "Outbreath",
        .comment = comment,
    };
    const enum ob_err err = ob_soundfile_create(&desc, &p->file);
    if (!err)
        return OB_EXIT_DONE;
    if (err == OB_ERR_USAGE)
        return complain(OB_EXIT_USAGE, "--out %.200s: the name ends with .ogg, .flac or .wav", o->out);
    if (err == OB_ERR_EXISTS)
        return complain(OB_EXIT_FAILED, "%.500s is there already; it was left as it is (--force replaces it)", o->out);
    snprintf(line, sizeof line, "%.500s can't be written: %s", o->out, ob_err_text(err));
    return ob_say(OB_EXIT_FAILED, line);
}

static int open_all(struct practice *p)
{
    char folder[PATH_MAX];
    ob_spoken_queue_init(&p->queue);
    ob_loudness_init(&p->loudness, RATE_HZ);
    p->volume_01 = (float)fmin(ob_settings_number(&p->loaded.settings, OB_SET_SOUND_VOLUME),
                               ob_settings_number(&p->loaded.settings, OB_SET_SOUND_MAXIMUM));
    const struct ob_synth_desc synth = {.sample_rate_hz = RATE_HZ,
                                        .seed = SEED,
                                        .ease_in_s = OB_PLAN_EASE_IN_S,
                                        .loops = p->sounds.loops,
                                        .loop_count = p->sounds.count};
    p->engine = ob_engine_create();
    p->synth = ob_synth_create(&synth);
    if (!p->engine || !p->synth)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    if (p->speaks) {
        const bool found = ob_voice_folder(p->options->data, folder, sizeof folder) == OB_OK;
        const struct ob_speech_desc speech = {
            .queue = &p->queue, .sample_rate_hz = RATE_HZ, .recordings = found ? folder : NULL, .here = true};
        if (ob_speech_create(&speech, &p->speech))
            return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    }
    /* Whoever gets the file may be new to it. */
    const struct ob_script_desc script = {.protocol = &p->protocol, .teach = true, .tr = ob_voice_tr(p->language)};
    ob_script_init(&p->script, &script);
    return open_file(p);
}

static void begin_session(struct practice *p)
{
    struct ob_event begin = {.kind = OB_EVENT_BEGIN};
    begin.u.plan = ob_plan_of(&p->loaded.settings, &p->protocol);
    ob_engine_step(p->engine, &begin);
    for (int i = 0; i < p->protocol.phase_count; i++) {
        struct ob_event phase = {.kind = OB_EVENT_PHASE};
        phase.u.phase = p->protocol.phases[i];
        ob_engine_step(p->engine, &phase);
    }
}

static void speak(struct practice *p, const struct ob_snapshot *s)
{
    struct ob_script_line told;
    if (!p->speech || !ob_script_step(&p->script, s, false, &told))
        return;
    const struct ob_speech_line line = {.key = told.key,
                                        .text = told.text,
                                        .lang = told.translated ? p->language : "en",
                                        .start_ns = told.start_ns,
                                        .until_ns = told.until_ns,
                                        .priority = told.urgent ? OB_SPEECH_URGENT : OB_SPEECH_PRACTICE};
    p->words += ob_speech_seconds(p->speech, &line) > 0.0;
    ob_speech_line(p->speech, &line);
}

static void count_breath(struct practice *p, const struct ob_snapshot *s)
{
    if (s->stage != OB_STAGE_GUIDED)
        return;
    p->last_brpm = s->pacer.rate_brpm;
    if (p->first_brpm == 0.0)
        p->first_brpm = p->last_brpm;
    p->breaths += p->last_brpm / 60.0 * ob_s_from_ns(OB_TICK_NS);
}

/* One tick of the session: what it plays, faded where the file ends. */
static enum ob_err tick(struct practice *p, double left_s)
{
    float block[2 * TICK_FRAMES];
    const int64_t heard_ns = p->now_ns;
    p->now_ns += OB_TICK_NS;
    ob_engine_advance(p->engine, p->now_ns);
    const struct ob_snapshot *s = ob_engine_snapshot(p->engine);
    speak(p, s);
    count_breath(p, s);
    p->closed = p->closed || (p->gong && ob_plan_gong_due(&p->protocol, s));
    const struct ob_synth_input input = {.pacer = s->pacer,
                                         .params = s->params,
                                         .soundscape = p->soundscape,
                                         .gong_count = p->closed,
                                         .volume_01 = ob_plan_volume_01(p->volume_01, s->sound_db),
                                         .spoken = &p->queue,
                                         .voice_01 = p->volume_01};
    ob_synth_render(p->synth, &input, heard_ns, 1e9 / RATE_HZ, block, TICK_FRAMES);
    for (int i = 0; left_s < FADE_S && i < TICK_FRAMES; i++) {
        const double share = fmax(0.0, fmin(1.0, (left_s - i / RATE_HZ) / FADE_S));
        const float gain = (float)(share * share * (3.0 - 2.0 * share));
        block[2 * i] *= gain;
        block[2 * i + 1] *= gain;
    }
    ob_loudness_add(&p->loudness, block, TICK_FRAMES);
    return ob_soundfile_write(p->file, block, TICK_FRAMES);
}

static int make(struct practice *p)
{
    enum ob_err err = OB_OK;
    begin_session(p);
    const double all_s = ob_protocol_seconds(&p->protocol);
    for (int k = 0; !err && ob_engine_snapshot(p->engine)->stage != OB_STAGE_ENDED && !ob_interrupted(); k++) {
        err = tick(p, 1e9);
        if (k % 100 == 0)
            ob_progress_show("practice", ob_s_from_ns(p->now_ns) / all_s);
    }
    const double after_s = (p->speech || p->gong) && p->protocol.end != OB_END_LEAVE ? AFTER_S : AFTER_QUIET;
    const int ticks = (int)(after_s / ob_s_from_ns(OB_TICK_NS));
    for (int k = 0; !err && k < ticks && !ob_interrupted(); k++)
        err = tick(p, (ticks - k) * ob_s_from_ns(OB_TICK_NS));
    ob_progress_clear();
    const bool whole = !err && !ob_interrupted();
    const enum ob_err closed = ob_soundfile_close(p->file, whole);
    p->file = NULL;
    if (ob_interrupted())
        return ob_say(OB_EXIT_FAILED, "interrupted; nothing was written");
    if (whole && !closed)
        return OB_EXIT_DONE;
    char line[PATH_MAX + 200];
    snprintf(line, sizeof line, "%.500s was not written: %s", p->options->out, ob_err_text(closed ? closed : err));
    return ob_say(OB_EXIT_FAILED, line);
}

static void print_what_it_is(const struct practice *p, double took_s)
{
    const int seconds = (int)(ob_s_from_ns(p->now_ns) + 0.5);
    printf("%s: %d:%02d, %s\n", p->protocol.title, seconds / 60, seconds % 60,
           ob_own_sounds_title(&p->sounds, p->soundscape));
    if (p->breaths > 0.0)
        printf("%.0f guided breaths, from %.2f to %.2f breaths/min\n", p->breaths, p->first_brpm, p->last_brpm);
    if (p->speech)
        printf("%d lines are spoken (%s)\n", p->words, p->language);
    printf("loudness %.1f LUFS, true peak %.1f dBTP\n", ob_loudness_lufs(&p->loudness),
           ob_loudness_peak_dbtp(&p->loudness));
    printf("written to %s in %.1f s\n", p->options->out, took_s);
}

static void close_all(struct practice *p)
{
    ob_soundfile_close(p->file, false);
    ob_synth_destroy(p->synth);
    ob_own_sounds_finish(&p->sounds);
    ob_engine_destroy(p->engine);
    ob_speech_destroy(p->speech);
}

static int run(struct practice *p, const char *name)
{
    const struct practice_options *o = p->options;
    const int64_t started_ns = ob_clock_monotonic_ns();
    if (!ob_settings_load(o->config, &o->settings, &p->loaded))
        return OB_EXIT_INPUT;
    int code = choose_protocol(p, name);
    if (code == OB_EXIT_DONE)
        code = choose_soundscape(p);
    if (code == OB_EXIT_DONE)
        code = choose_voice(p);
    if (code == OB_EXIT_DONE)
        code = open_all(p);
    if (code == OB_EXIT_DONE)
        code = make(p);
    if (code != OB_EXIT_DONE)
        return code;
    char sentence[160];
    ob_speech_sentence(p->speech, sentence, sizeof sentence);
    if (sentence[0])
        ob_say(0, sentence);
    print_what_it_is(p, ob_s_from_ns(ob_clock_monotonic_ns() - started_ns));
    return OB_EXIT_DONE;
}

int ob_cmd_practice_audio(int argc, char **argv)
{
    struct practice_options options = {0};
    ob_settings_init(&options.settings);
    const char *words[2];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 2))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath practice-audio PROTOCOL --out FILE: a whole guided practice as a sound file.\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    if (!words[0])
        return ob_say(OB_EXIT_USAGE, "practice-audio wants the name of one protocol; 'outbreath protocols' lists them");
    if (!options.out)
        return ob_say(OB_EXIT_USAGE, "practice-audio wants --out FILE, ending with .ogg, .flac or .wav");
    ob_interrupt_install();
    struct practice *p = calloc(1, sizeof *p);
    if (!p)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    p->options = &options;
    const int code = run(p, words[0]);
    close_all(p);
    free(p);
    return code;
}
