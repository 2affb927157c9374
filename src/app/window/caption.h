/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one line that speaks to the person, and the one about devices. Wording follows the product's rules: nothing that
 * was not measured, nothing that can be failed. Pure. */
#ifndef OB_APP_CAPTION_H
#define OB_APP_CAPTION_H

#include "breath/protocol.h"
#include "engine/snapshot.h"

#include <stddef.h>

/* "" when nothing needs saying. protocol: whose words are said at their time, NULL for none. dizzy: the person pressed
 * the dizziness key in this session. */
void ob_caption(const struct ob_snapshot *snapshot, const struct ob_protocol *protocol, bool dizzy, char *text_out,
                size_t size);

#endif
