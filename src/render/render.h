/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture: a window, one scene, the HUD over it, and the light limiter last.
 *
 * Main thread only. Follows a snapshot; evaluates the pacer at the time a frame will be seen. The loop of a program
 * with a window is:
 *
 *     handle SDL's events
 *     seen_ns = ob_render_wait(render)              sleeps until the next frame has to be begun
 *     snapshot = the newest one
 *     ob_render_frame(render, snapshot, overlay, seen_ns)
 *
 * A program without one (headless) calls ob_render_frame() with any times it likes: what is drawn depends on the
 * snapshot, the overlay and seen_ns alone, and on the frames before where something fades. */
#ifndef OB_RENDER_RENDER_H
#define OB_RENDER_RENDER_H

#include "base/err.h"
#include "engine/snapshot.h"
#include "plot/words.h"
#include "render/screens.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ob_render;

/* The light guard is always whole; what is less is for tests and tables that show what each part of it does. */
enum ob_guard {
    OB_GUARD_ALL,      /* the limiter (light.h), and the look at what was shown (verify.h) */
    OB_GUARD_VERIFIER, /* only the latter */
    OB_GUARD_NONE
};

struct ob_render_desc {
    int width, height; /* 1280 x 720 when 0 */
    bool fullscreen;
    bool offscreen;            /* no window: SDL's offscreen driver, for headless frames */
    const char *shader_dir;    /* watched for changes; NULL: the embedded shaders only */
    const char *own_scenes;    /* the folder of a person's own scenes (shelf.h), or NULL */
    const char *scene;         /* a scene's name or a path to a .glsl file; NULL: the default */
    const char *trial_program; /* of a person's own scenes (trial.h): the program itself; NULL: they are tried here */
    double trial_s;            /* processor time that a trial may take; 0: OB_TRIAL_DRAW_S */
    double scale; /* of the scene against the picture, 0.5-1; 0: what the machine can in time (1 offscreen) */
    bool gles;    /* GL ES 3.0 even where there is GL 3.3 */
    enum ob_guard guard;
    bool probe; /* latency probe: a patch in the corner that turns with snapshot->arrivals */
};

/* What the screen shows beside the scene; owned by the ui. */
struct ob_overlay {
    bool hud;      /* numbers and tachogram */
    bool formulas; /* how the numbers are made */
    bool help;     /* the keys */
    bool reduced_motion;
    double overscan_01; /* the share of each edge that a television cuts off: words keep away from it */
    char caption[160];  /* one line for the person: "Follow the light", "signal held", ... */
    char notice[160];   /* one line about devices: "No sound device", ... */
    char sensor[160];   /* what the source says */
    /* A whole screen over all of it: painted when its key changes, at most ten times a second; 0: none. While it is
     * there, caption, notice, numbers and keys are not. */
    uint64_t screen_key;
    void (*paint_screen)(void *user, cairo_t *cairo, struct ob_words *words, int width, int height);
    void *paint_user;
};

/* Without a display OB_ERR_NO_DISPLAY (also where SDL would draw for nobody), without GL 3.3 or ES 3.0 OB_ERR_NO_GL,
 * OB_ERR_NOT_FOUND or OB_ERR_SHADER for a scene that is not there or does not compile; problem_out gets a sentence. */
enum ob_err ob_render_create(const struct ob_render_desc *desc, struct ob_render **render_out, char *problem_out,
                             int problem_size);
void ob_render_destroy(struct ob_render *render);

/* Sleeps until the next frame has to be begun and returns when it will be seen: the seen_ns for ob_render_frame().
 * Keeps the time itself where the display does not (Xvfb, offscreen). */
int64_t ob_render_wait(struct ob_render *render);

/* Draws one frame that will be seen at about seen_ns and shows it (returns after the swap). */
enum ob_err ob_render_frame(struct ob_render *render, const struct ob_snapshot *snapshot,
                            const struct ob_overlay *overlay, int64_t seen_ns);

/* Goes to another scene, through the dark: its name or path as in ob_render_desc. Errors and sentence as there; the
 * picture then stays as it is. Where scenes are tried by trial_program, one of somebody's own comes when it has passed,
 * and a notice says so if it does not. */
enum ob_err ob_render_show_scene(struct ob_render *render, const char *scene, char *problem_out, int problem_size);

/* The name or path of the scene shown, or on its way. Valid until the next call that changes it. */
const char *ob_render_scene(const struct ob_render *render);

/* What it calls itself. */
void ob_render_scene_title(const struct ob_render *render, char *title_out, int size);

/* Goes on by so many scenes (1, or -1 for back) among those in the program and one's own; behind the last comes the
 * first. title_out gets what it calls itself. One that can't be shown is passed over, and a notice says why. */
enum ob_err ob_render_next_scene(struct ob_render *render, int by, char *title_out, int size);

/* The dark of a session without a picture. ob_render_darken() makes the whole screen black and puts the display off
 * where it can be; from then on nothing is drawn, and ob_render_dark_step(), a few times a second, takes
 * the place of ob_render_wait() and ob_render_frame(). ob_render_lighten() brings display and window back as they were.
 * A renderer that is destroyed in the dark leaves the display off until somebody touches a key or the mouse. */
void ob_render_darken(struct ob_render *render);
void ob_render_dark_step(struct ob_render *render);
void ob_render_lighten(struct ob_render *render);
bool ob_render_display_is_off(const struct ob_render *render); /* the display itself, not only black */

/* For people: what ob_render_darken() does here. Static memory. */
const char *ob_render_dark_sentence(const struct ob_render *render);

/* Writes the frame last drawn as a PNG. */
enum ob_err ob_render_capture(struct ob_render *render, const char *path);

void ob_render_toggle_fullscreen(struct ob_render *render);

/* The displays, in the order of their indices, and which of them the picture is on. */
int ob_render_screens(struct ob_screen list_out[OB_SCREENS]);
int ob_render_screen(const struct ob_render *render);

/* The same for a program without a window: asks the desktop and lets go of it. OB_ERR_NO_DISPLAY and a sentence. */
enum ob_err ob_render_ask_screens(struct ob_screen list_out[OB_SCREENS], int *count_out, char *problem_out,
                                  int problem_size);

/* Lets the picture fill a display: also where SDL believes that it does, but the display has come and gone meanwhile,
 * and where its window had been put away. False: the desktop refuses. */
bool ob_render_fill(struct ob_render *render, int display);
bool ob_render_is_fullscreen(const struct ob_render *render);

/* The picture has no window until it fills a display again; meanwhile no frame may be drawn. Only while a page is open,
 * which may not be closed meanwhile. False: it has one still. */
bool ob_render_put_away(struct ob_render *render);

/* A page on another display (beside.h). While it is open the dark of a session only blackens the picture's display:
 * switched off are all of them or none. */
enum ob_err ob_render_open_page(struct ob_render *render, int display);
void ob_render_close_page(struct ob_render *render);
uint32_t ob_render_page_window(const struct ob_render *render); /* as SDL's events name it; 0: there is none */
uint32_t ob_render_picture_window(const struct ob_render *render);

/* Paints the page when key or its size is another than before, and shows it. */
void ob_render_page(struct ob_render *render, uint64_t key,
                    void (*paint)(void *user, cairo_t *cairo, struct ob_words *words, int width, int height),
                    void *user);

/* What it is drawn with, for logs and for people. */
struct ob_render_info {
    char driver[32]; /* SDL's video driver: "x11", "wayland", "offscreen" */
    char gl[96];     /* version and renderer as GL says them */
    bool gles;
    bool software; /* drawn by the processor */
    int width, height;
    double scale;      /* of the scene now */
    int64_t cost_ns;   /* of drawing a frame, smoothed */
    uint64_t frames;   /* so far */
    int dimmed;        /* times that the picture had to be dimmed because it flashed; 0 as long as the limiter works */
    char problem[256]; /* of a shader that is not used because it does not compile; else empty */
};

void ob_render_info(const struct ob_render *render, struct ob_render_info *info_out);

/* Copies the frame last drawn: *width_out x *height_out pixels, RGBA, rows from the bottom. pixels_out may be NULL to
 * ask for the size. OB_ERR_RANGE when size is too small. */
enum ob_err ob_render_read(struct ob_render *render, unsigned char *pixels_out, size_t size, int *width_out,
                           int *height_out);

#endif
