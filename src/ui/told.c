/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/told.h"

#include <string.h>

void ob_ui_told_begin(struct ob_ui_told *told)
{
    told->length = 0;
    told->pieces = told->items = 0;
    told->open = -1;
    told->cut = 0;
    told->least_units = 0.0;
    told->cut_words = NULL;
}

void ob_ui_told_item(struct ob_ui_told *told, uint64_t key)
{
    ob_ui_told_item_end(told);
    if (told->items == OB_UI_TOLD_ITEMS)
        return;
    told->open = told->items++;
    told->item[told->open].key = key;
    told->item[told->open].from = told->item[told->open].to = told->length;
}

void ob_ui_told_item_end(struct ob_ui_told *told)
{
    if (told->open >= 0)
        told->item[told->open].to = told->length;
    told->open = -1;
}

void ob_ui_told_say(struct ob_ui_told *told, const char *words)
{
    const size_t more = strlen(words) + 1;
    if (more < 2 || told->length + more > sizeof told->words)
        return;
    memcpy(told->words + told->length, words, more);
    told->length += more;
    told->pieces++;
    if (told->open >= 0)
        told->item[told->open].to = told->length;
}

/* Appends a piece as a sentence. */
static void append(char *out, size_t size, const char *piece)
{
    const size_t had = strlen(out), more = strlen(piece);
    if (had + more + 3 > size)
        return;
    if (had > 0)
        strcat(out, " ");
    strcat(out, piece);
    if (more > 0 && !strchr(".!?:;,", piece[more - 1]))
        strcat(out, ".");
}

/* The words of an item as one sentence after the other; "" for none. */
static void words_of(const struct ob_ui_told *told, uint64_t key, char *out, size_t size)
{
    out[0] = '\0';
    for (int i = 0; i < told->items; i++)
        if (told->item[i].key == key)
            for (size_t at = told->item[i].from; at < told->item[i].to; at += strlen(told->words + at) + 1)
                append(out, size, told->words + at);
}

/* The words that belong to no item. */
static void words_of_none(const struct ob_ui_told *told, char *out, size_t size)
{
    out[0] = '\0';
    for (size_t at = 0; at < told->length; at += strlen(told->words + at) + 1) {
        int of = -1;
        for (int i = 0; i < told->items; i++)
            if (at >= told->item[i].from && at < told->item[i].to)
                of = i;
        if (of < 0)
            append(out, size, told->words + at);
    }
}

bool ob_ui_told_news(const struct ob_ui_told *told, struct ob_ui_telling *telling, uint64_t focus, char *out,
                     size_t size)
{
    out[0] = '\0';
    if (telling->page && telling->item == focus)
        return false;
    if (!telling->page)
        words_of_none(told, out, size);
    size_t had = strlen(out);
    if (had > 0 && had + 2 < size)
        strcpy(out + had++, " ");
    words_of(told, focus, out + had, size - had);
    telling->page = true;
    telling->item = focus;
    return out[0] != '\0';
}
