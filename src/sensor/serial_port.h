/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Serial ports: which there are, and opening one: raw, 8N1, not blocking. Private to serial.c. */
#ifndef OB_SENSOR_SERIAL_PORT_H
#define OB_SENSOR_SERIAL_PORT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_SERIAL_PATH_MAX  80
#define OB_SERIAL_PORTS_MAX 16

/* Where ports are looked for: the folder asked for, or where that is empty $OUTBREATH_SERIAL_DIR, or /dev. */
const char *ob_serial_folder(const char *asked);

/* The paths of what could be a board (ttyUSB* before ttyACM*, each by number) in a folder; returns how many. */
int ob_serial_ports(const char *folder, char paths_out[OB_SERIAL_PORTS_MAX][OB_SERIAL_PATH_MAX]);

/* The descriptor in fd_out. On an error a sentence for people is in sentence_out: OB_ERR_PERMISSION names the group and
 * the command, OB_ERR_UNSUPPORTED means that it is no serial port or knows no such speed.
 *
 * Many boards start anew when their port is opened; nothing can prevent that. But the line that does it is left as it
 * is when the port is closed, so that the next opening does not. */
enum ob_err ob_serial_port_open(const char *path, int baud, int *fd_out, char *sentence_out, size_t size);

/* Another speed on an open port, without closing it; what has come and was not read is thrown away. False: it does not
 * take it. */
bool ob_serial_port_speed(int fd, int baud);

#endif
