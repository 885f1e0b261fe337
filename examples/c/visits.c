/* A first result in C: visits by day from page views, and the distinct prescribers of the last 100 days. Opens no file.
 *
 *     cc -std=c11 visits.c -lehelse -o visits && ./visits
 */
#include <ehelse.h>

#include <stdio.h>

/* 16 December 2019, 09:00 in Oslo, in seconds since 1970-01-01T00:00 UTC. */
#define MORNING INT64_C(1576483200)
#define MINUTE 60

/* Says what went wrong; the message names column, row and rule. */
static int fail(const ehelse_error *error) {
    fprintf(stderr, "%s: %s\n", ehelse_status_name(error->status), error->message);
    return 1;
}

/* One line for each observation: the period, the value, and where they are not normal the flags and the reason. */
static void print(const ehelse_series *series, size_t from) {
    printf("%s by %s\n", ehelse_series_unit(series), ehelse_series_frequency(series));
    for (size_t i = from; i < ehelse_series_len(series); i++) {
        printf("  %s %6.0f", ehelse_series_period(series, i), ehelse_series_value(series, i));
        if (ehelse_series_observation_status(series, i) != 'A') {
            printf("  %s: %s", ehelse_series_flags(series, i), ehelse_series_reason(series, i));
        }
        printf("\n");
    }
}

/* An indicator of the catalogue: page views become visits. */
static int visits(ehelse_error *error) {
    /* Client 1 is away for 29 minutes, and then for exactly 30: that opens a new visit. */
    const int64_t times[] = { MORNING, MORNING + 29 * MINUTE, MORNING + 59 * MINUTE, MORNING + 5 * MINUTE, MORNING + 24 * 60 * MINUTE };
    const uint64_t clients[] = { 1, 1, 1, 2, 2 };

    const char options[] = "{\"frequency\": \"day\", \"coverage\": \"2019-12-16/2019-12-18\"}";

    const ehelse_catalogue *catalogue = NULL;
    ehelse_computation *run = NULL;
    ehelse_batch *rows = NULL;
    ehelse_series *series = NULL;

    /* Each call returns 0 where all is well, so the first that fails ends the chain. */
    ehelse_status status = ehelse_catalogue_builtin(&catalogue, error);
    if (!status) status = ehelse_computation_new(catalogue, "helsenorge.visits", options, &run, error);
    if (!status) status = ehelse_batch_new(sizeof times / sizeof times[0], &rows, error);
    /* The arrays are borrowed by the batch, not copied. */
    if (!status) status = ehelse_batch_set_instants(rows, "time", times, EHELSE_SECONDS, NULL, error);
    if (!status) status = ehelse_batch_set_ids_u64(rows, "client", clients, NULL, error);
    if (!status) status = ehelse_computation_update(run, rows, error);
    if (!status) status = ehelse_computation_finish(run, &series, error);
    if (!status) print(series, 0);

    /* NULL is freed as well as anything else. */
    ehelse_series_free(series);
    ehelse_batch_free(rows);
    ehelse_computation_free(run);
    return status;
}

/* A kernel by itself: on each day, how many different ids were seen on it and on the 99 days before. */
static int prescribers(ehelse_error *error) {
    /* Civil days since 1970-01-01: 1 January 2019, 10 April (the 100th day of the year), 11 April. */
    const int32_t days[] = { 17897, 17897, 17996, 17997 };
    /* Text ids lie end to end; id i is the bytes from offset i up to offset i + 1. */
    const char names[] = "AnnaBoCecilieBo";
    const int64_t offsets[] = { 0, 4, 6, 13, 15 };

    ehelse_computation *run = NULL;
    ehelse_batch *rows = NULL;
    ehelse_series *series = NULL;

    ehelse_status status = ehelse_computation_new_kernel("rolling_distinct", "{\"window_days\": 100}", &run, error);
    if (!status) status = ehelse_batch_new(sizeof days / sizeof days[0], &rows, error);
    if (!status) status = ehelse_batch_set_days(rows, "time", days, NULL, error);
    if (!status) status = ehelse_batch_set_ids_utf8(rows, "id", offsets, names, sizeof names - 1, NULL, error);
    if (!status) status = ehelse_computation_update(run, rows, error);
    if (!status) status = ehelse_computation_finish(run, &series, error);
    if (!status) print(series, ehelse_series_len(series) - 3);

    ehelse_series_free(series);
    ehelse_batch_free(rows);
    ehelse_computation_free(run);
    return status;
}

int main(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    return visits(&error) || prescribers(&error) ? fail(&error) : 0;
}
