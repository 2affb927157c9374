/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits the weights of src/signal/ecg_weights.c from annotated records. A program for people, not a test.
 *
 * The detector runs over each record and tells every candidate's traits; the annotations say which were beats. Since
 * what it decides changes the traits that follow, it runs again with the fitted weights, and fits again.
 *   accuracy_ecg_fit FILE.c      fits on all records and writes the weights
 *   accuracy_ecg_fit --folds K [F]  K-fold over records (or fold F alone): the figures on records not fitted on */
#include "base/rng.h"
#include "score.h"
#include "signal/ecg.h"
#include "signal/ecg_judge.h"
#include "wave.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const records[] = {"100", "103", "105", "106", "108", "112", "114", "117", "119", "121",
                                      "200", "203", "207", "210", "213", "217", "222", "228", "231", "234"};
#define RECORDS ((int)(sizeof records / sizeof records[0]))
/* What is made of each record. The mixtures of its leads are leads that nobody recorded, with the same beats: P, QRS
 * and T of other heights; the tone makes P and T taller against the QRS (above 0) or lower. */
static const struct kind {
    float weight;
    float turn; /* 0 first lead, 0.25 both in equal parts, 0.5 second lead...; above 1: anything, by the record's number
                 */
    float tone; /* -1 to 1 */
    float speed; /* of the clock: 1.25 makes a faster heart with narrower waves */
    float fs_hz; /* resampled to that; 0 as it is */
    bool noise;
    float restart_s; /* starts anew so often */
    float bout_s;    /* how often it is led astray for some seconds */
} kinds[] = {
    {.weight = 1.0f},
    {.weight = 0.4f, .turn = 0.5f, .bout_s = 60.0f},
    {.weight = 0.4f, .turn = 0.25f, .bout_s = 60.0f},
    {.weight = 0.4f, .turn = 0.75f, .bout_s = 60.0f},
    {.weight = 0.3f, .noise = true},
    {.weight = 0.3f, .turn = 0.25f, .noise = true, .fs_hz = 130.0f, .bout_s = 60.0f},
    {.weight = 0.5f, .restart_s = 12.0f},
    {.weight = 0.5f, .bout_s = 25.0f},
    {.weight = 0.4f, .turn = 2.0f, .tone = 0.5f},
    {.weight = 0.4f, .turn = 3.0f, .tone = 1.0f, .bout_s = 60.0f},
    {.weight = 0.4f, .turn = 4.0f, .tone = -0.7f, .speed = 0.8f},
    {.weight = 0.4f, .tone = 0.8f, .speed = 1.25f},
};
#define KINDS ((int)(sizeof kinds / sizeof kinds[0]))

struct sample {
    float t[OB_TRAIT_COUNT];
    float label, weight;
};

struct samples {
    struct sample *v;
    size_t count, room;
};

struct take {
    struct wave wave;
    double *at; /* candidates, in samples */
    signed char *label;
    size_t count;
    double weight, restart_s;
    double bout_s; /* how often it is led astray for some seconds; 0 never */
};

static struct take takes[RECORDS][KINDS];

enum mode { LIST, TEACH, TEACH_LATE, FREE };

struct watch {
    struct take *take;
    enum mode mode;
    size_t skip;
    struct samples *early, *late;
};

static void keep(struct samples *s, const float *t, int label, float weight)
{
    if (s->count == s->room)
        s->v = realloc(s->v, (s->room = s->room ? s->room * 2 : 65536) * sizeof *s->v);
    memcpy(s->v[s->count].t, t, sizeof s->v[0].t);
    s->v[s->count].label = (float)label;
    s->v[s->count++].weight = weight;
}

static int label_of(const struct take *k, double index)
{
    size_t lo = 0, hi = k->count;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (k->at[mid] < index - 0.5)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < k->count && fabs(k->at[lo] - index) < 0.5 ? k->label[lo] : 0;
}

static int oracle(void *user, double index, bool late, const float *traits, float ln_odds)
{
    struct watch *w = user;
    if (w->mode == LIST) {
        if (late)
            return 0;
        struct take *k = w->take;
        if (k->count && index <= k->at[k->count - 1])
            return 0;
        k->at = realloc(k->at, (k->count + 1) * sizeof *k->at);
        k->at[k->count++] = index;
        return 0;
    }
    int label = label_of(w->take, index);
    if (label >= 0 && w->early) {
        /* of the easy ones a fifth is enough */
        bool easy = w->mode != TEACH && !late && (label ? ln_odds > 5.0f : ln_odds < -5.0f);
        if (!easy)
            keep(late ? w->late : w->early, traits, label, (float)w->take->weight);
        else if (w->skip++ % 5 == 0)
            keep(w->early, traits, label, 5.0f * (float)w->take->weight);
    }
    /* Led astray, it learns to find back: what was a beat is refused, what was none taken. */
    double t = index / w->take->wave.fs_hz;
    if (w->mode == FREE && w->take->bout_s > 0.0 && label >= 0) {
        double turn = t / w->take->bout_s, into = (turn - floor(turn)) * w->take->bout_s;
        double length = 2.0 + 2.0 * (double)((int64_t)turn % 4);
        if (into < length) {
            if (label == 1)
                return 0;
            if (traits[OB_TRAIT_LEVEL] > -1.6f && w->skip++ % 3 != 0)
                return 1;
        }
    }
    if (w->mode == TEACH && label >= 0)
        return late ? label : 2;
    if (w->mode == TEACH_LATE && late && label >= 0)
        return label;
    return -1;
}

static void run(struct take *k, const struct ob_ecg_weights *weights, enum mode mode, struct samples *early,
                struct samples *late)
{
    struct watch watch = {.take = k, .mode = mode, .early = early, .late = late};
    struct ob_ecg *ecg = ob_ecg_create(k->wave.fs_hz);
    ob_ecg_watch(ecg, weights, oracle, &watch);
    for (size_t i = 0; i < k->wave.length; i++) {
        struct ob_ecg_beat beat;
        if (k->restart_s > 0.0 && i % (size_t)(k->restart_s * k->wave.fs_hz) == 0)
            ob_ecg_reset(ecg);
        ob_ecg_push(ecg, k->wave.x[i], &beat);
    }
    ob_ecg_destroy(ecg);
}

static void label_take(struct take *k)
{
    static const struct ob_ecg_weights never = {.judges = {{.out_bias = -20.0f}, {.out_bias = -20.0f}}};
    run(k, &never, LIST, NULL, NULL);
    k->label = calloc(k->count + 1, 1);
    size_t first = 0;
    for (size_t r = 0; r < k->wave.beat_count; r++) {
        double t = k->wave.beats_s[r] * k->wave.fs_hz, tol = 0.15 * k->wave.fs_hz, best_d = tol;
        size_t best = k->count;
        while (first < k->count && k->at[first] < t - tol)
            first++;
        for (size_t i = first; i < k->count && k->at[i] <= t + tol; i++)
            if (fabs(k->at[i] - t) < best_d) {
                best_d = fabs(k->at[i] - t);
                best = i;
            }
        if (best < k->count)
            k->label[best] = 1;
        else if (k->weight >= 1.0)
            fprintf(stderr, "no candidate for the beat at %.2f s\n", k->wave.beats_s[r]);
    }
    for (size_t i = 0; i < k->count; i++)
        for (size_t f = 0; f < k->wave.flutter_count; f++)
            if (k->at[i] / k->wave.fs_hz > k->wave.flutter_s[f][0] - 0.5 &&
                k->at[i] / k->wave.fs_hz < k->wave.flutter_s[f][1] + 0.5)
                k->label[i] = -1;
}

static double normal(struct ob_rng *g)
{
    return ob_rng_normal(g);
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* An electrode that is moved: the potential goes away within 20-150 ms and comes back slowly. */
struct shove {
    double height, rise_s, fall_s, since_s;
};

static double shoved(struct shove *s, double dt)
{
    s->since_s += dt;
    if (s->since_s < s->rise_s)
        return s->height * (0.5 - 0.5 * cos(3.14159265358979 * s->since_s / s->rise_s));
    return s->height * exp(-(s->since_s - s->rise_s) / s->fall_s);
}

static double height_of(const struct wave *w)
{
    float *sorted = malloc(w->length * sizeof *sorted);
    memcpy(sorted, w->x, w->length * sizeof *sorted);
    qsort(sorted, w->length, sizeof *sorted, by_size);
    double height = (double)(sorted[(size_t)(0.997 * (double)w->length)] - sorted[(size_t)(0.003 * (double)w->length)]);
    free(sorted);
    return height;
}

/* Electrodes that move, and muscle: shoves by chance or in the rhythm of steps, bumps as long as waves of the heart,
 * slow swings, and bursts of white noise; every 20 s strong, weak or absent. In units of the record's own height. */
static void add_noise(struct wave *w, uint64_t seed)
{
    struct ob_rng g;
    ob_rng_init(&g, seed, 0);
    enum { SHOVES = 4 };
    struct shove shoves[SHOVES] = {{0}}, bump = {.since_s = 9.0, .rise_s = 1.0};
    for (int k = 0; k < SHOVES; k++)
        shoves[k] = (struct shove){.rise_s = 0.1, .fall_s = 0.1};
    double height = height_of(w), dt = 1.0 / w->fs_hz, swing = 0.0, swing_to = 0.0, strength = 0.0, muscle = 0.0;
    double step_s = 0.0, next_s = 1.0, sign = 1.0;
    int next = 0;
    for (size_t i = 0; i < w->length; i++) {
        if (i % (size_t)(20.0 * w->fs_hz) == 0) {
            static const double strengths[] = {0.0, 0.3, 0.6, 1.2};
            strength = strengths[ob_rng_u32(&g) % 4];
            muscle = ob_rng_u32(&g) % 3 == 0 ? 0.15 * ob_rng_uniform(&g) : 0.01;
            step_s = ob_rng_u32(&g) % 2 == 0 ? 0.6 + ob_rng_uniform(&g) : 0.0;
            sign = ob_rng_u32(&g) % 2 == 0 ? 1.0 : -1.0;
        }
        if ((next_s -= dt) < 0.0) {
            next_s = step_s > 0.0 ? step_s * (0.85 + 0.3 * ob_rng_uniform(&g)) : 0.2 + 3.0 * ob_rng_uniform(&g);
            shoves[next++ % SHOVES] = (struct shove){
                .height = step_s > 0.0 ? sign * (0.4 + 0.8 * ob_rng_uniform(&g)) : 0.8 * normal(&g),
                .rise_s = 0.02 + 0.13 * ob_rng_uniform(&g) * ob_rng_uniform(&g),
                .fall_s = 0.03 + 0.5 * ob_rng_uniform(&g) * ob_rng_uniform(&g),
            };
        }
        if (bump.since_s > bump.rise_s && ob_rng_uniform(&g) < 1.5 * dt)
            bump = (struct shove){.height = 0.5 * normal(&g), .rise_s = 0.05 + 0.3 * ob_rng_uniform(&g)};
        if (ob_rng_uniform(&g) < 1.5 * dt)
            swing_to = 0.6 * normal(&g);
        swing += 4.0 * dt * (swing_to - swing);
        double noise = swing;
        for (int k = 0; k < SHOVES; k++)
            noise += shoved(&shoves[k], dt);
        if ((bump.since_s += dt) <= bump.rise_s) {
            double s = sin(3.14159265358979 * bump.since_s / bump.rise_s);
            noise += bump.height * s * s;
        }
        w->x[i] += (float)(height * strength * (noise + muscle * normal(&g)));
    }
}

/* Against the QRS, raises what is slower than 8 Hz (above 0) or lowers it, without shifting anything. */
static void set_tone(struct wave *w, double tone)
{
    double keep_low = exp(-6.283185307 * 8.0 / w->fs_hz), low = (double)w->x[0];
    float *slow = malloc(w->length * sizeof *slow);
    for (size_t i = 0; i < w->length; i++)
        slow[i] = (float)(low = keep_low * low + (1.0 - keep_low) * (double)w->x[i]);
    for (size_t i = w->length; i-- > 0;)
        slow[i] = (float)(low = keep_low * low + (1.0 - keep_low) * (double)slow[i]);
    double gain = tone > 0.0 ? 3.0 * tone : 0.9 * tone;
    for (size_t i = 0; i < w->length; i++)
        w->x[i] += (float)gain * slow[i];
    free(slow);
}

static void mix_leads(struct wave *w, const char *name, double turn)
{
    struct wave other;
    if (!wave_load(&other, name, 1, NULL))
        return;
    double a = cos(6.283185307 * 0.5 * turn), b = sin(6.283185307 * 0.5 * turn);
    for (size_t i = 0; i < w->length; i++)
        w->x[i] = (float)(a * (double)w->x[i] + b * (double)other.x[i]);
    wave_free(&other);
}

/* Of what is made of a record a third is enough, each time another one. */
static void cut(struct wave *w, double from_s, double length_s)
{
    size_t from = (size_t)(from_s * w->fs_hz), kept = 0;
    from = from < w->length ? from : 0;
    w->length = from + (size_t)(length_s * w->fs_hz) < w->length ? (size_t)(length_s * w->fs_hz) : w->length - from;
    memmove(w->x, w->x + from, w->length * sizeof *w->x);
    for (size_t i = 0; i < w->beat_count; i++) {
        double t = w->beats_s[i] - (double)from / w->fs_hz;
        if (t >= 0.0 && t < (double)w->length / w->fs_hz)
            w->beats_s[kept++] = t;
    }
    w->beat_count = kept;
    for (size_t i = 0; i < w->flutter_count; i++) {
        w->flutter_s[i][0] -= (double)from / w->fs_hz;
        w->flutter_s[i][1] -= (double)from / w->fs_hz;
    }
}

static void make_take(int r, int kind)
{
    const struct kind *how = &kinds[kind];
    struct take *k = &takes[r][kind];
    char name[32];
    snprintf(name, sizeof name, "mitdb/%s", records[r]);
    if (!wave_load(&k->wave, name, 0, "atr")) {
        fprintf(stderr, "%s cannot be read\n", name);
        exit(1);
    }
    struct ob_rng g;
    ob_rng_init(&g, (uint64_t)(r + 1), (uint64_t)kind);
    if (how->turn != 0.0f)
        mix_leads(&k->wave, name, how->turn > 1.0f ? ob_rng_uniform(&g) : (double)how->turn);
    if (kind > 0)
        cut(&k->wave, 600.0 * ((kind + r) % 3), 600.0);
    if (how->tone != 0.0f)
        set_tone(&k->wave, (double)how->tone);
    if (how->speed > 0.0f) {
        double speed = (double)how->speed;
        k->wave.fs_hz *= speed;
        for (size_t i = 0; i < k->wave.beat_count; i++)
            k->wave.beats_s[i] /= speed;
        for (size_t i = 0; i < k->wave.flutter_count; i++) {
            k->wave.flutter_s[i][0] /= speed;
            k->wave.flutter_s[i][1] /= speed;
        }
    }
    if (how->noise)
        add_noise(&k->wave, (uint64_t)(r + 1));
    if (how->fs_hz > 0.0f) {
        struct wave other;
        wave_resample(&k->wave, (double)how->fs_hz, &other);
        wave_free(&k->wave);
        k->wave = other;
    }
    k->weight = (double)how->weight;
    k->bout_s = (double)how->bout_s;
    k->restart_s = (double)how->restart_s;
    label_take(k);
}

static void load(void)
{
    for (int r = 0; r < RECORDS; r++)
        for (int kind = 0; kind < KINDS; kind++)
            make_take(r, kind);
}

/* ---- the network ---- */

static const float decay = 2e-5f;

/* A judge is the average of two networks that were fitted from different starts: where they disagree nothing was
 * learnt. The parameters of one lie so that the inner loops run over the hidden units. */
#define HIDDEN (OB_JUDGE_HIDDEN / 2)
enum { IN = OB_TRAIT_COUNT * HIDDEN, IN_BIAS = IN, OUT = IN + HIDDEN, LAST = OUT + HIDDEN };
#define PARAMETERS (LAST + 1)

/* Into the first half of the judge; the other one says nothing yet. */
static void unpack(const float *p, struct ob_judge *j)
{
    for (int i = 0; i < OB_TRAIT_COUNT; i++)
        memcpy(j->in[i], p + i * HIDDEN, HIDDEN * sizeof *p);
    memcpy(j->in_bias, p + IN_BIAS, HIDDEN * sizeof *p);
    memcpy(j->out, p + OUT, HIDDEN * sizeof *p);
    j->out_bias = p[LAST];
}

/* The second network in the measure of the first one. */
static void average(struct ob_judge *a, const struct ob_judge *b)
{
    for (int h = 0; h < HIDDEN; h++) {
        double bias = (double)b->in_bias[h];
        for (int i = 0; i < OB_TRAIT_COUNT; i++) {
            double in = (double)b->in[i][h] * (double)b->scale[i];
            bias += in * ((double)a->mean[i] - (double)b->mean[i]);
            a->in[i][HIDDEN + h] = a->scale[i] > 0.0f ? (float)(in / (double)a->scale[i]) : 0.0f;
        }
        a->in_bias[HIDDEN + h] = (float)bias;
        a->out[h] *= 0.5f;
        a->out[HIDDEN + h] = 0.5f * b->out[h];
    }
    a->out_bias = 0.5f * (a->out_bias + b->out_bias);
}

/* One sample's part of the gradient. */
static void backward(const float *p, const float *x, int used, float label, float weight, float *grad)
{
    float a[HIDDEN], act[HIDDEN], back[HIDDEN], out = p[LAST];
    memcpy(a, p + IN_BIAS, sizeof a);
    for (int i = 0; i < used; i++)
        for (int h = 0; h < HIDDEN; h++)
            a[h] += p[i * HIDDEN + h] * x[i];
    for (int h = 0; h < HIDDEN; h++) {
        act[h] = a[h] / (1.0f + fabsf(a[h]));
        out += p[OUT + h] * act[h];
    }
    float d = weight * (1.0f / (1.0f + expf(-out)) - label);
    grad[LAST] += d;
    for (int h = 0; h < HIDDEN; h++) {
        float soft = 1.0f + fabsf(a[h]);
        back[h] = d * p[OUT + h] / (soft * soft);
        grad[OUT + h] += d * act[h];
        grad[IN_BIAS + h] += back[h];
    }
    for (int i = 0; i < used; i++)
        for (int h = 0; h < HIDDEN; h++)
            grad[i * HIDDEN + h] += back[h] * x[i];
}

static void fit(const struct samples *s, struct ob_judge *j, int used, int passes, uint64_t seed)
{
    struct ob_rng g;
    ob_rng_init(&g, seed, 0);
    double mean[OB_TRAIT_COUNT] = {0}, var[OB_TRAIT_COUNT] = {0}, weight = 0.0;
    memset(j, 0, sizeof *j);
    for (size_t n = 0; n < s->count; n++) {
        weight += (double)s->v[n].weight;
        for (int i = 0; i < used; i++)
            mean[i] += (double)s->v[n].weight * (double)s->v[n].t[i];
    }
    for (int i = 0; i < used; i++)
        mean[i] /= weight;
    for (size_t n = 0; n < s->count; n++)
        for (int i = 0; i < used; i++) {
            double d = (double)s->v[n].t[i] - mean[i];
            var[i] += (double)s->v[n].weight * d * d;
        }
    for (int i = 0; i < used; i++) {
        j->mean[i] = (float)mean[i];
        j->scale[i] = (float)(1.0 / sqrt(var[i] / weight + 1e-6));
    }
    float *z = malloc(s->count * (size_t)used * sizeof *z);
    for (size_t n = 0; n < s->count; n++)
        for (int i = 0; i < used; i++)
            z[n * (size_t)used + (size_t)i] = (s->v[n].t[i] - j->mean[i]) * j->scale[i];
    static float p[PARAMETERS], m[PARAMETERS], v[PARAMETERS], grad[PARAMETERS];
    memset(p, 0, sizeof p);
    memset(m, 0, sizeof m);
    memset(v, 0, sizeof v);
    for (int h = 0; h < HIDDEN; h++) {
        for (int i = 0; i < used; i++)
            p[i * HIDDEN + h] = (float)(normal(&g) / sqrt((double)used));
        p[OUT + h] = (float)(normal(&g) * 0.3);
    }
    const int batch = 256;
    size_t steps = s->count / (size_t)batch * (size_t)passes;
    for (size_t step = 1; step <= steps; step++) {
        memset(grad, 0, sizeof grad);
        for (int b = 0; b < batch; b++) {
            size_t n = (size_t)(ob_rng_uniform(&g) * (double)s->count);
            backward(p, z + n * (size_t)used, used, s->v[n].label, s->v[n].weight, grad);
        }
        double rate = 0.01 * 0.5 * (1.0 + cos(3.14159265358979 * (double)step / (double)steps)) + 1e-5;
        float c1 = (float)(rate / (1.0 - pow(0.9, (double)step))), c2 = (float)(1.0 / (1.0 - pow(0.999, (double)step)));
        for (int k = 0; k < PARAMETERS; k++) {
            float gk = grad[k] / (float)batch + decay * p[k];
            m[k] = 0.9f * m[k] + 0.1f * gk;
            v[k] = 0.999f * v[k] + 0.001f * gk * gk;
            p[k] -= c1 * m[k] / (sqrtf(v[k] * c2) + 1e-8f);
        }
    }
    free(z);
    unpack(p, j);
}

static double loss(const struct samples *s, const struct ob_judge *j)
{
    double sum = 0.0, weight = 0.0;
    for (size_t n = 0; n < s->count; n++) {
        double o = (double)ob_judge(j, s->v[n].t, OB_TRAIT_COUNT);
        sum += (double)s->v[n].weight * log1p(exp(s->v[n].label > 0.5f ? -o : o));
        weight += (double)s->v[n].weight;
    }
    return sum / weight;
}

static const int epochs = 12, rounds = 3;

static void fit_one(const char *leave, uint64_t seed, struct ob_ecg_weights *weights)
{
    struct samples early = {0}, late = {0};
    memset(weights->judges, 0, sizeof weights->judges);
    for (int round = 0; round <= rounds + 1; round++) {
        enum mode mode = round == 0 ? TEACH : round == 1 ? TEACH_LATE : FREE;
        if (round <= 2)
            early.count = late.count = 0;
        for (int r = 0; r < RECORDS; r++)
            for (int kind = 0; kind < KINDS; kind++)
                if (!leave[r])
                    run(&takes[r][kind], weights, mode, &early, &late);
        fit(&early, &weights->judges[0], OB_TRAIT_EARLY_COUNT, epochs, seed + 1);
        if (round >= 1)
            fit(&late, &weights->judges[1], OB_TRAIT_COUNT, epochs, seed + 2);
        fprintf(stderr, "round %d: early %zu loss %.5f, late %zu loss %.5f\n", round, early.count,
                loss(&early, &weights->judges[0]), late.count, round ? loss(&late, &weights->judges[1]) : 0.0);
    }
    free(early.v);
    free(late.v);
}

static void fit_all(const char *leave, struct ob_ecg_weights *weights)
{
    static struct ob_ecg_weights other;
    fit_one(leave, 10, weights);
    fit_one(leave, 20, &other);
    for (int k = 0; k < 2; k++)
        average(&weights->judges[k], &other.judges[k]);
}

static void evaluate(const struct take *k, const struct ob_ecg_weights *weights, struct score *s150, struct score *s50)
{
    struct ob_ecg *ecg = ob_ecg_create(k->wave.fs_hz);
    ob_ecg_watch(ecg, weights, NULL, NULL);
    size_t count = 0;
    struct found *found = malloc(20000 * sizeof *found);
    for (size_t i = 0; i < k->wave.length && count < 20000; i++) {
        struct ob_ecg_beat beat;
        if (k->restart_s > 0.0 && i % (size_t)(k->restart_s * k->wave.fs_hz) == 0)
            ob_ecg_reset(ecg);
        if (ob_ecg_push(ecg, k->wave.x[i], &beat))
            found[count++] = (struct found){.t_s = beat.index / k->wave.fs_hz};
    }
    ob_ecg_destroy(ecg);
    score_match(&k->wave, found, count, 0.05, 0.0, s50);
    score_match(&k->wave, found, count, 0.15, 0.0, s150);
    free(found);
}

static void folds(int count, int only)
{
    static struct score all150[KINDS], all50[KINDS];
    for (int f = 0; f < count; f++) {
        if (only >= 0 && f != only)
            continue;
        char leave[RECORDS];
        for (int r = 0; r < RECORDS; r++)
            leave[r] = r % count == f;
        struct ob_ecg_weights weights = {0};
        fit_all(leave, &weights);
        for (int r = 0; r < RECORDS; r++)
            for (int kind = 0; leave[r] && kind < KINDS; kind++) {
                struct score s150, s50;
                evaluate(&takes[r][kind], &weights, &s150, &s50);
                score_add(&all150[kind], &s150);
                score_add(&all50[kind], &s50);
                if (kind == 0)
                    printf("%s F1 %.2f at 150 ms, %.2f at 50 ms, FP %zu, FN %zu\n", records[r], score_f1(&s150),
                           score_f1(&s50), s150.fp, s150.fn);
                if (kind == 0)
                    fflush(stdout);
            }
        fflush(stdout);
    }
    for (int kind = 0; kind < KINDS; kind++)
        printf("kind %d on records not fitted on: F1 %.3f at 150 ms, %.3f at 50 ms, FP %zu, FN %zu\n", kind,
               score_f1(&all150[kind]), score_f1(&all50[kind]), all150[kind].fp, all150[kind].fn);
}

static void put_floats(FILE *f, const char *name, const float *v, int count)
{
    fprintf(f, "        %s{", name);
    for (int i = 0; i < count; i++)
        fprintf(f, "%s%.7ef", i ? ", " : "", (double)v[i]);
    fputs("},\n", f);
}

static void write_weights(const char *path, const struct ob_ecg_weights *weights)
{
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(1);
    }
    fputs("/* SPDX-License-Identifier: GPL-3.0-or-later */\n"
          "/* Fitted by tests/accuracy/ecg_fit.c on 20 records of the MIT-BIH Arrhythmia Database; not by hand. */\n"
          "#include \"signal/ecg_judge.h\"\n\nconst struct ob_ecg_weights ob_ecg_fitted = {\n    .judges = {\n",
          f);
    for (int k = 0; k < 2; k++) {
        const struct ob_judge *j = &weights->judges[k];
        fputs("    {\n", f);
        put_floats(f, ".mean = ", j->mean, OB_TRAIT_COUNT);
        put_floats(f, ".scale = ", j->scale, OB_TRAIT_COUNT);
        fputs("        .in = {\n", f);
        for (int i = 0; i < OB_TRAIT_COUNT; i++)
            put_floats(f, "", j->in[i], OB_JUDGE_HIDDEN);
        fputs("        },\n", f);
        put_floats(f, ".in_bias = ", j->in_bias, OB_JUDGE_HIDDEN);
        put_floats(f, ".out = ", j->out, OB_JUDGE_HIDDEN);
        fprintf(f, "        .out_bias = %.7ef,\n    },\n", (double)j->out_bias);
    }
    fputs("    },\n};\n", f);
    fclose(f);
}

int main(int argc, char **argv)
{
    if (argc < 2 || !wave_data()) {
        fputs("usage: accuracy_ecg_fit FILE.c | --folds K (with the recordings in OB_DATA)\n", stderr);
        return 2;
    }
    load();
    if (strcmp(argv[1], "--folds") == 0) {
        folds(argc > 2 ? atoi(argv[2]) : 5, argc > 3 ? atoi(argv[3]) : -1);
        return 0;
    }
    char leave[RECORDS] = {0};
    struct ob_ecg_weights weights = {0};
    fit_all(leave, &weights);
    write_weights(argv[1], &weights);
    return 0;
}
