/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stage.h"

#include "child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

bool stage_init(struct stage *stage, int parts, int width, int height, char *problem_out, size_t size)
{
    memset(stage, 0, sizeof *stage);
    stage->line = stage->far_end = -1;
    const char *temporary = getenv("TMPDIR");
    snprintf(stage->folder, sizeof stage->folder, "%s/ob-stage.XXXXXX", temporary ? temporary : "/tmp");
    if (!mkdtemp(stage->folder)) {
        snprintf(problem_out, size, "no folder can be made in %s", temporary ? temporary : "/tmp");
        return false;
    }
    snprintf(stage->log, sizeof stage->log, "%s/program.log", stage->folder);
    snprintf(stage->runtime, sizeof stage->runtime, "XDG_RUNTIME_DIR=%s", stage->folder);
    snprintf(stage->port, sizeof stage->port, "%.50s/board", stage->folder);
    if (parts & STAGE_SCREEN)
        stage->has_screen = screen_start(&stage->screen, stage->folder, width, height, problem_out, size);
    if ((parts & STAGE_STUDIO) && (stage->has_screen || !(parts & STAGE_SCREEN)))
        stage->has_studio = studio_start(&stage->studio, stage->folder, problem_out, size);
    const bool laid = !(parts & STAGE_LINE) || stage_lay_line(stage);
    if (!laid)
        snprintf(problem_out, size, "no pseudo-terminal can be opened");
    if (laid && stage->has_screen == !!(parts & STAGE_SCREEN) && stage->has_studio == !!(parts & STAGE_STUDIO))
        return true;
    stage_finish(stage);
    return false;
}

static void remove_folder(const char *folder)
{
    DIR *listing = opendir(folder);
    struct dirent *entry;
    while (listing && (entry = readdir(listing))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char path[512];
        snprintf(path, sizeof path, "%.200s/%.255s", folder, entry->d_name);
        if (unlink(path) && (errno == EISDIR || errno == EPERM))
            remove_folder(path);
    }
    if (listing)
        closedir(listing);
    rmdir(folder);
}

void stage_finish(struct stage *stage)
{
    if (stage->program > 0)
        child_end(stage->program);
    stage_cut_line(stage);
    if (stage->has_studio)
        studio_stop(&stage->studio);
    if (stage->has_screen)
        screen_stop(&stage->screen);
    if (getenv("OB_STAGE_KEEP"))
        fprintf(stderr, "kept: %s\n", stage->folder);
    else
        remove_folder(stage->folder);
    memset(stage, 0, sizeof *stage);
    stage->line = stage->far_end = -1;
}

bool stage_lay_line(struct stage *stage)
{
    const int line = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    char name[64] = "";
    if (line < 0 || grantpt(line) || unlockpt(line) || ptsname_r(line, name, sizeof name))
        return false;
    /* Raw before anybody listens: no echo comes back, no bytes are changed. */
    const int far_end = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios raw;
    if (far_end < 0 || tcgetattr(far_end, &raw))
        return false;
    cfmakeraw(&raw);
    tcsetattr(far_end, TCSANOW, &raw);
    fcntl(line, F_SETFL, O_NONBLOCK);
    unlink(stage->port);
    stage->line = line;
    stage->far_end = far_end;
    return symlink(name, stage->port) == 0;
}

void stage_cut_line(struct stage *stage)
{
    if (stage->line < 0)
        return;
    unlink(stage->port);
    close(stage->far_end);
    close(stage->line);
    stage->line = stage->far_end = -1;
}

bool stage_say(struct stage *stage, const char *text)
{
    const size_t length = strlen(text);
    return write(stage->line, text, length) == (ssize_t)length;
}

bool stage_start(struct stage *stage, const char *const *argv)
{
    const char *environment[16];
    int count = 0;
    environment[count++] = "WAYLAND_DISPLAY";
    environment[count++] = "XAUTHORITY";
    environment[count++] = "SDL_VIDEODRIVER";
    environment[count++] = "OUTBREATH_CONFIG=none"; /* not the settings of whoever runs the tests */
    static char data[300];                          /* sessions are kept here and nowhere else */
    snprintf(data, sizeof data, "OUTBREATH_DATA=%s/data", stage->folder);
    environment[count++] = data;
    static char state[300]; /* nor is the strap of somebody's last session looked for */
    snprintf(state, sizeof state, "XDG_STATE_HOME=%s/state", stage->folder);
    environment[count++] = state;
    /* Without an address libdbus starts a bus of its own, by a fork amid threads: under the address sanitizer the child
     * can find the allocator locked for ever. */
    static char session_bus[300], system_bus[300]; /* nor is the machine of whoever runs the tests kept awake */
    const char *bus = stage->bus[0] ? stage->bus : "unix:path=/nonexistent";
    snprintf(session_bus, sizeof session_bus, "DBUS_SESSION_BUS_ADDRESS=%s", bus);
    snprintf(system_bus, sizeof system_bus, "DBUS_SYSTEM_BUS_ADDRESS=%s", bus);
    environment[count++] = session_bus;
    environment[count++] = system_bus;
    environment[count++] = "JACK_DEFAULT_SERVER=none-for-outbreath"; /* whoever runs one is left alone */
    environment[count++] = stage->has_screen ? stage->screen.display : "DISPLAY";
    if (stage->has_studio) {
        environment[count++] = stage->studio.runtime;
        environment[count++] = stage->studio.server_address;
        environment[count++] = stage->studio.cookie;
    } else {
        environment[count++] = stage->runtime; /* without one a display library complains before us */
        environment[count++] = "PULSE_SERVER=unix:/nonexistent";
    }
    environment[count] = NULL;
    stage->program = child_start(&(struct child_desc){.argv = argv, .environment = environment, .log = stage->log});
    return stage->program > 0;
}

bool stage_runs(const struct stage *stage)
{
    siginfo_t about = {0};
    return stage->program > 0 && waitid(P_PID, (id_t)stage->program, &about, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           about.si_pid == 0;
}

bool stage_wait_picture(const struct stage *stage, double timeout_s)
{
    for (const double until = now_s() + timeout_s; now_s() < until && stage_runs(stage); sleep_s(0.1)) {
        double mean, spread;
        screen_brightness(&stage->screen, &mean, &spread);
        if (spread > 1.0)
            return true;
    }
    return false;
}

int stage_wait(struct stage *stage, double timeout_s)
{
    const int status = child_wait(stage->program, timeout_s);
    if (status >= 0)
        stage->program = 0;
    return status;
}

int stage_end(struct stage *stage)
{
    if (stage->program <= 0)
        return -1;
    kill(stage->program, SIGTERM);
    return stage_wait(stage, 30.0);
}

const char *stage_output(const struct stage *stage)
{
    static char text[STAGE_OUTPUT];
    FILE *file = fopen(stage->log, "re");
    const size_t got = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[got] = '\0';
    if (file)
        fclose(file);
    return text;
}

bool stage_keep(const struct stage *stage, const char *name, const char *path)
{
    char from[320];
    snprintf(from, sizeof from, "%s/%s", stage->folder, name);
    FILE *in = fopen(from, "rbe");
    FILE *out = in ? fopen(path, "wbe") : NULL;
    bool good = out != NULL;
    char block[65536];
    size_t got;
    while (good && (got = fread(block, 1, sizeof block, in)) > 0)
        good = fwrite(block, 1, got, out) == got;
    if (in)
        fclose(in);
    if (out && fclose(out))
        good = false;
    return good;
}
