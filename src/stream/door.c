/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/door.h"

#include <stdio.h>
#include <string.h>

/* RFC 4648, section 5, without padding. */
static void base64url(const unsigned char *bytes, size_t size, char *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned held = 0, bits = 0;
    for (size_t i = 0; i < size; i++) {
        held = (held << 8 | bytes[i]) & 0xffffu;
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            *out++ = letters[held >> bits & 63u];
        }
    }
    if (bits > 0)
        *out++ = letters[held << (6 - bits) & 63u];
    *out = '\0';
}

/* Looks at every byte whatever differs. secret is a string of known, public length. */
static bool same(const char *secret, const char *tried, size_t size)
{
    const size_t length = strlen(secret);
    unsigned char differs = size != length;
    for (size_t i = 0; i < length; i++)
        differs |= (unsigned char)(secret[i] ^ (i < size ? tried[i] : 0));
    return differs == 0 && length > 0;
}

void ob_door_renew(struct ob_door *door, const unsigned char random[OB_DOOR_RANDOM])
{
    memset(door, 0, sizeof *door);
    base64url(random, 32, door->key);
    base64url(random + 32, 32, door->cookie);
    base64url(random + 64, 16, door->path);
}

enum ob_door_answer ob_door_try(struct ob_door *door, const char *key, size_t size)
{
    if (same(door->key, key, size)) {
        memset(door->key, 0, sizeof door->key);
        door->taken = true;
        return OB_DOOR_OPEN;
    }
    door->wrong++;
    return door->taken ? OB_DOOR_USED : OB_DOOR_WRONG;
}

bool ob_door_knows(struct ob_door *door, const char *cookie_header)
{
    const size_t name = strlen(OB_DOOR_COOKIE);
    bool known = false;
    for (const char *p = cookie_header; p && *p;) {
        p += strspn(p, " \t;");
        const size_t length = strcspn(p, ";");
        if (length > name && strncmp(p, OB_DOOR_COOKIE, name) == 0 && p[name] == '=')
            known |= same(door->cookie, p + name + 1, length - name - 1);
        p += length;
    }
    known &= door->taken;
    door->wrong += !known;
    return known;
}

const char *ob_door_inner(const struct ob_door *door, const char *path)
{
    const size_t length = OB_DOOR_PATH - 1;
    if (!door->taken || strncmp(path, "/r/", 3) != 0 || strlen(path) < 3 + length + 1 || path[3 + length] != '/')
        return NULL;
    return same(door->path, path + 3, length) ? path + 3 + length : NULL;
}

bool ob_door_host(const char *host, int port)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; host && i < sizeof names / sizeof *names; i++) {
        char here[32];
        snprintf(here, sizeof here, "%s:%d", names[i], port);
        if (strcmp(host, here) == 0 || (port == 80 && strcmp(host, names[i]) == 0))
            return true;
    }
    return false;
}

bool ob_door_origin(const char *origin, const char *host)
{
    return origin && host && strncmp(origin, "http://", 7) == 0 && host[0] && strcmp(origin + 7, host) == 0;
}
