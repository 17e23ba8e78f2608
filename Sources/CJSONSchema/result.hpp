#pragma once

#include "CJSONSchema.h"

#include <string>
#include <utility>
#include <vector>

struct cjson_result {
    std::vector<cjson_event> events;
    std::string texts;
    cjson_failure_kind failure = CJSON_NO_FAILURE;
    size_t offset = 0;
    size_t previous_end = 0;
    std::string message;
    bool valid = false;
    /// JSON pointer and message of each.
    std::vector<std::pair<std::string, std::string>> errors;

    void fail(cjson_failure_kind kind, std::string words) {
        failure = kind;
        message = std::move(words);
    }
};
