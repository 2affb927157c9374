/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every setting of the program, once. The configuration file, the environment, the command line, their help, the
 * commented default and the page of the manual are all made from this table.
 *
 * X(ID, key, option, kind, low, high, unit, standard, words, argument, help)
 *   key       group.name, as in the file; OUTBREATH_GROUP_NAME in the environment
 *   option    on the command line, without the dashes; NULL: it has none
 *   kind      BOOL, NUMBER, INTEGER, CHOICE, HOURS, TEXT
 *   low, high the range of a number, both ends allowed
 *   unit      of a number, for people
 *   standard  the default, as it would be written
 *   words     of a CHOICE: what there is to choose from, separated by |; of a NUMBER: a word that may stand instead of
 *             it and means 0; NULL: none
 *   argument  what the command line's help calls the value; NULL for a BOOL; in
 *             [brackets]: the option may stand without it and means 0
 *   help      a lower-case clause for people
 *
 * A setting has a row only while it does something. A new one: a row here, then ob_settings_number() or its like where
 * it is used; `outbreath config default >config/outbreath.yaml`, and the table of docs/configuration.md from
 * `outbreath config manual`. */
#ifndef OB_CONFIG_TABLE_H
#define OB_CONFIG_TABLE_H

#define OB_SETTINGS_TABLE(X)                                                                                           \
    X(SESSION_MINUTES, "session.minutes", "minutes", NUMBER, 0.5, 120, "minutes", "10", NULL, "M",                     \
      "how long the guidance lasts")                                                                                   \
    X(SESSION_MEASURED, "session.measured", "measured", BOOL, 0, 0, NULL, "false", NULL, NULL,                         \
      "two unpaced minutes before and after, on top of the guidance")                                                  \
    X(SESSION_ADAPTIVE, "session.adaptive", "adaptive", BOOL, 0, 0, NULL, "false", NULL, NULL,                         \
      "the pace follows what is learnt of your own from the first minutes on, by 0.25/min in two minutes")             \
    X(SESSION_KEEP, "session.keep", "keep", BOOL, 0, 0, NULL, "true", NULL, NULL,                                      \
      "remember the session, sealed, on this machine alone; --no-keep leaves no trace of it")                          \
    X(SESSION_PROTOCOL, "session.protocol", "protocol", TEXT, 0, 0, NULL, "none", NULL, "NAME|FILE",                   \
      "the protocol that a session follows; none is a plain session of the minutes above")                             \
    X(PACER_RATE, "pacer.rate_brpm", "pace", NUMBER, 3, 12, "breaths/min", "auto", "auto", "BRPM",                     \
      "a pace that stays; auto glides from the starting pace to the target")                                           \
    X(PACER_START, "pacer.start_brpm", NULL, NUMBER, 4.5, 10, "breaths/min", "9", NULL, NULL,                          \
      "where an automatic pace starts; never below the target")                                                        \
    X(PACER_TARGET, "pacer.target_brpm", NULL, NUMBER, 4.5, 10, "breaths/min", "6", NULL, NULL,                        \
      "where an automatic pace glides to")                                                                             \
    X(PACER_INHALE, "pacer.inhale_percent", NULL, NUMBER, 33, 50, "% of inhale and exhale together", "40", NULL, NULL, \
      "how much of the breathing is inhale; 33 is one third")                                                          \
    X(PACER_HOLD_IN, "pacer.hold_in_s", NULL, NUMBER, 0, 20, "seconds", "0", NULL, NULL,                               \
      "a pause after the inhale; pauses are shortened where less than half of a breath would be left")                 \
    X(PACER_HOLD_OUT, "pacer.hold_out_s", NULL, NUMBER, 0, 20, "seconds", "0", NULL, NULL,                             \
      "a pause after the exhale, shortened in the same way")                                                           \
    X(SENSOR_PREFER, "sensor.prefer", NULL, CHOICE, 0, 0, NULL, "auto", "auto|none|serial|bluetooth", NULL,            \
      "the sensor of a session when the command line names none; auto takes the strap of last time, if there is one")  \
    X(SENSOR_SERIAL_PORT, "sensor.serial_port", "serial", TEXT, 0, 0, NULL, "auto", NULL, "PORT|auto",                 \
      "the port of a board; auto looks for one")                                                                       \
    X(SENSOR_BAUD, "sensor.baud", "baud", NUMBER, 9600, 921600, "baud", "auto", "auto", "BAUD",                        \
      "the speed of that port; auto tries it out")                                                                     \
    X(SENSOR_BLUETOOTH, "sensor.bluetooth_address", "bluetooth", TEXT, 0, 0, NULL, "any", NULL, "ADDRESS|any",         \
      "a Bluetooth heart strap's address; any takes the last good one, else the strongest")                            \
    X(SENSOR_SAMPLING, "sensor.sampling_hz", "fs", NUMBER, 1, 10000, "Hz", "auto", "auto", "HZ",                       \
      "the sampling rate of a port or file that does not say it itself")                                               \
    X(SOUND_VOLUME, "sound.volume_01", "volume", NUMBER, 0, 1, "0 silent, 1 full", "0.6", NULL, "0-1",                 \
      "the volume at the start")                                                                                       \
    X(SOUND_SOUNDSCAPE, "sound.soundscape", "soundscape", TEXT, 0, 0, NULL, "shore", NULL, "NAME",                     \
      "what the breath sounds like: shore, bowls, pad, or the name of a file of your own")                             \
    X(SOUND_VOICE, "sound.voice", "voice", CHOICE, 0, 0, NULL, "on", "on|teach|brief|off", "WHEN",                     \
      "who speaks: on teaches the breath while you are new, teach always, brief never; off only writes")               \
    X(SOUND_GONG, "sound.gong", "gong", BOOL, 0, 0, NULL, "true", NULL, NULL,                                          \
      "a bowl is struck once as a session ends")                                                                       \
    X(SOUND_MAXIMUM, "sound.maximum_01", NULL, NUMBER, 0.05, 1, "0.05 soft, 1 full", "1", NULL, NULL,                  \
      "the loudest volume that any key or setting can ask for, such as for a studio")                                  \
    X(SOUND_MUTE, "sound.mute", "mute", BOOL, 0, 0, NULL, "false", NULL, NULL, "no sound")                             \
    X(SOUND_DEVICE, "sound.device", "device", TEXT, 0, 0, NULL, "", NULL, "NAME",                                      \
      "a part of the name of the sound device or system (jack, pulse, ...); empty takes the system's own")             \
    X(SOUND_BUFFER, "sound.buffer_frames", "buffer", INTEGER, 64, 8192, "frames", "512", NULL, "FRAMES",               \
      "the sound device's buffer: more is steadier, less is sooner")                                                   \
    X(SOUND_LATE, "sound.late_ms", "late", NUMBER, 0, 500, "ms", "0", NULL, "MS",                                      \
      "how late headphones are beyond what the system knows of them; the sound is begun so much sooner")               \
    X(HAPTICS_WHEN, "haptics.when", "haptics", CHOICE, 0, 0, NULL, "dark", "dark|always|never", "WHEN",                \
      "when a game controller moves with the breath: while a protocol keeps the picture dark, always or never")        \
    X(HAPTICS_STRENGTH, "haptics.strength_01", NULL, NUMBER, 0, 1, "0 still, 1 strongest", "0.5", NULL, NULL,          \
      "how strongly it moves; the strongest is still no more than 60% of what its motors can do")                      \
    X(DISPLAY_FULLSCREEN, "display.fullscreen", "fullscreen", BOOL, 0, 0, NULL, "false", NULL, NULL,                   \
      "begin in full screen")                                                                                          \
    X(DISPLAY_WIDTH, "display.width_px", "width", INTEGER, 160, 16384, "pixels", "1280", NULL, "PIXELS",               \
      "how wide the window is")                                                                                        \
    X(DISPLAY_HEIGHT, "display.height_px", "height", INTEGER, 120, 16384, "pixels", "720", NULL, "PIXELS",             \
      "how high the window is")                                                                                        \
    X(DISPLAY_SCREEN, "display.screen", "screen", TEXT, 0, 0, NULL, "", NULL, "NAME|N|list",                           \
      "the screen that the picture fills: its name, a part of it, or its number from the left; empty is any")          \
    X(DISPLAY_OVERSCAN, "display.overscan", "overscan", NUMBER, 0, 10, "% of each edge", "0", NULL, "PERCENT",         \
      "how much of each edge a television cuts off; words and numbers keep away from it")                              \
    X(DISPLAY_SCENE, "display.scene", "scene", TEXT, 0, 0, NULL, "tide", NULL, "NAME",                                 \
      "the picture: a scene's name, or the path of a .glsl file")                                                      \
    X(DISPLAY_NUMBERS, "display.numbers", "numbers", BOOL, 0, 0, NULL, "false", NULL, NULL,                            \
      "begin with the numbers shown")                                                                                  \
    X(DISPLAY_REDUCED_MOTION, "display.reduced_motion", "reduced-motion", BOOL, 0, 0, NULL, "false", NULL, NULL,       \
      "less movement in the picture")                                                                                  \
    X(DISPLAY_LANGUAGE, "display.language", "lang", CHOICE, 0, 0, NULL, "auto", "auto|en|de", "LANG",                  \
      "the language of pages, captions and the voice; auto takes the desktop's")                                       \
    X(DISPLAY_SPEAK, "display.speak", "speak", BOOL, 0, 0, NULL, "false", NULL, NULL, "read pages aloud")              \
    X(DISPLAY_THEME, "display.theme", "theme", CHOICE, 0, 0, NULL, "auto", "auto|dusk|day|contrast|black", "NAME",     \
      "the colours of pages: of an evening, of a day, white on black, dim on true black; auto follows the desktop")    \
    X(BETWEEN_PAUSES, "between.pauses", NULL, INTEGER, 1, 4, "a day", "off", "off", NULL,                              \
      "how many pauses of three minutes the desktop offers, as a notification")                                        \
    X(BETWEEN_HOURS, "between.hours", NULL, HOURS, 0, 0, NULL, "10:00-18:00", NULL, NULL,                              \
      "when it may; at all other times it is quiet")                                                                   \
    X(BETWEEN_DARK, "between.screen_free", NULL, BOOL, 0, 0, NULL, "true", NULL, NULL,                                 \
      "such a pause is without a picture; false shows the scene")                                                      \
    X(BETWEEN_SUGGESTION, "between.suggestion", NULL, BOOL, 0, 0, NULL, "true", NULL, NULL,                            \
      "one suggestion a day in turn: water, movement or stillness")                                                    \
    X(CONSOLE_PORT, "console.port", "console", INTEGER, 0, 65535, "a port", "off", "off", "[PORT]",                    \
      "the therapist's console, a page for a browser on this machine alone; 0 takes any port that is free")            \
    X(CONSOLE_SCREEN, "console.screen", "console-screen", TEXT, 0, 0, NULL, "none", NULL, "NAME|N|auto",               \
      "the therapist's page on a second screen, named as above; auto takes one that the picture is not on")            \
    X(KIOSK_NAME, "kiosk.name", NULL, TEXT, 0, 0, NULL, "", NULL, NULL,                                                \
      "the name of the studio, on the first picture")                                                                  \
    X(KIOSK_LOGO, "kiosk.logo", NULL, TEXT, 0, 0, NULL, "", NULL, NULL, "its sign, the path of a PNG file")            \
    X(KIOSK_HOURS, "kiosk.opening_hours", NULL, HOURS, 0, 0, NULL, "always", NULL, NULL,                               \
      "such as 08:00-20:00: at other times the screen is dark; always never sleeps")                                   \
    X(KIOSK_MINUTES, "kiosk.minutes", NULL, NUMBER, 2, 5, "minutes", "3", NULL, NULL, "how long a visitor is guided")  \
    X(KIOSK_LANGUAGES, "kiosk.languages", NULL, TEXT, 0, 0, NULL, "auto", NULL, NULL,                                  \
      "the languages to choose from, such as en, de; auto takes the one of the display")                               \
    X(KIOSK_PIN, "kiosk.pin_hash", NULL, TEXT, 0, 0, NULL, "", NULL, NULL,                                             \
      "of the staff's PIN, as outbreath kiosk --set-pin writes it; without one staff have no page")                    \
    X(KEYS_MARK, "keys.mark", NULL, TEXT, 0, 0, NULL, "PageDown=breath-changed, PageUp=sigh", NULL, NULL,              \
      "keys that mark what you see in a session, as of a presenter or a pedal: KEY=LABEL, KEY=LABEL")

/* X(group, heading): a sentence above each group in the commented default and in the manual. */
#define OB_SETTING_GROUPS(X)                                                                                           \
    X("session", "What a session is when nothing else is said.")                                                       \
    X("pacer", "The breath that you follow. Easy, not deep, through the nose.")                                        \
    X("sensor", "Where the heart comes from.")                                                                         \
    X("sound", "What you hear.")                                                                                       \
    X("haptics", "What you feel in the hands.")                                                                        \
    X("display", "What you see.")                                                                                      \
    X("between", "The days between treatments, see docs/at-home.md.")                                                  \
    X("console", "Treatment room: a page for the therapist, which others in the room do not see.")                     \
    X("kiosk", "In the studio: a screen for strangers, see docs/studio.md.")                                           \
    X("keys", "Keys, pedals and presenters.")

#endif
