/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/plain.h"

#include "app/interrupt.h"
#include "app/options.h"
#include "app/window/desk_serve.h"
#include "app/window/plain_lines.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"

#include <ctype.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define STEP_MS     50
#define FAREWELL_NS (20 * OB_NS_PER_S) /* where a protocol has no end of its own, such as one that stays */
#define SAME_NS     OB_NS_PER_S        /* Return so soon after a letter belongs to the letter */

struct plain {
    struct ob_shell *shell;
    struct ob_plain_lines lines;
    struct termios before;
    bool terminal; /* keys come one by one */
    bool ended;    /* nothing more comes from stdin */
    bool leave;
    bool ahead; /* letters stand before the end of the line */
    int64_t letter_ns;
    int escape; /* how far in a sequence of a key without a letter */
};

static void put(const char *line)
{
    if (line[0])
        printf("%s\n", line);
    fflush(stdout);
}

static void put_keys(void)
{
    put(ob_tr(
        "Keys: Enter pauses and goes on, d when you feel dizzy, b just breathe, t time left, n next part, v voice "
        "on or off, + and - volume, q leaves. In a pipe, each with Enter after it."));
}

static void change_volume(struct ob_shell *s, double by)
{
    char line[64];
    ob_sound_change_volume(&s->sound, by);
    snprintf(line, sizeof line, ob_tr("Volume %.0f%%"), 100.0 * ob_sound_volume_01(&s->sound));
    put(line);
}

static void take(struct plain *p, char key)
{
    struct ob_shell *s = p->shell;
    char line[OB_PLAIN_LINE];
    switch (tolower((unsigned char)key)) {
    case 'd':
        ob_sitting_feel_dizzy(&s->sitting);
        break;
    case 'b':
        ob_sitting_just_breathe(&s->sitting);
        break;
    case 'n':
        ob_sitting_next_part(&s->sitting);
        break;
    case 't':
        ob_plain_lines_where(s->sitting.newest, line, sizeof line);
        put(line);
        break;
    case 'v':
        ob_speaker_turn(&s->speaker, !s->speaker.on);
        put(s->speaker.on ? ob_tr("The voice is on.") : ob_tr("The voice is off; its words are still written here."));
        break;
    case '+':
    case '=':
        change_volume(s, 0.05);
        break;
    case '-':
        change_volume(s, -0.05);
        break;
    case 'q':
        p->leave = true;
        break;
    case '?':
    case 'h':
        put_keys();
        break;
    default:
        break;
    }
}

/* Arrows and their like send ESC [ and more, up to a letter; none of it is meant as one. */
static bool in_escape(struct plain *p, char byte)
{
    if (byte == 27)
        p->escape = 1;
    else if (p->escape == 1)
        p->escape = byte == '[' || byte == 'O' ? 2 : 0;
    else if (p->escape == 2 && byte >= '@')
        p->escape = 3;
    else if (p->escape == 3)
        p->escape = 0;
    return p->escape > 0;
}

static void hear(struct plain *p, char byte, int64_t now_ns)
{
    ob_sitting_awake(&p->shell->sitting);
    if (in_escape(p, byte))
        return;
    if (byte == '\n' || byte == '\r') {
        const bool part = p->ahead && (!p->terminal || now_ns - p->letter_ns < SAME_NS);
        p->ahead = false;
        if (!part && !p->shell->sitting.ended_ns)
            ob_sitting_pause(&p->shell->sitting);
        else if (!part)
            p->leave = true;
        return;
    }
    p->ahead = true;
    p->letter_ns = now_ns;
    take(p, byte);
}

/* Waits for a key, but not for long. */
static void listen(struct plain *p)
{
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(p->ended ? NULL : &fd, p->ended ? 0 : 1, STEP_MS) <= 0 || p->ended)
        return;
    char bytes[64];
    const ssize_t count = read(STDIN_FILENO, bytes, sizeof bytes);
    p->ended = count <= 0;
    for (ssize_t i = 0; i < count && !p->leave; i++)
        hear(p, bytes[i], ob_clock_monotonic_ns());
}

static void begin_keys(struct plain *p)
{
    p->terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &p->before) == 0;
    if (!p->terminal)
        return;
    struct termios single = p->before;
    single.c_lflag &= ~(tcflag_t)(ICANON | ECHO); /* Ctrl-C stays what it is */
    tcsetattr(STDIN_FILENO, TCSANOW, &single);
}

static bool step(struct plain *p)
{
    struct ob_shell *s = p->shell;
    char line[OB_PLAIN_LINE];
    listen(p);
    const int64_t now_ns = ob_clock_monotonic_ns();
    ob_sitting_touch(&s->sitting, false); /* words are no light: they come in the dark as well */
    ob_shell_tend(s, now_ns);
    ob_desk_serve(s, now_ns);
    const struct ob_snapshot *snapshot = ob_sitting_look(&s->sitting, &s->overlay);
    ob_awake_want(s->away.awake, !s->sitting.paused && !s->sitting.ended_ns, now_ns);
    ob_awake_step(s->away.awake, now_ns);
    while (ob_plain_lines_step(&p->lines, snapshot, s->overlay.caption, s->overlay.notice, line, sizeof line))
        put(line);
    const bool over = ob_sitting_shown(&s->sitting, snapshot, now_ns);
    return !over && !p->leave && !s->leave && !(s->sitting.ended_ns && now_ns - s->sitting.ended_ns > FAREWELL_NS);
}

int ob_plain_run(struct ob_shell *s)
{
    struct plain p = {.shell = s};
    char line[OB_PLAIN_LINE];
    const double minutes =
        ceil(s->protocol.phase_count > 0 ? ob_protocol_seconds(&s->protocol) / 60.0
                                         : ob_settings_number(&s->loaded.settings, OB_SET_SESSION_MINUTES));
    if (minutes < 2.0)
        snprintf(line, sizeof line, "%s", ob_tr("A session of one minute."));
    else
        snprintf(line, sizeof line, ob_tr("A session of %.0f minutes."), minutes);
    put(line);
    put(ob_tr("Enter pauses, d when you feel dizzy, q leaves, ? for more keys."));
    ob_shell_sensor_sentence(s, line, sizeof line);
    put(line);
    const int code = ob_shell_sit(s);
    if (code != OB_EXIT_DONE)
        return code;
    ob_plain_lines_init(&p.lines);
    begin_keys(&p);
    while (!ob_interrupted() && step(&p))
        ;
    if (p.terminal)
        tcsetattr(STDIN_FILENO, TCSANOW, &p.before);
    return OB_EXIT_DONE;
}
