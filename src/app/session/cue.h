/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session sounds like to the simulated person who breathes with it. Any thread. */
#ifndef OB_APP_CUE_H
#define OB_APP_CUE_H

#include "engine/snapshot.h"
#include "person/person.h"

/* The pacer at now_ns, as loud as it is then; silence before a session. */
struct ob_person_cue ob_cue_of(const struct ob_snapshot *snapshot, int64_t now_ns);

#endif
