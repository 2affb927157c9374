/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing one value in a file that somebody wrote, so that everything else in it stays as it is: comments, order,
 * indentation, quotes of other values. The changed text is read again before it is handed out: it says what was asked
 * for and nothing else has changed, or the edit is refused. Pure. */
#ifndef OB_CONFIG_EDIT_H
#define OB_CONFIG_EDIT_H

#include "base/err.h"
#include "config/settings.h"
#include "config/text.h"

/* Sets a value, as the command line would write it. The value stands in its place if it is there already, in its group
 * if that is there, else behind everything. OB_ERR_RANGE: no value of this setting; OB_ERR_FORMAT: the file can't be
 * read, or is written in a way that this can't change; both with a sentence. text_out is the caller's to finish. */
enum ob_err ob_config_set(const char *bytes, size_t size, enum ob_setting setting, const char *value,
                          struct ob_text *text_out, char *problem_out, size_t problem_size);

/* Takes a value out, so that the layer below has the word again. OB_ERR_NOT_FOUND: it did not stand there. */
enum ob_err ob_config_unset(const char *bytes, size_t size, enum ob_setting setting, struct ob_text *text_out,
                            char *problem_out, size_t problem_size);

#endif
