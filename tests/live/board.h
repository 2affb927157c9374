/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording as a small board would send it: one signal of a WFDB record, one whole number a line, in its own time. */
#ifndef OB_TESTS_BOARD_H
#define OB_TESTS_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct board {
    double fs_hz;
    int *steps; /* the converter's; a missing sample repeats the one before */
    size_t count, sent;
    double begun_s; /* CLOCK_MONOTONIC of the first sample; 0: not begun */
};

/* header: path of the .hea file; channel: a number from 0. false: a sentence. */
bool board_open(struct board *board, const char *header, int channel, char *problem_out, size_t size);
void board_close(struct board *board);

/* Writes to fd what is due by now, without waiting. false: the line is cut or does not take it. */
bool board_send(struct board *board, int fd);

/* Path of a record in the folder of recordings ($OB_DATA, else where the tests look); false: not there. */
bool board_find(const char *name, char *path_out, size_t size);

#endif
