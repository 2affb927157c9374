/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said in a session, and when: the opening, the first three breaths, a protocol's own words at their time, the
 * close, and the advice when somebody feels dizzy. The same lines are spoken and shown; whether somebody speaks them or
 * not changes nothing here.
 *
 * A script looks at snapshots and says the next line a little before it is due, so that there is time to make it. Lines
 * that belong to a breath are due where the pacer turns. While a phase of a protocol is silent (treatment, stillness, a
 * sound that has faded for the night) nothing is said at all. Pure: the same snapshots give the same lines. */
#ifndef OB_SCRIPT_SCRIPT_H
#define OB_SCRIPT_SCRIPT_H

#include "breath/protocol.h"
#include "engine/snapshot.h"
#include "script/lines.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_SCRIPT_SILENT_DB (-30.0) /* a phase quieter than this has no words */
#define OB_SCRIPT_BREATHS   3       /* that are taught */
#define OB_SCRIPT_TEXT      176

struct ob_script_desc {
    const struct ob_protocol *protocol;     /* outlives the script; NULL or without phases: a plain session */
    bool teach;                             /* the first breaths, for somebody new */
    const char *(*tr)(const char *english); /* into the person's language; NULL: English. Static memory */
};

/* One line to say. */
struct ob_script_line {
    char key[64];              /* of a recording */
    char text[OB_SCRIPT_TEXT]; /* in the person's language */
    int64_t start_ns;          /* when its first sound is to be heard */
    int64_t until_ns;          /* after that it would come too late */
    bool urgent;               /* stops whatever is being said */
    bool translated;           /* false: there is no other than the English text */
};

struct ob_script {
    struct ob_script_desc desc;
    /* private */
    int64_t free_ns; /* until then something is being said */
    uint32_t stage;  /* of the last snapshot but for pauses */
    bool begun, led, opened, taught, last_said, thanked, dizzy;
    int lines_due;   /* of the opening, told one by one: bits of enum ob_script_id */
    int breath;      /* that is being taught, from 0 */
    int64_t turn_ns; /* the turn that was told last */
    bool said[OB_PROTOCOL_CAPTIONS];
    int32_t phase;
    char caption[OB_SCRIPT_TEXT];
    int64_t caption_from_ns, caption_until_ns;
};

void ob_script_init(struct ob_script *script, const struct ob_script_desc *desc);

/* Looks at the newest snapshot; call it at least five times a second. dizzy: the person pressed that key, and has not
 * gone back to the guidance. True: there is one more line to say. */
bool ob_script_step(struct ob_script *script, const struct ob_snapshot *snapshot, bool dizzy,
                    struct ob_script_line *line_out);

/* What to show at a moment, "" where the script has nothing to show. */
const char *ob_script_caption(const struct ob_script *script, int64_t now_ns);

/* Whether the opening is still under way: then nobody else explains anything. */
bool ob_script_opens(const struct ob_script *script);

const char *ob_script_english(enum ob_script_id id);
const char *ob_script_key(enum ob_script_id id);

#endif
