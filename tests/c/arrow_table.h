/* Arrow streams made by hand, of page views: a timestamp in microseconds and a client in text. Counts what is released. */
#ifndef ARROW_TABLE_H
#define ARROW_TABLE_H

#include <ehelse.h>

#include <stdbool.h>

#define VIEWS_PER_BATCH 2

/* What a stream hands out, and what came back. */
struct views {
    const char *time_name;
    size_t batches;
    /* The batch that cannot be had; beyond the last where all can. */
    size_t fails;
    size_t given;
    /* The instants of each batch; a null client where it is 0. */
    const int64_t (*times)[VIEWS_PER_BATCH];
    const char *const (*clients)[VIEWS_PER_BATCH];
    int open;
    int streams_released;
};

/* A stream of the views, which live until it is released. `open` counts what is not released. */
void views_stream(struct views *views, struct ArrowArrayStream *out);

#endif
