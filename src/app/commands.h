/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The subcommands. argv begins with the first word after the command's name; each returns an exit code. */
#ifndef OB_APP_COMMANDS_H
#define OB_APP_COMMANDS_H

int ob_cmd_session(int argc, char **argv); /* no subcommand: light and sound */
int ob_cmd_headless(int argc, char **argv);
int ob_cmd_replay(int argc, char **argv);
int ob_cmd_analyze(int argc, char **argv);
int ob_cmd_appointment(int argc, char **argv);
int ob_cmd_beats(int argc, char **argv);
int ob_cmd_breathe(int argc, char **argv);
int ob_cmd_backup(int argc, char **argv);
int ob_cmd_restore(int argc, char **argv);
int ob_cmd_config(int argc, char **argv);
int ob_cmd_delete(int argc, char **argv);
int ob_cmd_people(int argc, char **argv);
int ob_cmd_sessions(int argc, char **argv);
int ob_cmd_verify(int argc, char **argv);
int ob_cmd_practice_audio(int argc, char **argv);
int ob_cmd_protocols(int argc, char **argv);
int ob_cmd_kiosk(int argc, char **argv);
int ob_cmd_person(int argc, char **argv);
int ob_cmd_sensors(int argc, char **argv);
int ob_cmd_evaluate(int argc, char **argv);
int ob_cmd_gallery(int argc, char **argv);
int ob_cmd_export(int argc, char **argv);
int ob_cmd_remind(int argc, char **argv);
int ob_cmd_report(int argc, char **argv);
int ob_cmd_import(int argc, char **argv);

#endif
