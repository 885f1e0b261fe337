/* Tests of ehelse_catalogue. Writes small catalogue files into the current folder. */
#include "check.h"

/* Text of a buffer. */
static const char *text(const ehelse_buffer *buffer) {
    return (const char *)ehelse_buffer_data(buffer);
}

static void write_file(const char *path, const char *content) {
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    if (file) {
        CHECK(fputs(content, file) >= 0);
        CHECK(fclose(file) == 0);
    }
}

static void the_built_in_one_is_static(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *first = NULL, *second = NULL;
    OK(ehelse_catalogue_builtin(&first, &error));
    ehelse_catalogue_free(first);
    OK(ehelse_catalogue_builtin(&second, &error));
    CHECK(first == second && ehelse_catalogue_len(first) > 10);
    ehelse_catalogue_free(NULL);
    CHECK(ehelse_catalogue_len(NULL) == 0 && ehelse_catalogue_id(NULL, 0) == NULL);
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_builtin(NULL, &error));
    CHECK(holds(error.message, "`out` is NULL"));
}

static void ids_are_listed_in_order(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = NULL;
    OK(ehelse_catalogue_builtin(&catalogue, &error));
    size_t len = ehelse_catalogue_len(catalogue), found = 0;
    for (size_t i = 0; i < len; i++) {
        const char *id = ehelse_catalogue_id(catalogue, i);
        CHECK(id != NULL && (i == 0 || strcmp(ehelse_catalogue_id(catalogue, i - 1), id) < 0));
        found += strcmp(id, "helsenorge.visits") == 0;
    }
    CHECK(found == 1);
    CHECK(ehelse_catalogue_id(catalogue, len) == NULL && ehelse_catalogue_id(catalogue, SIZE_MAX) == NULL);
}

static void an_indicator_is_described(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = NULL;
    ehelse_buffer *json = NULL;
    OK(ehelse_catalogue_builtin(&catalogue, &error));
    OK(ehelse_catalogue_indicator_json(catalogue, "helsenorge.visits", &json, &error));
    CHECK(strlen(text(json)) == ehelse_buffer_len(json));
    const char *parts[] = { "\"id\":\"helsenorge.visits\"", "\"definition\":\"visits\"", "\"version\":1", "\"unit\":\"visits\"",
                            "\"client\":\"id\"", "\"rule\":\"visits\"", "\"nb\":", "\"figures\":[{", "\"counts_persons\":true" };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        CHECK(holds(text(json), parts[i]));
    }
    ehelse_buffer_free(json);
    /* Every entry can be shown, and what only some have is among it. */
    const char *some[] = { "\"references\":[\"", "\"goals\":[", "\"questions\":[{\"id\":", "\"frequency\":\"week\",\"rule\":" };
    size_t found[sizeof some / sizeof some[0]] = { 0 };
    for (size_t i = 0; i < ehelse_catalogue_len(catalogue); i++) {
        OK(ehelse_catalogue_indicator_json(catalogue, ehelse_catalogue_id(catalogue, i), &json, &error));
        for (size_t part = 0; part < sizeof some / sizeof some[0]; part++) {
            found[part] += strstr(text(json), some[part]) != NULL;
        }
        ehelse_buffer_free(json);
    }
    for (size_t part = 0; part < sizeof some / sizeof some[0]; part++) {
        CHECK(found[part] > 0);
    }
}

static void an_unknown_indicator_has_its_nearest_name(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = NULL;
    ehelse_buffer *json = NULL;
    OK(ehelse_catalogue_builtin(&catalogue, &error));
    CHECK_STATUS(EHELSE_UNKNOWN_INDICATOR, &error, ehelse_catalogue_indicator_json(catalogue, "helsenorge.vists", &json, &error));
    CHECK(holds(error.message, "helsenorge.visits"));
    CHECK(json == NULL);
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_indicator_json(NULL, "helsenorge.visits", &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_indicator_json(catalogue, NULL, &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_indicator_json(catalogue, "helsenorge.visits", NULL, &error));
    CHECK_STATUS(EHELSE_INVALID_INPUT, &error, ehelse_catalogue_indicator_json(catalogue, "\xff", &json, &error));
    CHECK(holds(error.message, "`indicator` is not UTF-8"));
}

static void words_are_searched_in_both_languages(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *catalogue = NULL;
    ehelse_buffer *json = NULL;
    OK(ehelse_catalogue_builtin(&catalogue, &error));
    OK(ehelse_catalogue_search_json(catalogue, "besok", &json, &error));
    CHECK(holds(text(json), "helsenorge.visits"));
    ehelse_buffer_free(json);
    OK(ehelse_catalogue_search_json(catalogue, "no such words", &json, &error));
    CHECK(same(text(json), "[]"));
    ehelse_buffer_free(json);
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_search_json(NULL, "", &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_search_json(catalogue, NULL, &json, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_search_json(catalogue, "", NULL, &error));
}

static void a_file_is_laid_over(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *builtin = NULL, *own = NULL;
    ehelse_computation *run = NULL;
    OK(ehelse_catalogue_builtin(&builtin, &error));
    write_file("own.toml", "[topic]\nid = \"own\"\nname = { nb = \"Egne\", en = \"Own\" }\n");
    OK(ehelse_catalogue_load("own.toml", &own, &error));
    CHECK(own != builtin && ehelse_catalogue_len(own) == ehelse_catalogue_len(builtin));
    OK(ehelse_computation_new(own, "helsenorge.visits", NULL, &run, &error));
    /* The computation needs the catalogue no longer. */
    ehelse_catalogue_free(own);
    ehelse_series *series = NULL;
    OK(ehelse_computation_finish(run, &series, &error));
    CHECK(same(ehelse_series_id(series), "helsenorge.visits"));
    ehelse_series_free(series);
    ehelse_computation_free(run);
}

static void faults_of_a_file_have_line_and_column(void) {
    ehelse_error error = EHELSE_ERROR_INIT;
    const ehelse_catalogue *own = NULL;
    write_file("own.toml", "[topic]\nid = \"own\"\nnavn = \"Egne\"\n");
    CHECK_STATUS(EHELSE_CATALOGUE_ERROR, &error, ehelse_catalogue_load("own.toml", &own, &error));
    CHECK(holds(error.message, "own.toml:3:1: unknown key `navn`"));
    CHECK_STATUS(EHELSE_CATALOGUE_ERROR, &error, ehelse_catalogue_load("no/such/file.toml", &own, &error));
    CHECK(holds(error.message, "no/such/file.toml"));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_load(NULL, &own, &error));
    CHECK_STATUS(EHELSE_NULL_ARGUMENT, &error, ehelse_catalogue_load("own.toml", NULL, &error));
    CHECK(own == NULL);
    CHECK(remove("own.toml") == 0);
}

void catalogue_tests(void) {
    RUN(the_built_in_one_is_static);
    RUN(ids_are_listed_in_order);
    RUN(an_indicator_is_described);
    RUN(an_unknown_indicator_has_its_nearest_name);
    RUN(words_are_searched_in_both_languages);
    RUN(a_file_is_laid_over);
    RUN(faults_of_a_file_have_line_and_column);
}
