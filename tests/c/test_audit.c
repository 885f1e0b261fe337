/* Tests of claims, the audit, the strategy and targets as JSON. Writes a small catalogue file into the current folder. */
#include "check.h"

/* Text of a buffer. */
static const char *text(const ehelse_buffer *buffer) {
    return (const char *)ehelse_buffer_data(buffer);
}

static const ehelse_catalogue *builtin(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = NULL;
    OK(ehelse_catalogue_builtin(&catalogue, &error));
    return catalogue;
}

static void claims_are_recomputed(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_buffer *json = NULL;
    OK(ehelse_audit_json(builtin(), &json, &error));
    CHECK(strlen(text(json)) == ehelse_buffer_len(json));
    const char *parts[] = {
        "\"claim\":{\"id\":\"helsenorge.services.medicines_growth\"",
        "(6.4 M \xe2\x88\x92 3.8 M) / 3.8 M = 68.42 %, between 64.9 and 72.0",
        "\"verdict\":\"agrees\"", "\"verdict\":\"consistent\"", "\"verdict\":\"not comparable\"", "\"verdict\":\"cannot be checked\"",
        "\"verdict\":\"claims differ\"", "\"verdict\":\"implausible\"",
        "\"other\":{\"id\":\"eprescription.own_medicines.growth\"",
        "\"interval\":[67.5,68.5]",
        "\"text\":\"6.4 M persons\"",
        "registries.lookups lookups 2018, service = organisation",
        "\"interval\":[1.0,null]",
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        CHECK(holds(text(json), parts[i]));
    }
    CHECK(strstr(text(json), "\"verdict\":\"contradicts\"") == NULL);
    ehelse_buffer_free(json);
    json = NULL;
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_audit_json(NULL, &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_audit_json(builtin(), NULL, &error));
    CHECK(json == NULL);
}

static void an_indicator_shows_its_claims_and_targets(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_buffer *json = NULL;
    OK(ehelse_catalogue_indicator_json(builtin(), "helsenorge.services", &json, &error));
    CHECK(holds(text(json), "\"id\":\"helsenorge.services.appointments_growth\"") && holds(text(json), "\"kind\":\"change_percent\""));
    CHECK(holds(text(json), "\"targets\":[]"));
    ehelse_buffer_free(json);
    OK(ehelse_catalogue_indicator_json(builtin(), "eu.ehealth_composite", &json, &error));
    CHECK(holds(text(json), "\"target\":{\"period\":\"2030\",\"value\":100.0,\"reason\":null}"));
    ehelse_buffer_free(json);
    OK(ehelse_catalogue_indicator_json(builtin(), "ict.cost_per_employee", &json, &error));
    CHECK(holds(text(json), "\"range\":[40900.0,52800.0]") && holds(text(json), "\"value\":null"));
    ehelse_buffer_free(json);
}

static void the_strategy_has_goals_and_empty_slots(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_buffer *json = NULL;
    OK(ehelse_catalogue_strategy_json(builtin(), &json, &error));
    CHECK(holds(text(json), "Enklere arbeidshverdag") && holds(text(json), "\"roadmap\":[]"));
    CHECK(holds(text(json), "\"baseline\":{\"period\":null,\"value\":null,\"reason\":{\"nb\":\"Ikke oppgitt i dokumentene.\",\"en\":\"Not stated in the documents.\"}}"));
    ehelse_buffer_free(json);
    json = NULL;
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_strategy_json(NULL, &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_strategy_json(builtin(), NULL, &error));
    CHECK(json == NULL);
}

static const char *const own = "[[target]]\n"
                               "id = \"logins\"\n"
                               "indicator = \"helsenorge.logins\"\n"
                               "unit = \"logins\"\n"
                               "baseline = { period = \"2018\", value = 100 }\n"
                               "target = { period = \"2022\", value = 300 }\n"
                               "direction = \"higher_is_better\"\n"
                               "edition = \"2019\"\n"
                               "source = \"monitor\"\n";

static void the_roadmap_is_a_series(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_series *series = NULL;
    OK(ehelse_catalogue_roadmap_delivered(builtin(), "2024-12-31", &series, &error));
    CHECK(ehelse_series_len(series) == 0 && same(ehelse_series_unit(series), "percent"));
    CHECK(same(ehelse_series_dimension_name(series, 0), "goal"));
    ehelse_series_free(series);
    series = NULL;
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_catalogue_roadmap_delivered(builtin(), "soon", &series, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_roadmap_delivered(NULL, "2024", &series, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_roadmap_delivered(builtin(), NULL, &series, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_roadmap_delivered(builtin(), "2024", NULL, &error));
    CHECK(series == NULL);
}

/* A series of logins in 2019 and 2020. */
static ehelse_series *logins(const ehelse_catalogue *catalogue) {
    static const int64_t offsets[] = { 0, 4, 8 };
    static const double values[] = { 140, 210 };
    ehelse_error error = EHELSE_ERROR_INIT;
    ehelse_batch *columns = NULL;
    ehelse_series *figures = NULL, *series = NULL;
    OK(ehelse_batch_new(2, &columns, &error));
    OK(ehelse_batch_set_labels_utf8(columns, "period", offsets, "20192020", 8, NULL, &error));
    OK(ehelse_batch_set_numbers(columns, "value", values, NULL, &error));
    OK(ehelse_series_from_columns(columns, "logins", "year", &figures, &error));
    OK(ehelse_series_reported(figures, catalogue, "helsenorge.logins", NULL, &series, &error));
    ehelse_series_free(figures);
    ehelse_batch_free(columns);
    return series;
}

static void a_series_is_held_against_its_targets(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = NULL;
    ehelse_buffer *json = NULL;
    FILE *file = fopen("own.toml", "wb");
    CHECK(file != NULL);
    if (!file) {
        return;
    }
    CHECK(fputs(own, file) >= 0 && fclose(file) == 0);
    OK(ehelse_catalogue_load("own.toml", &catalogue, &error));
    ehelse_series *series = logins(catalogue);
    /* The path is 150 in 2019 and 200 in 2020; 90 are left for two years. */
    OK(ehelse_targets_json(catalogue, series, NULL, &json, &error));
    const char *now[] = { "\"status\":\"on track\"", "\"on_path\":200.0", "\"distance\":90.0", "\"required_yearly_change\":45.0",
                          "\"path\":[[\"2018\",100.0],", "\"latest\":{\"period\":\"2020\",\"value\":210.0,\"flags\":\"\"}" };
    for (size_t i = 0; i < sizeof now / sizeof now[0]; i++) {
        CHECK(holds(text(json), now[i]));
    }
    ehelse_buffer_free(json);
    OK(ehelse_targets_json(catalogue, series, "2019", &json, &error));
    CHECK(holds(text(json), "\"status\":\"behind\"") && holds(text(json), "\"on_path\":150.0"));
    ehelse_buffer_free(json);
    json = NULL;
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_targets_json(catalogue, series, "soon", &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_targets_json(NULL, series, NULL, &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_targets_json(catalogue, NULL, NULL, &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_targets_json(catalogue, series, NULL, NULL, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_comparisons_json(NULL, series, &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_comparisons_json(catalogue, NULL, &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_comparisons_json(catalogue, series, NULL, &error));
    CHECK(json == NULL);
    OK(ehelse_comparisons_json(catalogue, series, &json, &error));
    CHECK(text(json)[0] == '[');
    ehelse_buffer_free(json);
    ehelse_series_free(series);
    ehelse_catalogue_free(catalogue);
    CHECK(remove("own.toml") == 0);
}

void audit_tests(void) {
    RUN(claims_are_recomputed);
    RUN(an_indicator_shows_its_claims_and_targets);
    RUN(the_strategy_has_goals_and_empty_slots);
    RUN(the_roadmap_is_a_series);
    RUN(a_series_is_held_against_its_targets);
}
