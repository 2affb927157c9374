/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file read forward through a buffer, and the sentences about what goes wrong with it. Private to this room. */
#ifndef OB_SENSOR_STREAM_H
#define OB_SENSOR_STREAM_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_STREAM_BUFFER 65536

struct ob_stream {
    int fd;
    uint64_t size, taken;
    bool over, failed;
    const unsigned char *at; /* what is read and not taken yet */
    size_t left;
    unsigned char buffer[OB_STREAM_BUFFER];
};

/* Regular files only: OB_ERR_UNSUPPORTED for everything else. */
enum ob_err ob_stream_open(const char *path, struct ob_stream **stream_out);
void ob_stream_close(struct ob_stream *stream); /* NULL is fine */

/* Makes sure that there are bytes at `at`. False: there is nothing more. */
bool ob_stream_fill(struct ob_stream *stream);

/* Takes up to count bytes; fewer only at the end of the file. */
size_t ob_stream_take(struct ob_stream *stream, unsigned char *bytes_out, size_t count);

/* Goes back to a place from the start of the file. False when that fails. */
bool ob_stream_seek(struct ob_stream *stream, uint64_t offset);

/* The sentence about a file that could not be opened. */
enum ob_err ob_stream_open_sentence(const char *path, enum ob_err err, char *sentence, size_t size);

#endif
