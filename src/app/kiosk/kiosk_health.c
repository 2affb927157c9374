/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/kiosk/kiosk_health.h"

#include "audio/audio.h"
#include "os/file.h"
#include "os/paths.h"
#include "sensor/hub.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool folder(char *out, size_t size)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (!runtime || runtime[0] != '/')
        return false;
    const int length = snprintf(out, size, "%s/outbreath", runtime);
    return length > 0 && (size_t)length < size;
}

static const char *sound_name(uint32_t state)
{
    static const char *const names[] = {"off", "starting", "running", "lost"};
    return state <= OB_AUDIO_LOST ? names[state] : "unknown";
}

static const char *sensor_name(uint32_t state)
{
    return state == UINT32_MAX ? "none" : ob_sensor_state_name((enum ob_sensor_state)state);
}

static void moment(int64_t at_s, char *out, size_t size)
{
    struct tm local;
    const time_t at = (time_t)at_s;
    out[0] = '\0';
    if (at_s > 0 && localtime_r(&at, &local))
        strftime(out, size, "%Y-%m-%d %H:%M:%S", &local);
}

static bool put(const char *name, const char *text, int length, size_t size)
{
    char path[PATH_MAX];
    if (length <= 0 || (size_t)length >= size || !folder(path, sizeof path - 32) || ob_paths_make(path))
        return false;
    strcat(path, name);
    return ob_file_write_atomic(path, text, (size_t)length) == OB_OK;
}

static bool write_json(const struct ob_kiosk_health *h)
{
    char text[2048];
    const int length = snprintf(
        text, sizeof text,
        "{\"format\": 1, \"started_s\": %" PRId64 ", \"now_s\": %" PRId64
        ", \"child\": %d, \"begun\": %d, \"where\": \"%s\", "
        "\"sound\": \"%s\", \"sensor\": \"%s\", "
        "\"seconds_since\": {\"render\": %.1f, \"audio\": %.1f, \"sensor\": %.1f, \"writer\": %.1f}, "
        "\"visits\": %" PRIu64 ", \"crashes\": %" PRIu64 ", \"stalls\": %" PRIu64 ", \"last\": \"%s\", "
        "\"last_s\": %" PRId64 "}\n",
        h->started_s, h->now_s, h->child, (int)h->begun, ob_kiosk_where_name(h->heard.where),
        sound_name(h->heard.sound), sensor_name(h->heard.sensor), h->age_s[OB_KIOSK_RENDER], h->age_s[OB_KIOSK_AUDIO],
        h->age_s[OB_KIOSK_SENSOR], h->age_s[OB_KIOSK_WRITER], h->visits, h->crashes, h->stalls, h->last, h->last_s);
    return put("/kiosk.json", text, length, sizeof text);
}

static bool write_page(const struct ob_kiosk_health *h)
{
    char text[3072], began[32], now[32], last[32];
    moment(h->started_s, began, sizeof began);
    moment(h->now_s, now, sizeof now);
    moment(h->last_s, last, sizeof last);
    const int length = snprintf(
        text, sizeof text,
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5><title>Kiosk</title>"
        "<style>body{font:1.1em sans-serif;margin:2em;max-width:40em}td{padding:.2em 1.5em .2em 0}</style>"
        "<h1>Outbreath kiosk</h1><table>"
        "<tr><td>Now<td>%s<tr><td>Running since<td>%s<tr><td>Shown<td>%s<tr><td>Sound<td>%s<tr><td>Sensor<td>%s"
        "<tr><td>Seconds since picture, sound, sensor, engine went on<td>%.1f, %.1f, %.1f, %.1f"
        "<tr><td>Visits<td>%" PRIu64 "<tr><td>Crashes<td>%" PRIu64 "<tr><td>Hangs<td>%" PRIu64
        "<tr><td>Last trouble<td>%s %s</table><p>Nothing of a visitor is kept, here or elsewhere.\n",
        now, began, ob_kiosk_where_name(h->heard.where), sound_name(h->heard.sound), sensor_name(h->heard.sensor),
        h->age_s[OB_KIOSK_RENDER], h->age_s[OB_KIOSK_AUDIO], h->age_s[OB_KIOSK_SENSOR], h->age_s[OB_KIOSK_WRITER],
        h->visits, h->crashes, h->stalls, last, h->last[0] ? h->last : "none");
    return put("/kiosk.html", text, length, sizeof text);
}

bool ob_kiosk_health_write(const struct ob_kiosk_health *health)
{
    return write_json(health) && write_page(health);
}

void ob_kiosk_health_left(bool left)
{
    char path[PATH_MAX];
    if (!folder(path, sizeof path - 32) || ob_paths_make(path))
        return;
    strcat(path, "/left");
    if (left)
        ob_file_write_atomic(path, "", 0);
    else
        unlink(path);
}

void ob_kiosk_health_remove(void)
{
    static const char *const names[] = {"/kiosk.json", "/kiosk.html"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX];
        if (folder(path, sizeof path - 32)) {
            strcat(path, names[i]);
            unlink(path);
        }
    }
}
