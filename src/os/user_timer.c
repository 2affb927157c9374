/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/user_timer.h"

#include "os/file.h"
#include "os/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define SYSTEMD   "org.freedesktop.systemd1"
#define PATIENCE  (10 * 1000000u) /* us, for an answer of systemd */
#define UNIT_SIZE (3 * PATH_MAX)
#define WANTS     "timers.target.wants"

struct units {
    char folder[PATH_MAX], service[PATH_MAX + 64], timer[PATH_MAX + 64], wants[PATH_MAX + 64], link[PATH_MAX + 128];
};

static enum ob_err find_units(const char *name, struct units *u)
{
    char config[PATH_MAX];
    enum ob_err err = ob_paths_config_home(config, sizeof config);
    if (err)
        return err;
    if ((size_t)snprintf(u->folder, sizeof u->folder, "%s/systemd/user", config) >= sizeof u->folder)
        return OB_ERR_RANGE;
    snprintf(u->service, sizeof u->service, "%s/%.48s.service", u->folder, name);
    snprintf(u->timer, sizeof u->timer, "%s/%.48s.timer", u->folder, name);
    snprintf(u->wants, sizeof u->wants, "%s/" WANTS, u->folder);
    snprintf(u->link, sizeof u->link, "%s/%.48s.timer", u->wants, name);
    return OB_OK;
}

/* A path as a word of ExecStart=: quoted, and with what systemd would replace written twice (systemd.service(5)). */
static bool quote(const char *path, char *out, size_t size)
{
    size_t used = 0;
    for (const char *p = path; *p; p++) {
        if (used + 3 > size || (unsigned char)*p < 0x20)
            return false;
        if (*p == '"' || *p == '\\')
            out[used++] = '\\';
        else if (*p == '%' || *p == '$')
            out[used++] = *p;
        out[used++] = *p;
    }
    out[used] = '\0';
    return true;
}

static enum ob_err own_path(char *out, size_t size)
{
    const ssize_t length = readlink("/proc/self/exe", out, size - 1);
    if (length <= 0)
        return OB_ERR_NOT_FOUND;
    out[length] = '\0';
    return OB_OK;
}

static enum ob_err write_service(const struct ob_user_timer *t, char *out, size_t size)
{
    char program[PATH_MAX], quoted[2 * PATH_MAX];
    enum ob_err err = t->program ? OB_OK : own_path(program, sizeof program);
    if (err)
        return err;
    if (!quote(t->program ? t->program : program, quoted, sizeof quoted))
        return OB_ERR_RANGE;
    const int length = snprintf(out, size,
                                "# Written by Outbreath, and removed by it; what is changed here is lost.\n"
                                "[Unit]\nDescription=%s\n\n[Service]\nType=oneshot\nExecStart=\"%s\" %s\n",
                                t->about, quoted, t->words);
    return length > 0 && (size_t)length < size ? OB_OK : OB_ERR_RANGE;
}

static void write_timer(const struct ob_user_timer *t, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size,
                                   "# Written by Outbreath, and removed by it; what is changed here is lost.\n"
                                   "[Unit]\nDescription=%s\n\n[Timer]\n",
                                   t->about);
    for (size_t i = 0; i < t->count; i++)
        used += (size_t)snprintf(out + used, size - used, "OnCalendar=*-*-* %02d:%02d:00\n", t->at_min[i] / 60,
                                 t->at_min[i] % 60);
    snprintf(out + used, size - used, "AccuracySec=1min\n\n[Install]\nWantedBy=timers.target\n");
}

static bool says(const char *path, const char *text)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    const bool same =
        ob_file_read(path, UNIT_SIZE, &bytes, &size) == OB_OK && size == strlen(text) && memcmp(bytes, text, size) == 0;
    free(bytes);
    return same;
}

static enum ob_err put(const char *path, const char *text, bool *changed)
{
    if (says(path, text))
        return OB_OK;
    *changed = true;
    return ob_file_write_atomic(path, text, strlen(text));
}

static enum ob_err drop(const char *path, bool *changed)
{
    if (unlink(path) == 0)
        *changed = true;
    else if (errno != ENOENT)
        return ob_err_from_errno(errno);
    return OB_OK;
}

static enum ob_err put_link(const struct units *u, const char *name, bool *changed)
{
    char target[96], there[96];
    snprintf(target, sizeof target, "../%.48s.timer", name);
    const ssize_t length = readlink(u->link, there, sizeof there - 1);
    if (length > 0 && (size_t)length == strlen(target) && memcmp(there, target, (size_t)length) == 0)
        return OB_OK;
    *changed = true;
    enum ob_err err = ob_paths_make(u->wants);
    if (!err)
        err = drop(u->link, changed);
    if (!err && symlink(target, u->link) != 0)
        err = ob_err_from_errno(errno);
    return err;
}

/* A manager that is not there looks at the files when it begins. */
static bool call(sd_bus *bus, const char *method, const char *unit)
{
    return (unit ? sd_bus_call_method(bus, SYSTEMD, "/org/freedesktop/systemd1", SYSTEMD ".Manager", method, NULL, NULL,
                                      "ss", unit, "replace")
                 : sd_bus_call_method(bus, SYSTEMD, "/org/freedesktop/systemd1", SYSTEMD ".Manager", method, NULL, NULL,
                                      NULL)) >= 0;
}

static bool tell_systemd(const char *name, bool on)
{
    char unit[96];
    sd_bus *bus = NULL;
    snprintf(unit, sizeof unit, "%.48s.timer", name);
    if (sd_bus_open_user(&bus) < 0)
        return false;
    sd_bus_set_method_call_timeout(bus, PATIENCE);
    if (!on)
        call(bus, "StopUnit", unit); /* one that does not run has nothing to stop */
    const bool told = call(bus, "Reload", NULL) && (!on || call(bus, "RestartUnit", unit));
    sd_bus_close(bus);
    sd_bus_unref(bus);
    return told;
}

enum ob_err ob_user_timer_set(const struct ob_user_timer *t, enum ob_user_timer_state *state_out)
{
    struct units u;
    char text[UNIT_SIZE];
    bool changed = false;
    enum ob_err err = find_units(t->name, &u);
    if (!err && t->count == 0) {
        const enum ob_err link = drop(u.link, &changed), timer = drop(u.timer, &changed);
        err = drop(u.service, &changed);
        err = link ? link : timer ? timer : err;
    } else if (!err) {
        err = t->count > OB_USER_TIMER_MOST ? OB_ERR_RANGE : ob_paths_make(u.folder);
        if (!err)
            err = write_service(t, text, sizeof text);
        if (!err)
            err = put(u.service, text, &changed);
        if (!err) {
            write_timer(t, text, sizeof text);
            err = put(u.timer, text, &changed);
        }
        if (!err)
            err = put_link(&u, t->name, &changed);
    }
    if (err)
        return err;
    const enum ob_user_timer_state state = !changed                              ? OB_USER_TIMER_AS_IT_WAS
                                           : tell_systemd(t->name, t->count > 0) ? OB_USER_TIMER_NOW
                                                                                 : OB_USER_TIMER_LATER;
    if (state_out)
        *state_out = state;
    return OB_OK;
}

bool ob_user_timer_is_set(const char *name)
{
    struct units u;
    return find_units(name, &u) == OB_OK && ob_paths_exists(u.timer) && ob_paths_exists(u.link);
}
