/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/nn_list.h"

#include <stdint.h>
#include <stdlib.h>

void ob_nn_list_init(struct ob_nn_list *list)
{
    *list = (struct ob_nn_list){.items = NULL};
}

void ob_nn_list_finish(struct ob_nn_list *list)
{
    if (!list)
        return;
    free(list->items);
    ob_nn_list_init(list);
}

bool ob_nn_list_add(struct ob_nn_list *list, struct ob_nn nn)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 256;
        if (capacity > SIZE_MAX / sizeof *list->items)
            return false;
        struct ob_nn *items = realloc(list->items, capacity * sizeof *items);
        if (!items)
            return false;
        list->items = items;
        list->capacity = capacity;
    }
    nn.joined = nn.joined && list->count > 0;
    list->items[list->count++] = nn;
    return true;
}

/* Index of the first item at or after time_s. */
static size_t first_from(const struct ob_nn_list *list, double time_s)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->items[middle].time_s < time_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct ob_nn_list ob_nn_list_part(const struct ob_nn_list *list, double from_s, double to_s)
{
    size_t first = first_from(list, from_s);
    size_t last = first_from(list, to_s);
    struct ob_nn_list part = {.items = list->items ? list->items + first : NULL,
                              .count = last > first ? last - first : 0};
    return part;
}
