/* Compares a result with what a case expects of it. Computes nothing. */
#include "case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A day since 1970-01-01 as 2019-12-31, by the usual arithmetic of eras of 400 years that begin in March. */
static void day_text(int32_t day, char *out, size_t room) {
    long days = (long)day + 719468;
    long era = (days >= 0 ? days : days - 146096) / 146097;
    long of_era = days - era * 146097;
    long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year + year / 4 - year / 100);
    long month = (5 * of_year + 2) / 153;
    long of_month = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    snprintf(out, room, "%04ld-%02ld-%02ld", year + era * 400 + (month <= 2), month, of_month);
}

static bool digits(const char *text) {
    text += *text == '-' || *text == '+';
    return *text && strspn(text, "0123456789") == strlen(text);
}

static bool near(const char *expected, double found, int decimals) {
    char *end = NULL;
    double wanted = strtod(expected, &end);
    double tolerance = decimals >= 0 ? 0.5 * pow(10, -decimals) + 1e-12 : digits(expected) ? 0 : 1e-12 * fabs(wanted);
    return end != expected && *end == '\0' && fabs(wanted - found) <= tolerance;
}

/* A cell of the result as text, in `room` where it must be made; NULL where there is nothing. */
static const char *cell_text(const ehelse_series *series, const char *name, size_t row, char *room, size_t size, bool *known) {
    const char *text = NULL;
    *known = true;
    if (strcmp(name, "period") == 0) {
        text = ehelse_series_period(series, row);
    } else if (strcmp(name, "start") == 0 || strcmp(name, "end") == 0) {
        int32_t day = name[0] == 's' ? ehelse_series_start(series, row) : ehelse_series_end(series, row);
        day_text(day, room, size);
        text = day == INT32_MIN ? NULL : room;
    } else if (strcmp(name, "status") == 0) {
        room[0] = ehelse_series_observation_status(series, row);
        room[1] = '\0';
        text = room;
    } else if (strcmp(name, "flags") == 0) {
        text = ehelse_series_flags(series, row);
    } else if (strcmp(name, "reason") == 0) {
        text = ehelse_series_reason(series, row);
    } else if (strcmp(name, "years_used") == 0) {
        text = ehelse_series_years_used(series, row);
    } else {
        size_t dimension = 0;
        const char *found;
        while ((found = ehelse_series_dimension_name(series, dimension)) && strcmp(found, name) != 0) {
            dimension++;
        }
        *known = found != NULL;
        text = ehelse_series_label(series, row, dimension);
    }
    return text && *text ? text : NULL;
}

/* Compares one column. */
static bool compare_column(const struct column *column, const ehelse_series *series, int decimals, struct outcome *outcome) {
    size_t rows = ehelse_series_len(series);
    bool is_value = strcmp(column->type, "value") == 0;
    double *values = (double *)malloc((rows + 1) * sizeof *values);
    uint8_t *there = (uint8_t *)malloc(rows + 1);
    ehelse_status status = EHELSE_OK;
    bool right = values && there;
    if (right && is_value && strcmp(column->name, "value") == 0) {
        status = ehelse_series_copy_values(series, values, there, rows, &outcome->error);
    } else if (right && is_value) {
        status = ehelse_series_copy_component(series, column->name, values, there, rows, &outcome->error);
    }
    right = right && went_well(outcome, status);
    for (size_t row = 0; right && row < rows; row++) {
        const char *expected = column->cells[row].text;
        char room[64];
        bool known = true, agrees;
        const char *found = NULL;
        if (is_value && there[row]) {
            snprintf(room, sizeof room, "%.17g", values[row]);
            found = room;
        } else if (!is_value) {
            found = cell_text(series, column->name, row, room, sizeof room, &known);
        }
        if (!known) {
            right = fault_of(outcome, "the result has no column `%s`", column->name);
            break;
        }
        if (!expected || !found || strcmp(expected, "?") == 0) {
            agrees = (!expected && !found) || (expected && strcmp(expected, "?") == 0);
        } else if (strcmp(expected, "*") == 0) {
            agrees = true;
        } else if (is_value) {
            agrees = near(expected, values[row], decimals);
        } else if (strcmp(column->type, "part") == 0) {
            agrees = strstr(found, expected) != NULL;
        } else {
            agrees = strcmp(found, expected) == 0;
        }
        if (!agrees) {
            right = fault_of(outcome, "row %zu: %s is `%s`, not `%s`", row, column->name, found ? found : "~", expected ? expected : "~");
        }
    }
    free(values);
    free(there);
    return right;
}

static bool compare_table(const struct table *table, const ehelse_series *series, int decimals, struct outcome *outcome) {
    if (ehelse_series_len(series) != table->rows) {
        return fault_of(outcome, "%zu rows, not %zu", ehelse_series_len(series), table->rows);
    }
    for (size_t i = 0; i < table->columns; i++) {
        if (!compare_column(&table->column[i], series, decimals, outcome)) {
            return false;
        }
    }
    return true;
}

/* Whether one of the warnings or notes has this part. */
static bool said(const ehelse_series *series, const char *(*text)(const ehelse_series *, size_t), const char *part) {
    const char *one;
    for (size_t i = 0; (one = text(series, i)); i++) {
        if (strstr(one, part)) {
            return true;
        }
    }
    return false;
}

bool compare_case(const struct flat_case *flat_case, const ehelse_series *series, const ehelse_series *end, struct outcome *outcome) {
    for (size_t i = 0; i < flat_case->expects; i++) {
        const struct expect *expect = &flat_case->expect[i];
        ehelse_series *measure = NULL;
        bool right = !expect->measure || went_well(outcome, ehelse_series_measure(series, expect->measure, &measure, &outcome->error));
        right = right && compare_table(&expect->table, measure ? measure : end, flat_case->decimals, outcome);
        ehelse_series_free(measure);
        if (!right) {
            return false;
        }
    }
    if (flat_case->unit && strcmp(ehelse_series_unit(end), flat_case->unit) != 0) {
        return fault_of(outcome, "the unit is %s, not %s", ehelse_series_unit(end), flat_case->unit);
    }
    for (size_t i = 0; i < flat_case->warnings; i++) {
        const char *warning = flat_case->warning[i];
        if (!said(series, ehelse_series_warning, warning) && !said(end, ehelse_series_warning, warning)) {
            return fault_of(outcome, "no warning says `%s`", warning);
        }
    }
    for (size_t i = 0; i < flat_case->notes; i++) {
        const char *note = flat_case->note[i];
        if (!said(series, ehelse_series_note, note) && !said(end, ehelse_series_note, note)) {
            return fault_of(outcome, "no note says `%s`", note);
        }
    }
    for (size_t i = 0; i < flat_case->counts; i++) {
        uint64_t rows = 0;
        const char *name = flat_case->count[i].name;
        if (!went_well(outcome, ehelse_series_row_count(series, name, &rows, &outcome->error))) {
            return false;
        }
        if (rows != flat_case->count[i].number) {
            return fault_of(outcome, "%s is %llu, not %llu", name, (unsigned long long)rows, (unsigned long long)flat_case->count[i].number);
        }
    }
    return true;
}

bool same_series(const ehelse_series *one, const ehelse_series *other, struct outcome *outcome) {
    const ehelse_series *series[] = { one, other };
    ehelse_buffer *table[2] = { NULL, NULL }, *head[2] = { NULL, NULL };
    bool right = true;
    for (int i = 0; i < 2 && right; i++) {
        right = went_well(outcome, ehelse_series_to_csv(series[i], "{\"protect\": false}", &table[i], &outcome->error))
             && went_well(outcome, ehelse_series_head_json(series[i], &head[i], &outcome->error));
    }
    if (right) {
        const char *texts[] = { (const char *)ehelse_buffer_data(table[0]), (const char *)ehelse_buffer_data(table[1]),
                                (const char *)ehelse_buffer_data(head[0]), (const char *)ehelse_buffer_data(head[1]) };
        if (strcmp(texts[0], texts[1]) != 0 || strcmp(texts[2], texts[3]) != 0) {
            right = fault_of(outcome, "another series:\n%s%s\n%s%s", texts[0], texts[2], texts[1], texts[3]);
        }
    }
    for (int i = 0; i < 2; i++) {
        ehelse_buffer_free(table[i]);
        ehelse_buffer_free(head[i]);
    }
    return right;
}
