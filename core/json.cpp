#include "core/json.h"

#include <algorithm>

namespace gil {

namespace {

/// Checks syntax, UTF-8 and depth without building anything, and keeps the place of the first fault.
class Checker : public nlohmann::json_sax<Json> {
  public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return enter(); }
    bool key(string_t&) override { return true; }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t) override { return enter(); }
    bool end_array() override { return leave(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) override {
        position_ = position;
        message_ = e.what();
        return false;
    }

    [[nodiscard]] bool too_deep() const { return depth_ > max_json_depth; }
    [[nodiscard]] std::size_t position() const { return position_; }
    [[nodiscard]] std::string reason() const {
        // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while ...; last read: '...'"
        const auto colon = message_.find(": ");
        std::string text = colon == std::string::npos ? message_ : message_.substr(colon + 2);
        const auto tail = text.find("; last read");
        return tail == std::string::npos ? text : text.substr(0, tail);
    }

  private:
    bool enter() { return ++depth_ <= max_json_depth; }
    bool leave() {
        --depth_;
        return true;
    }

    int depth_ = 0;
    std::size_t position_ = 0;
    std::string message_;
};

std::string line_and_column(std::string_view text, std::size_t position) {
    const std::string_view before = text.substr(0, std::min(position > 0 ? position - 1 : 0, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto start = before.rfind('\n');
    const std::size_t column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

} // namespace

Result<Json> parse_json(std::string_view text, std::string_view name, std::size_t max_bytes) {
    const std::string where(name);
    if (text.size() > max_bytes) {
        return Error{where, "is " + std::to_string(text.size()) + " bytes long",
                     "at most " + std::to_string(max_bytes) + " bytes"};
    }
    Checker checker;
    if (!Json::sax_parse(text, &checker)) {
        if (checker.too_deep()) {
            return Error{where, "is nested too deeply", "at most " + std::to_string(max_json_depth) + " levels"};
        }
        return Error{where + ", " + line_and_column(text, checker.position()), "is not JSON: " + checker.reason(), {}};
    }
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return Error{where, "is not JSON", {}};
    return json;
}

Result<Json> parse_msgpack(std::span<const std::uint8_t> bytes, std::string_view name, std::size_t max_bytes) {
    const std::string where(name);
    if (bytes.size() > max_bytes) {
        return Error{where, "is " + std::to_string(bytes.size()) + " bytes long",
                     "at most " + std::to_string(max_bytes) + " bytes"};
    }
    Checker checker;
    if (!Json::sax_parse(bytes.begin(), bytes.end(), &checker, Json::input_format_t::msgpack)) {
        if (checker.too_deep()) {
            return Error{where, "is nested too deeply", "at most " + std::to_string(max_json_depth) + " levels"};
        }
        return Error{where, "is not MessagePack: " + checker.reason(), {}};
    }
    Json json = Json::from_msgpack(bytes.begin(), bytes.end(), true, false);
    if (json.is_discarded()) return Error{where, "is not MessagePack", {}};
    return json;
}

std::string dump_json(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

} // namespace gil
