/* Runs a case through the library, every way that must give the same. Knows no rule. */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the first byte of the format version is in the bytes of a state. */
#define VERSION_AT 8

/* How the rows reach the computation. */
enum way {
    /* All tables in one computation. */
    TOGETHER,
    /* One computation for each table, merged, the last one first where the order does not matter. */
    MERGED,
    /* Through bytes after each table. */
    BYTES,
    /* All tables in one call. */
    AT_ONCE
};

static const char *const way_name[] = { "together", "merged", "bytes", "at once" };

/* What a case is run with. */
struct context {
    struct flat *flat;
    const struct flat_case *flat_case;
    const ehelse_catalogue *catalogue;
    enum way way;
    struct outcome *outcome;
};

/* Whether the error of the outcome is the one that the case expects. With a column that is too short, only kind and column can be. */
static bool is_expected(const struct context *context, const struct table *table) {
    struct outcome *outcome = context->outcome;
    const struct flat_case *flat_case = context->flat_case;
    const ehelse_error *error = &outcome->error;
    const char *kind = ehelse_status_name(error->status);
    const struct column *cut = table ? short_column(table) : NULL;
    if (!outcome->from_library) {
        return false;
    }
    if (strcmp(kind, flat_case->error) != 0) {
        return fault_of(outcome, "the error is of kind %s, not %s: %s", kind, flat_case->error, error->message);
    }
    if (cut) {
        return strcmp(error->column, cut->name) == 0 || fault_of(outcome, "column %s: %s", error->column, error->message);
    }
    for (size_t i = 0; i < flat_case->contains; i++) {
        if (!strstr(error->message, flat_case->contain[i])) {
            return fault_of(outcome, "the error does not say `%s`: %s", flat_case->contain[i], error->message);
        }
    }
    return true;
}

/* A step that must be refused. */
static bool must_fail(const struct context *context, bool went, const struct table *table) {
    if (went) {
        return fault_of(context->outcome, "no error, where %s was expected", context->flat_case->error);
    }
    return is_expected(context, table);
}

static bool start(const struct context *context, const struct run *run, ehelse_computation **out) {
    ehelse_error *error = &context->outcome->error;
    if (strcmp(run->kind, "kernel") == 0) {
        return went_well(context->outcome, ehelse_computation_new_kernel(run->name, run->options, out, error));
    }
    return went_well(context->outcome, ehelse_computation_new(context->catalogue, run->name, run->options, out, error));
}

/* Gives a table to a computation. */
static bool hand(const struct context *context, ehelse_computation *computation, const struct table *table) {
    struct outcome *outcome = context->outcome;
    bool right;
    if (table->unit) {
        ehelse_series *series = NULL;
        right = figures_of(context->flat, table, &series, outcome)
             && went_well(outcome, ehelse_computation_set_series(computation, table->input, series, &outcome->error));
        ehelse_series_free(series);
    } else {
        ehelse_batch *batch = NULL;
        right = batch_of(context->flat, table, &batch, outcome)
             && went_well(outcome, ehelse_computation_update(computation, batch, &outcome->error));
        ehelse_batch_free(batch);
    }
    return right;
}

/* Opens a computation with the rows of before its coverage, where there are any. */
static bool open_with(const struct context *context, ehelse_computation *computation, const struct run *run) {
    struct outcome *outcome = context->outcome;
    ehelse_batch *batch = NULL;
    bool right = !run->is_opened
              || (batch_of(context->flat, &run->opening, &batch, outcome)
                  && went_well(outcome, ehelse_computation_open(computation, batch, &outcome->error)));
    ehelse_batch_free(batch);
    return right;
}

/* Writes the state, and reads it again instead of the computation. */
static bool through_bytes(const struct context *context, ehelse_computation **computation) {
    struct outcome *outcome = context->outcome;
    ehelse_buffer *bytes = NULL, *again = NULL;
    ehelse_computation *read = NULL;
    bool right = went_well(outcome, ehelse_computation_serialize(*computation, &bytes, &outcome->error))
              && went_well(outcome, ehelse_computation_deserialize(context->catalogue, ehelse_buffer_data(bytes), ehelse_buffer_len(bytes), &read, &outcome->error))
              && went_well(outcome, ehelse_computation_serialize(read, &again, &outcome->error));
    if (right && (ehelse_buffer_len(bytes) != ehelse_buffer_len(again)
                  || memcmp(ehelse_buffer_data(bytes), ehelse_buffer_data(again), ehelse_buffer_len(bytes)) != 0)) {
        right = fault_of(outcome, "bytes that are read and written again differ");
    }
    ehelse_buffer_free(bytes);
    ehelse_buffer_free(again);
    if (right) {
        ehelse_computation_free(*computation);
        *computation = read;
    } else {
        ehelse_computation_free(read);
    }
    return right;
}

static bool is_ordered(const struct run *run) {
    return run->options && strstr(run->options, "\"order\":\"log\"");
}

/* A computation that has taken what it is given, but for a table that must be refused. */
static bool taken(const struct context *context, const struct run *run, long refused, ehelse_computation **out) {
    ehelse_computation *whole = NULL, *parts[MOST_TABLES];
    size_t count = 0;
    bool right = start(context, run, &whole) && open_with(context, whole, run);
    for (size_t i = 0; right && i < run->tables; i++) {
        const struct table *table = &run->table[i];
        if ((long)i == refused) {
            right = context->way == MERGED || must_fail(context, hand(context, whole, table), table);
        } else if (context->way == MERGED) {
            parts[count] = NULL;
            right = start(context, run, &parts[count]) && hand(context, parts[count], table);
            count++;
        } else {
            right = hand(context, whole, table);
        }
        if (right && context->way == BYTES) {
            right = through_bytes(context, &whole);
        }
    }
    for (size_t i = 0; i < count; i++) {
        ehelse_computation *part = parts[is_ordered(run) ? i : count - 1 - i];
        right = right && went_well(context->outcome, ehelse_computation_merge(whole, part, &context->outcome->error));
        ehelse_computation_free(part);
    }
    if (right) {
        *out = whole;
    } else {
        ehelse_computation_free(whole);
    }
    return right;
}

/* The series after the operations of the case. */
static bool applied(const struct context *context, const ehelse_series *series, ehelse_series **out) {
    struct outcome *outcome = context->outcome;
    ehelse_series *now = NULL;
    bool right = went_well(outcome, ehelse_series_measure(series, ehelse_series_current_measure(series), &now, &outcome->error));
    for (size_t i = 0; right && i < context->flat_case->applies; i++) {
        const struct apply *apply = &context->flat_case->apply[i];
        ehelse_series *other = NULL, *next = NULL;
        right = (!apply->has_other || figures_of(context->flat, &apply->other, &other, outcome))
             && went_well(outcome, ehelse_series_apply(now, apply->operation, other, apply->options, &next, &outcome->error));
        ehelse_series_free(other);
        ehelse_series_free(now);
        now = next;
    }
    if (right) {
        *out = now;
    } else {
        ehelse_series_free(now);
    }
    return right;
}

/* Whether the case says what the result is, before (`measures`) or after the operations. */
static bool expects(const struct flat_case *flat_case, bool measures) {
    for (size_t i = 0; i < flat_case->expects; i++) {
        if (measures || !flat_case->expect[i].measure) {
            return true;
        }
    }
    return false;
}

/* Reads spoiled bytes of a state, which fails. */
static bool spoiled(const struct context *context, const ehelse_buffer *state) {
    struct outcome *outcome = context->outcome;
    const char *how = context->flat_case->spoil, *by = context->flat_case->spoil_by;
    size_t len = ehelse_buffer_len(state);
    long n = strcmp(how, "text") == 0 ? (long)strlen(by) : strtol(by, NULL, 10);
    size_t most = len + (n > 0 ? (size_t)n : 0);
    uint8_t *bytes = (uint8_t *)flat_memory(context->flat, most);
    memcpy(bytes, ehelse_buffer_data(state), len);
    if (strcmp(how, "cut") == 0) {
        len -= (size_t)n < len ? (size_t)n : len;
    } else if (strcmp(how, "keep") == 0) {
        len = (size_t)n < len ? (size_t)n : len;
    } else if (strcmp(how, "append") == 0) {
        len = most;
    } else if (strcmp(how, "flip") == 0) {
        bytes[n < 0 ? len - (size_t)-n : (size_t)n] ^= 1;
    } else if (strcmp(how, "version") == 0) {
        bytes[VERSION_AT] = (uint8_t)n;
    } else if (strcmp(how, "text") == 0) {
        len = (size_t)n;
        memcpy(bytes, by, len);
    } else {
        return fault_of(outcome, "states cannot be spoiled by `%s`", how);
    }
    ehelse_computation *read = NULL;
    bool right = went_well(outcome, ehelse_computation_deserialize(context->catalogue, bytes, len, &read, &outcome->error));
    ehelse_computation_free(read);
    return right;
}

/* Tries the operations of a case that expects no result: one of them may be what fails. */
static bool tried(const struct context *context, const ehelse_series *series) {
    ehelse_series *end = NULL;
    bool right = applied(context, series, &end);
    ehelse_series_free(end);
    return right;
}

/* The series of all tables of rows in one call, beside what the computation has taken. */
static bool at_once(const struct context *context, const ehelse_computation *computation, const struct run *run, ehelse_series **out) {
    struct outcome *outcome = context->outcome;
    ehelse_batch *batches[MOST_TABLES];
    size_t count = 0;
    bool right = true;
    for (size_t i = 0; right && i < run->tables; i++) {
        if (!run->table[i].unit) {
            batches[count] = NULL;
            right = batch_of(context->flat, &run->table[i], &batches[count], outcome);
            count++;
        }
    }
    right = right && went_well(outcome, ehelse_computation_series_of(computation, (const ehelse_batch *const *)batches, count, out, &outcome->error));
    for (size_t i = 0; i < count; i++) {
        ehelse_batch_free(batches[i]);
    }
    return right;
}

/* The series of the case before its operations, and the bytes of the state. */
static bool result(const struct context *context, ehelse_series **series, ehelse_buffer **bytes) {
    const struct flat_case *flat_case = context->flat_case;
    struct outcome *outcome = context->outcome;
    const struct run *first = &flat_case->run[0];
    if (flat_case->runs == 0 || !first->kind) {
        return fault_of(outcome, "no computation");
    }
    if (strcmp(first->kind, "series") == 0) {
        return figures_of(context->flat, &first->table[0], series, outcome) && (expects(flat_case, false) || tried(context, *series));
    }
    ehelse_computation *computation = NULL, *second = NULL;
    bool right = taken(context, first, flat_case->error_table, &computation);
    if (right && flat_case->runs == 2) {
        right = taken(context, &flat_case->run[1], -1, &second);
        if (right && context->way == MERGED && !is_ordered(first) && !flat_case->error) {
            ehelse_computation *swap = computation;
            computation = second;
            second = swap;
        }
        bool merged = right && went_well(outcome, ehelse_computation_merge(computation, second, &outcome->error));
        right = right && (flat_case->error && expects(flat_case, false) ? must_fail(context, merged, NULL) : merged);
        ehelse_computation_free(second);
    }
    right = right && went_well(outcome, ehelse_computation_serialize(computation, bytes, &outcome->error));
    right = right && (!flat_case->spoil || spoiled(context, *bytes));
    if (right && context->way == AT_ONCE && flat_case->runs == 1 && !first->is_opened && flat_case->error_table < 0) {
        right = at_once(context, computation, first, series);
    } else {
        right = right && went_well(outcome, ehelse_computation_finish(computation, series, &outcome->error));
    }
    right = right && (expects(flat_case, true) || tried(context, *series));
    ehelse_computation_free(computation);
    return right;
}

/* Runs a case one way, and compares it with what is expected and with what the first way gave. */
static bool one_way(const struct context *context, const ehelse_series *before, const ehelse_buffer *state) {
    ehelse_series *series = NULL, *end = NULL;
    ehelse_buffer *bytes = NULL;
    bool right = result(context, &series, &bytes) && applied(context, series, &end)
              && compare_case(context->flat_case, series, end, context->outcome) && same_series(series, before, context->outcome);
    if (right && (ehelse_buffer_len(bytes) != ehelse_buffer_len(state)
                  || memcmp(ehelse_buffer_data(bytes), ehelse_buffer_data(state), ehelse_buffer_len(state)) != 0)) {
        right = fault_of(context->outcome, "other state bytes");
    }
    if (!right) {
        fprintf(stderr, "%s, %s:\n", context->flat_case->name, way_name[context->way]);
    }
    ehelse_series_free(series);
    ehelse_series_free(end);
    ehelse_buffer_free(bytes);
    return right;
}

/* The catalogue of the case, loaded from a file of the current folder. */
static bool load(struct context *context) {
    struct outcome *outcome = context->outcome;
    if (!context->flat_case->catalogue) {
        return went_well(outcome, ehelse_catalogue_builtin(&context->catalogue, &outcome->error));
    }
    FILE *file = fopen("catalogue.toml", "wb");
    bool written = file && fputs(context->flat_case->catalogue, file) >= 0;
    if (!file || fclose(file) != 0 || !written) {
        return fault_of(outcome, "catalogue.toml cannot be written");
    }
    bool right = went_well(outcome, ehelse_catalogue_load("catalogue.toml", &context->catalogue, &outcome->error));
    remove("catalogue.toml");
    return right;
}

/* The table that must fail, where the case names one. */
static const struct table *failing(const struct flat_case *flat_case) {
    const struct run *run = &flat_case->run[0];
    if (flat_case->error_table >= 0) {
        return (size_t)flat_case->error_table < run->tables ? &run->table[flat_case->error_table] : NULL;
    }
    for (size_t i = 0; i < run->tables; i++) {
        if (short_column(&run->table[i])) {
            return &run->table[i];
        }
    }
    return NULL;
}

bool run_case(struct flat *flat, const struct flat_case *flat_case, struct outcome *outcome) {
    struct context context = { flat, flat_case, NULL, TOGETHER, outcome };
    ehelse_series *series = NULL, *end = NULL;
    ehelse_buffer *bytes = NULL;
    bool right = load(&context) && result(&context, &series, &bytes);
    if (flat_case->error && !expects(flat_case, true)) {
        if (right && flat_case->error_table < 0) {
            right = fault_of(outcome, "no error, where %s was expected", flat_case->error);
        } else if (!right) {
            right = is_expected(&context, failing(flat_case));
        }
    } else {
        right = right && applied(&context, series, &end) && compare_case(flat_case, series, end, outcome);
        for (int way = MERGED; right && way <= AT_ONCE && strcmp(flat_case->run[0].kind, "series") != 0; way++) {
            context.way = (enum way)way;
            right = one_way(&context, series, bytes);
        }
    }
    ehelse_series_free(series);
    ehelse_series_free(end);
    ehelse_buffer_free(bytes);
    ehelse_catalogue_free(context.catalogue);
    return right;
}
