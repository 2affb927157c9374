/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/desk_serve.h"

#include "base/mark.h"
#include "os/clock.h"
#include "os/tr.h"
#include "render/shelf.h"

#include <stdio.h>
#include <string.h>

static bool sits(const struct ob_shell *s)
{
    return (!s->place || s->place->over_session) && s->sitting.runs && !s->goes;
}

/* What the client has of it. The console's choice lasts from client to client. */
static void keep_silent(struct ob_shell *s)
{
    const uint32_t silent = s->desk.view.silent;
    s->sitting.wordless = silent != OB_SILENT_OFF;
    s->sitting.unlit = silent == OB_SILENT_DARK;
    ob_sound_hush(&s->sound, silent != OB_SILENT_OFF);
    if (silent != OB_SILENT_OFF)
        s->overlay.hud = s->overlay.formulas = s->overlay.help = false;
}

static void show_scene(struct ob_shell *s, const char *wanted)
{
    char name[64], problem[512];
    for (int i = 0; s->render && ob_shelf_name(i, name, sizeof name); i++)
        if (strcmp(name, wanted) == 0 && strcmp(name, ob_render_scene(s->render)) != 0)
            ob_render_show_scene(s->render, name, problem, sizeof problem);
}

static void take_request(struct ob_shell *s, const struct ob_request *request, int64_t now_ns)
{
    struct ob_event event;
    char problem[512];
    if (request->kind == OB_REQUEST_VOLUME)
        ob_sound_change_volume(&s->sound, request->value - ob_sound_volume_01(&s->sound));
    if (request->kind == OB_REQUEST_SCENE)
        show_scene(s, request->words);
    if (request->kind == OB_REQUEST_SOUND)
        ob_sound_choose(&s->sound, request->words, problem, sizeof problem);
    /* Between two sessions, too, the next client may come. */
    if (request->kind == OB_REQUEST_NEXT && s->place && !s->place->over_session && !s->goes &&
        request->value == (double)s->desk.view.sitting)
        ob_shell_next_client(s, request->words[0] ? request->words : NULL);
    if (request->kind == OB_REQUEST_REPORT)
        ob_desk_page_ask(s, request);
    /* Afterwards it is for the page to take home, and no mark of the session. */
    if (request->kind == OB_REQUEST_CONSENT && (!sits(s) || s->sitting.ended_ns)) {
        s->desk.view.consent = request->on;
        if (!request->on)
            ob_desk_page_withdraw(s);
        return;
    }
    if (!sits(s) || !ob_desk_event(&s->desk, request, now_ns, &event))
        return;
    switch (request->kind) {
    case OB_REQUEST_PAUSE:
        if (s->sitting.paused != request->on)
            ob_sitting_pause(&s->sitting);
        break;
    case OB_REQUEST_BREATHE:
        if (s->sitting.natural != request->on)
            ob_sitting_just_breathe(&s->sitting);
        break;
    case OB_REQUEST_PACE:
        ob_sitting_choose_pace(&s->sitting, request->value);
        break;
    case OB_REQUEST_PART:
        ob_sitting_next_part(&s->sitting);
        break;
    case OB_REQUEST_END:
        ob_sitting_finish(&s->sitting);
        break;
    case OB_REQUEST_NEXT:
        ob_shell_next_client(s, request->words[0] ? request->words : NULL);
        break;
    default: /* marks */
        ob_sitting_mark(&s->sitting, (enum ob_mark_label)event.u.mark.label, event.u.mark.words);
        break;
    }
}

/* As much as fits, letter by letter; the rest of the memory is 0, since views are compared bytewise. */
static void put(char *out, size_t size, const char *words)
{
    ob_mark_words(words, out, size);
}

static const char *sound_name(const struct ob_own_sounds *own, uint32_t sound)
{
    return sound < OB_SOUNDSCAPE_OWN ? ob_soundscape_name(sound) : own->list[sound - OB_SOUNDSCAPE_OWN].name;
}

static void list_sounds(const struct ob_sound *sound, struct ob_console_view *v)
{
    snprintf(v->sound, sizeof v->sound, "%.63s", sound_name(&sound->own, sound->wanted));
    v->sound_count = OB_SOUNDSCAPE_OWN + sound->own.count;
    for (uint32_t i = 0; i < v->sound_count; i++) {
        snprintf(v->sounds[i].name, sizeof v->sounds[i].name, "%.63s", sound_name(&sound->own, i));
        put(v->sounds[i].title, sizeof v->sounds[i].title, ob_tr(ob_own_sounds_title(&sound->own, i)));
    }
}

_Static_assert(OB_SOUNDSCAPES <= OB_CONSOLE_CHOICES, "the console has room for every soundscape");

static void collect(struct ob_shell *s)
{
    struct ob_console_view *v = &s->desk.view;
    struct ob_audio_status audio;
    char name[64];
    v->volume_01 = ob_sound_volume_01(&s->sound);
    ob_sound_status(&s->sound, &audio);
    v->sound_there = audio.state == OB_AUDIO_RUNNING;
    snprintf(v->scene, sizeof v->scene, "%.31s", s->render ? ob_render_scene(s->render) : "");
    for (v->scene_count = 0; v->scene_count < OB_CONSOLE_CHOICES; v->scene_count++) {
        struct ob_console_choice *choice = &v->scenes[v->scene_count];
        if (!ob_shelf_name((int)v->scene_count, name, sizeof name))
            break;
        if (strcmp(choice->name, name) != 0) { /* a title is read from a file */
            snprintf(choice->name, sizeof choice->name, "%.31s", name);
            char title[sizeof choice->title];
            put(choice->title, sizeof choice->title, ob_tr(ob_shelf_title(NULL, name, title, sizeof title)));
        }
    }
    list_sounds(&s->sound, v);
    const struct ob_protocol *protocol = &s->sitting.protocol;
    const int32_t phase = s->sitting.newest ? s->sitting.newest->phase : 0;
    put(v->part, sizeof v->part, "");
    if (protocol->phase_count > 0 && phase < protocol->phase_count)
        put(v->part, sizeof v->part, ob_tr(protocol->phase_names[phase]));
    char sensor[sizeof v->sensor];
    ob_shell_sensor_sentence(s, sensor, sizeof sensor);
    put(v->sensor, sizeof v->sensor, sensor);
    put(v->notice, sizeof v->notice, s->notice.trouble);
    if (v->report == OB_CONSOLE_REPORT_NONE && !s->options.plain && !s->kiosk)
        v->report = OB_CONSOLE_REPORT_OFFERED;
}

void ob_desk_serve(struct ob_shell *s, int64_t now_ns)
{
    struct ob_request request;
    if (!s->desk.console && !s->screens.page.open)
        return;
    while (ob_desk_hear(&s->desk, &request))
        take_request(s, &request, now_ns);
    ob_desk_page_step(s);
    keep_silent(s);
    if (s->desk.told_ns == 0 || now_ns - s->desk.told_ns > 90000000)
        collect(s);
    ob_desk_tell(&s->desk, now_ns);
}

void ob_desk_ask(struct ob_shell *s, const struct ob_request *request, int64_t now_ns)
{
    if (request->kind == OB_REQUEST_SILENT)
        s->desk.view.silent = request->code;
    take_request(s, request, now_ns);
}

bool ob_desk_key(struct ob_shell *s, const SDL_Event *event)
{
    if (event->type != SDL_KEYDOWN || !sits(s) || s->sensors.open || s->sitting.ended_ns ||
        event->key.keysym.sym == SDLK_d || event->key.keysym.sym == SDLK_ESCAPE)
        return false;
    const int label = ob_desk_label_of_key(&s->desk, SDL_GetKeyName(event->key.keysym.sym));
    if (label < 0 || event->key.repeat)
        return label >= 0;
    const int64_t now_ns = ob_clock_monotonic_ns();
    ob_sitting_mark(&s->sitting, (enum ob_mark_label)label, NULL);
    ob_desk_marked(&s->desk, now_ns, (uint32_t)label, NULL);
    ob_notice_say(&s->notice, now_ns, 2.0, ob_tr("Marked: %s"), ob_tr(ob_mark_name((unsigned)label)));
    return true;
}

void ob_desk_new_address(struct ob_shell *s)
{
    char address[OB_CONSOLE_ADDRESS];
    if (!s->desk.console)
        return;
    ob_console_renew(s->desk.console);
    printf("The console, for one browser on this machine: %s\n", ob_console_address(s->desk.console, address));
    fflush(stdout);
    ob_notice_say(&s->notice, ob_clock_monotonic_ns(), 8.0, "%s",
                  ob_tr("The terminal shows a new address of the console; the old page is closed."));
}
