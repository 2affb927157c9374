/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define MESSAGE_MAX 65536

int client_connect(int port)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const struct timeval patience = {.tv_sec = 10};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

bool client_send(int fd, const void *bytes, size_t size)
{
    const char *p = bytes;
    while (size > 0) {
        const ssize_t sent = send(fd, p, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        p += sent;
        size -= (size_t)sent;
    }
    return true;
}

char *client_read_all(int fd)
{
    size_t used = 0, room = MESSAGE_MAX;
    char *all = malloc(room + 1);
    ssize_t got;
    while (all && (got = recv(fd, all + used, room - used, 0)) > 0) {
        used += (size_t)got;
        if (used < room)
            continue;
        room *= 2;
        char *larger = realloc(all, room + 1);
        if (!larger)
            free(all);
        all = larger;
    }
    if (all)
        all[used] = '\0';
    return all;
}

char *client_ask(int port, const char *format, ...)
{
    static char request[MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(request, sizeof request, format, arguments);
    va_end(arguments);
    const int fd = client_connect(port);
    if (fd < 0)
        return NULL;
    client_send(fd, request, (size_t)size);
    char *answer = client_read_all(fd);
    close(fd);
    return answer;
}

int client_status(const char *answer)
{
    int status = 0;
    return answer && sscanf(answer, "HTTP/1.%*d %d", &status) == 1 ? status : 0;
}

int client_enter(const char *address, char path_out[64], char cookie_out[128])
{
    int port = 0;
    char key[128] = "";
    if (sscanf(address, "http://127.0.0.1:%d/#%127s", &port, key) < 1)
        return 0;
    char *answer = client_ask(port,
                              "POST /enter HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
                              "Authorization: Bearer %s\r\nContent-Length: 0\r\n\r\n",
                              port, port, key);
    const int status = client_status(answer);
    const char *body = answer ? strstr(answer, "\r\n\r\n") : NULL,
               *cookie = answer ? strstr(answer, "outbreath=") : NULL;
    if (status == 200 && body && cookie) {
        snprintf(path_out, 64, "%s", body + 4);
        snprintf(cookie_out, 128, "%.*s", (int)strcspn(cookie, ";"), cookie);
    }
    free(answer);
    return status;
}

static void add_header(char *request, const char *name, const char *value)
{
    if (value)
        sprintf(request + strlen(request), "%s: %s\r\n", name, value);
}

int client_open(int port, const char *path, const char *host, const char *origin, const char *cookie, int *status_out)
{
    char request[2048], head[2048] = "";
    size_t used = 0;
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: outbreath\r\n",
             path);
    add_header(request, "Host", host);
    add_header(request, "Origin", origin);
    add_header(request, "Cookie", cookie);
    strcat(request, "\r\n");
    const int fd = client_connect(port);
    *status_out = 0;
    if (fd < 0 || !client_send(fd, request, strlen(request)))
        return -1;
    while (used + 1 < sizeof head && !strstr(head, "\r\n\r\n") && recv(fd, head + used, 1, 0) == 1)
        used++;
    *status_out = client_status(head);
    if (*status_out == 101)
        return fd;
    close(fd);
    return -1;
}

bool client_frame(int fd, int opcode, bool final, const void *bytes, size_t size)
{
    unsigned char *frame = malloc(size + 14);
    size_t head = 0;
    frame[head++] = (unsigned char)((final ? 0x80 : 0) | opcode);
    if (size < 126) {
        frame[head++] = (unsigned char)(0x80 | size);
    } else {
        frame[head++] = 0x80 | 127;
        for (int shift = 56; shift >= 0; shift -= 8)
            frame[head++] = (unsigned char)((uint64_t)size >> shift);
        if (size < 65536) { /* the shorter form is the lawful one */
            head = 2;
            frame[1] = 0x80 | 126;
            frame[head++] = (unsigned char)(size >> 8);
            frame[head++] = (unsigned char)size;
        }
    }
    static const unsigned char mask[4] = {0x3a, 0x91, 0x07, 0xc5};
    memcpy(frame + head, mask, 4);
    head += 4;
    for (size_t i = 0; i < size; i++)
        frame[head + i] = (unsigned char)(((const unsigned char *)bytes)[i] ^ mask[i % 4]);
    const bool sent = client_send(fd, frame, head + size);
    free(frame);
    return sent;
}

bool client_say(int fd, const char *text)
{
    return client_frame(fd, 1, true, text, strlen(text));
}

static bool receive(int fd, void *out, size_t size)
{
    char *p = out;
    for (ssize_t got; size > 0; p += got, size -= (size_t)got)
        if ((got = recv(fd, p, size, 0)) <= 0)
            return false;
    return true;
}

const char *client_hear(int fd, int *close_out)
{
    static char message[MESSAGE_MAX + 1];
    int unused;
    if (!close_out)
        close_out = &unused;
    *close_out = 0;
    for (;;) {
        unsigned char head[2], more[8];
        if (!receive(fd, head, 2))
            return NULL;
        size_t size = head[1] & 0x7f;
        if (size == 126) {
            if (!receive(fd, more, 2))
                return NULL;
            size = (size_t)more[0] << 8 | more[1];
        } else if (size == 127) {
            return NULL;
        }
        if (size > MESSAGE_MAX || !receive(fd, message, size))
            return NULL;
        message[size] = '\0';
        const int opcode = head[0] & 0x0f;
        if (opcode == 1)
            return message;
        if (opcode == 8) {
            *close_out = size >= 2 ? (unsigned char)message[0] << 8 | (unsigned char)message[1] : 0;
            return NULL;
        }
        if (opcode == 9)
            client_frame(fd, 10, true, message, size);
    }
}

bool client_discard(int fd)
{
    char bytes[4096];
    return recv(fd, bytes, sizeof bytes, 0) > 0;
}

const char *client_hear_of(int fd, const char *piece)
{
    const char *message;
    for (int i = 0; i < 400 && (message = client_hear(fd, NULL)); i++)
        if (strstr(message, piece))
            return message;
    return NULL;
}
