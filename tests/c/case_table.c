/* Tables of the corpus as batches and series of the library. Compares nothing. */
#include "case.h"

#include <stdlib.h>
#include <string.h>

const struct column *short_column(const struct table *table) {
    for (size_t i = 0; i < table->columns; i++) {
        if (table->column[i].values < table->rows) {
            return &table->column[i];
        }
    }
    return NULL;
}

/* Integers of a column; a null is 0. */
static int64_t *integers(struct flat *flat, const struct column *column) {
    int64_t *values = (int64_t *)flat_memory(flat, column->values * sizeof *values);
    for (size_t row = 0; row < column->values; row++) {
        values[row] = column->cells[row].text ? strtoll(column->cells[row].text, NULL, 10) : 0;
    }
    return values;
}

/* Text of a column end to end. A column that is too short cannot be made in C, where the batch has one number of rows: the offsets
 * of the rows that it lacks lie beyond the bytes, which is what such a mistake comes to. */
static const char *texts(struct flat *flat, const struct table *table, const struct column *column, int64_t **offsets, size_t *len) {
    *len = 0;
    for (size_t row = 0; row < column->values; row++) {
        *len += column->cells[row].len;
    }
    char *bytes = (char *)flat_memory(flat, *len);
    *offsets = (int64_t *)flat_memory(flat, (table->rows + 1) * sizeof **offsets);
    size_t at = 0;
    for (size_t row = 0; row < table->rows; row++) {
        if (row < column->values) {
            memcpy(bytes + at, column->cells[row].text ? column->cells[row].text : "", column->cells[row].len);
            at += column->cells[row].len;
            (*offsets)[row + 1] = (int64_t)at;
        } else {
            (*offsets)[row + 1] = (int64_t)*len + 8;
        }
    }
    return bytes;
}

/* The validity of a column; NULL where nothing is null. */
static const uint8_t *validity(struct flat *flat, const struct table *table, const struct column *column) {
    uint8_t *bits = (uint8_t *)flat_memory(flat, (table->rows + 7) / 8);
    bool nulls = false;
    for (size_t row = 0; row < table->rows; row++) {
        bool there = row >= column->values || column->cells[row].text;
        nulls = nulls || !there;
        bits[row / 8] = (uint8_t)(bits[row / 8] | there << row % 8);
    }
    return nulls ? bits : NULL;
}

/* Gives a column to a batch by its type. */
static bool set(struct flat *flat, ehelse_batch *batch, const struct table *table, const struct column *column, struct outcome *outcome) {
    static const struct {
        const char *type;
        uint32_t unit;
    } instants[] = { { "instant_s", EHELSE_SECONDS },
                     { "instant_ms", EHELSE_MILLISECONDS },
                     { "instant", EHELSE_MICROSECONDS },
                     { "instant_ns", EHELSE_NANOSECONDS } };
    const char *name = column->name, *type = column->type;
    const uint8_t *valid = validity(flat, table, column);
    ehelse_error *error = &outcome->error;
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(type, instants[i].type) == 0 && column->values == table->rows) {
            return went_well(outcome, ehelse_batch_set_instants(batch, name, integers(flat, column), instants[i].unit, valid, error));
        }
    }
    if (strcmp(type, "text") == 0 || strcmp(type, "label") == 0 || column->values < table->rows) {
        int64_t *offsets;
        size_t len;
        const char *bytes = texts(flat, table, column, &offsets, &len);
        if (strcmp(type, "label") == 0) {
            return went_well(outcome, ehelse_batch_set_labels_utf8(batch, name, offsets, bytes, len, valid, error));
        }
        return went_well(outcome, ehelse_batch_set_ids_utf8(batch, name, offsets, bytes, len, valid, error));
    }
    if (strcmp(type, "naive") == 0) {
        return went_well(outcome, ehelse_batch_set_local_times(batch, name, integers(flat, column), EHELSE_MICROSECONDS, valid, error));
    }
    if (strcmp(type, "integer_time") == 0 || strcmp(type, "integer") == 0) {
        return went_well(outcome, ehelse_batch_set_integers(batch, name, integers(flat, column), valid, error));
    }
    if (strcmp(type, "id") == 0) {
        return went_well(outcome, ehelse_batch_set_ids_i64(batch, name, integers(flat, column), valid, error));
    }
    if (strcmp(type, "uid") == 0) {
        uint64_t *values = (uint64_t *)flat_memory(flat, column->values * sizeof *values);
        for (size_t row = 0; row < column->values; row++) {
            values[row] = column->cells[row].text ? strtoull(column->cells[row].text, NULL, 10) : 0;
        }
        return went_well(outcome, ehelse_batch_set_ids_u64(batch, name, values, valid, error));
    }
    if (strcmp(type, "date") == 0) {
        int32_t *values = (int32_t *)flat_memory(flat, column->values * sizeof *values);
        for (size_t row = 0; row < column->values; row++) {
            values[row] = column->cells[row].text ? (int32_t)strtol(column->cells[row].text, NULL, 10) : 0;
        }
        return went_well(outcome, ehelse_batch_set_days(batch, name, values, valid, error));
    }
    if (strcmp(type, "number") == 0) {
        double *values = (double *)flat_memory(flat, column->values * sizeof *values);
        for (size_t row = 0; row < column->values; row++) {
            values[row] = column->cells[row].text ? strtod(column->cells[row].text, NULL) : 0;
        }
        return went_well(outcome, ehelse_batch_set_numbers(batch, name, values, valid, error));
    }
    if (strcmp(type, "flag") == 0) {
        uint8_t *bits = (uint8_t *)flat_memory(flat, (table->rows + 7) / 8);
        for (size_t row = 0; row < column->values; row++) {
            bool on = column->cells[row].text && strcmp(column->cells[row].text, "true") == 0;
            bits[row / 8] = (uint8_t)(bits[row / 8] | on << row % 8);
        }
        return went_well(outcome, ehelse_batch_set_flags(batch, name, bits, valid, error));
    }
    return fault_of(outcome, "columns of type %s are not known", type);
}

bool batch_of(struct flat *flat, const struct table *table, ehelse_batch **out, struct outcome *outcome) {
    ehelse_batch *batch = NULL;
    bool right = went_well(outcome, ehelse_batch_new(table->rows, &batch, &outcome->error));
    if (right && table->input) {
        right = went_well(outcome, ehelse_batch_set_input(batch, table->input, &outcome->error));
    }
    for (size_t i = 0; right && i < table->columns; i++) {
        right = set(flat, batch, table, &table->column[i], outcome);
    }
    if (!right) {
        ehelse_batch_free(batch);
        return false;
    }
    *out = batch;
    return true;
}

bool figures_of(struct flat *flat, const struct table *table, ehelse_series **out, struct outcome *outcome) {
    ehelse_batch *batch = NULL;
    struct table columns = *table;
    /* The input is that of the computation, not of the columns. */
    columns.input = NULL;
    if (!batch_of(flat, &columns, &batch, outcome)) {
        return false;
    }
    bool right = went_well(outcome, ehelse_series_from_columns(batch, table->unit, table->frequency, out, &outcome->error));
    ehelse_batch_free(batch);
    return right;
}
