/* Tests of ehelse_batch: borrowed columns of every type, and what is refused of them. */
#include "check.h"

#include <math.h>

/* The value of the only observation of a kernel over one batch; NaN where a step fails. */
static double value_of(const char *kernel, const char *options, const ehelse_batch *rows) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = NULL;
    ehelse_series *series = NULL;
    OK(ehelse_computation_new_kernel(kernel, options, &run, &error));
    OK(ehelse_computation_update(run, rows, &error));
    OK(ehelse_computation_finish(run, &series, &error));
    CHECK(ehelse_series_len(series) == 1);
    double value = ehelse_series_value(series, 0);
    ehelse_series_free(series);
    ehelse_computation_free(run);
    return value;
}

/* The status of an update of a kernel with a batch. */
static ehelse_status update(const char *kernel, const char *options, const ehelse_batch *rows, ehelse_error *error) {
    ehelse_computation *run = NULL;
    ehelse_status status = ehelse_computation_new_kernel(kernel, options, &run, error);
    if (!status) {
        status = ehelse_computation_update(run, rows, error);
    }
    ehelse_computation_free(run);
    return status;
}

/* A batch of rows on 1 January 1970. */
static ehelse_batch *on_one_day(size_t rows) {
    static const int32_t days[8] = { 0 };
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *batch = NULL;
    OK(ehelse_batch_new(rows, &batch, &error));
    OK(ehelse_batch_set_days(batch, "time", days, NULL, &error));
    return batch;
}

static void nulls_are_refused(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = on_one_day(1);
    const int64_t one[] = { 0, 0 };
    const double number = 0;
    const uint64_t id = 0;
    const uint8_t bits = 1;
    const int32_t day = 0;
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_batch_new(1, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_batch_set_input(NULL, "rows", &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_batch_unset(NULL, "time", &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_batch_unset(rows, NULL, &error));
#define REFUSES_NULLS(set, values, rest)                                                                                               \
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, set(NULL, "r", values rest, NULL, &error));                                             \
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, set(rows, NULL, values rest, NULL, &error));                                            \
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, set(rows, "r", NULL rest, NULL, &error));
#define NOTHING
#define COMMA ,
    REFUSES_NULLS(ehelse_batch_set_instants, one, COMMA EHELSE_SECONDS)
    REFUSES_NULLS(ehelse_batch_set_local_times, one, COMMA EHELSE_SECONDS)
    REFUSES_NULLS(ehelse_batch_set_days, &day, NOTHING)
    REFUSES_NULLS(ehelse_batch_set_ids_u64, &id, NOTHING)
    REFUSES_NULLS(ehelse_batch_set_ids_i64, one, NOTHING)
    REFUSES_NULLS(ehelse_batch_set_ids_utf8, one, COMMA "x" COMMA 1)
    REFUSES_NULLS(ehelse_batch_set_labels_utf8, one, COMMA "x" COMMA 1)
    REFUSES_NULLS(ehelse_batch_set_numbers, &number, NOTHING)
    REFUSES_NULLS(ehelse_batch_set_integers, one, NOTHING)
    REFUSES_NULLS(ehelse_batch_set_flags, &bits, NOTHING)
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_batch_set_ids_utf8(rows, "r", one, NULL, 1, NULL, &error));
    /* What was refused was not set. */
    CHECK(value_of("count", "{}", rows) == 1);
    ehelse_batch_free(rows);
    ehelse_batch_free(NULL);
}

static void time_units_are_checked(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = NULL;
    int64_t at[] = { 1577836800 };
    OK(ehelse_batch_new(1, &rows, &error));
    for (uint32_t unit = EHELSE_SECONDS; unit <= EHELSE_NANOSECONDS; unit++, at[0] *= 1000) {
        OK(ehelse_batch_set_instants(rows, "time", at, unit, NULL, &error));
        CHECK(value_of("count", "{\"coverage\": \"2020-01\"}", rows) == 1);
        if (unit == EHELSE_NANOSECONDS) {
            break;
        }
    }
    const uint32_t wrong[] = { 4, 1000, UINT32_MAX };
    for (size_t i = 0; i < 3; i++) {
        CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_batch_set_instants(rows, "time", at, wrong[i], NULL, &error));
        CHECK(holds(error.message, "time_unit"));
        CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_batch_set_local_times(rows, "time", at, wrong[i], NULL, &error));
    }
    at[0] = 1577836800000;
    OK(ehelse_batch_set_instants(rows, "time", at, EHELSE_SECONDS, NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, update("count", NULL, rows, &error));
    CHECK(holds(error.message, "was the unit milliseconds?") && same(error.column, "time") && error.row == 0);
    ehelse_batch_free(rows);
}

static void a_batch_longer_than_memory_is_refused(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = NULL;
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_batch_new(SIZE_MAX, &rows, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_batch_new(SIZE_MAX / 16, &rows, &error));
    CHECK(rows == NULL);
}

static void columns_of_no_rows_may_be_null(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = NULL;
    OK(ehelse_batch_new(0, &rows, &error));
    OK(ehelse_batch_set_instants(rows, "time", NULL, EHELSE_SECONDS, NULL, &error));
    OK(ehelse_batch_set_ids_utf8(rows, "client", NULL, NULL, 0, NULL, &error));
    CHECK(value_of("visits", "{\"coverage\": \"2020-01\"}", rows) == 0);
    ehelse_batch_free(rows);
}

static void text_offsets_are_checked(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = on_one_day(3);
    const char bytes[] = "abc";
    const int64_t wrong[][4] = { { 0, 1, 2, 4 }, { 0, 1, 2, INT64_MAX }, { 0, 2, 1, 3 }, { -1, 1, 2, 3 }, { INT64_MIN, 0, 0, 0 } };
    const int64_t place[] = { 2, 2, 1, 0, 0 };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        OK(ehelse_batch_set_ids_utf8(rows, "id", wrong[i], bytes, 3, NULL, &error));
        CHECK_STATUS(EHELSE_INVALID_INPUT, &error, update("distinct", "{}", rows, &error));
        CHECK(holds(error.message, "offsets") && same(error.column, "id") && error.row == place[i]);
    }
    const int64_t right[] = { 0, 1, 1, 3 };
    OK(ehelse_batch_set_ids_utf8(rows, "id", right, bytes, 3, NULL, &error));
    /* "a", empty, which is null, and "bc". */
    CHECK(value_of("distinct", "{}", rows) == 2);
    ehelse_batch_free(rows);
}

static void labels_that_are_not_utf8_are_refused(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = on_one_day(2);
    const int64_t offsets[] = { 0, 1, 2 };
    OK(ehelse_batch_set_labels_utf8(rows, "region", offsets, "a\xff", 2, NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, update("count", "{\"by\": \"region\"}", rows, &error));
    CHECK(holds(error.message, "UTF-8") && same(error.column, "region") && error.row == 1);
    ehelse_batch_free(rows);
}

static void misaligned_columns_are_refused(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = on_one_day(1);
    union {
        double aligned[2];
        char bytes[16];
    } place = { { 0, 0 } };
    OK(ehelse_batch_set_numbers(rows, "amount", (const double *)(const void *)(place.bytes + 1), NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, update("sum", "{\"unit\": \"NOK\"}", rows, &error));
    CHECK(holds(error.message, "aligned") && same(error.column, "amount"));
    ehelse_batch_free(rows);
}

static void every_type_of_column_is_read(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = on_one_day(3);
    const uint64_t large[] = { UINT64_MAX, 1, 1 };
    const int64_t small[] = { -1, 1, 1 };
    const double amounts[] = { 0.5, 1.5, -1 };
    const uint8_t bits = 5;
    OK(ehelse_batch_set_ids_u64(rows, "id", large, NULL, &error));
    CHECK(value_of("distinct", NULL, rows) == 2);
    OK(ehelse_batch_set_ids_i64(rows, "id", small, NULL, &error));
    CHECK(value_of("distinct", NULL, rows) == 2);
    /* A column that the kernel does not know is refused: it may be a name written wrongly. */
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, update("count", NULL, rows, &error));
    CHECK(holds(error.message, "unknown role `id`"));
    OK(ehelse_batch_unset(rows, "id", &error));
    OK(ehelse_batch_set_numbers(rows, "amount", amounts, NULL, &error));
    CHECK(value_of("sum", "{\"unit\": \"NOK\"}", rows) == 1);
    OK(ehelse_batch_set_integers(rows, "amount", small, NULL, &error));
    CHECK(value_of("sum", "{\"unit\": \"NOK\"}", rows) == 1);
    OK(ehelse_batch_unset(rows, "amount", &error));
    /* Flags: rows 0 and 2. */
    OK(ehelse_batch_set_flags(rows, "electronic", &bits, NULL, &error));
    CHECK(value_of("count", "{\"where\": {\"electronic\": true}}", rows) == 2);
    OK(ehelse_batch_unset(rows, "electronic", &error));
    /* Validity: rows 0 and 2, so that an id is missing in row 1. */
    OK(ehelse_batch_set_ids_i64(rows, "id", small, &bits, &error));
    CHECK(value_of("distinct", NULL, rows) == 2);
    OK(ehelse_batch_unset(rows, "id", &error));
    /* Integers as times, whose unit the options say. */
    OK(ehelse_batch_set_integers(rows, "time", small, NULL, &error));
    CHECK(value_of("count", "{\"time_unit\": \"s\", \"coverage\": \"1970-01-01\"}", rows) == 3);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, update("count", NULL, rows, &error));
    /* Wall-clock times: 00:30 on 1 January in Oslo is in December in UTC. */
    const int64_t clock[] = { 1800, 1800, 1800 };
    OK(ehelse_batch_set_local_times(rows, "time", clock, EHELSE_SECONDS, NULL, &error));
    CHECK(value_of("count", "{\"input_zone\": \"Europe/Oslo\", \"zone\": \"UTC\", \"coverage\": \"1969-12\"}", rows) == 3);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, update("count", NULL, rows, &error));
    CHECK(holds(error.message, "input_zone"));
    ehelse_batch_free(rows);
}

static void columns_are_borrowed_and_replaced(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = on_one_day(2);
    int64_t ids[] = { 1, 2 }, other[] = { 3, 3 };
    OK(ehelse_batch_set_ids_i64(rows, "id", ids, NULL, &error));
    CHECK(value_of("distinct", NULL, rows) == 2);
    ids[1] = 1;
    CHECK(value_of("distinct", NULL, rows) == 1);
    ids[1] = 2;
    OK(ehelse_batch_set_ids_i64(rows, "id", other, NULL, &error));
    CHECK(value_of("distinct", NULL, rows) == 1);
    OK(ehelse_batch_unset(rows, "id", &error));
    OK(ehelse_batch_unset(rows, "no such role", &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, update("distinct", NULL, rows, &error));
    CHECK(same(error.column, "id") && holds(error.message, "missing"));
    ehelse_batch_free(rows);
}

static void an_input_is_named(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *rows = on_one_day(1);
    OK(ehelse_batch_set_input(rows, "no such input", &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, update("count", NULL, rows, &error));
    CHECK(holds(error.message, "no such input"));
    OK(ehelse_batch_set_input(rows, NULL, &error));
    CHECK(value_of("count", NULL, rows) == 1);
    ehelse_batch_free(rows);
}

void batch_tests(void) {
    RUN(nulls_are_refused);
    RUN(time_units_are_checked);
    RUN(a_batch_longer_than_memory_is_refused);
    RUN(columns_of_no_rows_may_be_null);
    RUN(text_offsets_are_checked);
    RUN(labels_that_are_not_utf8_are_refused);
    RUN(misaligned_columns_are_refused);
    RUN(every_type_of_column_is_read);
    RUN(columns_are_borrowed_and_replaced);
    RUN(an_input_is_named);
}
