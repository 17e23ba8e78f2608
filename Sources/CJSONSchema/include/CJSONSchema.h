#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a parser or a validation found; freed with `cjson_result_free`.
typedef struct cjson_result cjson_result;
/// A compiled JSON Schema; read-only, so threads may share it; freed with `cjson_schema_free`.
typedef struct cjson_schema cjson_schema;

typedef enum {
    CJSON_NULL,
    CJSON_FALSE,
    CJSON_TRUE,
    CJSON_NUMBER,
    CJSON_STRING,
    CJSON_KEY,
    CJSON_BEGIN_OBJECT,
    CJSON_END_OBJECT,
    CJSON_BEGIN_ARRAY,
    CJSON_END_ARRAY,
} cjson_kind;

/// One token of the document, in document order.
typedef struct {
    cjson_kind kind;
    /// Of the token's first byte in the document.
    size_t offset;
    /// Of a key, a string (unescaped) or a number (as written): its place in `cjson_texts`.
    size_t text;
    size_t length;
} cjson_event;

typedef enum { CJSON_NO_FAILURE, CJSON_SYNTAX, CJSON_TOO_DEEP, CJSON_TOO_MANY, CJSON_INTERNAL } cjson_failure_kind;

/// Why parsing ended early. The events before it are complete.
typedef struct {
    cjson_failure_kind kind;
    /// Of the last byte that was read.
    size_t offset;
    /// Just behind the last complete token.
    size_t previous_end;
    /// The parser's own words; lives as long as the result. May quote the document.
    const char *message;
} cjson_failure;

/// Never fails with an exception; NULL only when memory runs out.
cjson_result *cjson_parse(const uint8_t *bytes, size_t count, size_t max_depth, size_t max_values);
const cjson_event *cjson_events(const cjson_result *result, size_t *count);
const char *cjson_texts(const cjson_result *result);
cjson_failure cjson_get_failure(const cjson_result *result);
void cjson_result_free(cjson_result *result);

/// Compiles a draft 7 schema. NULL when it is unusable; then `*result` says why.
cjson_schema *cjson_schema_compile(const uint8_t *bytes, size_t count, cjson_result **result);
void cjson_schema_free(cjson_schema *schema);

/// Validates a JSON text. The errors are collected only if `explain` is set; without them the first error ends the work.
cjson_result *cjson_validate(const cjson_schema *schema, const uint8_t *bytes, size_t count, bool explain);
bool cjson_is_valid(const cjson_result *result);
size_t cjson_error_count(const cjson_result *result);
/// The parts live as long as the result. `pointer` is a JSON pointer.
void cjson_get_error(const cjson_result *result, size_t index, const char **pointer, const char **message);

/// Whether the ECMAScript pattern is found in the text, by the same engine that validates; false for an unusable one.
bool cjson_matches(const char *pattern, const char *text, size_t count);

#ifdef __cplusplus
}
#endif
