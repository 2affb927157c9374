/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The child of a kiosk: the program with a window for one stranger, watched by a supervisor. It lives for one visit and
 * forgets by ending. Main thread.
 *
 * Strangers can press and choose; nothing else that they do leads anywhere. Staff come to their page by Ctrl+Shift+F12
 * held for a second, or by five touches in the upper left corner within three seconds, and a PIN. */
#ifndef OB_APP_KIOSK_H
#define OB_APP_KIOSK_H

#include "app/kiosk/kiosk_link.h"
#include "config/hours.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_KIOSK_LANGUAGES 6
#define OB_KIOSK_PIN_MIN   4 /* digits */
#define OB_KIOSK_PIN_MAX   12
#define OB_KIOSK_READ_S    2.5  /* the button below what has to be read works after this long */
#define OB_KIOSK_IDLE_S    60.0 /* without a person: the visit is wiped */
#define OB_KIOSK_LET_GO_S  6.0  /* without a beat, after there were beats: guidance ends */

struct ob_shell;

struct ob_kiosk {
    int fd; /* to the supervisor; -1: none */
    char languages[OB_KIOSK_LANGUAGES][8];
    int language_count;
    struct ob_hours hours; /* when it is open */
    bool with_sensor;      /* of this session: somebody holds one */
    bool let_go;           /* that is how it ended */
    uint32_t wrong;        /* PINs in a row */
    int64_t locked_until_ns;
    /* Of rehearsals alone, which have a program of their own and never run as a kiosk. */
    bool rehearsal;                                          /* a simulated heart may sit here */
    double idle_s, read_s;                                   /* 0: as above */
    double seconds;                                          /* of a session; 0: as the settings say */
    void (*look)(struct ob_shell *shell, void *user);        /* once a frame */
    void (*beat)(struct ob_kiosk_message *beat, void *user); /* before a heartbeat goes out */
    void *user;
    /* private */
    bool asleep, lit, touched;
    bool typed; /* digits of a PIN, on a keyboard: Return is OK then */
    int64_t touched_ns, sent_ns, chord_ns, taps_ns[5], closed_look_ns;
    uint64_t counters[OB_KIOSK_COUNTERS];
    uint64_t had_sound, had_turns, had_ticks, had_shown;
};

struct ob_settings;

/* Of the settings, which it changes to what a kiosk is: a protocol of its own, nothing kept, no console, no numbers,
 * full screen unless window. False: the languages can't be understood; a sentence was said and the kiosk speaks
 * the display's. */
bool ob_kiosk_init(struct ob_kiosk *kiosk, struct ob_settings *settings, bool window);

/* "en, de", each a language of the program. How many; 0: can't be understood. */
int ob_kiosk_languages(const char *text, char out[OB_KIOSK_LANGUAGES][8]);

/* The brief of the supervisor, which it has sent before the child began. */
void ob_kiosk_listen(struct ob_kiosk *kiosk, struct ob_shell *shell);

/* The two parts of a frame: takes all that SDL has waiting; and heartbeats, idle strangers, the end of a session.
 * Step returns true where nothing is to be drawn because the studio is closed; it has waited then. */
void ob_kiosk_take(struct ob_shell *shell);
bool ob_kiosk_step(struct ob_shell *shell);

/* For its places. */
void ob_kiosk_begin(struct ob_shell *shell, bool with_sensor); /* the session */
void ob_kiosk_wipe(struct ob_shell *shell);                    /* the visit is over: the child ends */
void ob_kiosk_say(struct ob_shell *shell, uint32_t kind, double maximum_01);
bool ob_kiosk_pin_fits(struct ob_shell *shell, const char *pin); /* false also while the pad is locked */

#endif
