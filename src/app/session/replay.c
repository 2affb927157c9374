/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath replay X.oblog: an event log through the engine again. The same log gives the same snapshots. */
#include "app/commands.h"
#include "app/commands/kept.h"
#include "app/options.h"
#include "app/say.h"
#include "app/session/keeper.h"
#include "app/session/session_files.h"
#include "base/time.h"
#include "engine/engine.h"
#include "format/oblog.h"
#include "os/file.h"
#include "store/seal.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_NS (100 * OB_NS_PER_MS)

struct replay_options {
    bool hash, help;
    const char *out, *session, *data, *passphrase_file;
};

#define AT(field) offsetof(struct replay_options, field)
static const struct ob_option table[] = {
    {"hash", OB_OPTION_FLAG, AT(hash), 0, 0, NULL, "print a hash over all snapshots, ten a second"},
    {"out", OB_OPTION_TEXT, AT(out), 0, 0, "DIR",
     "write session.csv, features.csv, events.oblog and summary.json anew"},
    {"session", OB_OPTION_TEXT, AT(session), 0, 0, "N",
     "instead of a file: a session that was kept with --record kept, its number or id"},
    OB_OPTION_DATA(AT(data)),
    OB_OPTION_PASSPHRASE(AT(passphrase_file)),
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

struct replay {
    struct ob_engine *engine;
    struct ob_session_files *files;
    uint64_t hash, events;
    uint64_t seed;
    double minutes;
    int64_t looked_ns;
};

/* Looks at the engine each 100 ms of its own time up to a moment. */
static void look_until(struct replay *r, int64_t until_ns)
{
    const struct ob_snapshot *s = ob_engine_snapshot(r->engine);
    while (s->stage != OB_STAGE_IDLE && r->looked_ns + LOOK_NS <= until_ns) {
        r->looked_ns += LOOK_NS;
        ob_engine_advance(r->engine, r->looked_ns);
        r->hash = ob_snapshot_hash(r->hash, s);
        if (r->files)
            ob_session_files_look(r->files, s);
    }
}

static void take(struct replay *r, const struct ob_event *event)
{
    r->events++;
    if (event->kind == OB_EVENT_BEGIN) {
        r->looked_ns = event->applied_ns;
        r->seed = event->u.plan.seed;
        r->minutes = event->u.plan.minutes;
    } else {
        look_until(r, event->applied_ns);
    }
    ob_engine_step(r->engine, event);
    r->hash = ob_snapshot_hash(r->hash, ob_engine_snapshot(r->engine));
    if (r->files) {
        ob_session_files_event(r->files, event);
        ob_session_files_look(r->files, ob_engine_snapshot(r->engine));
    }
}

/* Where the log comes from: a file in the clear, or a sealed one. */
struct input {
    FILE *stream;
    struct ob_sealed_reader *sealed;
};

static size_t read_some(struct input *in, unsigned char *block, size_t size)
{
    size_t got = 0;
    if (in->stream)
        return fread(block, 1, size, in->stream);
    /* one that was cut off gives what is whole */
    return ob_sealed_read(in->sealed, block, size, &got) ? 0 : got;
}

/* The raw log of a session. Says what is wrong. */
static int open_kept(const struct replay_options *o, struct input *in)
{
    char problem[300], folder[PATH_MAX], path[PATH_MAX];
    struct ob_store *store = NULL;
    struct ob_id session, person;
    struct ob_person_row row;
    struct ob_key *key = NULL;
    int code = ob_kept_open(o->data, true, &store);
    if (code == OB_EXIT_DONE) {
        const enum ob_err err = ob_store_session_find(store, o->session, &session, &person, problem, sizeof problem);
        if (err)
            code = ob_say(ob_kept_code(err), problem);
    }
    if (code == OB_EXIT_DONE) {
        char id[OB_ID_TEXT];
        ob_id_text(&person, id);
        code = ob_kept_find(store, id, &row);
    }
    if (code == OB_EXIT_DONE)
        code = ob_kept_unlock(store, &row, o->passphrase_file, &key);
    if (code == OB_EXIT_DONE) {
        enum ob_err err = ob_store_person_folder(store, &person, folder, sizeof folder);
        if (!err)
            err = ob_keeper_raw_path(folder, &session, path, sizeof path);
        if (!err)
            err = ob_sealed_open(path, key, "raw", &in->sealed);
        if (err == OB_ERR_NOT_FOUND)
            code = ob_say(OB_EXIT_INPUT, "the raw signal of this session was not kept: that is --record kept");
        else if (err)
            code = ob_say(ob_kept_code(err), ob_err_text(err));
    }
    ob_key_destroy(key);
    ob_store_close(store);
    return code;
}

static enum ob_oblog_stop read_all(struct replay *r, struct input *in)
{
    struct ob_oblog_decoder *decoder = malloc(sizeof *decoder);
    if (!decoder)
        return OB_OBLOG_DAMAGED;
    ob_oblog_decoder_init(decoder);
    unsigned char block[65536];
    size_t got;
    while (decoder->stop == OB_OBLOG_GOING && (got = read_some(in, block, sizeof block)) > 0) {
        const unsigned char *bytes = block;
        struct ob_event event;
        while (ob_oblog_next(decoder, &bytes, &got, &event))
            take(r, &event);
    }
    const enum ob_oblog_stop stop = ob_oblog_finish(decoder);
    free(decoder);
    return stop;
}

int ob_cmd_replay(int argc, char **argv)
{
    struct replay_options options = {0};
    const char *words[2];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 2))
        return OB_EXIT_USAGE;
    if (options.help || !words[0] == !options.session) {
        FILE *to = options.help ? stdout : stderr;
        fprintf(
            to,
            "outbreath replay FILE.oblog | --session N [--hash] [--out DIR]: an event log through the engine again.\n");
        if (options.help)
            ob_options_print(table, OPTIONS);
        return options.help ? OB_EXIT_DONE : OB_EXIT_USAGE;
    }
    struct input in = {0};
    const char *what = words[0] ? words[0] : "the raw signal";
    if (words[0]) {
        in.stream = fopen(words[0], "rbe");
        if (!in.stream) {
            fprintf(stderr, "outbreath: %s can't be read: %s.\n", words[0], ob_err_text(ob_err_from_errno(errno)));
            return OB_EXIT_INPUT;
        }
    } else {
        const int opened = open_kept(&options, &in);
        if (opened != OB_EXIT_DONE)
            return opened;
    }
    struct replay r = {.engine = ob_engine_create()};
    int code = OB_EXIT_DONE;
    char problem[320];
    if (!r.engine) {
        fprintf(stderr, "outbreath: %s.\n", ob_err_text(OB_ERR_NO_MEMORY));
        code = OB_EXIT_FAILED;
    } else if (options.out && ob_session_files_open(options.out, &r.files, problem, sizeof problem)) {
        fprintf(stderr, "outbreath: %s.\n", problem);
        code = OB_EXIT_FAILED;
    } else {
        const enum ob_oblog_stop stop = read_all(&r, &in);
        if (stop != OB_OBLOG_END) {
            fprintf(stderr, "outbreath: %s after %llu events: %s.\n", what, (unsigned long long)r.events,
                    ob_oblog_stop_text(stop));
            code = stop == OB_OBLOG_TORN && r.events > 0 ? OB_EXIT_DONE : OB_EXIT_INPUT;
        }
        if (options.hash && r.events > 0)
            printf("%016llx\n", (unsigned long long)r.hash);
        else if (r.events > 0)
            printf("%llu events, %.1f s, %llu beats\n", (unsigned long long)r.events,
                   ob_s_from_ns(ob_engine_snapshot(r.engine)->now_ns - ob_engine_snapshot(r.engine)->begin_ns),
                   (unsigned long long)ob_engine_snapshot(r.engine)->beat_count);
    }
    if (in.stream)
        fclose(in.stream);
    ob_sealed_done(in.sealed);
    const struct ob_session_about about = {.source = what, .seed = r.seed, .minutes = r.minutes};
    const enum ob_err err = ob_session_files_close(r.files, &about);
    if (err) {
        fprintf(stderr, "outbreath: not everything could be written to %s: %s.\n", options.out, ob_err_text(err));
        code = OB_EXIT_FAILED;
    }
    ob_engine_destroy(r.engine);
    return code;
}
