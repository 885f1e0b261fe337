/* Runs the tests of every function of the library. The last line is the summary. */
#include "check.h"

int checks_failed;
static int passed, failed;

void check_status(ehelse_status wanted, ehelse_status got, const ehelse_error *error, const char *file, int line, const char *call) {
    /* The struct is filled in where the call fails, and left alone where it does not. */
    bool told = got == EHELSE_OK ? error->status == -1 && error->message[0] == '\0' : error->status == got && error->message[0] != '\0';
    if (got == wanted && told) {
        return;
    }
    checks_failed++;
    fprintf(stderr, "%s:%d: %s gave %s, not %s: %s\n", file, line, call, ehelse_status_name(got), ehelse_status_name(wanted), error->message);
}

bool same(const char *text, const char *wanted) {
    bool equal = text && strcmp(text, wanted) == 0;
    if (!equal) {
        fprintf(stderr, "`%s` is not `%s`\n", text ? text : "(NULL)", wanted);
    }
    return equal;
}

bool holds(const char *text, const char *part) {
    bool found = text && strstr(text, part);
    if (!found) {
        fprintf(stderr, "`%s` does not hold `%s`\n", text ? text : "(NULL)", part);
    }
    return found;
}

void run_test(const char *name, void (*test)(void)) {
    checks_failed = 0;
    test();
    passed += checks_failed == 0;
    failed += checks_failed != 0;
    if (checks_failed) {
        printf("FAILED %s\n", name);
    }
}

int main(void) {
    error_tests();
    catalogue_tests();
    batch_tests();
    computation_tests();
    arrow_tests();
    series_tests();
    audit_tests();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
