/* Reads the flat form of the corpus. Every line it does not know is a fault. */
#include "flat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Memory of a case: blocks in a list. */
struct block {
    struct block *next;
};

struct flat {
    char *text;
    char *at;
    struct block *blocks;
    struct flat_case *now;
    const char *fault;
};

/* The words of a line, split and unescaped. */
struct line {
    size_t words;
    struct cell word[8];
};

static void *must(void *memory) {
    if (!memory) {
        fprintf(stderr, "out of memory\n");
        exit(2);
    }
    return memory;
}

struct flat *flat_open(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    struct flat *flat = (struct flat *)must(calloc(1, sizeof *flat));
    size_t room = 1 << 16, len = 0, got;
    flat->text = (char *)must(malloc(room + 1));
    while ((got = fread(flat->text + len, 1, room - len, file)) > 0) {
        len += got;
        if (len == room) {
            room *= 2;
            flat->text = (char *)must(realloc(flat->text, room + 1));
        }
    }
    fclose(file);
    flat->text[len] = '\0';
    flat->at = flat->text;
    flat->now = (struct flat_case *)must(malloc(sizeof *flat->now));
    return flat;
}

static void forget(struct flat *flat) {
    while (flat->blocks) {
        struct block *next = flat->blocks->next;
        free(flat->blocks);
        flat->blocks = next;
    }
}

void flat_close(struct flat *flat) {
    forget(flat);
    free(flat->now);
    free(flat->text);
    free(flat);
}

void *flat_memory(struct flat *flat, size_t size) {
    struct block *block = (struct block *)must(calloc(1, sizeof *block + size + 16));
    block->next = flat->blocks;
    flat->blocks = block;
    /* Aligned for any type. */
    return (char *)block + 16;
}

static void *fault(struct flat *flat, const char *what) {
    flat->fault = flat->fault ? flat->fault : what;
    return NULL;
}

static int hexadecimal(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Unescapes a field in place. */
static struct cell unescape(struct flat *flat, char *field) {
    struct cell cell = { NULL, 0 };
    if (strcmp(field, "~") == 0) {
        return cell;
    }
    cell.text = field;
    if (strcmp(field, "\"\"") == 0) {
        field[0] = '\0';
        return cell;
    }
    char *to = field;
    for (const char *from = field; *from; from++) {
        if (*from == '%') {
            int high = hexadecimal(from[1]), low = high < 0 ? -1 : hexadecimal(from[2]);
            if (low < 0) {
                fault(flat, "a broken escape");
                return cell;
            }
            *to++ = (char)(high * 16 + low);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    cell.len = (size_t)(to - field);
    return cell;
}

/* Takes the next line apart; false at the end of the file. */
static bool next_line(struct flat *flat, struct line *line) {
    char *end = strchr(flat->at, '\n');
    line->words = 0;
    if (!end || flat->fault) {
        if (*flat->at) {
            fault(flat, "a line without an end");
        }
        return false;
    }
    *end = '\0';
    for (char *word = flat->at; word;) {
        char *space = strchr(word, ' ');
        if (line->words == sizeof line->word / sizeof line->word[0]) {
            fault(flat, "a line of too many words");
            return false;
        }
        if (space) {
            *space++ = '\0';
        }
        line->word[line->words++] = unescape(flat, word);
        word = space;
    }
    flat->at = end + 1;
    return true;
}

/* Whether the line is one of so many words and begins with this one. */
static bool is(const struct line *line, const char *word, size_t words) {
    return line->words == words && line->word[0].text && strcmp(line->word[0].text, word) == 0;
}

static size_t number(struct flat *flat, const struct cell *cell) {
    char *end = NULL;
    unsigned long value = cell->text ? strtoul(cell->text, &end, 10) : 0;
    if (!end || *end || end == cell->text) {
        fault(flat, "a number is expected");
    }
    return value;
}

/* Reads the columns of a table whose rows and number of columns are known. */
static void columns(struct flat *flat, struct table *table) {
    struct line line;
    if (table->columns > MOST) {
        fault(flat, "too many columns");
        return;
    }
    for (size_t i = 0; i < table->columns; i++) {
        struct column *column = &table->column[i];
        if (!next_line(flat, &line) || !is(&line, "column", 4)) {
            fault(flat, "`column NAME TYPE VALUES` is expected");
            return;
        }
        column->name = line.word[1].text;
        column->type = line.word[2].text;
        column->values = number(flat, &line.word[3]);
        column->cells = (struct cell *)flat_memory(flat, column->values * sizeof *column->cells);
        for (size_t row = 0; row < column->values; row++) {
            if (!next_line(flat, &line) || !is(&line, "v", 2)) {
                fault(flat, "`v FIELD` is expected");
                return;
            }
            column->cells[row] = line.word[1];
        }
    }
}

/* Where the next one of a list goes. */
#define NEXT(flat, list, length, most) ((length) < (most) ? &(list)[(length)++] : (fault(flat, "too many of one kind"), &(list)[0]))

/* A table of figures; the words after `figures`. */
static void figures(struct flat *flat, const struct line *line, struct table *table) {
    table->input = line->word[1].text;
    table->unit = line->word[2].text;
    table->frequency = line->word[3].text;
    table->rows = number(flat, &line->word[4]);
    table->columns = number(flat, &line->word[5]);
    columns(flat, table);
}

/* Takes in one line of a case, and the columns that follow it. */
static void take(struct flat *flat, const struct line *line) {
    struct flat_case *now = flat->now;
    struct run *run = &now->run[now->runs ? now->runs - 1 : 0];
    const char *text = line->words > 1 ? line->word[1].text : NULL;
    if (is(line, "catalogue", 2)) {
        now->catalogue = text;
    } else if (is(line, "start", 3) || is(line, "start", 2)) {
        if (now->runs == 0) {
            now->runs = 1;
            run = &now->run[0];
        }
        run->kind = text;
        run->name = line->words > 2 ? line->word[2].text : NULL;
    } else if (is(line, "options", 2)) {
        run->options = text;
    } else if (is(line, "opening", 3)) {
        run->is_opened = true;
        run->opening.rows = number(flat, &line->word[1]);
        run->opening.columns = number(flat, &line->word[2]);
        columns(flat, &run->opening);
    } else if (is(line, "batch", 4)) {
        struct table *table = NEXT(flat, run->table, run->tables, MOST_TABLES);
        table->input = text;
        table->rows = number(flat, &line->word[2]);
        table->columns = number(flat, &line->word[3]);
        columns(flat, table);
    } else if (is(line, "figures", 6)) {
        struct apply *last = now->applies ? &now->apply[now->applies - 1] : NULL;
        if (last) {
            last->has_other = true;
        }
        figures(flat, line, last ? &last->other : NEXT(flat, run->table, run->tables, MOST_TABLES));
    } else if (is(line, "merge", 1)) {
        now->runs == 1 ? (void)(now->runs = 2) : (void)fault(flat, "a merge without a first computation");
    } else if (is(line, "state", 3)) {
        now->spoil = text;
        now->spoil_by = line->word[2].text;
    } else if (is(line, "apply", 3)) {
        struct apply *apply = NEXT(flat, now->apply, now->applies, MOST);
        apply->operation = text;
        apply->options = line->word[2].text;
    } else if (is(line, "error", 3)) {
        now->error = text;
        now->error_table = line->word[2].text ? (long)number(flat, &line->word[2]) : -1;
    } else if (is(line, "contains", 2)) {
        *NEXT(flat, now->contain, now->contains, MOST) = text;
    } else if (is(line, "decimals", 2)) {
        now->decimals = (int)number(flat, &line->word[1]);
    } else if (is(line, "expect", 4)) {
        struct expect *expect = NEXT(flat, now->expect, now->expects, MOST);
        expect->measure = text;
        expect->table.rows = number(flat, &line->word[2]);
        expect->table.columns = number(flat, &line->word[3]);
        columns(flat, &expect->table);
    } else if (is(line, "unit", 2)) {
        now->unit = text;
    } else if (is(line, "warning", 2)) {
        *NEXT(flat, now->warning, now->warnings, MOST) = text;
    } else if (is(line, "note", 2)) {
        *NEXT(flat, now->note, now->notes, MOST) = text;
    } else if (is(line, "count", 3)) {
        size_t at = now->counts;
        NEXT(flat, now->count, now->counts, MOST)->name = text;
        now->count[at % MOST].number = number(flat, &line->word[2]);
    } else {
        fault(flat, "a line that is not known");
    }
}

const struct flat_case *flat_next(struct flat *flat, const char **told) {
    struct line line;
    forget(flat);
    *told = NULL;
    if (!next_line(flat, &line)) {
        *told = flat->fault;
        return NULL;
    }
    memset(flat->now, 0, sizeof *flat->now);
    flat->now->decimals = -1;
    flat->now->error_table = -1;
    if (is(&line, "case", 2)) {
        flat->now->name = line.word[1].text;
    } else {
        fault(flat, "`case NAME` is expected");
    }
    while (!flat->fault) {
        if (!next_line(flat, &line)) {
            fault(flat, "a case without an end");
        } else if (is(&line, "end", 1)) {
            return flat->now;
        } else {
            take(flat, &line);
        }
    }
    *told = flat->fault;
    return NULL;
}
