#include "result.hpp"

#include <cstring>
#include <exception>
#include <iterator>
#include <new>
#include <nlohmann/json.hpp>

namespace {

using json = nlohmann::json;

/// Hands the document's bytes to the parser and tells how far it has read: the parser itself reports no positions.
struct CountingIterator {
    using iterator_category = std::forward_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char *;
    using reference = const char &;

    const char *current;
    const char **furthest;

    reference operator*() const { return *current; }
    CountingIterator &operator++() {
        *furthest = ++current;
        return *this;
    }
    CountingIterator operator++(int) {
        auto old = *this;
        ++*this;
        return old;
    }
    bool operator==(const CountingIterator &other) const { return current == other.current; }
    bool operator!=(const CountingIterator &other) const { return current != other.current; }
};

/// Writes one event per token.
class Recorder : public nlohmann::json_sax<json> {
  public:
    Recorder(cjson_result &result, const char *bytes, size_t count, size_t max_depth, size_t max_values)
        : result(result), begin(bytes), end(bytes + count), furthest(bytes), previous_end(bytes), max_depth(max_depth),
          max_values(max_values) {}

    CountingIterator first() { return {begin, &furthest}; }
    CountingIterator last() { return {end, &furthest}; }

    bool null() override { return word(CJSON_NULL); }
    bool boolean(bool value) override { return word(value ? CJSON_TRUE : CJSON_FALSE); }
    bool number_integer(number_integer_t) override { return number(); }
    bool number_unsigned(number_unsigned_t) override { return number(); }
    bool number_float(number_float_t, const string_t &) override { return number(); }
    bool string(string_t &value) override { return text(CJSON_STRING, value); }
    bool key(string_t &value) override { return text(CJSON_KEY, value); }
    bool binary(binary_t &) override { return false; }
    bool start_object(std::size_t) override { return opening(CJSON_BEGIN_OBJECT); }
    bool start_array(std::size_t) override { return opening(CJSON_BEGIN_ARRAY); }
    bool end_object() override { return closing(CJSON_END_OBJECT); }
    bool end_array() override { return closing(CJSON_END_ARRAY); }

    bool parse_error(std::size_t, const std::string &, const json::exception &error) override {
        return refuse(CJSON_SYNTAX, error.what());
    }

    /// Ends the work; always false.
    bool refuse(cjson_failure_kind kind, const char *words) {
        result.fail(kind, words);
        result.offset = furthest > begin ? size_t(furthest - begin) - 1 : 0;
        result.previous_end = size_t(previous_end - begin);
        return false;
    }

  private:
    cjson_result &result;
    const char *const begin;
    const char *const end;
    const char *furthest;
    const char *previous_end;
    const size_t max_depth;
    const size_t max_values;
    size_t depth = 0;

    static bool is_between(char byte) { return byte != 0 && std::strchr(" \t\n\r,:", byte) != nullptr; }
    static bool is_number(char byte) { return byte != 0 && std::strchr("+-.0123456789eE", byte) != nullptr; }

    /// The start of the token that ends where the parser has read to.
    const char *start() const {
        const char *place = previous_end;
        while (place < furthest && is_between(*place)) ++place;
        return place;
    }

    bool record(cjson_kind kind, const char *place, const char *text, size_t length, const char *token_end) {
        if (result.events.size() >= max_values) return refuse(CJSON_TOO_MANY, "");
        result.events.push_back({kind, size_t(place - begin), result.texts.size(), length});
        result.texts.append(text, length);
        previous_end = token_end;
        return true;
    }

    bool word(cjson_kind kind) { return record(kind, start(), "", 0, furthest); }

    /// The parser has read one byte past a number, unless the document ends with it.
    bool number() {
        const char *place = start();
        const char *token_end = place;
        while (token_end < end && is_number(*token_end)) ++token_end;
        return record(CJSON_NUMBER, place, place, size_t(token_end - place), token_end);
    }

    bool text(cjson_kind kind, const string_t &value) {
        return record(kind, start(), value.data(), value.size(), furthest);
    }

    bool opening(cjson_kind kind) { return ++depth > max_depth ? refuse(CJSON_TOO_DEEP, "") : word(kind); }

    bool closing(cjson_kind kind) {
        --depth;
        return word(kind);
    }
};

}  // namespace

extern "C" cjson_result *cjson_parse(const uint8_t *bytes, size_t count, size_t max_depth, size_t max_values) {
    auto *result = new (std::nothrow) cjson_result;
    if (result == nullptr) return nullptr;
    try {
        Recorder recorder(*result, reinterpret_cast<const char *>(bytes), count, max_depth, max_values);
        if (!json::sax_parse(recorder.first(), recorder.last(), &recorder) && result->failure == CJSON_NO_FAILURE) {
            recorder.refuse(CJSON_INTERNAL, "the parser stopped without a reason");
        }
    } catch (const std::exception &error) {
        result->failure = CJSON_INTERNAL;
    }
    return result;
}
