/* Tests of ehelse_computation: what is taken, what is refused and leaves no trace, merging, state bytes, observers, threads. */
#include "check.h"

#include <pthread.h>
#include <stdlib.h>

#define START INT64_C(1577836800)

static const int64_t times[] = { START, START + 1799, START + 3599, START };
static const uint64_t clients[] = { 1, 1, 1, 2 };

static const ehelse_catalogue *builtin(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = NULL;
    OK(ehelse_catalogue_builtin(&catalogue, &error));
    return catalogue;
}

static ehelse_batch *views(size_t from, size_t rows) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *batch = NULL;
    OK(ehelse_batch_new(rows, &batch, &error));
    OK(ehelse_batch_set_instants(batch, "time", times + from, EHELSE_SECONDS, NULL, &error));
    OK(ehelse_batch_set_ids_u64(batch, "client", clients + from, NULL, &error));
    return batch;
}

static ehelse_computation *visits(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = NULL;
    OK(ehelse_computation_new(builtin(), "helsenorge.visits", "{\"coverage\": \"2020-01\"}", &run, &error));
    return run;
}

static void take(ehelse_computation *run, size_t from, size_t rows) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *batch = views(from, rows);
    OK(ehelse_computation_update(run, batch, &error));
    ehelse_batch_free(batch);
}

/* The value of a computation of one cell. */
static double value_of(const ehelse_computation *run) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_series *series = NULL;
    OK(ehelse_computation_finish(run, &series, &error));
    CHECK(ehelse_series_len(series) == 1);
    double value = ehelse_series_value(series, 0);
    ehelse_series_free(series);
    return value;
}

static void what_it_is_made_of_is_checked(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = builtin();
    ehelse_computation *run = NULL;
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_new(NULL, "helsenorge.visits", NULL, &run, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_new(catalogue, NULL, NULL, &run, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_new(catalogue, "helsenorge.visits", NULL, NULL, &error));
    CHECK_STATUS(EHELSE_UNKNOWN_INDICATOR, &error, ehelse_computation_new(catalogue, "helsenorge.vists", NULL, &run, &error));
    CHECK(holds(error.message, "helsenorge.visits"));
    const char *options[] = { "{", "[]", "{\"frequency\": \"daily\"}", "{\"zone\": \"Europe/Olso\"}", "{\"gap_minutes\": 0}", "{\"gap_minuts\": 30}" };
    const char *told[] = { "JSON", "JSON", "frequency", "Europe/Oslo", "gap_minutes", "gap_minutes" };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_new(catalogue, "helsenorge.visits", options[i], &run, &error));
        CHECK(holds(error.message, told[i]) && error.row == -1);
    }
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_new_kernel(NULL, NULL, &run, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_new_kernel("visits", NULL, NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_new_kernel("visit", NULL, &run, &error));
    CHECK(holds(error.message, "did you mean `visits`?"));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_new_kernel("visits", "\xff", &run, &error));
    CHECK(run == NULL);
    ehelse_computation_free(NULL);
}

static void nulls_are_refused(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = visits();
    ehelse_batch *rows = views(0, 4);
    ehelse_series *series = NULL;
    ehelse_buffer *bytes = NULL;
    ehelse_computation *made = NULL;
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_update(NULL, rows, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_update(run, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_merge(NULL, run, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_merge(run, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_merge(NULL, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_set_observer(NULL, NULL, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_finish(NULL, &series, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_finish(run, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_serialize(NULL, &bytes, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_serialize(run, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_explain(NULL, &bytes, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_explain(run, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_set_series(run, "rows", NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_deserialize(NULL, NULL, 0, &made, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_deserialize(builtin(), NULL, 1, &made, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_deserialize(builtin(), NULL, 0, NULL, &error));
    CHECK(ehelse_computation_memory_bytes(NULL) == 0);
    CHECK(series == NULL && bytes == NULL && made == NULL);
    ehelse_batch_free(rows);
    ehelse_computation_free(run);
}

static void batches_are_taken_in_any_order(void) {
    ehelse_computation *run = visits();
    take(run, 2, 2);
    take(run, 0, 2);
    CHECK(value_of(run) == 3);
    /* Finishing consumes nothing, and exact duplicates change nothing. */
    take(run, 0, 1);
    CHECK(value_of(run) == 3);
    CHECK(ehelse_computation_memory_bytes(run) > 0);
    ehelse_computation_free(run);
}

static void batches_are_computed_at_once(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = visits();
    ehelse_series *series = NULL;
    const ehelse_batch *parts[] = { views(2, 2), views(0, 2) }, *missing[] = { NULL };
    take(run, 3, 1);
    OK(ehelse_computation_series_of(run, parts, 2, &series, &error));
    CHECK(ehelse_series_len(series) == 1 && ehelse_series_value(series, 0) == 3);
    ehelse_series_free(series);
    series = NULL;
    /* Nothing of them is kept. */
    CHECK(value_of(run) == 1);
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_series_of(NULL, parts, 2, &series, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_series_of(run, NULL, 2, &series, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_series_of(run, missing, 1, &series, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_series_of(run, parts, 2, NULL, &error));
    /* The row of an error is that of all batches together. */
    ehelse_batch *wrong = views(0, 1);
    const int64_t late[] = { INT64_C(1577836800000) };
    OK(ehelse_batch_set_instants(wrong, "time", late, EHELSE_SECONDS, NULL, &error));
    const ehelse_batch *all[] = { parts[0], parts[1], wrong };
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_series_of(run, all, 3, &series, &error));
    CHECK(error.row == 4 && same(error.column, "time") && series == NULL);
    ehelse_batch_free(wrong);
    ehelse_batch_free((ehelse_batch *)parts[0]);
    ehelse_batch_free((ehelse_batch *)parts[1]);
    ehelse_computation_free(run);
}

static void a_batch_that_fails_leaves_no_trace(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = visits();
    ehelse_batch *rows = NULL;
    const int64_t wrong[] = { START, START, INT64_C(1577836800000) };
    take(run, 0, 4);
    OK(ehelse_batch_new(3, &rows, &error));
    OK(ehelse_batch_set_instants(rows, "time", wrong, EHELSE_SECONDS, NULL, &error));
    OK(ehelse_batch_set_ids_u64(rows, "client", clients, NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_update(run, rows, &error));
    CHECK(error.row == 2 && same(error.column, "time") && holds(error.message, "row 2"));
    CHECK(value_of(run) == 3);
    ehelse_batch_free(rows);
    ehelse_computation_free(run);
}

static void computations_are_merged(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *one = visits(), *two = visits(), *other = NULL;
    take(one, 0, 1);
    take(two, 1, 3);
    OK(ehelse_computation_merge(one, two, &error));
    CHECK(value_of(one) == 3 && value_of(two) == 3);
    CHECK_STATUS(EHELSE_COMPUTATION_ERROR, &error, ehelse_computation_merge(one, one, &error));
    CHECK(holds(error.message, "itself"));
    OK(ehelse_computation_new_kernel("visits", "{\"gap_minutes\": 20}", &other, &error));
    CHECK_STATUS(EHELSE_COMPUTATION_ERROR, &error, ehelse_computation_merge(one, other, &error));
    CHECK(value_of(one) == 3);
    ehelse_computation_free(one);
    ehelse_computation_free(two);
    ehelse_computation_free(other);
}

/* Different ids so far: `a` before the log begins, `a` and `b` in it. */
static void a_state_opens_a_computation(void) {
    static const int32_t before[] = { 17800 }, then[] = { 17900, 17901 };
    static const int64_t early[] = { 1 }, late[] = { 1, 2 };
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *one = NULL, *two = NULL;
    ehelse_batch *rows = NULL;
    ehelse_series *series = NULL;
    OK(ehelse_computation_new_kernel("distinct", "{\"cumulative\": true, \"coverage\": \"2018\"}", &one, &error));
    OK(ehelse_computation_new_kernel("distinct", "{\"cumulative\": true, \"coverage\": \"2019-01\"}", &two, &error));
    OK(ehelse_batch_new(1, &rows, &error));
    OK(ehelse_batch_set_days(rows, "time", before, NULL, &error));
    OK(ehelse_batch_set_ids_i64(rows, "id", early, NULL, &error));
    OK(ehelse_computation_update(one, rows, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_open(one, rows, &error));
    ehelse_batch_free(rows);
    OK(ehelse_batch_new(2, &rows, &error));
    OK(ehelse_batch_set_days(rows, "time", then, NULL, &error));
    OK(ehelse_batch_set_ids_i64(rows, "id", late, NULL, &error));
    OK(ehelse_computation_open_state(two, one, &error));
    OK(ehelse_computation_update(two, rows, &error));
    OK(ehelse_computation_finish(two, &series, &error));
    CHECK(ehelse_series_len(series) == 1);
    CHECK_STATUS(EHELSE_COMPUTATION_ERROR, &error, ehelse_computation_open_state(one, two, &error));
    CHECK_STATUS(EHELSE_COMPUTATION_ERROR, &error, ehelse_computation_open_state(one, one, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_open_state(NULL, one, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_open(two, NULL, &error));
    ehelse_series_free(series);
    ehelse_batch_free(rows);
    ehelse_computation_free(one);
    ehelse_computation_free(two);
}

static void states_are_bytes(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = builtin();
    ehelse_computation *run = visits(), *again = NULL, *none = NULL;
    ehelse_buffer *bytes = NULL, *same_bytes = NULL;
    take(run, 0, 2);
    OK(ehelse_computation_serialize(run, &bytes, &error));
    const uint8_t *first = ehelse_buffer_data(bytes);
    size_t len = ehelse_buffer_len(bytes);
    OK(ehelse_computation_deserialize(catalogue, first, len, &again, &error));
    OK(ehelse_computation_serialize(again, &same_bytes, &error));
    CHECK(ehelse_buffer_len(same_bytes) == len && memcmp(first, ehelse_buffer_data(same_bytes), len) == 0);
    take(again, 2, 2);
    CHECK(value_of(again) == 3 && value_of(run) == 1);

    /* Cut short, longer, and damaged at any place: refused, never read out of bounds. */
    uint8_t *copy = (uint8_t *)malloc(len + 1);
    memcpy(copy, first, len);
    copy[len] = 0;
    for (size_t keep = 0; keep < len; keep++) {
        CHECK_STATUS(EHELSE_COMPUTATION_ERROR, &error, ehelse_computation_deserialize(catalogue, copy, keep, &none, &error));
    }
    CHECK_STATUS(EHELSE_COMPUTATION_ERROR, &error, ehelse_computation_deserialize(catalogue, copy, len + 1, &none, &error));
    for (size_t i = 0; i < len; i++) {
        copy[i] ^= 1;
        CHECK_STATUS(EHELSE_COMPUTATION_ERROR, &error, ehelse_computation_deserialize(catalogue, copy, len, &none, &error));
        CHECK(i != 8 || holds(error.message, "version"));
        copy[i] ^= 1;
    }
    CHECK(none == NULL);
    free(copy);
    ehelse_buffer_free(bytes);
    ehelse_buffer_free(same_bytes);
    ehelse_computation_free(run);
    ehelse_computation_free(again);
}

struct look {
    ehelse_computation *run;
    ehelse_batch *rows;
    int asked;
    int answer;
    ehelse_status inside[4];
};

static int look_in(void *context, uint64_t rows) {
    struct look *look = (struct look *)context;
    ehelse_series *series = NULL;
    (void)rows;
    /* Use of the objects of the call is refused, not undefined. */
    if (look->run) {
        look->inside[0] = ehelse_computation_update(look->run, look->rows, NULL);
        look->inside[1] = ehelse_computation_finish(look->run, &series, NULL);
        look->inside[2] = ehelse_computation_set_observer(look->run, NULL, NULL, NULL);
        look->inside[3] = ehelse_batch_unset(look->rows, "time", NULL);
    }
    look->asked++;
    return look->answer;
}

static void an_observer_may_stop_a_call(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = visits();
    ehelse_batch *rows = views(0, 4);
    ehelse_series *series = NULL;
    struct look look;
    memset(&look, 0, sizeof look);
    OK(ehelse_computation_set_observer(run, look_in, &look, &error));
    look.answer = EHELSE_STOP;
    CHECK_STATUS(EHELSE_STOPPED, &error, ehelse_computation_update(run, rows, &error));
    CHECK(look.asked == 1);
    look.answer = -7;
    CHECK_STATUS(EHELSE_STOPPED, &error, ehelse_computation_update(run, rows, &error));
    look.answer = EHELSE_CONTINUE;
    CHECK(value_of(run) == 0);
    OK(ehelse_computation_update(run, rows, &error));
    CHECK(look.asked > 3 && value_of(run) == 3);
    OK(ehelse_computation_set_observer(run, NULL, NULL, &error));
    look.answer = EHELSE_STOP;
    OK(ehelse_computation_finish(run, &series, &error));
    ehelse_series_free(series);
    ehelse_batch_free(rows);
    ehelse_computation_free(run);
}

static void a_call_within_a_call_is_refused(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = visits();
    ehelse_batch *rows = views(0, 4);
    struct look look;
    memset(&look, 0, sizeof look);
    look.run = run;
    look.rows = rows;
    OK(ehelse_computation_set_observer(run, look_in, &look, &error));
    OK(ehelse_computation_update(run, rows, &error));
    for (int i = 0; i < 4; i++) {
        CHECK(look.inside[i] == EHELSE_COMPUTATION_ERROR);
    }
    look.run = NULL;
    CHECK(value_of(run) == 3);
    ehelse_batch_free(rows);
    ehelse_computation_free(run);
}

static void a_computation_explains_itself(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = visits();
    ehelse_buffer *text = NULL;
    OK(ehelse_computation_explain(run, &text, &error));
    CHECK(holds((const char *)ehelse_buffer_data(text), "helsenorge.visits: visits version 1, by month in Europe/Oslo"));
    ehelse_buffer_free(text);
    ehelse_computation_free(run);
}

static void a_series_is_an_input(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_computation *run = NULL;
    ehelse_batch *figures = NULL, *rows = NULL;
    ehelse_series *deaths = NULL, *series = NULL, *share = NULL;
    /* 100 deaths each January from 2009 to 2018, so that 100 are expected; 40 notifications in January 2019. */
    const char periods[] = "2009-012010-012011-012012-012013-012014-012015-012016-012017-012018-01";
    int64_t offsets[11];
    double hundred[10];
    int64_t notified[40];
    for (int i = 0; i < 10; i++) {
        offsets[i] = 7 * i;
        hundred[i] = 100;
    }
    offsets[10] = 70;
    for (int i = 0; i < 40; i++) {
        notified[i] = INT64_C(1547000000);
    }
    OK(ehelse_batch_new(10, &figures, &error));
    OK(ehelse_batch_set_labels_utf8(figures, "period", offsets, periods, 70, NULL, &error));
    OK(ehelse_batch_set_numbers(figures, "value", hundred, NULL, &error));
    OK(ehelse_series_from_columns(figures, "deaths", "month", &deaths, &error));
    OK(ehelse_computation_new(builtin(), "messages.death_notifications", "{\"coverage\": \"2019-01\", \"measure\": \"share\"}", &run, &error));
    OK(ehelse_computation_set_series(run, "deaths", deaths, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_set_series(run, "deths", deaths, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_computation_set_series(run, "notifications", deaths, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_set_series(NULL, "deaths", deaths, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_computation_set_series(run, NULL, deaths, &error));
    OK(ehelse_batch_new(40, &rows, &error));
    OK(ehelse_batch_set_input(rows, "notifications", &error));
    OK(ehelse_batch_set_instants(rows, "time", notified, EHELSE_SECONDS, NULL, &error));
    OK(ehelse_computation_update(run, rows, &error));
    OK(ehelse_computation_finish(run, &series, &error));
    CHECK(ehelse_series_len(series) == 1 && ehelse_series_value(series, 0) == 40);
    CHECK(same(ehelse_series_unit(series), "percent") && ehelse_series_observation_status(series, 0) == 'E');
    OK(ehelse_series_measure(series, "expected", &share, &error));
    CHECK(ehelse_series_value(share, 0) == 100);
    CHECK(same(ehelse_series_years_used(share, 0), "2009 2010 2011 2012 2013 2014 2015 2016 2017 2018"));
    ehelse_series_free(share);
    ehelse_series_free(series);
    ehelse_series_free(deaths);
    ehelse_batch_free(figures);
    ehelse_batch_free(rows);
    ehelse_computation_free(run);
}

/* Work of a thread: reads what is shared, and computes by itself. */
static void *work(void *context) {
    const ehelse_batch *rows = (const ehelse_batch *)context;
    const ehelse_catalogue *catalogue = NULL;
    ehelse_computation *run = NULL;
    ehelse_series *series = NULL;
    bool right = !ehelse_catalogue_builtin(&catalogue, NULL);
    for (int i = 0; right && i < 20; i++) {
        right = !ehelse_computation_new(catalogue, "helsenorge.visits", "{\"coverage\": \"2020-01\"}", &run, NULL)
             && !ehelse_computation_update(run, rows, NULL) && !ehelse_computation_finish(run, &series, NULL)
             && ehelse_series_value(series, 0) == 3;
        ehelse_series_free(series);
        ehelse_computation_free(run);
    }
    return right ? NULL : context;
}

static void threads_share_catalogue_and_batch(void) {
    ehelse_batch *rows = views(0, 4);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, work, rows) == 0);
    }
    for (int i = 0; i < 4; i++) {
        void *failed = NULL;
        CHECK(pthread_join(threads[i], &failed) == 0 && failed == NULL);
    }
    ehelse_batch_free(rows);
}

void computation_tests(void) {
    RUN(what_it_is_made_of_is_checked);
    RUN(nulls_are_refused);
    RUN(batches_are_taken_in_any_order);
    RUN(batches_are_computed_at_once);
    RUN(a_batch_that_fails_leaves_no_trace);
    RUN(computations_are_merged);
    RUN(a_state_opens_a_computation);
    RUN(states_are_bytes);
    RUN(an_observer_may_stop_a_call);
    RUN(a_call_within_a_call_is_refused);
    RUN(a_computation_explains_itself);
    RUN(a_series_is_an_input);
    RUN(threads_share_catalogue_and_batch);
}
