/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the program as a person would, in a folder of its own. */
#ifndef OB_TESTS_PROGRAM_H
#define OB_TESTS_PROGRAM_H

#include <stddef.h>

/* Makes a fresh scratch folder and returns its path (static memory). It goes when the test program ends, or when
 * another one is made. */
const char *scratch_folder(void);

/* The path of something in it; static memory, four at a time. */
const char *in_folder(const char *name);

/* Runs the program with printf-formatted arguments (a shell splits them), its stdout and stderr into scratch files.
 * Returns its exit status, or 128 + the signal that ended it. */
int run_program(const char *arguments, ...) __attribute__((format(printf, 1, 2)));

/* What it said last time on stderr and stdout. Static memory. */
const char *said(void);
const char *printed(void);

/* The number after "key": in what it printed; NaN for null or nothing. */
double printed_number(const char *key);

/* Reads a text file into static memory ("" when it is not there). */
const char *text_of(const char *path);

/* 1 when two files have the same bytes and some. */
int same_bytes(const char *a, const char *b);

/* The values of a CSV column by its heading; empty fields are NAN. Returns how many. */
size_t csv_column(const char *path, const char *heading, double *out, size_t max);

#endif
