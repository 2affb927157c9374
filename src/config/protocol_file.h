/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session protocol from its file. docs/protocols.md is the page for those who write one; breath/protocol.h holds the
 * limits. A protocol with a mistake is refused as a whole, since half of one is another one; all of its mistakes are
 * told at once. Pure. */
#ifndef OB_CONFIG_PROTOCOL_FILE_H
#define OB_CONFIG_PROTOCOL_FILE_H

#include "base/err.h"
#include "breath/protocol.h"
#include "config/problems.h"

#include <stddef.h>

#define OB_PROTOCOL_VERSION 1

/* name: what the file is called, without folder and .yaml; the protocol's name. OB_ERR_FORMAT with at least one
 * problem, or OB_ERR_NO_MEMORY; *protocol_out is then not to be used. What a guided phase leaves open (start_brpm,
 * target_brpm, and inhale_percent of any) is 0: ob_protocol_fill() puts the person's own there. */
enum ob_err ob_protocol_read(const char *name, const char *bytes, size_t size, struct ob_problems *problems,
                             struct ob_protocol *protocol_out);

#endif
