#include "core/base/json.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <vector>

#include "core/base/text.h"

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
    bool start_object(std::size_t) override {
        names_.emplace_back();
        return enter();
    }
    bool key(string_t& name) override {
        if (!names_.back().insert(name).second) repeated_ = name;
        return !repeated_;
    }
    bool end_object() override {
        names_.pop_back();
        return leave();
    }
    bool start_array(std::size_t) override { return enter(); }
    bool end_array() override { return leave(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) override {
        position_ = position;
        message_ = e.what();
        return false;
    }

    [[nodiscard]] bool too_deep() const { return depth_ > max_json_depth; }
    [[nodiscard]] std::size_t position() const { return position_; }
    /// Why the text was refused; `where` is its name.
    [[nodiscard]] Error error(std::string where, std::string_view format) const {
        if (too_deep()) {
            return {std::move(where), "is nested too deeply", "at most " + std::to_string(max_json_depth) + " levels"};
        }
        if (repeated_)
            return {std::move(where), "has \"" + printable(*repeated_, 40) + "\" twice in one object", "once"};
        if (message_.find("out_of_range.406") != std::string::npos)
            return {std::move(where), "has a number that is too large", "numbers below 1.8e308"};
        if (message_.find("empty input") != std::string::npos)
            return {std::move(where), "is empty", std::string(format)};
        // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing value -
        // unexpected ']'; expected end of input; last read: '...'"
        const std::string_view text =
            part(message_, message_.find(" - ") == std::string::npos ? "value: " : " - ", "; last read");
        const bool says_expected = text.find("; expected ") != text.npos;
        return {std::move(where), "is not " + std::string(format) + ": " + std::string(part(text, "", "; expected ")),
                says_expected ? std::string(part(text, "; expected ", "")) : "one " + std::string(format) + " value"};
    }

  private:
    /// What stands between the first `after` and the next `before`; up to an end where there is none.
    static std::string_view part(std::string_view text, std::string_view after, std::string_view before) {
        if (const auto start = text.find(after); start != text.npos) text.remove_prefix(start + after.size());
        return before.empty() ? text : text.substr(0, text.find(before));
    }

    bool enter() { return ++depth_ <= max_json_depth; }
    bool leave() {
        --depth_;
        return true;
    }

    int depth_ = 0;
    std::size_t position_ = 0;
    std::string message_;
    std::vector<std::unordered_set<std::string>> names_; ///< per object that is open: the fields so far
    std::optional<std::string> repeated_;
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
        const std::size_t position = checker.position();
        return checker.error(position == 0 ? where : where + ", " + line_and_column(text, position), "JSON");
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
        return checker.error(where, "MessagePack");
    }
    Json json = Json::from_msgpack(bytes.begin(), bytes.end(), true, false);
    if (json.is_discarded()) return Error{where, "is not MessagePack", {}};
    return json;
}

std::vector<std::uint8_t> to_bytes(const Json& json) {
    return Json::to_msgpack(json);
}

Result<Json> from_bytes(std::span<const std::uint8_t> bytes) {
    return parse_msgpack(bytes, "message");
}

std::string dump_json(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

} // namespace gil
