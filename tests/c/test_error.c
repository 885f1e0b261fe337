/* Tests of status and errors: who owns what, and how far it is filled in. */
#include "check.h"

#include <stddef.h>
#include <stdlib.h>

static void abi_and_versions_agree(void) {
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", EHELSE_VERSION_MAJOR, EHELSE_VERSION_MINOR, EHELSE_VERSION_PATCH);
    CHECK(same(EHELSE_VERSION, version));
    CHECK(ehelse_abi_version() == EHELSE_ABI_VERSION);
}

static void the_layout_is_frozen(void) {
    CHECK(sizeof(ehelse_error) == 1104);
    CHECK(offsetof(ehelse_error, size) == 0 && offsetof(ehelse_error, status) == 4 && offsetof(ehelse_error, row) == 8);
    CHECK(offsetof(ehelse_error, column) == 16 && offsetof(ehelse_error, message) == 80);
    CHECK(sizeof(ehelse_status) == 4);
}

static void statuses_have_names(void) {
    const char *names[] = { "ok", "null_argument", "panic", "invalid_input", "unknown_indicator", "catalogue", "computation", "stopped" };
    for (int status = 0; status < 8; status++) {
        CHECK(same(ehelse_status_name(status), names[status]));
    }
    CHECK(same(ehelse_status_name(8), "unknown"));
    CHECK(same(ehelse_status_name(-1), "unknown"));
}

static void an_error_may_be_null(void) {
    ehelse_computation *run = NULL;
    CHECK(ehelse_computation_new_kernel("visit", NULL, &run, NULL) == EHELSE_INVALID_INPUT);
    CHECK(ehelse_computation_new_kernel(NULL, NULL, &run, NULL) == EHELSE_NULL_ARGUMENT);
    CHECK(run == NULL);
}

static void nothing_is_written_beyond_the_size(void) {
    for (uint32_t size = 0; size <= sizeof(ehelse_error); size += size < 120 ? 1 : 41) {
        unsigned char bytes[sizeof(ehelse_error)];
        ehelse_error error;
        ehelse_computation *run = NULL;
        memset(&error, 0x5a, sizeof error);
        error.size = size;
        CHECK(ehelse_computation_new_kernel("visit", NULL, &run, &error) == EHELSE_INVALID_INPUT);
        memcpy(bytes, &error, sizeof error);
        for (size_t i = size < 4 ? 4 : size; i < sizeof bytes; i++) {
            CHECK(bytes[i] == 0x5a);
        }
        CHECK(error.size == size);
        CHECK((error.status == EHELSE_INVALID_INPUT) == (size >= 8));
        CHECK((error.row == -1) == (size >= 16));
        /* What there is of a text ends within the size. */
        CHECK(size <= 80 || memchr(error.message, 0, size - 80));
    }
}

static void a_size_beyond_the_struct_is_that_of_the_struct(void) {
    struct {
        ehelse_error error;
        unsigned char after[16];
    } place;
    ehelse_computation *run = NULL;
    memset(&place, 0x5a, sizeof place);
    place.error.size = UINT32_MAX;
    CHECK(ehelse_computation_new_kernel("visit", NULL, &run, &place.error) == EHELSE_INVALID_INPUT);
    CHECK(holds(place.error.message, "did you mean `visits`?"));
    for (size_t i = 0; i < sizeof place.after; i++) {
        CHECK(place.after[i] == 0x5a);
    }
}

static void long_texts_are_cut_between_characters(void) {
    /* A name of 1000 times å, of two bytes each, preceded by 0 or 1 letters: the cut falls into a character once. */
    for (size_t letters = 0; letters < 2; letters++) {
        char options[2100] = "{\"", name[2100];
        ehelse_error error = EHELSE_ERROR_INIT;
        ehelse_computation *run = NULL;
        size_t at = 0;
        for (size_t i = 0; i < letters; i++) {
            name[at++] = 'x';
        }
        for (size_t i = 0; i < 1000; i++, at += 2) {
            memcpy(name + at, "\xc3\xa5", 2);
        }
        name[at] = '\0';
        strcat(strcat(options, name), "\": 1}");
        CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_new_kernel("visits", options, &run, &error));
        size_t length = strlen(error.message);
        CHECK(length == 1023 || length == 1022);
        /* The last character is whole. */
        CHECK((unsigned char)error.message[length - 1] == 0xa5);
    }
}

static void a_long_column_is_cut(void) {
    char role[100], options[200];
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = NULL;
    ehelse_batch *rows = NULL;
    const int32_t days[] = { 0 };
    memset(role, 'r', sizeof role - 1);
    role[sizeof role - 1] = '\0';
    snprintf(options, sizeof options, "{\"by\": \"%s\"}", role);
    OK(ehelse_computation_new_kernel("count", options, &run, &error));
    OK(ehelse_batch_new(1, &rows, &error));
    OK(ehelse_batch_set_days(rows, "time", days, NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_update(run, rows, &error));
    CHECK(strlen(error.column) == 63 && strspn(error.column, "r") == 63);
    ehelse_batch_free(rows);
    ehelse_computation_free(run);
}

static void buffers_take_null(void) {
    CHECK(ehelse_buffer_data(NULL) == NULL);
    CHECK(ehelse_buffer_len(NULL) == 0);
    ehelse_buffer_free(NULL);
}

void error_tests(void) {
    RUN(abi_and_versions_agree);
    RUN(the_layout_is_frozen);
    RUN(statuses_have_names);
    RUN(an_error_may_be_null);
    RUN(nothing_is_written_beyond_the_size);
    RUN(a_size_beyond_the_struct_is_that_of_the_struct);
    RUN(long_texts_are_cut_between_characters);
    RUN(a_long_column_is_cut);
    RUN(buffers_take_null);
}
