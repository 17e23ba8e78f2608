#include "result.hpp"

// Without it valijson ends the process on an unusable schema.
#define VALIJSON_USE_EXCEPTIONS 1

#include <exception>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

using json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

struct cjson_schema {
    valijson::Schema schema;
};

namespace {

/// libstdc++ matches patterns by recursion, one level and more per byte: a long text would overflow the stack.
constexpr size_t longest_matched_text = 1024;

/// Cuts the texts that are too long to be matched; the caller refuses such a text itself where a pattern applies.
void cut_long_texts(json &value) {
    if (value.is_string()) {
        auto &text = value.get_ref<std::string &>();
        if (text.size() > longest_matched_text) text.assign(longest_matched_text, 'x');
    }
    if (value.is_structured()) {
        for (auto &child : value) cut_long_texts(child);
    }
}

/// From valijson's `<root>`, `[containers]`, `[0]`.
std::string pointer(const std::vector<std::string> &context) {
    std::string text;
    for (size_t index = 1; index < context.size(); ++index) {
        const auto &part = context[index];
        text += '/';
        for (char byte : part.size() < 2 ? part : part.substr(1, part.size() - 2)) {
            if (byte == '~') text += "~0";
            else if (byte == '/') text += "~1";
            else text += byte;
        }
    }
    return text;
}

void validate(const cjson_schema &schema, json document, bool explain, cjson_result &result) {
    cut_long_texts(document);
    valijson::Validator validator;
    valijson::ValidationResults errors;
    result.valid = validator.validate(schema.schema, Adapter(document), explain ? &errors : nullptr);
    for (const auto &error : errors) result.errors.emplace_back(pointer(error.context), error.description);
}

}  // namespace

extern "C" {

cjson_schema *cjson_schema_compile(const uint8_t *bytes, size_t count, cjson_result **result) {
    *result = new (std::nothrow) cjson_result;
    if (*result == nullptr) return nullptr;
    try {
        auto compiled = std::make_unique<cjson_schema>();
        const auto document = json::parse(bytes, bytes + count);
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.populateSchema(Adapter(document), compiled->schema);
        return compiled.release();
    } catch (const std::exception &error) {
        (*result)->fail(CJSON_INTERNAL, error.what());
        return nullptr;
    }
}

void cjson_schema_free(cjson_schema *schema) { delete schema; }

cjson_result *cjson_validate(const cjson_schema *schema, const uint8_t *bytes, size_t count, bool explain) {
    auto *result = new (std::nothrow) cjson_result;
    if (result == nullptr) return nullptr;
    try {
        validate(*schema, json::parse(bytes, bytes + count), explain, *result);
    } catch (const std::exception &error) {
        result->valid = false;
        result->fail(CJSON_INTERNAL, error.what());
        result->errors.assign(1, {"", "cannot be validated"});
    }
    return result;
}

bool cjson_matches(const char *pattern, const char *text, size_t count) {
    if (count > longest_matched_text) return false;
    try {
        // Compiling costs much more than matching, and a schema has few patterns.
        thread_local std::unordered_map<std::string, std::regex> compiled;
        const auto place = compiled.find(pattern);
        const auto &regex = place != compiled.end() ? place->second : compiled.emplace(pattern, pattern).first->second;
        return std::regex_search(text, text + count, regex);
    } catch (const std::exception &) {
        return false;
    }
}
}
