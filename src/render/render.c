/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/render.h"

#include "base/log.h"
#include "base/maths.h"
#include "base/time.h"
#include "os/clock.h"
#include "render/beside.h"
#include "render/capture.h"
#include "render/dark.h"
#include "render/displays.h"
#include "render/light.h"
#include "render/noise.h"
#include "render/pace.h"
#include "render/panels.h"
#include "render/showing.h"
#include "render/verify.h"
#include "render/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFRESH_NS (500 * OB_NS_PER_MS)
#define PROBE_SIZE 32

enum { PRESENT_RECT, PRESENT_IMAGE, PRESENT_APPLY, PRESENT_DIM };
static const char *const present_uniforms[] = {"u_rect", "u_image", "u_apply", "u_dim", NULL};
enum { PLAIN_RECT, PLAIN_COLOR };
static const char *const plain_uniforms[] = {"u_rect", "u_color", NULL};

struct ob_render {
    struct ob_window window;
    struct ob_dark dark;
    struct ob_pace pace;
    struct ob_showing showing;
    struct ob_light light;
    struct ob_verify verify;
    enum ob_guard guard;
    struct ob_panels panels;
    struct ob_beside page;
    struct ob_program present, plain;
    GLuint vertices; /* empty, but a core context wants one */
    GLuint noise;
    GLuint image, image_target; /* the scene, at its own size */
    int image_width, image_height;
    int width, height;
    bool probe;
    int64_t refreshed_ns;
    uint64_t frames;
    /* what the last frame was composed of, to compose it again: a swap may take it away */
    GLuint apply;
    bool probe_lit;
};

static enum ob_err fail(struct ob_render *render, enum ob_err err, const char *sentence, char *problem_out,
                        int problem_size)
{
    if (sentence)
        snprintf(problem_out, (size_t)problem_size, "%s", sentence);
    ob_render_destroy(render);
    return err;
}

enum ob_err ob_render_show_scene(struct ob_render *render, const char *scene, char *problem_out, int problem_size)
{
    if (problem_size > 0)
        problem_out[0] = 0;
    return ob_showing_show(&render->showing, scene, render->image_width, render->image_height, problem_out,
                           problem_size);
}

const char *ob_render_scene(const struct ob_render *render)
{
    return ob_showing_name(&render->showing);
}

void ob_render_scene_title(const struct ob_render *render, char *title_out, int size)
{
    ob_showing_title(&render->showing, title_out, size);
}

enum ob_err ob_render_next_scene(struct ob_render *render, int by, char *title_out, int size)
{
    return ob_showing_next(&render->showing, by, render->image_width, render->image_height, title_out, size);
}

static enum ob_err fit_image(struct ob_render *render);

enum ob_err ob_render_create(const struct ob_render_desc *desc, struct ob_render **render_out, char *problem_out,
                             int problem_size)
{
    *render_out = NULL;
    if (problem_size > 0)
        problem_out[0] = 0;
    struct ob_render *render = calloc(1, sizeof *render);
    if (!render)
        return fail(render, OB_ERR_NO_MEMORY, "There is not enough memory.", problem_out, problem_size);
    enum ob_err err = ob_window_init(&render->window, desc, problem_out, (size_t)problem_size);
    if (err)
        return fail(render, err, NULL, problem_out, problem_size);
    ob_dark_init(&render->dark, &render->window);
    const bool es = render->window.es;
    const bool fixed = desc->offscreen || desc->scale > 0.0;
    /* Software GL begins small: a first second of late frames is worse than one of soft ones. */
    const double first = desc->scale > 0.0                             ? ob_clamp(desc->scale, OB_PACE_SCALE_LEAST, 1.0)
                         : render->window.software && !desc->offscreen ? 0.6
                                                                       : 1.0;
    ob_pace_init(&render->pace, ob_window_period_ns(&render->window), first, fixed);
    glGenVertexArrays(1, &render->vertices);
    glBindVertexArray(render->vertices);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    render->probe = desc->probe;
    render->noise = ob_noise_texture();
    err = render->noise ? OB_OK : OB_ERR_NO_MEMORY;
    if (!err)
        err = ob_light_init(&render->light, desc->shader_dir, es);
    if (!err)
        err = ob_verify_init(&render->verify);
    render->guard = desc->guard;
    if (!err)
        err = ob_program_init(&render->present, &(struct ob_program_desc){.dir = desc->shader_dir,
                                                                          .name = "present.glsl",
                                                                          .uniforms = present_uniforms,
                                                                          .es = es});
    if (!err)
        err = ob_program_init(&render->plain,
                              &(struct ob_program_desc){
                                  .dir = desc->shader_dir, .name = "plain.glsl", .uniforms = plain_uniforms, .es = es});
    if (!err)
        err = ob_panels_init(&render->panels, desc->shader_dir, es);
    if (err) {
        char sentence[160];
        snprintf(sentence, sizeof sentence, "The picture can't be drawn: %s.", ob_err_text(err));
        return fail(render, err, sentence, problem_out, problem_size);
    }
    ob_showing_init(&render->showing, desc->shader_dir, desc->own_scenes, render->noise, es);
    ob_showing_try_outside(&render->showing, desc->trial_program, desc->trial_s);
    ob_window_size(&render->window, &render->width, &render->height);
    err = fit_image(render);
    if (!err)
        err = ob_showing_open(&render->showing, desc->scene, render->image_width, render->image_height, problem_out,
                              problem_size);
    if (err)
        return fail(render, err, NULL, problem_out, problem_size);
    *render_out = render;
    return OB_OK;
}

void ob_render_destroy(struct ob_render *render)
{
    if (!render)
        return;
    if (render->window.context) {
        ob_render_close_page(render);
        ob_showing_finish(&render->showing);
        ob_light_finish(&render->light);
        ob_verify_finish(&render->verify);
        ob_panels_finish(&render->panels);
        ob_program_finish(&render->present);
        ob_program_finish(&render->plain);
        glDeleteTextures(1, &render->noise);
        glDeleteTextures(1, &render->image);
        glDeleteFramebuffers(1, &render->image_target);
        glDeleteVertexArrays(1, &render->vertices);
    }
    ob_dark_finish(&render->dark);
    ob_window_finish(&render->window);
    free(render);
}

static enum ob_err fit_image(struct ob_render *render)
{
    const int width = (int)ob_clamp(render->width * render->pace.scale + 0.5, 1.0, 16384.0);
    const int height = (int)ob_clamp(render->height * render->pace.scale + 0.5, 1.0, 16384.0);
    if (render->image && width == render->image_width && height == render->image_height)
        return OB_OK;
    if (!render->image) {
        glGenTextures(1, &render->image);
        glGenFramebuffers(1, &render->image_target);
    }
    glBindTexture(GL_TEXTURE_2D, render->image);
    /* Eight bits, dithered by scene_main.glsl: software GL reads more of them at twice the cost. */
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glBindFramebuffer(GL_FRAMEBUFFER, render->image_target);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, render->image, 0);
    if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
        return OB_ERR_NO_GL;
    render->image_width = width;
    render->image_height = height;
    return OB_OK;
}

static void take_in_shaders(struct ob_render *render)
{
    const int64_t now_ns = ob_clock_monotonic_ns();
    if (now_ns - render->refreshed_ns < REFRESH_NS)
        return;
    render->refreshed_ns = now_ns;
    ob_showing_refresh(&render->showing, render->image_width, render->image_height);
    ob_program_refresh(&render->present);
    ob_light_refresh(&render->light);
    ob_panels_refresh(&render->panels);
}

static const char *shader_problem(const struct ob_render *render)
{
    const struct ob_program *programs[] = {&render->present, &render->light.grid, &render->light.limit,
                                           &render->panels.program};
    if (ob_showing_problem(&render->showing)[0])
        return ob_showing_problem(&render->showing);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (programs[i]->problem[0])
            return programs[i]->problem;
    return "";
}

/* Scene, words and probe onto the screen. */
static void compose(struct ob_render *render)
{
    const float dim = render->guard == OB_GUARD_NONE ? 1.0f : ob_verify_dim(&render->verify);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glViewport(0, 0, render->width, render->height);
    glDisable(GL_BLEND);
    glUseProgram(render->present.id);
    glUniform4f(render->present.at[PRESENT_RECT], -1.0f, -1.0f, 1.0f, 1.0f);
    glUniform1i(render->present.at[PRESENT_IMAGE], 0);
    glUniform1i(render->present.at[PRESENT_APPLY], 1);
    glUniform1f(render->present.at[PRESENT_DIM], dim);
    glActiveTexture(GL_TEXTURE1);
    glBindTexture(GL_TEXTURE_2D, render->apply);
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, render->image);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    ob_panels_draw(&render->panels, render->apply, dim);
    if (render->probe) {
        const float level = render->probe_lit ? 1.0f : 0.0f;
        glDisable(GL_BLEND);
        glUseProgram(render->plain.id);
        glUniform4f(render->plain.at[PLAIN_RECT], -1.0f, 1.0f - 2.0f * PROBE_SIZE / (float)render->height,
                    -1.0f + 2.0f * PROBE_SIZE / (float)render->width, 1.0f);
        glUniform4f(render->plain.at[PLAIN_COLOR], level, level, level, 1.0f);
        glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }
}

enum ob_err ob_render_frame(struct ob_render *render, const struct ob_snapshot *snapshot,
                            const struct ob_overlay *overlay, int64_t seen_ns)
{
    const int64_t begun_ns = ob_clock_monotonic_ns();
    take_in_shaders(render);
    ob_window_size(&render->window, &render->width, &render->height);
    enum ob_err err = fit_image(render);
    if (err)
        return err;

    ob_showing_draw(&render->showing, snapshot, overlay->reduced_motion, render->image_target, render->image_width,
                    render->image_height, seen_ns);

    ob_panels_update(&render->panels, snapshot, overlay, shader_problem(render), render->width, render->height,
                     seen_ns);
    ob_light_begin(&render->light, render->image, render->image_width, render->image_height);
    ob_panels_weigh(&render->panels, &render->light);
    render->apply = ob_light_limit(&render->light, seen_ns, !render->window.offscreen, render->guard != OB_GUARD_ALL);
    render->probe_lit = snapshot->arrivals & 1;
    compose(render);
    ob_verify_frame(&render->verify, render->width, render->height, seen_ns);

    /* Waiting here tells the true cost of a frame, and keeps the driver from queueing frames that would be old. */
    glFinish();
    const int64_t drawn_ns = ob_clock_monotonic_ns();
    ob_showing_watch(&render->showing, drawn_ns - begun_ns);
    if (!render->window.offscreen)
        SDL_GL_SwapWindow(render->window.window);
    render->frames++;
    ob_pace_shown(&render->pace, seen_ns, ob_clock_monotonic_ns(), drawn_ns - begun_ns, render->window.blocks);
    return OB_OK;
}

int64_t ob_render_wait(struct ob_render *render)
{
    ob_clock_sleep_until_ns(ob_pace_begin_ns(&render->pace, ob_clock_monotonic_ns()));
    return ob_pace_seen_ns(&render->pace, ob_clock_monotonic_ns());
}

enum ob_err ob_render_read(struct ob_render *render, unsigned char *pixels_out, size_t size, int *width_out,
                           int *height_out)
{
    *width_out = render->width;
    *height_out = render->height;
    if (!pixels_out)
        return OB_OK;
    if (!render->frames)
        return OB_ERR_EMPTY;
    if (size < (size_t)render->width * (size_t)render->height * 4)
        return OB_ERR_RANGE;
    compose(render);
    ob_capture_read(render->width, render->height, pixels_out);
    return OB_OK;
}

enum ob_err ob_render_capture(struct ob_render *render, const char *path)
{
    if (!render->frames)
        return OB_ERR_EMPTY;
    compose(render);
    return ob_capture_png(render->width, render->height, path);
}

void ob_render_darken(struct ob_render *render)
{
    ob_dark_begin(&render->dark, &render->window, ob_clock_monotonic_ns());
}

void ob_render_dark_step(struct ob_render *render)
{
    ob_dark_step(&render->dark, &render->window, ob_clock_monotonic_ns());
}

void ob_render_lighten(struct ob_render *render)
{
    ob_dark_end(&render->dark, &render->window);
}

bool ob_render_display_is_off(const struct ob_render *render)
{
    return render->dark.display.off;
}

const char *ob_render_dark_sentence(const struct ob_render *render)
{
    return ob_display_off_sentence(&render->dark.display);
}

void ob_render_toggle_fullscreen(struct ob_render *render)
{
    if (render->window.offscreen || !render->window.window)
        return;
    const Uint32 full = SDL_GetWindowFlags(render->window.window) & SDL_WINDOW_FULLSCREEN_DESKTOP;
    SDL_SetWindowFullscreen(render->window.window, full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
    render->pace.period_ns = ob_window_period_ns(&render->window);
}

int ob_render_screens(struct ob_screen list_out[OB_SCREENS])
{
    return ob_displays_list(list_out);
}

int ob_render_screen(const struct ob_render *render)
{
    return render->window.window ? ob_displays_of(render->window.window) : 0;
}

enum ob_err ob_render_ask_screens(struct ob_screen list_out[OB_SCREENS], int *count_out, char *problem_out,
                                  int problem_size)
{
    *count_out = 0;
    const enum ob_err err = ob_window_begin_video(&(struct ob_render_desc){0}, problem_out, (size_t)problem_size);
    if (err)
        return err;
    *count_out = ob_displays_list(list_out);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    return OB_OK;
}

bool ob_render_fill(struct ob_render *render, int display)
{
    if (render->window.offscreen && render->window.window)
        return true;
    render->dark.was_small = false;
    render->dark.width = 0; /* painted anew */
    if (render->window.window)
        ob_displays_fill(render->window.window, display);
    else if (!ob_window_take_out(&render->window, display))
        return false;
    render->pace.period_ns = ob_window_period_ns(&render->window);
    return true;
}

bool ob_render_is_fullscreen(const struct ob_render *render)
{
    return render->window.window && (SDL_GetWindowFlags(render->window.window) & SDL_WINDOW_FULLSCREEN_DESKTOP);
}

bool ob_render_put_away(struct ob_render *render)
{
    if (render->page.window)
        ob_window_put_away(&render->window, render->page.window);
    return !render->window.window;
}

enum ob_err ob_render_open_page(struct ob_render *render, int display)
{
    ob_render_close_page(render);
    const enum ob_err err = ob_beside_open(&render->page, &render->window, display);
    if (!err)
        ob_dark_keep_lit(&render->dark, &render->window, true);
    return err;
}

void ob_render_close_page(struct ob_render *render)
{
    if (!render->page.window || !render->window.context)
        return;
    ob_beside_close(&render->page, &render->window);
    ob_dark_keep_lit(&render->dark, &render->window, false);
}

uint32_t ob_render_page_window(const struct ob_render *render)
{
    return render->page.window ? SDL_GetWindowID(render->page.window) : 0;
}

uint32_t ob_render_picture_window(const struct ob_render *render)
{
    return render->window.window ? SDL_GetWindowID(render->window.window) : 0;
}

void ob_render_page(struct ob_render *render, uint64_t key,
                    void (*paint)(void *user, cairo_t *cairo, struct ob_words *words, int width, int height),
                    void *user)
{
    struct ob_layer *layer = &render->page.layer;
    int width, height;
    if (!render->page.window)
        return;
    if (!ob_beside_stands(&render->page, &render->window)) {
        ob_beside_blacken(&render->page, &render->window);
        return;
    }
    ob_beside_size(&render->page, &width, &height);
    if (layer->key == key && layer->width == width && layer->height == height)
        return;
    cairo_t *cairo = ob_layer_paint(width, height);
    if (!cairo)
        return;
    paint(user, cairo, &render->panels.words, width, height);
    ob_layer_painted(layer, cairo, 0, 0, key);
    ob_beside_show(&render->page, &render->window, &render->panels.program);
}

void ob_render_info(const struct ob_render *render, struct ob_render_info *info_out)
{
    memset(info_out, 0, sizeof *info_out);
    snprintf(info_out->driver, sizeof info_out->driver, "%s", SDL_GetCurrentVideoDriver());
    snprintf(info_out->gl, sizeof info_out->gl, "%.40s, %.52s", (const char *)glGetString(GL_VERSION),
             (const char *)glGetString(GL_RENDERER));
    info_out->gles = render->window.es;
    info_out->software = render->window.software;
    info_out->width = render->width;
    info_out->height = render->height;
    info_out->scale = render->pace.scale;
    info_out->cost_ns = (int64_t)render->pace.cost_ns;
    info_out->frames = render->frames;
    info_out->dimmed = render->verify.times;
    snprintf(info_out->problem, sizeof info_out->problem, "%s", shader_problem(render));
}
