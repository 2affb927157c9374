/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A protocol of another length. Pure. */
#ifndef OB_APP_PROTOCOL_LENGTH_H
#define OB_APP_PROTOCOL_LENGTH_H

#include "breath/protocol.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_WORDS_APART_S 10.0 /* captions of a phase that is shortened come no closer together than this */

/* Its longest phase becomes as long as it takes for all to last so many minutes, and its captions move along; paces,
 * ramps and limits stay those of breath/protocol.h. False: that breaks one of them, or the words would come too close
 * together; then a clause says so, and the protocol is as it was. */
bool ob_protocol_make_minutes(struct ob_protocol *protocol, double minutes, char *clause_out, size_t size);

#endif
