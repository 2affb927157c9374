/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kiosk_look.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define OVERLAP 64 /* so much of a block is looked at again with the next: longer than what is looked for */

void kiosk_health_text(const char *folder, char *text_out, size_t size)
{
    char path[128];
    text_out[0] = '\0';
    snprintf(path, sizeof path, "%s/outbreath/kiosk.json", folder);
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    text_out[fread(text_out, 1, size - 1, file)] = '\0';
    fclose(file);
}

long kiosk_health(const char *folder, const char *name)
{
    char text[2048], word[40];
    kiosk_health_text(folder, text, sizeof text);
    snprintf(word, sizeof word, "\"%s\": ", name);
    const char *at = strstr(text, word);
    return at ? strtol(at + strlen(word), NULL, 10) : -1;
}

bool kiosk_says(const char *folder, const char *piece)
{
    char text[2048];
    kiosk_health_text(folder, text, sizeof text);
    return strstr(text, piece) != NULL;
}

/* ---- memory ---- */

typedef int count_fn(const unsigned char *block, size_t size, const char *words);

static int count_words(const unsigned char *block, size_t size, const char *words)
{
    return memmem(block, size, words, strlen(words)) != NULL;
}

static int count_markers(const unsigned char *block, size_t size, const char *words)
{
    (void)words;
    int count = 0;
    const unsigned char *end = block + size;
    for (const unsigned char *at = block; (at = memmem(at, (size_t)(end - at), KIOSK_MARKER_BEGIN, 8)) != NULL;) {
        at += 8;
        const unsigned char *digit = at;
        while (digit < end && isdigit(*digit))
            digit++;
        count += digit > at && end - digit >= 9 && memcmp(digit, KIOSK_MARKER_END, 9) == 0;
    }
    return count;
}

static int search(pid_t pid, count_fn *counts, const char *words)
{
    static unsigned char block[1 << 16];
    char path[64], line[512];
    int found = -1;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "r");
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    const int memory = open(path, O_RDONLY | O_CLOEXEC);
    while (maps && memory >= 0 && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        char may[8];
        if (sscanf(line, "%lx-%lx %7s", &from, &to, may) != 3 || may[0] != 'r')
            continue;
        for (unsigned long at = from; at < to; at += sizeof block - OVERLAP) {
            const size_t want = to - at < sizeof block ? to - at : sizeof block;
            const ssize_t got = pread(memory, block, want, (off_t)at);
            if (got > 0)
                found = (found < 0 ? 0 : found) + counts(block, (size_t)got, words);
        }
    }
    if (maps)
        fclose(maps);
    if (memory >= 0)
        close(memory);
    return found;
}

int kiosk_markers_in(pid_t pid)
{
    return search(pid, count_markers, NULL);
}

bool kiosk_in_memory(pid_t pid, const char *words)
{
    return search(pid, count_words, words) > 0;
}

/* ---- processes ---- */

long kiosk_resident_kb(pid_t pid)
{
    char path[64], line[128];
    long kb = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "RssAnon:", 8) == 0)
            kb = strtol(line + 8, NULL, 10);
    if (file)
        fclose(file);
    return kb;
}

int kiosk_descriptors(pid_t pid)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *dir = opendir(path);
    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count - 2;
}

int kiosk_threads(pid_t pid, const char *name, pid_t *out, int max)
{
    char path[96], called[32];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *dir = opendir(path);
    for (const struct dirent *entry; dir && count < max && (entry = readdir(dir)) != NULL;) {
        const long thread = strtol(entry->d_name, NULL, 10);
        if (thread <= 0)
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%ld/comm", (int)pid, thread);
        FILE *file = fopen(path, "r");
        called[0] = '\0';
        if (file && fgets(called, sizeof called, file))
            called[strcspn(called, "\n")] = '\0';
        if (file)
            fclose(file);
        if (strcmp(called, name) == 0)
            out[count++] = (pid_t)thread;
    }
    if (dir)
        closedir(dir);
    return count;
}

/* ---- the service manager's ear ---- */

int kiosk_notify_open(const char *path, const char *watchdog_usec)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof at) != 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    setenv("NOTIFY_SOCKET", path, 1);
    setenv("WATCHDOG_USEC", watchdog_usec, 1);
    return fd;
}

int kiosk_notify_heard(int fd, const char *word)
{
    char text[512];
    int count = 0;
    for (ssize_t got; (got = recv(fd, text, sizeof text - 1, MSG_DONTWAIT)) > 0;) {
        text[got] = '\0';
        count += strstr(text, word) != NULL;
    }
    return count;
}
