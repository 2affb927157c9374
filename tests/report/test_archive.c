/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/archive.h"

#include "../sensor/scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static char sentence[600];

#define LARGE 200000
static unsigned char large[LARGE];

static void write_archive(const char *name, const char *passphrase)
{
    const struct ob_archive_desc desc = {.path = scratch_path(name),
                                         .passphrase = passphrase,
                                         .passphrase_size = passphrase ? strlen(passphrase) : 0,
                                         .replace = true,
                                         .wall_s = 1709251199};
    struct ob_archive_writer *w;
    assert_int_equal(ob_archive_create(&desc, &w, sentence, sizeof sentence), OB_OK);
    for (size_t i = 0; i < LARGE; i++)
        large[i] = (unsigned char)(i * 7 + i / 256);
    assert_int_equal(ob_archive_add(w, "person.json", "{\"marker\"}", 10), OB_OK);
    assert_int_equal(ob_archive_add(w, "nothing", "", 0), OB_OK);
    assert_int_equal(ob_archive_begin(w, "files/1.raw", LARGE), OB_OK);
    for (size_t at = 0; at < LARGE; at += 40000)
        assert_int_equal(ob_archive_write(w, large + at, 40000), OB_OK);
    assert_int_equal(ob_archive_finish(w, sentence, sizeof sentence), OB_OK);
}

static size_t load(const char *name, unsigned char *bytes, size_t size)
{
    FILE *file = fopen(scratch_path(name), "rb");
    const size_t got = fread(bytes, 1, size, file);
    fclose(file);
    return got;
}

/* Reads all of it; the first error. entries_out: how many were whole. */
static enum ob_err read_archive(const void *bytes, size_t size, const char *passphrase, int *entries_out)
{
    *entries_out = 0;
    FILE *stream = size > 0 ? fmemopen((void *)(uintptr_t)bytes, size, "rb") : fopen("/dev/null", "rb");
    struct ob_archive_reader *r;
    enum ob_err err =
        ob_archive_open(stream, "x", passphrase, passphrase ? strlen(passphrase) : 0, &r, sentence, sizeof sentence);
    if (err) {
        assert_null(r);
        assert_true(strlen(sentence) > 15);
        return err;
    }
    struct ob_tar_entry entry;
    static unsigned char got[LARGE];
    bool same = true;
    while (ob_archive_next(r, &entry)) {
        size_t have = 0, part;
        while (have < sizeof got && (part = ob_archive_read(r, got + have, sizeof got - have)) > 0)
            have += part;
        if (have != entry.size)
            break;
        if (strcmp(entry.name, "files/1.raw") == 0)
            same = have == LARGE && memcmp(got, large, LARGE) == 0;
        ++*entries_out;
    }
    err = ob_archive_outcome(r, sentence, sizeof sentence);
    assert_true(err ? strlen(sentence) > 15 : sentence[0] == 0);
    assert_true(err || same);
    ob_archive_done(r);
    return err;
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    static unsigned char bytes[2 * LARGE];
    int entries;
    for (int sealed = 0; sealed < 2; sealed++) {
        write_archive("a", sealed ? "slow breath" : NULL);
        const size_t size = load("a", bytes, sizeof bytes);
        assert_true(ob_archive_is(bytes, size));
        assert_int_equal(read_archive(bytes, size, sealed ? "slow breath" : NULL, &entries), OB_OK);
        assert_int_equal(entries, 3);
        bool marker = false;
        for (size_t i = 0; i + 6 < size; i++)
            marker = marker || memcmp(bytes + i, "marker", 6) == 0;
        assert_int_equal(marker, !sealed);
        if (sealed) {
            assert_int_equal(read_archive(bytes, size, NULL, &entries), OB_ERR_NO_KEY);
            assert_int_equal(read_archive(bytes, size, "slow breat", &entries), OB_ERR_KEY);
        }
    }
}

static void every_cut_and_every_flipped_bit_is_seen(void **state)
{
    (void)state;
    static unsigned char bytes[2 * LARGE], changed[2 * LARGE];
    int entries;
    write_archive("a", NULL);
    const size_t size = load("a", bytes, sizeof bytes);
    for (size_t cut = 0; cut < size - 1024; cut += cut < 2048 || cut > size - 3000 ? 29 : 9001) {
        const enum ob_err err = read_archive(bytes, cut, NULL, &entries);
        assert_true(err == OB_ERR_TRUNCATED || err == OB_ERR_FORMAT);
    }
    for (size_t at = 0; at < size - 2048; at += at < 1600 || at > size - 3000 ? 3 : 4999) {
        const size_t block = at / 512 * 512;
        memcpy(changed, bytes, size);
        changed[at] ^= 0x10;
        const enum ob_err err = read_archive(changed, size, NULL, &entries);
        /* padding behind contents is the only place where nothing is said */
        bool zeros = true;
        for (size_t i = at; i < block + 512; i++)
            zeros = zeros && bytes[i] == 0;
        zeros = zeros || (at % 512 >= 148 && at % 512 < 156); /* a blank for a digit of a header's sum says the same */
        if (err == OB_OK && !zeros)
            print_error("byte %zu\n", at);
        assert_true(err != OB_OK || zeros);
    }
    write_archive("b", "words");
    const size_t sealed_size = load("b", bytes, sizeof bytes);
    for (size_t cut = 0; cut < sealed_size; cut += 160007)
        assert_int_not_equal(read_archive(bytes, cut, "words", &entries), OB_OK);
    static const size_t places[] = {9, 30, 60, 100, 140000};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        memcpy(changed, bytes, sealed_size);
        changed[places[i]] ^= 1;
        if (places[i] != 9) /* reserved */
            assert_int_not_equal(read_archive(changed, sealed_size, "words", &entries), OB_OK);
    }
    assert_int_equal(read_archive("once upon a time there was a file", 30, NULL, &entries), OB_ERR_TRUNCATED);
    memset(changed, 'x', 5000);
    assert_int_equal(read_archive(changed, 5000, NULL, &entries), OB_ERR_FORMAT);
}

static void there_is_never_half_a_file(void **state)
{
    (void)state;
    const int before = scratch_entries();
    struct ob_archive_desc desc = {.path = scratch_path("half")};
    struct ob_archive_writer *w;
    /* abandoned */
    assert_int_equal(ob_archive_create(&desc, &w, sentence, sizeof sentence), OB_OK);
    ob_archive_abandon(w);
    /* less than was promised */
    assert_int_equal(ob_archive_create(&desc, &w, sentence, sizeof sentence), OB_OK);
    assert_int_equal(ob_archive_begin(w, "a", 10), OB_OK);
    assert_int_equal(ob_archive_write(w, "abc", 3), OB_OK);
    assert_int_equal(ob_archive_finish(w, sentence, sizeof sentence), OB_ERR_RANGE);
    /* no room */
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    const struct rlimit small = {.rlim_cur = 50000, .rlim_max = limit.rlim_max};
    assert_int_equal(ob_archive_create(&desc, &w, sentence, sizeof sentence), OB_OK);
    setrlimit(RLIMIT_FSIZE, &small);
    (void)ob_archive_add(w, "a", large, LARGE);
    const enum ob_err err = ob_archive_finish(w, sentence, sizeof sentence);
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_int_equal(err, OB_ERR_IO);
    assert_int_equal(scratch_entries(), before);
    /* one that is there is left alone */
    scratch_write("half", "mine", 4);
    assert_int_equal(ob_archive_create(&desc, &w, sentence, sizeof sentence), OB_ERR_EXISTS);
    desc.path = "/nowhere/at/all";
    assert_int_equal(ob_archive_create(&desc, &w, sentence, sizeof sentence), OB_ERR_NOT_FOUND);
    assert_int_equal(scratch_entries(), before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(every_cut_and_every_flipped_bit_is_seen),
        cmocka_unit_test(there_is_never_half_a_file),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
