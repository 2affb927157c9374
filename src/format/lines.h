/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes into lines, lines into fields, fields into numbers: what all text formats of this room share.
 *
 * Lines end with LF, CR LF or CR; a UTF-8 byte order mark is dropped; memory is constant whatever comes. Numbers are
 * read without the C locale, so that a program that calls setlocale() reads the same values. Pure, one thread. */
#ifndef OB_FORMAT_LINES_H
#define OB_FORMAT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_LINE_MAX 1023 /* bytes kept of one line; the rest of a longer one is dropped */

struct ob_lines {
    char text[OB_LINE_MAX + 1]; /* the line, without its end, 0 behind it */
    size_t length;
    uint64_t number; /* of this line, from 1 */
    bool cut;        /* it was longer than OB_LINE_MAX */
    bool binary;     /* a 0 byte or a UTF-16 byte order mark was seen anywhere: this is no text */
    bool utf16;      /* it was the byte order mark */
    /* private */
    bool whole;
    bool after_cr;
    uint64_t bytes;
    unsigned char start[3];
};

void ob_lines_init(struct ob_lines *lines);

/* Takes bytes from *bytes until a line is whole: true, and it is in lines->text until the next call. */
bool ob_lines_next(struct ob_lines *lines, const unsigned char **bytes, size_t *count);

/* The input is over: true if an unfinished last line was left, now in lines->text. */
bool ob_lines_last(struct ob_lines *lines);

/* Splits a line in place at the separator (' ' means any run of blanks and tabs), strips blanks and quotation marks
 * around each field, and returns how many fields there are, at most max. */
int ob_fields_split(char *line, char separator, char **fields_out, int max);

enum ob_number {
    OB_NUMBER,         /* *value_out is it */
    OB_NUMBER_MISSING, /* nothing, or a word for it: nan, na, n/a, null, none, -, inf, -inf, +inf */
    OB_NUMBER_NOT,     /* something else */
};

/* decimal: '.' or ','. What overflows is OB_NUMBER_NOT. Blanks around are fine. Up to 19 digits count;
 * numbers of at most 15 digits with a power of ten up to 22 are rounded exactly. */
enum ob_number ob_number_parse(const char *text, char decimal, double *value_out);

/* Whether a line is a comment (#, %, // or ; as the first character) or has nothing in it. */
bool ob_line_is_comment(const char *line);

/* Whether text holds a word, without regard to case (ASCII). */
bool ob_text_has(const char *text, const char *word);
bool ob_text_is(const char *text, const char *word);

#endif
