/* Arrow streams made by hand; each part is allocated, so that a leak shows. */
#include "arrow_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What an array or schema keeps until its release. */
struct kept {
    struct views *views;
    void *memory[3];
    const void *buffers[3];
    struct ArrowSchema *schemas[2];
    struct ArrowArray *arrays[2];
};

static struct kept *keep(struct views *views) {
    struct kept *kept = (struct kept *)calloc(1, sizeof *kept);
    if (!kept) {
        abort();
    }
    kept->views = views;
    views->open++;
    return kept;
}

static void *memory(struct kept *kept, int place, size_t size) {
    kept->memory[place] = calloc(1, size);
    if (!kept->memory[place]) {
        abort();
    }
    kept->buffers[place] = kept->memory[place];
    return kept->memory[place];
}

static void drop(struct kept *kept) {
    kept->views->open--;
    for (int i = 0; i < 3; i++) {
        free(kept->memory[i]);
    }
    free(kept);
}

static void release_schema(struct ArrowSchema *schema) {
    struct kept *kept = (struct kept *)schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release) {
            schema->children[i]->release(schema->children[i]);
        }
        free(schema->children[i]);
    }
    drop(kept);
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array) {
    struct kept *kept = (struct kept *)array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release) {
            array->children[i]->release(array->children[i]);
        }
        free(array->children[i]);
    }
    drop(kept);
    array->release = NULL;
}

static struct kept *schema_of(struct views *views, struct ArrowSchema *out, const char *format, const char *name) {
    struct kept *kept = keep(views);
    memset(out, 0, sizeof *out);
    out->format = format;
    out->name = name;
    out->flags = ARROW_FLAG_NULLABLE;
    out->release = release_schema;
    out->private_data = kept;
    return kept;
}

static struct kept *array_of(struct views *views, struct ArrowArray *out, int64_t buffers) {
    struct kept *kept = keep(views);
    memset(out, 0, sizeof *out);
    out->length = VIEWS_PER_BATCH;
    out->null_count = -1;
    out->n_buffers = buffers;
    out->buffers = kept->buffers;
    out->release = release_array;
    out->private_data = kept;
    return kept;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct views *views = (struct views *)stream->private_data;
    struct kept *kept = schema_of(views, out, "+s", "");
    for (int i = 0; i < 2; i++) {
        kept->schemas[i] = (struct ArrowSchema *)calloc(1, sizeof *kept->schemas[i]);
    }
    schema_of(views, kept->schemas[0], "tsu:UTC", views->time_name);
    schema_of(views, kept->schemas[1], "u", "client");
    out->n_children = 2;
    out->children = kept->schemas;
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct views *views = (struct views *)stream->private_data;
    if (views->given == views->fails) {
        return EIO;
    }
    if (views->given == views->batches) {
        memset(out, 0, sizeof *out);
        return 0;
    }
    const int64_t *times = views->times[views->given];
    const char *const *clients = views->clients[views->given];
    views->given++;

    struct kept *kept = array_of(views, out, 1);
    out->null_count = 0;
    for (int i = 0; i < 2; i++) {
        kept->arrays[i] = (struct ArrowArray *)calloc(1, sizeof *kept->arrays[i]);
    }
    out->n_children = 2;
    out->children = kept->arrays;

    kept = array_of(views, out->children[0], 2);
    out->children[0]->null_count = 0;
    memcpy(memory(kept, 1, VIEWS_PER_BATCH * sizeof *times), times, VIEWS_PER_BATCH * sizeof *times);

    kept = array_of(views, out->children[1], 3);
    uint8_t *validity = (uint8_t *)memory(kept, 0, 1);
    int32_t *offsets = (int32_t *)memory(kept, 1, (VIEWS_PER_BATCH + 1) * sizeof *offsets);
    char *bytes = (char *)memory(kept, 2, 64);
    for (int i = 0; i < VIEWS_PER_BATCH; i++) {
        size_t length = clients[i] ? strlen(clients[i]) : 0;
        memcpy(bytes + offsets[i], clients[i] ? clients[i] : "", length);
        offsets[i + 1] = offsets[i] + (int32_t)length;
        validity[0] = (uint8_t)(validity[0] | (clients[i] != NULL) << i);
    }
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return "the disk is gone";
}

static void release_stream(struct ArrowArrayStream *stream) {
    ((struct views *)stream->private_data)->streams_released++;
    stream->release = NULL;
}

void views_stream(struct views *views, struct ArrowArrayStream *out) {
    views->given = 0;
    views->open = 0;
    views->streams_released = 0;
    out->get_schema = get_schema;
    out->get_next = get_next;
    out->get_last_error = get_last_error;
    out->release = release_stream;
    out->private_data = views;
}
