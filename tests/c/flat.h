/* The flat form of the corpus, which the Rust runner writes: one case at a time, in memory. Runs nothing. */
#ifndef FLAT_H
#define FLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOST 16
#define MOST_TABLES 64

/* A field: text, or nothing given. */
struct cell {
    const char *text;
    size_t len;
};

struct column {
    const char *name;
    const char *type;
    /* Less than the rows of its table where it is handed over too short. */
    size_t values;
    struct cell *cells;
};

/* Rows of an input; with a unit, figures. */
struct table {
    const char *input;
    const char *unit;
    const char *frequency;
    size_t rows;
    size_t columns;
    struct column column[MOST];
};

/* A computation and what it is given; the second one of a case is merged into the first. */
struct run {
    const char *kind;
    const char *name;
    const char *options;
    size_t tables;
    struct table table[MOST_TABLES];
    bool is_opened;
    struct table opening;
};

struct apply {
    const char *operation;
    const char *options;
    bool has_other;
    struct table other;
};

struct expect {
    const char *measure;
    struct table table;
};

struct flat_case {
    const char *name;
    const char *catalogue;
    size_t runs;
    struct run run[2];
    /* How the bytes of the state are spoiled. */
    const char *spoil;
    const char *spoil_by;
    size_t applies;
    struct apply apply[MOST];
    const char *error;
    /* The table that fails; -1 where none is named. */
    long error_table;
    size_t contains;
    const char *contain[MOST];
    /* -1 where values are compared exactly. */
    int decimals;
    size_t expects;
    struct expect expect[MOST];
    const char *unit;
    size_t warnings;
    const char *warning[MOST];
    size_t notes;
    const char *note[MOST];
    size_t counts;
    struct {
        const char *name;
        uint64_t number;
    } count[MOST];
};

/* A file that is being read. */
struct flat;

/* Opens a file; NULL where it cannot be read. */
struct flat *flat_open(const char *path);
/* The next case, which lives until the next call; NULL at the end, and with a fault where the file is not in the form. */
const struct flat_case *flat_next(struct flat *flat, const char **fault);
void flat_close(struct flat *flat);
/* Memory that lives as long as the case. */
void *flat_memory(struct flat *flat, size_t size);

#endif
