/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/serial_port.h"

#include "os/file.h"
#include "os/tr.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* ttyUSB2 before ttyUSB10 before ttyACM0. */
static int order(const char *name)
{
    const bool usb = strncmp(name, "ttyUSB", 6) == 0, acm = strncmp(name, "ttyACM", 6) == 0;
    const char *digits = name + 6;
    if ((!usb && !acm) || !isdigit((unsigned char)*digits) || strspn(digits, "0123456789") != strlen(digits))
        return -1;
    return (acm ? 100000 : 0) + (int)(strtoul(digits, NULL, 10) % 100000);
}

const char *ob_serial_folder(const char *asked)
{
    if (asked[0])
        return asked;
    const char *named = getenv("OUTBREATH_SERIAL_DIR");
    return named && *named ? named : "/dev";
}

int ob_serial_ports(const char *folder, char paths_out[OB_SERIAL_PORTS_MAX][OB_SERIAL_PATH_MAX])
{
    DIR *dir = opendir(folder);
    if (!dir)
        return 0;
    int count = 0, orders[OB_SERIAL_PORTS_MAX];
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const int at = order(entry->d_name);
        if (at < 0 || strlen(folder) > 60 || strlen(entry->d_name) > 16)
            continue;
        int place = count;
        while (place > 0 && orders[place - 1] > at)
            place--;
        if (place == OB_SERIAL_PORTS_MAX)
            continue;
        count += count < OB_SERIAL_PORTS_MAX;
        for (int i = count - 1; i > place; i--) {
            orders[i] = orders[i - 1];
            memcpy(paths_out[i], paths_out[i - 1], OB_SERIAL_PATH_MAX);
        }
        orders[place] = at;
        snprintf(paths_out[place], OB_SERIAL_PATH_MAX, "%.60s/%.16s", folder, entry->d_name);
    }
    closedir(dir);
    return count;
}

/* The group that may read it, as its node says; on the systems that we know it is dialout. */
static void forbidden(const char *path, char *sentence_out, size_t size)
{
    struct stat node;
    struct group entry, *found = NULL;
    char buffer[1024];
    const char *name = "dialout";
    if (stat(path, &node) == 0 && (node.st_mode & S_IRGRP) && node.st_gid != 0 &&
        getgrgid_r(node.st_gid, &entry, buffer, sizeof buffer, &found) == 0 && found)
        name = found->gr_name;
    snprintf(sentence_out, size,
             ob_tr("Permission denied on %.50s: run 'sudo adduser $USER %.20s', log out and in again."), path, name);
}

static bool find_speed(int baud, speed_t *speed_out)
{
    static const struct {
        int baud;
        speed_t speed;
    } table[] = {{9600, B9600},     {19200, B19200},   {38400, B38400},   {57600, B57600},
                 {115200, B115200}, {230400, B230400}, {460800, B460800}, {921600, B921600}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].baud == baud) {
            *speed_out = table[i].speed;
            return true;
        }
    return false;
}

enum ob_err ob_serial_port_open(const char *path, int baud, int *fd_out, char *sentence_out, size_t size)
{
    *fd_out = -1;
    speed_t speed;
    if (!find_speed(baud, &speed)) {
        snprintf(sentence_out, size, ob_tr("A serial line has no speed of %d baud; usual are 9600, 57600 and 115200."),
                 baud);
        return OB_ERR_UNSUPPORTED;
    }
    const int fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        const enum ob_err err = errno == EBUSY ? OB_ERR_DEVICE : ob_err_from_errno(errno);
        if (err == OB_ERR_PERMISSION)
            forbidden(path, sentence_out, size);
        else if (err == OB_ERR_DEVICE)
            snprintf(sentence_out, size, ob_tr("Another program uses %.60s."), path);
        else
            snprintf(sentence_out, size, ob_tr("%.60s is not there; it is tried again each second."), path);
        return err;
    }
    struct termios settings;
    if (tcgetattr(fd, &settings) != 0) {
        close(fd);
        snprintf(sentence_out, size, ob_tr("%.60s is not a serial port."), path);
        return OB_ERR_UNSUPPORTED;
    }
    cfmakeraw(&settings);
    settings.c_cflag &= ~(tcflag_t)(CSTOPB | PARENB | CSIZE | CRTSCTS | HUPCL);
    settings.c_cflag |= CS8 | CLOCAL | CREAD;
    settings.c_cc[VMIN] = 1; /* with O_NONBLOCK: EAGAIN means nothing yet, 0 means gone */
    settings.c_cc[VTIME] = 0;
    cfsetispeed(&settings, speed);
    cfsetospeed(&settings, speed);
    if (tcsetattr(fd, TCSANOW, &settings) != 0) {
        close(fd);
        snprintf(sentence_out, size, ob_tr("%.60s does not take %d baud."), path, baud);
        return OB_ERR_UNSUPPORTED;
    }
    /* What waits there is from before: nobody knows when. */
    (void)tcflush(fd, TCIFLUSH);
    /* Two readers would each get half of the lines; where this is not known (some ptys) it does not matter. */
    (void)ioctl(fd, TIOCEXCL);
    *fd_out = fd;
    return OB_OK;
}

bool ob_serial_port_speed(int fd, int baud)
{
    speed_t speed;
    struct termios settings;
    if (!find_speed(baud, &speed) || tcgetattr(fd, &settings) != 0)
        return false;
    cfsetispeed(&settings, speed);
    cfsetospeed(&settings, speed);
    return tcsetattr(fd, TCSANOW, &settings) == 0 && tcflush(fd, TCIFLUSH) == 0;
}
