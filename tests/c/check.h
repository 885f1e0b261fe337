/* Checks and their summary. Each test is a function; a failed check fails the test and goes on. Knows nothing of ehelse but errors. */
#ifndef CHECK_H
#define CHECK_H

#include <ehelse.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

extern int checks_failed;

/* Says what failed, and where. */
#define CHECK(condition) ((condition) ? (void)0 : (void)(checks_failed++, fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition)))

/* A call has the status, and where it fails the error has it too. */
#define CHECK_STATUS(wanted, error, call)                                                                                              \
    do {                                                                                                                               \
        (error)->status = -1;                                                                                                          \
        (error)->message[0] = '\0';                                                                                                    \
        check_status(wanted, call, error, __FILE__, __LINE__, #call);                                                                  \
    } while (0)

#define OK(call) CHECK_STATUS(EHELSE_OK, &error, call)

void check_status(ehelse_status wanted, ehelse_status got, const ehelse_error *error, const char *file, int line, const char *call);

/* Whether a text is there and equal to, or part of, another. */
bool same(const char *text, const char *wanted);
bool holds(const char *text, const char *part);

/* Runs a test and counts it. */
#define RUN(test) run_test(#test, test)
void run_test(const char *name, void (*test)(void));

/* The tests of each object. */
void error_tests(void);
void catalogue_tests(void);
void batch_tests(void);
void computation_tests(void);
void arrow_tests(void);
void series_tests(void);
void audit_tests(void);

#endif
