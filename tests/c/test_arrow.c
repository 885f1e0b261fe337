/* Tests of Arrow streams in and out: what is read, what is released, and that a round trip is the same series. */
#include "arrow_table.h"
#include "check.h"

#define SECOND INT64_C(1000000)
/* 2020-01-01T00:00 UTC, in microseconds. */
#define START (INT64_C(1577836800) * SECOND)

static const int64_t times[2][VIEWS_PER_BATCH] = { { START, START + 1799 * SECOND }, { START + 3599 * SECOND, START } };
static const char *const clients[2][VIEWS_PER_BATCH] = { { "anna", "anna" }, { "anna", "bo" } };
static const char *const one_null[2][VIEWS_PER_BATCH] = { { "anna", NULL }, { "anna", "" } };

static struct views views_of(const char *time_name) {
    struct views views;
    memset(&views, 0, sizeof views);
    views.time_name = time_name;
    views.batches = 2;
    views.fails = SIZE_MAX;
    views.times = times;
    views.clients = clients;
    return views;
}

static ehelse_computation *visits(const char *options) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = NULL;
    OK(ehelse_computation_new_kernel("visits", options, &run, &error));
    return run;
}

/* All of a stream has come back, and it is no longer the caller's. */
static bool all_back(const struct views *views, const struct ArrowArrayStream *stream) {
    return views->open == 0 && views->streams_released == 1 && stream->release == NULL;
}

static void a_stream_is_read_and_released(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    struct views views = views_of("ts");
    struct ArrowArrayStream stream;
    ehelse_computation *run = visits("{\"columns\": {\"time\": \"ts\"}, \"coverage\": \"2020-01\"}");
    ehelse_series *series = NULL;
    views_stream(&views, &stream);
    OK(ehelse_computation_update_arrow(run, &stream, &error));
    CHECK(all_back(&views, &stream) && views.given == 2);
    OK(ehelse_computation_finish(run, &series, &error));
    /* Anna: 0:00 and 29:59 are one visit, 59:59 is exactly 30 minutes later; Bo: one. */
    CHECK(ehelse_series_value(series, 0) == 3);
    ehelse_series_free(series);

    /* A null client and one of empty text are reported, not counted. */
    uint64_t rows = 0;
    views.clients = one_null;
    views_stream(&views, &stream);
    OK(ehelse_computation_update_arrow_input(run, "rows", &stream, &error));
    CHECK(all_back(&views, &stream));
    OK(ehelse_computation_finish(run, &series, &error));
    OK(ehelse_series_row_count(series, "unattributable", &rows, &error));
    CHECK(rows == 2);
    ehelse_series_free(series);
    ehelse_computation_free(run);
}

static void a_stream_is_released_where_a_call_fails(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    struct views views = views_of("ts");
    struct ArrowArrayStream stream;
    ehelse_computation *run = visits("{\"columns\": {\"time\": \"tss\"}}");

    views_stream(&views, &stream);
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_update_arrow(NULL, &stream, &error));
    CHECK(all_back(&views, &stream) && views.given == 0);
    views_stream(&views, &stream);
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_update_arrow_input(run, NULL, &stream, &error));
    CHECK(all_back(&views, &stream));
    views_stream(&views, &stream);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_update_arrow_input(run, "no such input", &stream, &error));
    CHECK(all_back(&views, &stream));
    views_stream(&views, &stream);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_update_arrow(run, &stream, &error));
    CHECK(all_back(&views, &stream) && holds(error.message, "did you mean `ts`?"));
    /* It is gone: a second use is refused. */
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_update_arrow(run, &stream, &error));
    CHECK(views.streams_released == 1);
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_update_arrow(run, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_update_arrow_input(run, "rows", NULL, &error));
    ehelse_computation_free(run);
}

static void batches_before_a_fault_are_taken(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const int64_t late[2][VIEWS_PER_BATCH] = { { START, START + 1 }, { START, INT64_MAX } };
    struct views views = views_of("time");
    struct ArrowArrayStream stream;
    ehelse_computation *run = visits("{\"coverage\": \"2020-01\"}");
    ehelse_series *series = NULL;
    uint64_t rows = 0;

    views.times = late;
    views_stream(&views, &stream);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_update_arrow(run, &stream, &error));
    CHECK(all_back(&views, &stream));
    /* The row is that of the table; the first batch was taken, and nothing of the second. */
    CHECK(error.row == 3 && same(error.column, "time") && holds(error.message, "1 batch was taken"));

    views.times = times;
    views.fails = 1;
    views_stream(&views, &stream);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_update_arrow(run, &stream, &error));
    CHECK(all_back(&views, &stream) && holds(error.message, "the disk is gone"));

    OK(ehelse_computation_finish(run, &series, &error));
    OK(ehelse_series_row_count(series, "accepted", &rows, &error));
    CHECK(rows == 4);
    ehelse_series_free(series);
    ehelse_computation_free(run);
}

static int count_rows(void *context, uint64_t rows) {
    uint64_t *most = (uint64_t *)context;
    *most = rows > *most ? rows : *most;
    return EHELSE_CONTINUE;
}

static int stop(void *context, uint64_t rows) {
    (void)context;
    (void)rows;
    return EHELSE_STOP;
}

static void an_observer_sees_the_rows_of_the_stream(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    struct views views = views_of("time");
    struct ArrowArrayStream stream;
    ehelse_computation *run = visits("{}");
    uint64_t most = 0;
    OK(ehelse_computation_set_observer(run, count_rows, &most, &error));
    views_stream(&views, &stream);
    OK(ehelse_computation_update_arrow(run, &stream, &error));
    CHECK(most >= VIEWS_PER_BATCH);
    OK(ehelse_computation_set_observer(run, stop, NULL, &error));
    views_stream(&views, &stream);
    CHECK_STATUS(EHELSE_STOPPED, &error, ehelse_computation_update_arrow(run, &stream, &error));
    CHECK(all_back(&views, &stream));
    ehelse_computation_free(run);
}

/* A series of one month. */
static ehelse_series *a_series(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    struct views views = views_of("time");
    struct ArrowArrayStream stream;
    ehelse_computation *run = visits("{\"coverage\": \"2020-01/2020-02\"}");
    ehelse_series *series = NULL;
    views_stream(&views, &stream);
    OK(ehelse_computation_update_arrow(run, &stream, &error));
    OK(ehelse_computation_finish(run, &series, &error));
    ehelse_computation_free(run);
    return series;
}

static void a_series_is_exported(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray array;
    ehelse_series *series = a_series();
    memset(&stream, 0, sizeof stream);
    OK(ehelse_series_export_arrow(series, &stream, &error));
    /* The stream needs the series no longer. */
    ehelse_series_free(series);
    CHECK(stream.get_schema(&stream, &schema) == 0);
    CHECK(same(schema.format, "+s") && schema.n_children == 10);
    const char *names[] = { "period", "start", "end", "measure", "unit", "value", "status", "flags", "reason", "protection" };
    const char *formats[] = { "u", "tdD", "tdD", "u", "u", "g", "u", "u", "u", "u" };
    for (int i = 0; i < 10; i++) {
        CHECK(same(schema.children[i]->name, names[i]) && same(schema.children[i]->format, formats[i]));
    }
    CHECK(stream.get_next(&stream, &array) == 0);
    CHECK(array.length == 2);
    const int32_t *start = (const int32_t *)array.children[1]->buffers[1];
    const double *value = (const double *)array.children[5]->buffers[1];
    CHECK(start[0] == 18262 && start[1] == 18262 + 31);
    CHECK(value[0] == 3 && value[1] == 0);
    array.release(&array);
    CHECK(stream.get_next(&stream, &array) == 0 && array.release == NULL);
    schema.release(&schema);
    stream.release(&stream);
}

static void a_round_trip_is_the_same_series(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    struct ArrowArrayStream stream;
    ehelse_series *series = a_series(), *back = NULL;
    OK(ehelse_series_export_arrow(series, &stream, &error));
    OK(ehelse_series_from_arrow(&stream, "visits", "month", &back, &error));
    CHECK(stream.release == NULL);
    CHECK(ehelse_series_len(back) == 2 && same(ehelse_series_unit(back), "visits"));
    for (size_t i = 0; i < 2; i++) {
        CHECK(same(ehelse_series_period(back, i), ehelse_series_period(series, i)));
        CHECK(ehelse_series_value(back, i) == ehelse_series_value(series, i));
    }
    ehelse_series_free(back);
    back = NULL;

    OK(ehelse_series_export_arrow(series, &stream, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_from_arrow(&stream, "visits", "monthly", &back, &error));
    CHECK(stream.release == NULL);
    OK(ehelse_series_export_arrow(series, &stream, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_from_arrow(&stream, "visits", "year", &back, &error));
    OK(ehelse_series_export_arrow(series, &stream, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_from_arrow(&stream, NULL, "month", &back, &error));
    OK(ehelse_series_export_arrow(series, &stream, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_from_arrow(&stream, "visits", NULL, &back, &error));
    OK(ehelse_series_export_arrow(series, &stream, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_from_arrow(&stream, "visits", "month", NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_from_arrow(NULL, "visits", "month", &back, &error));
    CHECK(back == NULL);
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_export_arrow(NULL, &stream, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_export_arrow(series, NULL, &error));
    ehelse_series_free(series);
}

void arrow_tests(void) {
    RUN(a_stream_is_read_and_released);
    RUN(a_stream_is_released_where_a_call_fails);
    RUN(batches_before_a_fault_are_taken);
    RUN(an_observer_sees_the_rows_of_the_stream);
    RUN(a_series_is_exported);
    RUN(a_round_trip_is_the_same_series);
}
