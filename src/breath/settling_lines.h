/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the breath has become slower, as the heart alone shows it: free breathing makes a hump in the spectrum of
 * heart rate, and the hump moves. Pure; a part of settling.h. */
#ifndef OB_BREATH_SETTLING_LINES_H
#define OB_BREATH_SETTLING_LINES_H

#include "breath/settling_epochs.h"

/* How much better the spectrum since a moment `onset` epochs ago fits that before it, moved down by 1-4 breaths/min and
 * grown, than that before it as it was: ln of the ratio of likelihoods (Whittle 1953, doi:10.1007/BF02590998) of the
 * best of four moves, -3 to 3 once divided by 10. `epochs`: how far back to look. 0 where too little is known. */
double ob_settling_slower_breath(const struct ob_settling_epochs *s, uint32_t epochs, int onset);

#endif
