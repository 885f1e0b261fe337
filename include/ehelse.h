/**
 * @file ehelse.h
 * Norway's national e-health indicators from C: exact definitions, fast kernels, series that keep their status.
 *
 * Made from the sources of the library by `make header`. Do not edit it.
 *
 *     const ehelse_catalogue *catalogue = NULL;
 *     ehelse_computation *run = NULL;
 *     ehelse_batch *rows = NULL;
 *     ehelse_series *series = NULL;
 *     ehelse_error error = EHELSE_ERROR_INIT;
 *
 *     if (ehelse_catalogue_builtin(&catalogue, &error) ||
 *         ehelse_computation_new(catalogue, "helsenorge.visits", "{\"frequency\": \"day\"}", &run, &error) ||
 *         ehelse_batch_new(n, &rows, &error) ||
 *         ehelse_batch_set_instants(rows, "time", micros, EHELSE_MICROSECONDS, NULL, &error) ||
 *         ehelse_batch_set_ids_u64(rows, "client", clients, NULL, &error) ||
 *         ehelse_computation_update(run, rows, &error) ||
 *         ehelse_computation_finish(run, &series, &error))
 *         fprintf(stderr, "%s\n", error.message);
 *     for (size_t i = 0; i < ehelse_series_len(series); i++)
 *         printf("%s %.0f\n", ehelse_series_period(series, i), ehelse_series_value(series, i));
 *
 *     ehelse_series_free(series);
 *     ehelse_batch_free(rows);
 *     ehelse_computation_free(run);
 *
 * Conventions
 * -----------
 * - Arguments: the object first, then inputs, then outputs, and `ehelse_error *error` last, which may be NULL.
 * - Functions that can fail return `ehelse_status`: 0 where all is well. Outputs are written only then, `error` only otherwise.
 * - A call that fails leaves the objects it worked on as they were.
 * - What a function gives through an output of type `T **` is the caller's, and is freed by the `_free` function of its type.
 *   `_free(NULL)` does nothing. Each object is freed once, and not while a call uses it.
 * - `const char *` results are borrowed from the object that they were asked of, and live as long as it does. Static texts say so.
 * - Objects need nothing of those that they were made of, which may be freed before them; only a batch borrows, its columns.
 * - `const char *` arguments are UTF-8 and end with a NUL. Arguments are read during the call only, but for the columns of a
 *   batch, which are borrowed until their role is set again or the batch is freed.
 * - Arrays are aligned for their type. Choices that are numbers are `uint32_t`; one that is none of the known is refused.
 * - `options_json` is a JSON object, described by `ehelse-options.schema.json` beside this header; NULL or empty text sets none.
 * - A function whose name ends in `_json` gives JSON, whose types `ehelse-model.schema.json` beside this header describes.
 * - Arrow streams that are arguments are taken over and released, also where the call fails: the caller neither reads nor releases
 *   them afterwards.
 * - Rows, batches and indices count from 0.
 * - Values are in whole units (kroner, not millions); shares are in per cent. A missing value is never zero.
 * - Threads: catalogues, series and buffers are immutable, and safe to use from several threads at once. Batches and computations
 *   say what is safe. Errors belong to a call: there is no global state. A computation runs on as many threads as the option `threads`
 *   or the environment variable `EHELSE_THREADS` says, else on all processors; results do not depend on it.
 * - What is here is there since release 0.1.0; `\since` says where it is a later one. It keeps its meaning as long as
 *   EHELSE_ABI_VERSION stays.
 *
 * Link with `-lehelse`, or with `pkg-config --libs ehelse`.
 */

#ifndef EHELSE_H
#define EHELSE_H

#include <stddef.h>
#include <stdint.h>

/** Version of the release as text. */
#define EHELSE_VERSION "0.1.0"
/** Part of the version of the release. */
#define EHELSE_VERSION_MAJOR 0
/** Part of the version of the release. */
#define EHELSE_VERSION_MINOR 1
/** Part of the version of the release. */
#define EHELSE_VERSION_PATCH 0

/** An `ehelse_error` to begin with: `ehelse_error error = EHELSE_ERROR_INIT;`. */
#define EHELSE_ERROR_INIT { (uint32_t)sizeof(ehelse_error), EHELSE_OK, -1, { 0 }, { 0 } }

/* The structs of the Arrow C data and stream interfaces, as their specification lays them out. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/**
 * Version of the binary interface that this header describes. It is the number in the SONAME.
 */
#define EHELSE_ABI_VERSION 0

/**
 * Seconds since 1970-01-01T00:00, as `time_unit`.
 */
#define EHELSE_SECONDS 0

/**
 * Milliseconds since 1970-01-01T00:00, as `time_unit`.
 */
#define EHELSE_MILLISECONDS 1

/**
 * Microseconds since 1970-01-01T00:00, as `time_unit`.
 */
#define EHELSE_MICROSECONDS 2

/**
 * Nanoseconds since 1970-01-01T00:00, as `time_unit`.
 */
#define EHELSE_NANOSECONDS 3

/**
 * What an observer returns to let the call go on.
 */
#define EHELSE_CONTINUE 0

/**
 * What an observer returns to stop the call.
 */
#define EHELSE_STOP 1

/**
 * Rows for one input: columns by role, all with the number of rows that the batch was made with.
 *
 * **The columns stay the caller's and are not copied**: values and validity must be there, and may change only between calls, until
 * the role is set again or the batch is freed. So one batch and one set of arrays serve again and again.
 * Threads: one at a time may set columns. Reading it (`ehelse_computation_update`, `_series_of`) is safe from several at once.
 *
 * The roles are those of the kernel or of the indicator's input (`ehelse_catalogue_indicator_json`), and any columns that the
 * options `by` and `where` name. Validity is a bitmap as in Arrow: bit `i % 8` of byte `i / 8`, from the lowest, says whether row
 * i is there; NULL where all rows are. A column of no rows may be NULL.
 */
typedef struct ehelse_batch ehelse_batch;

/**
 * Bytes, or UTF-8 text, that the library made. What `ehelse_buffer_data` points to lives as long.
 */
typedef struct ehelse_buffer ehelse_buffer;

/**
 * Indicators with their definitions, inputs, measures and published figures. The built-in catalogue is static; one that was loaded
 * is freed by `ehelse_catalogue_free`.
 */
typedef struct ehelse_catalogue ehelse_catalogue;

/**
 * A definition, its options, and what it has taken so far.
 *
 * Threads: one at a time. Functions that take it as const may run at once with each other; any other overlap, and a call from
 * its own observer, is refused with `EHELSE_COMPUTATION_ERROR` and changes nothing. It may move from thread to thread.
 *
 * Each batch is taken whole or not at all: a call that fails leaves what was taken before. The series depends on the set of rows
 * alone, not on how they came in batches, in which order, or through merges.
 */
typedef struct ehelse_computation ehelse_computation;

/**
 * One measure of one indicator over periods and dimensions: observations in the order of their labels, then of their periods.
 *
 * Functions that take an index give NULL, NaN, 0 or `INT32_MIN` for one that is past the last, and for a series that is NULL.
 * What is read here is not protected; `ehelse_series_to_csv` and `ehelse_series_to_json_stat`, which are for publication, are.
 */
typedef struct ehelse_series ehelse_series;

/**
 * What a fallible function returns: 0, or why it failed. Numbers are never reused.
 */
typedef int32_t ehelse_status;

/**
 * Where the error of a call goes. The caller owns it and sets `size` to `sizeof(ehelse_error)`, as `EHELSE_ERROR_INIT` does.
 *
 * A call that fails fills in the rest, as far as `size` reaches; a call that succeeds leaves it as it is, so the status that
 * the call returns is what to look at. One struct serves any number of calls, of one thread at a time. The layout is frozen.
 * Texts are UTF-8, end with a NUL, and are cut between characters where they are too long.
 */
typedef struct {
  /**
   * Size of the struct in bytes, set by the caller; nothing is written beyond it.
   */
  uint32_t size;
  /**
   * The status that the call returned.
   */
  ehelse_status status;
  /**
   * The row, counted from 0 in the batch or stream that the call was given; -1 where there is none.
   */
  int64_t row;
  /**
   * The column; empty where there is none.
   */
  char column[64];
  /**
   * The place, what is wrong there, and the rule or what to do, in English.
   */
  char message[1024];
} ehelse_error;

/**
 * Looks in on a call about every 20 milliseconds, from the thread of the call: for progress, deadlines and interrupts.
 *
 * `context` is what `ehelse_computation_set_observer` was given; `rows` is how many rows this call has taken. It returns
 * `EHELSE_CONTINUE`, or `EHELSE_STOP` (any other number too) to stop the call. It may not throw, jump out, or free the objects of
 * the call.
 */
typedef int (*ehelse_observer)(void *context, uint64_t rows);

/**
 * It is done; the outputs are written.
 */
#define EHELSE_OK 0

/**
 * A pointer that must be there is NULL.
 */
#define EHELSE_NULL_ARGUMENT 1

/**
 * A fault of the library itself. Free the objects of the call and do not use them otherwise.
 */
#define EHELSE_PANIC 2

/**
 * Rows, columns, options or text that a rule refuses.
 */
#define EHELSE_INVALID_INPUT 3

/**
 * An indicator, named or of a series, that the catalogue does not hold; the message names the nearest.
 */
#define EHELSE_UNKNOWN_INDICATOR 4

/**
 * A catalogue file that is not valid; the message has file, line and column.
 */
#define EHELSE_CATALOGUE_ERROR 5

/**
 * Valid input that cannot be computed: states that do not belong together, state bytes that are broken, too many cells, an
 * overflow; an object that another call is using.
 */
#define EHELSE_COMPUTATION_ERROR 6

/**
 * The observer asked to stop.
 */
#define EHELSE_STOPPED 7

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the binary interface of the library that is loaded; equal to `EHELSE_ABI_VERSION` where header and library
 * belong together.
 */
uint32_t ehelse_abi_version(void);

/**
 * The name of a status, such as `invalid_input`; `unknown` for a number that is none. Static: never freed.
 */
const char *ehelse_status_name(ehelse_status status);

/**
 * The bytes. A NUL follows the last, so that text can be used as a C string. NULL for NULL.
 */
const uint8_t *ehelse_buffer_data(const ehelse_buffer *buffer);

/**
 * How many bytes there are, without the NUL. 0 for NULL.
 */
size_t ehelse_buffer_len(const ehelse_buffer *buffer);

/**
 * Frees a buffer. NULL is nothing.
 */
void ehelse_buffer_free(ehelse_buffer *buffer);

/**
 * The catalogue that the library carries. Static: `ehelse_catalogue_free` does nothing to it.
 */
ehelse_status ehelse_catalogue_builtin(const ehelse_catalogue **out, ehelse_error *error);

/**
 * The built-in catalogue with a TOML file laid over it. `path` is UTF-8.
 *
 * `EHELSE_CATALOGUE_ERROR` where the file cannot be read or is not valid; the message has file, line and column.
 */
ehelse_status ehelse_catalogue_load(const char *path, const ehelse_catalogue **out, ehelse_error *error);

/**
 * Frees a catalogue that was loaded. NULL and the built-in catalogue are nothing.
 */
void ehelse_catalogue_free(const ehelse_catalogue *catalogue);

/**
 * How many indicators there are. 0 for NULL.
 */
size_t ehelse_catalogue_len(const ehelse_catalogue *catalogue);

/**
 * The id of an indicator, such as `helsenorge.visits`, in the order of the ids; NULL past the last. Borrowed from the catalogue.
 */
const char *ehelse_catalogue_id(const ehelse_catalogue *catalogue, size_t index);

/**
 * An indicator as a JSON object, an `Indicator`: names, definition, inputs, measures, breaks, notes, sources, published figures,
 * claims and targets.
 */
ehelse_status ehelse_catalogue_indicator_json(const ehelse_catalogue *catalogue,
                                              const char *indicator,
                                              ehelse_buffer **out,
                                              ehelse_error *error);

/**
 * The indicators whose id, names or description hold every word of a text, in Norwegian or English, the best first: a JSON array
 * of objects with id, topic, name, measured and unit. Empty text finds all.
 */
ehelse_status ehelse_catalogue_search_json(const ehelse_catalogue *catalogue, const char *text, ehelse_buffer **out, ehelse_error *error);

/**
 * The strategy as a JSON object: arrays of `strategies`, `goals`, `targets` and items of the `roadmap`, in every edition that states
 * them.
 */
ehelse_status ehelse_catalogue_strategy_json(const ehelse_catalogue *catalogue, ehelse_buffer **out, ehelse_error *error);

/**
 * The deliverables of the roadmap that are delivered by the last day of a period, in per cent of those whose work has begun by then,
 * as a series by goal. `at` is a day or a longer period. Without any item the series is empty.
 */
ehelse_status ehelse_catalogue_roadmap_delivered(const ehelse_catalogue *catalogue,
                                                 const char *at,
                                                 ehelse_series **out,
                                                 ehelse_error *error);

/**
 * A batch of so many rows, without columns.
 */
ehelse_status ehelse_batch_new(size_t rows, ehelse_batch **out, ehelse_error *error);

/**
 * Frees a batch; its columns stay the caller's. NULL is nothing.
 */
void ehelse_batch_free(ehelse_batch *batch);

/**
 * Names the input that the rows are for, where an indicator has several inputs of rows. NULL: the only one.
 */
ehelse_status ehelse_batch_set_input(ehelse_batch *batch, const char *input, ehelse_error *error);

/**
 * Instants: integers since 1970-01-01T00:00 UTC; `time_unit` is `EHELSE_SECONDS` or another of those units.
 */
ehelse_status ehelse_batch_set_instants(ehelse_batch *batch,
                                        const char *role,
                                        const int64_t *values,
                                        uint32_t time_unit,
                                        const uint8_t *validity,
                                        ehelse_error *error);

/**
 * Wall-clock times of the zone that the option `input_zone` names, since 1970-01-01T00:00 of that clock. Without the option they
 * are refused: a zone is never guessed.
 */
ehelse_status ehelse_batch_set_local_times(ehelse_batch *batch,
                                           const char *role,
                                           const int64_t *values,
                                           uint32_t time_unit,
                                           const uint8_t *validity,
                                           ehelse_error *error);

/**
 * Civil days since 1970-01-01, as they stand. Visits cannot be formed from days.
 */
ehelse_status ehelse_batch_set_days(ehelse_batch *batch,
                                    const char *role,
                                    const int32_t *values,
                                    const uint8_t *validity,
                                    ehelse_error *error);

/**
 * Unsigned integers that tell one from another.
 */
ehelse_status ehelse_batch_set_ids_u64(ehelse_batch *batch,
                                       const char *role,
                                       const uint64_t *values,
                                       const uint8_t *validity,
                                       ehelse_error *error);

/**
 * Signed integers that tell one from another. One value is one id, whether signed or unsigned.
 */
ehelse_status ehelse_batch_set_ids_i64(ehelse_batch *batch,
                                       const char *role,
                                       const int64_t *values,
                                       const uint8_t *validity,
                                       ehelse_error *error);

/**
 * Text that tells one from another, compared byte by byte. Text i is the bytes from `offsets[i]` up to `offsets[i + 1]`, so there
 * are rows + 1 offsets; `bytes_len` is how many bytes there are in all. Empty text is null.
 *
 * Offsets are checked whenever the batch is used; one that falls, or lies beyond the bytes, is `EHELSE_INVALID_INPUT`.
 */
ehelse_status ehelse_batch_set_ids_utf8(ehelse_batch *batch,
                                        const char *role,
                                        const int64_t *offsets,
                                        const char *bytes,
                                        size_t bytes_len,
                                        const uint8_t *validity,
                                        ehelse_error *error);

/**
 * Names of groups, in UTF-8; laid out as for `ehelse_batch_set_ids_utf8`. A null label and empty text are the group `_U`, unknown.
 */
ehelse_status ehelse_batch_set_labels_utf8(ehelse_batch *batch,
                                           const char *role,
                                           const int64_t *offsets,
                                           const char *bytes,
                                           size_t bytes_len,
                                           const uint8_t *validity,
                                           ehelse_error *error);

/**
 * Numbers, such as amounts. They must be finite.
 */
ehelse_status ehelse_batch_set_numbers(ehelse_batch *batch,
                                       const char *role,
                                       const double *values,
                                       const uint8_t *validity,
                                       ehelse_error *error);

/**
 * Whole numbers: amounts that are summed exactly, counts of rows that were counted before, labels that are numbers, and times
 * whose unit the option `time_unit` says.
 */
ehelse_status ehelse_batch_set_integers(ehelse_batch *batch,
                                        const char *role,
                                        const int64_t *values,
                                        const uint8_t *validity,
                                        ehelse_error *error);

/**
 * True or false, as a bitmap laid out like validity.
 */
ehelse_status ehelse_batch_set_flags(ehelse_batch *batch,
                                     const char *role,
                                     const uint8_t *values,
                                     const uint8_t *validity,
                                     ehelse_error *error);

/**
 * Takes a role's column out of the batch, which borrows it no longer. A role that is not set is nothing.
 */
ehelse_status ehelse_batch_unset(ehelse_batch *batch, const char *role, ehelse_error *error);

/**
 * A computation of an indicator, such as `helsenorge.visits`.
 *
 * `EHELSE_INVALID_INPUT` for options that are unknown or do not fit; the message names the nearest.
 */
ehelse_status ehelse_computation_new(const ehelse_catalogue *catalogue,
                                     const char *indicator,
                                     const char *options_json,
                                     ehelse_computation **out,
                                     ehelse_error *error);

/**
 * A computation of a kernel by itself. The kernels, each with its columns, those that may be left out in brackets:
 *
 * - `visits` (time, client, [event], [event_kind]): Runs of page views of one client, each less than `gap_minutes` after the one
 *   before; a run counts in the period in which it starts. With `close`, a closed page ends a run as well (rulings 9–13).
 * - `count` (time, [count], [event]): Rows, or the sum of a column of counts; rows of one event id count once (rulings 5 and 7).
 * - `sum` (time, amount, [event]): The sum of an amount, exact and rounded once (ruling 8).
 * - `distinct` (time, id, [event]): Different ids, each once in a period, or up to its end; totals are counted from the rows
 *   (rulings 15 and 16).
 * - `rolling_distinct` (time, id, [event]): Different ids in the days up to a day, itself included; a longer period has the value
 *   of its last day (rulings 14–16).
 * - `flows` (time, sender, receiver, [count], [event]): Rows by sender and receiver, with the totals of both (ruling 5).
 * - `active_at` (start, [end], [since], [id]): Different ids, or rows where there are no ids, that are active on the last day of
 *   a period: from the day they start, and no longer on the day they end (rulings 17 and 18).
 * - `active_sum` (start, [end], [since], [id], amount, [share]): The sum of an amount over the rows that are active on the last
 *   day of a period, of each the share that belongs to its group (ruling 17).
 * - `proportion` ([time], answer, [weight], [strata], [cluster], [question]): Weight of the counted answers in per cent of the
 *   weight of all answers, with standard error and interval from the whole design (rulings 34–36).
 * - `composite` ([time], score, [weight], [layer], [item], [low], [high]): Sub-scores rescaled to the range they lie in, weighted
 *   within their layer, and the layers weighted upwards (ruling 37).
 * - `quantile` (time, value, [count], [event]): The number below which a share of all numbers lies, such as the median; exact,
 *   with the methods of Hyndman and Fan.
 */
ehelse_status ehelse_computation_new_kernel(const char *kernel, const char *options_json, ehelse_computation **out, ehelse_error *error);

/**
 * Frees a computation. NULL is nothing.
 */
void ehelse_computation_free(ehelse_computation *computation);

/**
 * Sets the observer of later calls, instead of the one before; NULL for none. `context` is handed to it and stays the caller's.
 *
 * It is asked in `ehelse_computation_update`, the two `_update_arrow` functions, `ehelse_computation_finish` and `_series_of`. A call
 * that it stops returns `EHELSE_STOPPED` and takes no part of the batch it was at.
 */
ehelse_status ehelse_computation_set_observer(ehelse_computation *computation,
                                              ehelse_observer observer,
                                              void *context,
                                              ehelse_error *error);

/**
 * Takes a batch.
 *
 * `EHELSE_INVALID_INPUT` with column and row for what a rule refuses: a column that is missing or of the wrong type, a null that
 * may not be, an instant outside 1900 to 2200, and so on.
 */
ehelse_status ehelse_computation_update(ehelse_computation *computation, const ehelse_batch *batch, ehelse_error *error);

/**
 * Takes an opening set: rows of before the coverage, such as the ids that are known when the log begins.
 *
 * Cumulative and rolling values then look back beyond the coverage in full, and are not provisional for that. Without a column of
 * times every row is of the day before the coverage. `EHELSE_INVALID_INPUT` without a stated coverage, with values of each period
 * by itself, and for a row without a time or within the coverage.
 */
ehelse_status ehelse_computation_open(ehelse_computation *computation, const ehelse_batch *batch, ehelse_error *error);

/**
 * Takes the state of another computation as the opening set: of the same definition and options, and of a coverage that ends before
 * this one begins.
 */
ehelse_status ehelse_computation_open_state(ehelse_computation *computation, const ehelse_computation *other, ehelse_error *error);

/**
 * Gives a series to an input that takes one, such as deaths by month, instead of what was given before.
 */
ehelse_status ehelse_computation_set_series(ehelse_computation *computation,
                                            const char *input,
                                            const ehelse_series *series,
                                            ehelse_error *error);

/**
 * Takes what another computation has taken, which stays as it is. Both must have the same definition, version, zone, frequency,
 * coverage and parameters.
 */
ehelse_status ehelse_computation_merge(ehelse_computation *computation, const ehelse_computation *other, ehelse_error *error);

/**
 * The state as bytes, to go on tomorrow or elsewhere: versioned, with a checksum, and the same for the same set of rows.
 *
 * **They hold the identifiers of the input**, or hashes of them: keep them as safe as the log.
 */
ehelse_status ehelse_computation_serialize(const ehelse_computation *computation, ehelse_buffer **out, ehelse_error *error);

/**
 * A computation from the bytes of `ehelse_computation_serialize`; its indicator, where it has one, must be in the catalogue.
 *
 * `EHELSE_COMPUTATION_ERROR` for bytes that are cut short, damaged, or of another format or definition version.
 */
ehelse_status ehelse_computation_deserialize(const ehelse_catalogue *catalogue,
                                             const uint8_t *bytes,
                                             size_t bytes_len,
                                             ehelse_computation **out,
                                             ehelse_error *error);

/**
 * The series of what was taken so far. It consumes nothing: the computation can take more and be finished again.
 */
ehelse_status ehelse_computation_finish(const ehelse_computation *computation, ehelse_series **out, ehelse_error *error);

/**
 * The series of these batches, of one or several inputs, whatever was taken before; nothing of them is kept.
 *
 * Since no rows will follow, this is faster than taking batches one by one, and takes less memory. The order of the batches of an
 * input is that of its rows. The row of an error is counted over all batches of the input.
 */
ehelse_status ehelse_computation_series_of(const ehelse_computation *computation,
                                           const ehelse_batch *const *batches,
                                           size_t batches_len,
                                           ehelse_series **out,
                                           ehelse_error *error);

/**
 * Bytes of memory that the state takes, to within what allocators add. 0 for NULL, and while another call changes it.
 */
size_t ehelse_computation_memory_bytes(const ehelse_computation *computation);

/**
 * What will be done and how, in words.
 */
ehelse_status ehelse_computation_explain(const ehelse_computation *computation, ehelse_buffer **out, ehelse_error *error);

/**
 * Takes the rows of an Arrow stream, which it takes over, batch by batch for the only input of rows.
 *
 * Each role reads the column that the option `columns` names for it, else the column of its own name. Memory is bounded by the
 * state and one batch. Batches before one that fails have been taken: the message says how many.
 */
ehelse_status ehelse_computation_update_arrow(ehelse_computation *computation, struct ArrowArrayStream *stream, ehelse_error *error);

/**
 * As `ehelse_computation_update_arrow`, for the input of this name.
 */
ehelse_status ehelse_computation_update_arrow_input(ehelse_computation *computation,
                                                    const char *input,
                                                    struct ArrowArrayStream *stream,
                                                    ehelse_error *error);

/**
 * Frees a series. NULL is nothing.
 */
void ehelse_series_free(ehelse_series *series);

/**
 * How many observations there are.
 */
size_t ehelse_series_len(const ehelse_series *series);

/**
 * The id of the indicator; NULL where the series is none.
 */
const char *ehelse_series_id(const ehelse_series *series);

/**
 * The unit of the values, such as `visits`, `percent` or `NOK`; amounts are whole units.
 */
const char *ehelse_series_unit(const ehelse_series *series);

/**
 * The length of the periods: `day`, `week`, `month`, `quarter` or `year`.
 */
const char *ehelse_series_frequency(const ehelse_series *series);

/**
 * The name of the measure that the series holds.
 */
const char *ehelse_series_current_measure(const ehelse_series *series);

/**
 * The names of the measures of the same computation, the primary one first.
 */
const char *ehelse_series_measure_name(const ehelse_series *series, size_t index);

/**
 * The names of the dimensions.
 */
const char *ehelse_series_dimension_name(const ehelse_series *series, size_t index);

/**
 * Notes that travel with the series.
 */
const char *ehelse_series_note(const ehelse_series *series, size_t index);

/**
 * What a reader of the series must be warned of.
 */
const char *ehelse_series_warning(const ehelse_series *series, size_t index);

/**
 * How many rows of the input went where: `accepted`, `unattributable` (without a time or a required id), `outside_coverage`,
 * `duplicates` (of an event id) or `filtered`.
 */
ehelse_status ehelse_series_row_count(const ehelse_series *series, const char *which, uint64_t *out, ehelse_error *error);

/**
 * The period of an observation, as SDMX writes it: `2019`, `2019-Q4`, `2019-12`, `2019-W52`, `2019-12-31`, or `undated`.
 */
const char *ehelse_series_period(const ehelse_series *series, size_t index);

/**
 * The first civil day of an observation's period, in days since 1970-01-01; `INT32_MIN` where it is undated.
 */
int32_t ehelse_series_start(const ehelse_series *series, size_t index);

/**
 * The last civil day of an observation's period, in days since 1970-01-01; `INT32_MIN` where it is undated.
 */
int32_t ehelse_series_end(const ehelse_series *series, size_t index);

/**
 * The label of an observation in a dimension; `_T` is the total (`NO` in the dimension `region`), `_U` is unknown.
 */
const char *ehelse_series_label(const ehelse_series *series, size_t index, size_t dimension);

/**
 * The value of an observation; NaN where it is missing, which is never zero.
 */
double ehelse_series_value(const ehelse_series *series, size_t index);

/**
 * The status of an observation, one SDMX code: `A` normal, or the first that holds of `Q` suppressed, `O` missing, `M` cannot
 * exist, `U` low reliability, `E` estimated, `P` provisional, `D` definition differs, `B` break.
 */
char ehelse_series_observation_status(const ehelse_series *series, size_t index);

/**
 * All codes of an observation in that order with spaces between, such as `E P`; empty where there is none.
 */
const char *ehelse_series_flags(const ehelse_series *series, size_t index);

/**
 * Why an observation is missing or to be read with care; NULL where nothing is said.
 */
const char *ehelse_series_reason(const ehelse_series *series, size_t index);

/**
 * The years that the mean of an observation was taken over, such as `2009 2010 2011`; NULL where it is no mean of years.
 */
const char *ehelse_series_years_used(const ehelse_series *series, size_t index);

/**
 * The place of the observation of a period and of one label for each dimension (NULL where there are none).
 */
ehelse_status ehelse_series_find(const ehelse_series *series,
                                 const char *period,
                                 const char *const *labels,
                                 size_t labels_len,
                                 size_t *out,
                                 ehelse_error *error);

/**
 * Copies the values of all observations: NaN where one is missing.
 *
 * `validity`, unless NULL, gets 1 for each value that is there and 0 for each that is missing. `capacity` is the length of both
 * arrays and at least `ehelse_series_len`.
 */
ehelse_status ehelse_series_copy_values(const ehelse_series *series,
                                        double *values,
                                        uint8_t *validity,
                                        size_t capacity,
                                        ehelse_error *error);

/**
 * Copies a component of all observations, as `ehelse_series_copy_values` does: `numerator`, `denominator`, `base`,
 * `effective_base`, `standard_error` (of a share in percentage points), `lower`, `upper` or `p_value` (from 0 to 1).
 */
ehelse_status ehelse_series_copy_component(const ehelse_series *series,
                                           const char *component,
                                           double *values,
                                           uint8_t *validity,
                                           size_t capacity,
                                           ehelse_error *error);

/**
 * The series as an Arrow stream of one table: period, start, end, the dimensions, measure, unit, value, status, flags, reason, and
 * the components that are there. `out` is an empty struct of the caller's, who releases the stream; it does not need the series.
 * Not protected.
 */
ehelse_status ehelse_series_export_arrow(const ehelse_series *series, struct ArrowArrayStream *out, ehelse_error *error);

/**
 * The series as a JSON-stat 2.0 dataset. Small counts of persons are protected unless the options say `{"protect": false}`.
 *
 * Options: `language` (`en`, `nb`), `label`, `symbols` (`none`, `ssb`), `protect` (true, false, or options of the operation).
 */
ehelse_status ehelse_series_to_json_stat(const ehelse_series *series, const char *options_json, ehelse_buffer **out, ehelse_error *error);

/**
 * The series as CSV. Small counts of persons are protected unless the options say `{"protect": false}`.
 *
 * Options: `symbols` (`none`, `ssb`), `protect` (true, false, or options of the operation).
 */
ehelse_status ehelse_series_to_csv(const ehelse_series *series, const char *options_json, ehelse_buffer **out, ehelse_error *error);

/**
 * What holds for the whole series, as a JSON object, a `SeriesHead`.
 */
ehelse_status ehelse_series_head_json(const ehelse_series *series, ehelse_buffer **out, ehelse_error *error);

/**
 * A series of reported figures from the columns of a batch: the roles `period` (text) and `value` (numbers), and where they are set
 * `flags` (text such as `E P`) and, for figures of several vintages, `published`, `edition` and `version`. Every other role is a
 * dimension, in the order in which they were set. A null value without a flag is missing (`O`).
 *
 * `unit` is any text, such as `deaths`; `frequency` is `day`, `week`, `month`, `quarter` or `year`.
 */
ehelse_status ehelse_series_from_columns(const ehelse_batch *columns,
                                         const char *unit,
                                         const char *frequency,
                                         ehelse_series **out,
                                         ehelse_error *error);

/**
 * As `ehelse_series_from_columns`, from an Arrow stream whose columns bear the names of the roles; tables of
 * `ehelse_series_export_arrow` can be read back.
 */
ehelse_status ehelse_series_from_arrow(struct ArrowArrayStream *stream,
                                       const char *unit,
                                       const char *frequency,
                                       ehelse_series **out,
                                       ehelse_error *error);

/**
 * Reported figures as the series of an indicator that accepts them, with its id, notes and breaks. `measure` is the measure that
 * the figures are of; NULL for the primary one.
 */
ehelse_status ehelse_series_reported(const ehelse_series *figures,
                                     const ehelse_catalogue *catalogue,
                                     const char *indicator,
                                     const char *measure,
                                     ehelse_series **out,
                                     ehelse_error *error);

/**
 * Another measure of the same computation.
 */
ehelse_status ehelse_series_measure(const ehelse_series *series, const char *measure, ehelse_series **out, ehelse_error *error);

/**
 * An operation on a series. `other` is a second series for the operations that say so, else NULL. Flags, reasons, breaks and notes
 * are carried along. The operations:
 *
 * - `change`: The change on the period before, or on the same period a year before; of shares with standard errors also its own,
 *   with interval and p-value (rulings 26, 30 and 36). Options: `lag`, `measure`, `allow_breaks`, `allow_versions`,
 *   `allow_provisional`, `level`, `overlapping`, `covariance`.
 * - `growth`: The change from the first period to the last; missing across a break unless allowed (ruling 26). Options: `from`,
 *   `to`, `measure`, `allow_breaks`, `allow_versions`, `allow_provisional`.
 * - `share_of` (`other` is needed): The share of another series, in per cent, at the groups that this one has (rulings 24, 27 and
 *   28). Options: `allow_units`, `totals`.
 * - `share_within`: Each group in per cent of the total over a dimension (rulings 16 and 24). Options: `dimension`.
 * - `share_of_stated`: In per cent of numbers that are stated for periods: an estimate (rulings 22 and 24). Options: `stated`.
 * - `per` (`other` is needed): A rate: so many per `factor` of another series, such as the population (rulings 24 and 25).
 *   Options: `factor`.
 * - `difference` (`other` is needed): This series less another of the same unit (ruling 21). Options: `warn_negative`.
 * - `adjusted` (`other` is needed): This series less an effect where there is one: an estimate, without the break that the effect
 *   explains (rulings 22 and 28).
 * - `clamp`: The same series, but never below zero: another view beside the signed one (ruling 21).
 * - `expected`: What the years before let expect: the mean of the same period over them, with a prediction interval (rulings 22
 *   and 23). Options: `base_years`, `exclude_years`, `min_years`, `level`.
 * - `top`: The largest groups of every period, and the rest as one (ruling 33). Options: `n`, `dimension`, `fixed`,
 *   `other_label`.
 * - `aggregate`: The sums over longer periods, or over dimensions (rulings 16 and 28). Options: `frequency`, `over`, `partial`.
 * - `period_mean`: The mean of the shorter periods of each longer one (rulings 18 and 28). Options: `frequency`.
 * - `group_mean` (`other` is allowed): The mean over the groups of a dimension, without totals and unknown, weighted by another
 *   series where one is given (ruling 24). Options: `dimension`, `partial`.
 * - `as_of`: The figures as they had been published by a day (ruling 30). Options: `date`.
 * - `round`: The same series with values rounded for display (ruling 40). Options: `decimals`, `method`.
 * - `measure`: Another measure of the same computation. Options: `name`.
 * - `protect`: The same series with small counts hidden, and what they could be computed from, or with counts rounded to a base
 *   (ruling 39). Options: `max_suppressed`, `protect_zeros`, `method`, `base`, `cumulative`.
 *
 * `options_json` holds the options of the operation, such as `{"lag": "year", "measure": "percent"}`.
 */
ehelse_status ehelse_series_apply(const ehelse_series *series,
                                  const char *operation,
                                  const ehelse_series *other,
                                  const char *options_json,
                                  ehelse_series **out,
                                  ehelse_error *error);

/**
 * Every claim of a catalogue recomputed from the figures of the same edition, as a JSON array of `AuditRow`; see the rulings on
 * published numbers. An interval has two ends, null where it is open.
 *
 * The verdicts are `agrees`, `consistent`, `contradicts`, `not comparable`, `cannot be checked`, `claims differ` and `implausible`.
 */
ehelse_status ehelse_audit_json(const ehelse_catalogue *catalogue, ehelse_buffer **out, ehelse_error *error);

/**
 * How a series of an indicator stands to each of its targets, as a JSON array of `TargetStatus` in the order of the catalogue: the
 * target, the latest value, the distance, the path and the status (`met`, `on track`, `behind`, `missed` or `no data`) with its reason.
 *
 * `as_of` is a day or a longer period, after whose last day nothing counts; NULL for all that there is.
 */
ehelse_status ehelse_targets_json(const ehelse_catalogue *catalogue,
                                  const ehelse_series *series,
                                  const char *as_of,
                                  ehelse_buffer **out,
                                  ehelse_error *error);

/**
 * What was published of the measure of a series, beside the series, as a JSON array of `Comparison`: the figures of its periods and
 * then the changes to them, in the order of the catalogue. A row has the figure or the claim, the group, and the value or change of
 * the series.
 */
ehelse_status ehelse_comparisons_json(const ehelse_catalogue *catalogue,
                                      const ehelse_series *series,
                                      ehelse_buffer **out,
                                      ehelse_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* EHELSE_H */
