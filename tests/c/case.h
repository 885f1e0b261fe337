/* What the parts of the corpus runner share: outcomes, and the steps of a case through the public names of the library. */
#ifndef CASE_H
#define CASE_H

#include "flat.h"

#include <ehelse.h>

/* How a step ended: well, with an error of the library (which a case may expect), or with a fault that none does. */
struct outcome {
    bool from_library;
    ehelse_error error;
    char fault[4096];
};

/* Ends a step with a fault; false. */
bool fault_of(struct outcome *outcome, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* Whether a call went well; else its error is the outcome. */
bool went_well(struct outcome *outcome, ehelse_status status);

/* Makes a batch of a table; its columns live as long as the case. */
bool batch_of(struct flat *flat, const struct table *table, ehelse_batch **out, struct outcome *outcome);
/* Makes a series of a table of figures. */
bool figures_of(struct flat *flat, const struct table *table, ehelse_series **out, struct outcome *outcome);
/* Whether a column of the table is shorter than its rows. */
const struct column *short_column(const struct table *table);

/* Runs a case, every way that must give the same. */
bool run_case(struct flat *flat, const struct flat_case *flat_case, struct outcome *outcome);

/* Compares everything that a case says of the result: the series of the computation, and that after the operations. */
bool compare_case(const struct flat_case *flat_case, const ehelse_series *series, const ehelse_series *end, struct outcome *outcome);
/* Whether two series are the same in all that can be read of them. */
bool same_series(const ehelse_series *one, const ehelse_series *other, struct outcome *outcome);

#endif
