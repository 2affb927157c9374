/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every line that the program itself says in a session, once. A protocol's own captions stand in its file.
 *
 * X(ID, key, english)
 *   key      names a recording: voice/LANG/KEY.wav (docs/practice-audio.md)
 *   english  the line as it is spoken and shown; the key of its translation
 *
 * Easy, not deep, through the nose; nothing that was not measured, nothing that can be failed. A line is said once: no
 * line may need the one before it. */
#ifndef OB_SCRIPT_LINES_H
#define OB_SCRIPT_LINES_H

#define OB_SCRIPT_LINES(X)                                                                                             \
    X(WELCOME, "welcome", "Welcome. Sit or lie as is easy for you.")                                                   \
    X(MEASURED, "measured", "Sit easily and breathe as you always do. The guidance comes in a while.")                 \
    X(FOLLOW, "follow", "Now let the breath follow the sound, easily.")                                                \
    X(EASY, "easy", "Breathe easily, not deep, through the nose.")                                                     \
    X(FIRST_IN, "first-in", "Breathe in as the sound rises.")                                                          \
    X(FIRST_OUT, "first-out", "And out as it falls.")                                                                  \
    X(IN, "in", "Breathing in.")                                                                                       \
    X(OUT, "out", "Breathing out.")                                                                                    \
    X(HOLD, "hold", "Hold, softly.")                                                                                   \
    X(REST, "rest", "And rest.")                                                                                       \
    X(GO_ON, "go-on", "Go on like this, in your own way. There is nothing to reach.")                                  \
    X(LAST, "last", "A few more breaths like this.")                                                                   \
    X(LET_GO, "let-go", "Let the guidance go, and breathe as you always do.")                                          \
    X(NATURAL, "natural", "Just breathe, as it comes.")                                                                \
    X(DIZZY, "dizzy", "Breathe as you like, softly, sitting or lying. It passes.")                                     \
    X(THANKS, "thanks", "Thank you. Take your time.")

enum ob_script_id {
#define OB_SCRIPT_ENUM(id, key, english) OB_SCRIPT_##id,
    OB_SCRIPT_LINES(OB_SCRIPT_ENUM)
#undef OB_SCRIPT_ENUM
        OB_SCRIPT_COUNT
};

#endif
