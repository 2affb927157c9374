/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gallery's scenes: two rows a scene, of low and of high feedback, at four moments of a breath and one more; and a
 * clip of one breath each. */
#include "app/gallery/gallery.h"
#include "base/maths.h"
#include "base/time.h"
#include "render/shelf.h"
#include "render/webp.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOMENT_S   140.0 /* into the session: the slow time of the pictures */
#define BREATH_S   10.0
#define CLIP_HZ    10
#define CLIP_WIDE  416
#define BLEND      10  /* frames over which a clip's end becomes its beginning */
#define CLIP_PULSE 1.2 /* beats a second: whole ones in a breath */

static const struct {
    const char *file, *words;
    double phase_turns;
} moments[] = {
    {"empty", "empty", 0.0},
    {"in", "breathing in", 0.21},
    {"full", "full", 0.41},
    {"out", "breathing out (high: rewarded)", 0.66},
    {"more", "low: a heart beat, high: the exhale moment", 0.30},
};
#define MOMENTS ((int)(sizeof moments / sizeof *moments))
enum { REWARDED = 3, MORE = 4 };

static void fill(struct ob_snapshot *snapshot, int64_t now_ns, double session_s)
{
    memset(snapshot, 0, sizeof *snapshot);
    snapshot->now_ns = now_ns;
    snapshot->begin_ns = now_ns - ob_ns_from_s(session_s);
    snapshot->end_ns = snapshot->begin_ns + ob_ns_from_s(600.0);
    snapshot->stage = OB_STAGE_GUIDED;
    snapshot->sensor = OB_SENSOR_LIVE;
    snapshot->pacer.shape = ob_breath_shape_make(0.4, 60.0 / BREATH_S, 0.0, 0.0);
    snapshot->pacer.next = snapshot->pacer.shape;
    snapshot->params = (struct ob_params){
        .presence_01 = 1.0f, .guidance_01 = 1.0f, .feedback_01 = 0.5f, .signal_01 = 1.0f, .fit_01 = 0.8f};
}

static int count(const struct ob_gallery *gallery)
{
    struct ob_shelf shelf;
    ob_shelf_list(gallery->own_scenes, &shelf);
    return shelf.count * 2 * MOMENTS;
}

static enum ob_err change_to(struct ob_gallery *gallery, const char *name)
{
    static struct ob_snapshot snapshot;
    const struct ob_overlay nothing = {0};
    enum ob_err err = ob_render_show_scene(gallery->render, name, gallery->problem, sizeof gallery->problem);
    /* The way through the dark takes its time. */
    for (int i = 0; !err && i < 60; i++) {
        fill(&snapshot, gallery->seen_ns += OB_NS_PER_S / 10, MOMENT_S);
        err = ob_render_frame(gallery->render, &snapshot, &nothing, gallery->seen_ns);
    }
    return err;
}

static enum ob_err draw(struct ob_gallery *gallery, int index, struct ob_gallery_label *label_out)
{
    static struct ob_snapshot snapshot;
    static const struct ob_overlay nothing;
    struct ob_shelf shelf;
    ob_shelf_list(gallery->own_scenes, &shelf);
    const char *name = shelf.names[index / (2 * MOMENTS) % shelf.count];
    const int high = index / MOMENTS % 2, moment = index % MOMENTS;
    enum ob_err err = index % (2 * MOMENTS) == 0 ? change_to(gallery, name) : OB_OK;
    if (err)
        return err;
    fill(&snapshot, ob_gallery_moment_ns(gallery), MOMENT_S + moment);
    snapshot.pacer.phase_turns = moments[moment].phase_turns;
    struct ob_params *p = &snapshot.params;
    p->feedback_01 = high ? 1.0f : 0.5f;
    if (high && moment == REWARDED) {
        p->exhale_01 = 0.9f;
        p->tail_01 = 0.8f;
    } else if (moment == MORE) {
        p->bloom_01 = high ? 1.0f : 0.0f;
        p->pulse_01 = high ? 0.0f : 1.0f;
    }
    snprintf(label_out->file, sizeof label_out->file, "%s-%s-%s", name, high ? "high" : "low",
             moment != MORE ? moments[moment].file
             : high         ? "moment"
                            : "beat");
    snprintf(label_out->row, sizeof label_out->row, "%s, %s", name, high ? "high" : "low");
    snprintf(label_out->column, sizeof label_out->column, "%s", moments[moment].words);
    return ob_render_frame(gallery->render, &snapshot, &nothing, gallery->seen_ns);
}

/* The moment t_s of a breath as a lively session would have it. */
static void lively(struct ob_snapshot *snapshot, int64_t now_ns, double t_s)
{
    const double breath_01 = fmod(t_s + BREATH_S, BREATH_S) / BREATH_S,
                 beats = fmod(t_s + BREATH_S, BREATH_S) * CLIP_PULSE;
    const double beat_01 = beats - floor(beats);
    fill(snapshot, now_ns, MOMENT_S + t_s);
    snapshot->pacer.phase_turns = breath_01;
    struct ob_params *p = &snapshot->params;
    p->feedback_01 = 0.85f;
    p->pulse_01 = (float)(beat_01 < 0.25 ? beat_01 / 0.25 : (1.0 - beat_01) / 0.75);
    /* The light of an exhale grows with it and lingers into the next inhale. */
    const double grown = ob_clamp01((breath_01 - 0.42) / 0.35), gone = ob_clamp01(1.0 - breath_01 / 0.25);
    p->exhale_01 = (float)(0.85 * fmax(grown * grown * (3.0 - 2.0 * grown), breath_01 < 0.4 ? gone * gone : 0.0));
    p->tail_01 = 0.7f;
}

static enum ob_err frame(struct ob_gallery *gallery, double t_s)
{
    static struct ob_snapshot snapshot;
    static const struct ob_overlay nothing;
    gallery->seen_ns += OB_NS_PER_S / CLIP_HZ;
    lively(&snapshot, gallery->seen_ns, t_s);
    return ob_render_frame(gallery->render, &snapshot, &nothing, gallery->seen_ns);
}

/* One breath. What drifts by itself is not where it was after one: over the last frames the clip goes over into the
 * frames before its first. */
static enum ob_err clip(struct ob_gallery *gallery, const char *path)
{
    enum { FRAMES = (int)BREATH_S * CLIP_HZ };
    const size_t size = (size_t)gallery->width * (size_t)gallery->height * 4;
    unsigned char *before = malloc(size * BLEND);
    struct ob_webp_clip *clip_file = NULL;
    enum ob_err err =
        before ? ob_webp_clip_create(gallery->width, gallery->height, 64.0f, &clip_file) : OB_ERR_NO_MEMORY;
    for (int i = -2 * BLEND; i < FRAMES && !err; i++) {
        err = frame(gallery, (double)i / CLIP_HZ);
        if (err || i < -BLEND)
            continue;
        err = ob_gallery_read(gallery);
        if (err)
            break;
        if (i < 0) {
            memcpy(before + (size_t)(i + BLEND) * size, gallery->pixels, size);
            continue;
        }
        if (i >= FRAMES - BLEND) {
            const unsigned char *other = before + (size_t)(i - (FRAMES - BLEND)) * size;
            const int share = 256 * (i - (FRAMES - BLEND) + 1) / (BLEND + 1);
            for (size_t k = 0; k < size; k++)
                gallery->pixels[k] =
                    (unsigned char)((gallery->pixels[k] * (256 - share) + other[k] * share + 128) >> 8);
        }
        err = ob_webp_clip_add(clip_file, gallery->pixels, 1000 / CLIP_HZ);
    }
    if (!err)
        err = ob_webp_clip_write(clip_file, path);
    ob_webp_clip_destroy(clip_file);
    free(before);
    return err;
}

/* Clips are small: a picture of another size, for which the gallery's is laid aside. */
static enum ob_err clips(struct ob_gallery *gallery, const char *folder)
{
    struct ob_shelf shelf;
    struct ob_gallery small = *gallery;
    struct ob_render_desc desc = {.offscreen = true, .own_scenes = gallery->own_scenes};
    enum ob_err err = OB_OK;
    small.width = desc.width = CLIP_WIDE;
    small.height = desc.height = (int)lround((double)CLIP_WIDE * gallery->height / gallery->width);
    small.pixels = malloc((size_t)small.width * (size_t)small.height * 4); /* it may be larger than a picture */
    if (!small.pixels)
        return OB_ERR_NO_MEMORY;
    ob_shelf_list(gallery->own_scenes, &shelf);
    for (int i = 0; i < shelf.count && !err; i++) {
        char path[PATH_MAX];
        desc.scene = shelf.names[i];
        small.seen_ns = 0;
        if ((size_t)snprintf(path, sizeof path, "%s/%s.webp", folder, shelf.names[i]) >= sizeof path)
            err = OB_ERR_RANGE;
        else
            err = ob_render_create(&desc, &small.render, gallery->problem, sizeof gallery->problem);
        if (!err)
            err = clip(&small, path);
        ob_render_destroy(small.render);
        small.render = NULL;
    }
    free(small.pixels);
    return err;
}

const struct ob_gallery_sheet ob_gallery_scenes = {.name = "scenes",
                                                   .about = "the scenes",
                                                   .columns = MOMENTS,
                                                   .cell_width = 320,
                                                   .count = count,
                                                   .draw = draw,
                                                   .clips = clips};
