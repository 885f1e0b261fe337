/* Runs the corpus through the C library: `cases FILE...`, files in the flat form. The last line is the summary. */
#include "case.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fault_of(struct outcome *outcome, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    outcome->from_library = false;
    vsnprintf(outcome->fault, sizeof outcome->fault, format, arguments);
    va_end(arguments);
    return false;
}

bool went_well(struct outcome *outcome, ehelse_status status) {
    if (status == EHELSE_OK) {
        return true;
    }
    outcome->from_library = true;
    return false;
}

int main(int argc, char **argv) {
    unsigned long passed = 0, failed = 0;
    for (int i = 1; i < argc; i++) {
        struct flat *flat = flat_open(argv[i]);
        const struct flat_case *flat_case;
        const char *fault = "it cannot be read";
        while (flat && (flat_case = flat_next(flat, &fault))) {
            static struct outcome outcome;
            memset(&outcome, 0, sizeof outcome);
            outcome.error.size = sizeof outcome.error;
            if (run_case(flat, flat_case, &outcome)) {
                passed++;
                continue;
            }
            failed++;
            const char *kind = outcome.from_library ? ehelse_status_name(outcome.error.status) : "";
            printf("FAILED %s: %s: %s %s\n", argv[i], flat_case->name, kind, outcome.from_library ? outcome.error.message : outcome.fault);
        }
        if (flat) {
            flat_close(flat);
        }
        if (fault) {
            printf("FAILED %s: %s\n", argv[i], fault);
            failed++;
        }
    }
    if (argc < 2) {
        printf("FAILED no files\n");
        failed++;
    }
    printf("%lu passed, %lu failed\n", passed, failed);
    return failed != 0;
}
