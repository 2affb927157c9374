/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sessions there are: those that are shipped, in groups, and the person's own. */
#include "app/commands/protocol_files.h"
#include "app/places/place.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/tr.h"
#include "ui/list_screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct choose {
    struct ob_shell *shell;
    struct ob_ui_list model;
    char name[OB_UI_LIST_ROWS][48]; /* of the protocol behind a row */
    int current;                    /* the row of the session that home begins, -1: none */
};

/* Where a shipped one belongs; one that is not named here is the person's own, or for staff. */
static const struct {
    const char *prefix, *group;
} groups[] = {
    {"home-5-quick", OB_TR("Breathe with me")},
    {"home-10-quick", OB_TR("Breathe with me")},
    {"home-20-quick", OB_TR("Breathe with me")},
    {"pause", OB_TR("Away from the screen")},
    {"screen-free", OB_TR("Away from the screen")},
    {"stillness", OB_TR("Away from the screen")},
    {"sleep", OB_TR("Away from the screen")},
    {"body-awareness", OB_TR("Away from the screen")},
    {"home-5-measured", OB_TR("With a look before and after")},
    {"home-10-measured", OB_TR("With a look before and after")},
    {"home-20-measured", OB_TR("With a look before and after")},
    {"box", OB_TR("Patterns")},
    {"4-7-8", OB_TR("Patterns")},
    {"search-sliding", OB_TR("Find a comfortable pace")},
    {"search-stepped-2", OB_TR("Find a comfortable pace")},
    {"search-stepped-3", OB_TR("Find a comfortable pace")},
};
#define GROUPS (sizeof groups / sizeof *groups)
#define STAFF  "treatment-" /* a therapist starts these from the console */

static void add(struct choose *c, const struct ob_protocol_entry *entry, const char *group)
{
    struct ob_protocol protocol;
    struct ob_problems problems = {0};
    if (c->model.count == OB_UI_LIST_ROWS)
        return;
    const bool read = ob_protocol_file_read(entry->path, &protocol, &problems) == OB_OK;
    if (!read)
        return; /* 'outbreath protocols' says what is wrong with it */
    struct ob_ui_list_row *row = &c->model.row[c->model.count];
    snprintf(row->group, sizeof row->group, "%s", group);
    snprintf(row->name, sizeof row->name, "%s", ob_tr(protocol.title));
    snprintf(row->about, sizeof row->about, "%s", ob_tr(protocol.about));
    const double minutes = ob_protocol_seconds(&protocol) / 60.0;
    snprintf(row->value, sizeof row->value, ob_tr("%.0f min"), fmax(1.0, round(minutes)));
    snprintf(c->name[c->model.count], sizeof c->name[0], "%s", entry->name);
    if (c->shell->protocol.phase_count > 0 && strcmp(entry->name, c->shell->protocol.name) == 0)
        c->current = c->model.count;
    c->model.count++;
}

static void *enter(struct ob_shell *shell)
{
    struct choose *c = calloc(1, sizeof *c);
    struct ob_protocol_entry *entries = calloc(OB_PROTOCOLS_MAX, sizeof *entries);
    if (!c || !entries) {
        free(c);
        free(entries);
        return NULL;
    }
    c->shell = shell;
    c->current = -1;
    snprintf(c->model.title, sizeof c->model.title, "%s", ob_tr("What would you like to do?"));
    const size_t count = ob_protocol_list(entries);
    for (size_t i = 0; i < count; i++)
        if (entries[i].own)
            add(c, &entries[i], ob_tr("Your own"));
    for (size_t g = 0; g < GROUPS; g++)
        for (size_t i = 0; i < count; i++)
            if (!entries[i].own && strcmp(entries[i].name, groups[g].prefix) == 0)
                add(c, &entries[i], ob_tr(groups[g].group));
    for (size_t i = 0; i < count; i++)
        if (!entries[i].own && strncmp(entries[i].name, STAFF, strlen(STAFF)) == 0)
            add(c, &entries[i], ob_tr("In a treatment"));
    free(entries);
    return c;
}

static uint64_t first(void *state)
{
    const struct choose *c = state;
    return c->current >= 0 ? ob_ui_list_key(c->current) : 0;
}

static void draw(void *state, struct ob_ui_canvas *canvas)
{
    const struct choose *c = state;
    ob_ui_list_draw(canvas, &c->model);
}

static void back(void *state)
{
    struct choose *c = state;
    ob_shell_go(c->shell, &ob_place_home);
}

static void choose(void *state, uint64_t key)
{
    struct choose *c = state;
    const int row = ob_ui_list_choice(&c->model, key);
    if (row == OB_UI_LIST_BACK)
        back(c);
    else if (row >= 0 && ob_shell_choose(c->shell, c->name[row]))
        ob_shell_begin(c->shell);
}

const struct ob_place ob_place_choose = {.name = "choose",
                                         .enter = enter,
                                         .leave = free,
                                         .screen = {.draw = draw, .choose = choose, .back = back},
                                         .first = first};
