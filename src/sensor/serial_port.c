/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/serial_port.h"

#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

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
        snprintf(sentence_out, size, "A serial line has no speed of %d baud; usual are 9600, 57600 and 115200.", baud);
        return OB_ERR_UNSUPPORTED;
    }
    const int fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        const enum ob_err err = errno == EBUSY ? OB_ERR_DEVICE : ob_err_from_errno(errno);
        if (err == OB_ERR_PERMISSION)
            snprintf(sentence_out, size, "Permission denied on %.60s: join the group dialout and log in again.", path);
        else if (err == OB_ERR_DEVICE)
            snprintf(sentence_out, size, "Another program uses %.60s.", path);
        else
            snprintf(sentence_out, size, "%.60s is not there; it is tried again each second.", path);
        return err;
    }
    struct termios settings;
    if (tcgetattr(fd, &settings) != 0) {
        close(fd);
        snprintf(sentence_out, size, "%.60s is not a serial port.", path);
        return OB_ERR_UNSUPPORTED;
    }
    cfmakeraw(&settings);
    settings.c_cflag &= ~(tcflag_t)(CSTOPB | PARENB | CSIZE | CRTSCTS);
    settings.c_cflag |= CS8 | CLOCAL | CREAD;
    settings.c_cc[VMIN] = 1; /* with O_NONBLOCK: EAGAIN means nothing yet, 0 means gone */
    settings.c_cc[VTIME] = 0;
    cfsetispeed(&settings, speed);
    cfsetospeed(&settings, speed);
    if (tcsetattr(fd, TCSANOW, &settings) != 0) {
        close(fd);
        snprintf(sentence_out, size, "%.60s does not take %d baud.", path, baud);
        return OB_ERR_UNSUPPORTED;
    }
    /* Two readers would each get half of the lines; where this is not known (some ptys) it does not matter. */
    (void)ioctl(fd, TIOCEXCL);
    *fd_out = fd;
    return OB_OK;
}
