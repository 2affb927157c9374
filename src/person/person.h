/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated person: breathing that follows a cue imperfectly, a heart that answers it, and what sensors would
 * see of both. Pure and seeded: the same description and the same cues give the same person, bit for bit.
 *
 * Equations: design page "physiology", part 4; ECG after McSharry et al. 2003 (doi:10.1109/TBME.2003.808805), beats by
 * integral pulse frequency modulation. One thread at a time. */
#ifndef OB_PERSON_PERSON_H
#define OB_PERSON_PERSON_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One X-macro row a key: name, default, lowest, highest, unit, meaning. --person takes these keys. */
#define OB_PERSON_TABLE(X)                                                                                             \
    X(seed, 1, 0, 4294967295.0, "", "of all random numbers")                                                           \
    X(age, 40, 16, 95, "years", "sets the gain where that is not given")                                               \
    X(hr, 66, 35, 140, "bpm", "mean heart rate at the start")                                                          \
    X(rf, 5.6, 4.0, 8.0, "breaths/min", "resonance frequency")

struct ob_person_desc {
#define OB_PERSON_FIELD(name, standard, low, high, unit, meaning) double name;
    OB_PERSON_TABLE(OB_PERSON_FIELD)
#undef OB_PERSON_FIELD
};

#endif
