/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NN intervals with the time of each and where they hang together: what report metrics are computed from.
 *
 * An interval carries the time of the beat that ends it. Two intervals are neighbours only where one begins at the
 * beat with which the other ends; after a gap, or after an interval that could not be corrected, the next one is not
 * joined, and no difference, spectrum segment or pattern is taken across. Pure; one thread at a time. */
#ifndef OB_SIGNAL_NN_LIST_H
#define OB_SIGNAL_NN_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct ob_nn {
    double time_s;  /* of the beat that ends the interval */
    double nn_ms;   /* > 0 */
    bool joined;    /* begins where the interval before it ends */
    bool corrected; /* not as measured */
};

struct ob_nn_list {
    struct ob_nn *items; /* owned; in the order of time */
    size_t count;
    size_t capacity;
};

/* All zeros is an empty list as well. */
void ob_nn_list_init(struct ob_nn_list *list);
void ob_nn_list_finish(struct ob_nn_list *list); /* frees; NULL and a second time are fine */

/* False without memory; the list is then unchanged. The first interval is never joined, whatever nn says. */
bool ob_nn_list_add(struct ob_nn_list *list, struct ob_nn nn);

/* The part with time_s in [from_s, to_s) as a view on the same items: not to be finished or added to, and valid as
 * long as the list is not changed. Whether its first interval is joined must not be looked at. */
struct ob_nn_list ob_nn_list_part(const struct ob_nn_list *list, double from_s, double to_s);

#endif
