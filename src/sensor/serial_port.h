/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a serial port: raw, 8N1, not blocking. Private to serial.c. */
#ifndef OB_SENSOR_SERIAL_PORT_H
#define OB_SENSOR_SERIAL_PORT_H

#include "base/err.h"

#include <stddef.h>

/* The descriptor in fd_out. On an error a sentence for people is in sentence_out: OB_ERR_PERMISSION names the group,
 * OB_ERR_UNSUPPORTED means that it is no serial port or knows no such speed. */
enum ob_err ob_serial_port_open(const char *path, int baud, int *fd_out, char *sentence_out, size_t size);

#endif
