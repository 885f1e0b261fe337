/* Tests of ehelse_series: reading, figures from columns, operations, and the forms that leave it. */
#include "check.h"

#include <math.h>

/* Columns of figures: texts of each row, and values; NaN is null. */
#define ROWS 6
static const char *const periods[ROWS] = { "2018", "2019", "2020", "2018", "2019", "2020" };
static const char *const regions[ROWS] = { "03", "03", "03", "11", "11", "11" };
static const char *const flags[ROWS] = { "", "", "P", "", "", "O" };
static const double values[ROWS] = { 100, 150, 120, 50, 50, NAN };

/* Texts end to end. */
struct texts {
    int64_t offsets[ROWS + 1];
    char bytes[128];
};

static void join(struct texts *texts, const char *const *rows) {
    texts->offsets[0] = 0;
    texts->bytes[0] = '\0';
    for (int i = 0; i < ROWS; i++) {
        strcat(texts->bytes, rows[i]);
        texts->offsets[i + 1] = (int64_t)strlen(texts->bytes);
    }
}

static ehelse_series *figures(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    struct texts period, region, flag;
    ehelse_batch *columns = NULL;
    ehelse_series *series = NULL;
    uint8_t validity = 0;
    join(&period, periods);
    join(&region, regions);
    join(&flag, flags);
    for (int i = 0; i < ROWS; i++) {
        validity = (uint8_t)(validity | !isnan(values[i]) << i);
    }
    OK(ehelse_batch_new(ROWS, &columns, &error));
    OK(ehelse_batch_set_labels_utf8(columns, "period", period.offsets, period.bytes, strlen(period.bytes), NULL, &error));
    OK(ehelse_batch_set_labels_utf8(columns, "region", region.offsets, region.bytes, strlen(region.bytes), NULL, &error));
    OK(ehelse_batch_set_labels_utf8(columns, "flags", flag.offsets, flag.bytes, strlen(flag.bytes), NULL, &error));
    OK(ehelse_batch_set_numbers(columns, "value", values, &validity, &error));
    OK(ehelse_series_from_columns(columns, "persons", "year", &series, &error));
    ehelse_batch_free(columns);
    return series;
}

static void figures_are_read_back(void) {
    ehelse_series *series = figures();
    CHECK(ehelse_series_len(series) == ROWS);
    CHECK(same(ehelse_series_unit(series), "persons") && same(ehelse_series_frequency(series), "year"));
    CHECK(same(ehelse_series_dimension_name(series, 0), "region") && ehelse_series_dimension_name(series, 1) == NULL);
    CHECK(same(ehelse_series_current_measure(series), "value") && same(ehelse_series_measure_name(series, 0), "value"));
    CHECK(ehelse_series_id(series) == NULL);
    for (size_t i = 0; i < ROWS; i++) {
        CHECK(same(ehelse_series_period(series, i), periods[i]));
        CHECK(same(ehelse_series_label(series, i, 0), regions[i]));
        CHECK(same(ehelse_series_flags(series, i), flags[i]));
        CHECK(ehelse_series_observation_status(series, i) == (flags[i][0] ? flags[i][0] : 'A'));
        double value = ehelse_series_value(series, i);
        CHECK(value == values[i] || (isnan(value) && isnan(values[i])));
    }
    CHECK(ehelse_series_start(series, 1) == 17897 && ehelse_series_end(series, 1) == 17897 + 364);
    /* The same text is held once, and stays where it is. */
    CHECK(ehelse_series_label(series, 0, 0) == ehelse_series_label(series, 1, 0));
    CHECK(ehelse_series_years_used(series, 0) == NULL && ehelse_series_label(series, 0, 1) == NULL);
    ehelse_series_free(series);
}

static void reading_past_the_end_gives_nothing(void) {
    ehelse_series *series = figures();
    const ehelse_series *both[] = { series, NULL };
    for (int i = 0; i < 2; i++) {
        const ehelse_series *one = both[i];
        CHECK(ehelse_series_period(one, ROWS) == NULL && ehelse_series_label(one, SIZE_MAX, 0) == NULL);
        CHECK(ehelse_series_flags(one, ROWS) == NULL && ehelse_series_reason(one, ROWS) == NULL && ehelse_series_years_used(one, ROWS) == NULL);
        CHECK(ehelse_series_start(one, ROWS) == INT32_MIN && ehelse_series_end(one, ROWS) == INT32_MIN);
        CHECK(isnan(ehelse_series_value(one, ROWS)) && ehelse_series_observation_status(one, ROWS) == 0);
        CHECK(ehelse_series_measure_name(one, 9) == NULL && ehelse_series_dimension_name(one, 9) == NULL);
        CHECK(ehelse_series_note(one, 9) == NULL && ehelse_series_warning(one, 9) == NULL);
    }
    CHECK(ehelse_series_len(NULL) == 0 && ehelse_series_id(NULL) == NULL && ehelse_series_unit(NULL) == NULL);
    CHECK(ehelse_series_frequency(NULL) == NULL && ehelse_series_current_measure(NULL) == NULL);
    ehelse_series_free(series);
    ehelse_series_free(NULL);
}

static void values_are_copied(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_series *series = figures();
    double copy[ROWS + 1] = { 7, 7, 7, 7, 7, 7, 7 };
    uint8_t there[ROWS + 1] = { 7, 7, 7, 7, 7, 7, 7 };
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_copy_values(series, copy, there, ROWS - 1, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_copy_values(series, NULL, there, ROWS, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_copy_values(NULL, copy, there, ROWS, &error));
    CHECK(copy[0] == 7 && there[0] == 7);
    OK(ehelse_series_copy_values(series, copy, there, ROWS + 1, &error));
    for (int i = 0; i < ROWS; i++) {
        CHECK(there[i] == !isnan(values[i]) && (copy[i] == values[i] || (isnan(copy[i]) && !there[i])));
    }
    CHECK(copy[ROWS] == 7 && there[ROWS] == 7);
    OK(ehelse_series_copy_values(series, copy, NULL, ROWS, &error));
    ehelse_series_free(series);
}

static void cells_are_found(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_series *series = figures();
    const char *label[] = { "11" }, *null[] = { NULL };
    size_t at = 99;
    OK(ehelse_series_find(series, "2019", label, 1, &at, &error));
    CHECK(at == 4);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_find(series, "2021", label, 1, &at, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_find(series, "2019-13", label, 1, &at, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_find(series, "2019", NULL, 0, &at, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_find(series, "2019", NULL, 1, &at, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_find(series, "2019", null, 1, &at, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_find(NULL, "2019", label, 1, &at, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_find(series, NULL, label, 1, &at, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_find(series, "2019", label, 1, NULL, &error));
    CHECK(at == 4);
    ehelse_series_free(series);
}

static void operations_are_applied(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_series *series = figures(), *change = NULL, *share = NULL, *none = NULL;
    double component[ROWS];
    uint8_t there[ROWS];
    OK(ehelse_series_apply(series, "change", NULL, "{\"measure\": \"percent\"}", &change, &error));
    CHECK(same(ehelse_series_unit(change), "percent") && ehelse_series_value(change, 1) == 50 && ehelse_series_value(change, 4) == 0);
    CHECK(isnan(ehelse_series_value(change, 0)) && ehelse_series_reason(change, 0) != NULL);
    OK(ehelse_series_copy_component(change, "base", component, there, ROWS, &error));
    CHECK(component[1] == 100 && there[1] == 1);
    OK(ehelse_series_copy_component(change, "upper", component, there, ROWS, &error));
    CHECK(isnan(component[1]) && there[1] == 0);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_copy_component(change, "bse", component, there, ROWS, &error));
    CHECK(holds(error.message, "did you mean `base`?"));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_copy_component(change, NULL, component, there, ROWS, &error));
    OK(ehelse_series_apply(series, "share_of", series, "", &share, &error));
    CHECK(ehelse_series_value(share, 0) == 100 && same(ehelse_series_unit(share), "percent"));

    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_apply(series, "chang", NULL, NULL, &none, &error));
    CHECK(holds(error.message, "did you mean `change`?"));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_apply(series, "change", NULL, "{\"lags\": \"year\"}", &none, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_apply(series, "change", series, NULL, &none, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_apply(series, "share_of", NULL, NULL, &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_apply(NULL, "change", NULL, NULL, &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_apply(series, NULL, NULL, NULL, &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_apply(series, "change", NULL, NULL, NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_measure(series, "valu", &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_measure(NULL, "value", &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_measure(series, NULL, &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_measure(series, "value", NULL, &error));
    CHECK(none == NULL);
    ehelse_series_free(change);
    ehelse_series_free(share);
    ehelse_series_free(series);
}

static void columns_of_figures_are_checked(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *columns = NULL;
    ehelse_series *none = NULL;
    const int64_t offsets[] = { 0, 4, 11 };
    const double two[] = { 1, 2 };
    OK(ehelse_batch_new(2, &columns, &error));
    OK(ehelse_batch_set_numbers(columns, "value", two, NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_from_columns(columns, "persons", "year", &none, &error));
    CHECK(same(error.column, "period"));
    OK(ehelse_batch_set_labels_utf8(columns, "period", offsets, "20192020-01", 11, NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_from_columns(columns, "persons", "year", &none, &error));
    CHECK(same(error.column, "period") && error.row == 1);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_from_columns(columns, "persons", "yearly", &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_from_columns(NULL, "persons", "year", &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_from_columns(columns, NULL, "year", &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_from_columns(columns, "persons", NULL, &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_from_columns(columns, "persons", "year", NULL, &error));
    CHECK(none == NULL);
    ehelse_batch_free(columns);
}

static void figures_become_those_of_an_indicator(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = NULL;
    ehelse_batch *columns = NULL;
    ehelse_series *own = NULL, *total = NULL, *none = NULL;
    const int64_t offsets[] = { 0, 4 };
    const double one[] = { 1e6 };
    OK(ehelse_catalogue_builtin(&catalogue, &error));
    OK(ehelse_batch_new(1, &columns, &error));
    OK(ehelse_batch_set_labels_utf8(columns, "period", offsets, "2019", 4, NULL, &error));
    OK(ehelse_batch_set_numbers(columns, "value", one, NULL, &error));
    OK(ehelse_series_from_columns(columns, "messages", "year", &own, &error));
    OK(ehelse_series_reported(own, catalogue, "messages.total", NULL, &total, &error));
    CHECK(same(ehelse_series_id(total), "messages.total") && ehelse_series_value(total, 0) == 1e6);
    CHECK(ehelse_series_note(total, 0) != NULL);
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_reported(own, catalogue, "messages.total", "no such measure", &none, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_reported(own, catalogue, "helsenorge.visits", NULL, &none, &error));
    CHECK_STATUS(EHELSE_UNKNOWN_INDICATOR, &error, ehelse_series_reported(own, catalogue, "messages.totl", NULL, &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_reported(NULL, catalogue, "messages.total", NULL, &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_reported(own, NULL, "messages.total", NULL, &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_reported(own, catalogue, NULL, NULL, &none, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_reported(own, catalogue, "messages.total", NULL, NULL, &error));
    CHECK(none == NULL);
    ehelse_series_free(own);
    ehelse_series_free(total);
    ehelse_batch_free(columns);
}

/* A series of persons with one small count: 3 visits. */
static ehelse_series *small_count(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = NULL;
    ehelse_computation *run = NULL;
    ehelse_batch *rows = NULL;
    ehelse_series *series = NULL;
    static const int64_t times[] = { 1577836800, 1577836800, 1577836800 };
    static const uint64_t clients[] = { 1, 2, 3 };
    OK(ehelse_catalogue_builtin(&catalogue, &error));
    OK(ehelse_computation_new(catalogue, "helsenorge.visits", NULL, &run, &error));
    OK(ehelse_batch_new(3, &rows, &error));
    OK(ehelse_batch_set_instants(rows, "time", times, EHELSE_SECONDS, NULL, &error));
    OK(ehelse_batch_set_ids_u64(rows, "client", clients, NULL, &error));
    OK(ehelse_computation_update(run, rows, &error));
    OK(ehelse_computation_finish(run, &series, &error));
    ehelse_batch_free(rows);
    ehelse_computation_free(run);
    return series;
}

static void publication_forms_are_protected(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_series *series = small_count();
    ehelse_buffer *text = NULL;
    CHECK(ehelse_series_value(series, 0) == 3);
    OK(ehelse_series_to_csv(series, NULL, &text, &error));
    CHECK(holds((const char *)ehelse_buffer_data(text), "period,start,end,measure,unit,value"));
    CHECK(holds((const char *)ehelse_buffer_data(text), ",,Q,"));
    ehelse_buffer_free(text);
    OK(ehelse_series_to_csv(series, "{\"protect\": false}", &text, &error));
    CHECK(holds((const char *)ehelse_buffer_data(text), ",3,P,"));
    ehelse_buffer_free(text);
    OK(ehelse_series_to_json_stat(series, NULL, &text, &error));
    CHECK(holds((const char *)ehelse_buffer_data(text), "\"value\":[null]"));
    ehelse_buffer_free(text);
    OK(ehelse_series_to_json_stat(series, "{\"protect\": false}", &text, &error));
    CHECK(holds((const char *)ehelse_buffer_data(text), "\"value\":[3]"));
    ehelse_buffer_free(text);
    text = NULL;
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_to_csv(series, "{\"protekt\": false}", &text, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_to_json_stat(series, "{\"protekt\": false}", &text, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_to_csv(NULL, NULL, &text, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_to_csv(series, NULL, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_to_json_stat(NULL, NULL, &text, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_to_json_stat(series, NULL, NULL, &error));
    CHECK(text == NULL);
    ehelse_series_free(series);
}

static void the_head_says_what_must_be_known(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_series *series = small_count();
    ehelse_buffer *json = NULL;
    uint64_t rows = 99;
    OK(ehelse_series_head_json(series, &json, &error));
    const char *parts[] = { "\"id\":\"helsenorge.visits\"", "\"definition\":\"visits\"", "\"zone\":\"Europe/Oslo\"", "\"accepted\":3",
                            "\"coverage\":\"2020-01-01/2020-01-01\"", "coverage inferred", "\"counts_persons\":true" };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        CHECK(holds((const char *)ehelse_buffer_data(json), parts[i]));
    }
    ehelse_buffer_free(json);
    CHECK(holds(ehelse_series_warning(series, 0), "coverage inferred") && ehelse_series_warning(series, 1) == NULL);
    OK(ehelse_series_row_count(series, "accepted", &rows, &error));
    CHECK(rows == 3);
    const char *counts[] = { "unattributable", "outside_coverage", "duplicates", "filtered" };
    for (int i = 0; i < 4; i++) {
        OK(ehelse_series_row_count(series, counts[i], &rows, &error));
        CHECK(rows == 0);
    }
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_series_row_count(series, "acepted", &rows, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_row_count(NULL, "accepted", &rows, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_row_count(series, NULL, &rows, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_row_count(series, "accepted", NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_head_json(NULL, &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_series_head_json(series, NULL, &error));
    ehelse_series_free(series);
}

void series_tests(void) {
    RUN(figures_are_read_back);
    RUN(reading_past_the_end_gives_nothing);
    RUN(values_are_copied);
    RUN(cells_are_found);
    RUN(operations_are_applied);
    RUN(columns_of_figures_are_checked);
    RUN(figures_become_those_of_an_indicator);
    RUN(publication_forms_are_protected);
    RUN(the_head_says_what_must_be_known);
}
