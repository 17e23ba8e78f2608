#include "result.hpp"

extern "C" {

const cjson_event *cjson_events(const cjson_result *result, size_t *count) {
    *count = result->events.size();
    return result->events.data();
}

const char *cjson_texts(const cjson_result *result) { return result->texts.data(); }

cjson_failure cjson_get_failure(const cjson_result *result) {
    return {result->failure, result->offset, result->previous_end, result->message.c_str()};
}

bool cjson_is_valid(const cjson_result *result) { return result->valid; }

size_t cjson_error_count(const cjson_result *result) { return result->errors.size(); }

void cjson_get_error(const cjson_result *result, size_t index, const char **pointer, const char **message) {
    const auto &error = result->errors.at(index);
    *pointer = error.first.c_str();
    *message = error.second.c_str();
}

void cjson_result_free(cjson_result *result) { delete result; }
}
