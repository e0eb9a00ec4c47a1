#include "core/kernels/json_document.h"

#include <array>
#include <cassert>

namespace gil::json_document {

namespace {

/// Appends JSON to a text and counts what it is worth.
class Writer {
  public:
    explicit Writer(std::string& text) : text_(text) {}

    void open(char bracket) { begin(std::string_view(&bracket, 1)), first_ = true; }
    void close(char bracket) {
        text_ += bracket;
        first_ = false;
    }
    void name(std::string_view name) {
        string(name);
        text_ += ':';
        first_ = true; // no comma before the value
    }
    void null() { worth_ += (begin("null"), worth::null); }
    void boolean(bool value) { worth_ += (begin(value ? "true" : "false"), value ? worth::yes : worth::no); }
    void number(std::int64_t value) { worth_ += (begin(std::to_string(value)), worth::number(value)); }
    void fraction(std::int64_t thousandths) {
        const std::string digits = std::to_string(1000 + std::abs(thousandths) % 1000);
        const std::string sign = thousandths < 0 ? "-" : "";
        begin(sign + std::to_string(std::abs(thousandths) / 1000) + "." + digits.substr(1));
        worth_ += worth::fraction(thousandths);
    }
    void string(std::string_view value) {
        begin("\"");
        for (const char c : value) {
            if (c == '"' || c == '\\') text_ += '\\';
            if (c == '\n')
                text_ += "\\n";
            else
                text_ += c;
        }
        text_ += '"';
        worth_ += worth::text(value);
    }
    /// `escaped` stands in the text for `value`.
    void escaped_string(std::string_view escaped, std::string_view value) {
        begin("\"" + std::string(escaped) + "\"");
        worth_ += worth::text(value);
    }

    [[nodiscard]] std::uint64_t worth() const { return worth_; }

  private:
    void begin(std::string_view value) {
        if (!first_) text_ += ',';
        first_ = false;
        text_ += value;
    }

    std::string& text_;
    std::uint64_t worth_ = 0;
    bool first_ = true;
};

class Dice {
  public:
    /// From `low` to `high`, both included.
    std::int64_t roll(std::int64_t low, std::int64_t high) {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return low + static_cast<std::int64_t>((state_ >> 33) % static_cast<std::uint64_t>(high - low + 1));
    }
    template<std::size_t count>
    std::string_view pick(const std::array<std::string_view, count>& from) {
        return from[static_cast<std::size_t>(roll(0, count - 1))];
    }

  private:
    std::uint64_t state_ = 1;
};

constexpr std::array<std::string_view, 6> names = {"Ada Lovelace",
                                                   "Jos\xC3\xA9 Ib\xC3\xA1\xC3\xB1"
                                                   "ez",
                                                   "Kim \"K\" Nguyen",
                                                   "Wei\n(deputy)",
                                                   "O\\Brien",
                                                   "Grace"};
constexpr std::array<std::string_view, 5> tags = {"new", "gift", "express", "returned", "wholesale"};

std::uint64_t write_record(std::string& text, std::size_t record, Dice& dice) {
    Writer json(text);
    json.open('{');
    json.name("order"), json.number(1'000'000 + static_cast<std::int64_t>(record));
    json.name("customer"), json.string(dice.pick(names));
    json.name("city");
    if (dice.roll(0, 3) == 0)
        json.escaped_string("Z\\u00fcrich \\u2014 \\ud83d\\ude80", "Z\xC3\xBCrich \xE2\x80\x94 \xF0\x9F\x9A\x80");
    else
        json.string("Oslo");
    json.name("paid"), json.boolean(dice.roll(0, 1) == 1);
    json.name("total"), json.fraction(dice.roll(-99'999, 9'999'999));
    json.name("tags"), json.open('[');
    for (std::int64_t i = dice.roll(0, 3); i > 0; --i) json.string(dice.pick(tags));
    json.close(']');
    json.name("place"), json.open('{');
    json.name("lat"), json.fraction(dice.roll(-90'000, 90'000));
    json.name("lon"), json.fraction(dice.roll(-180'000, 180'000));
    json.close('}');
    json.name("note"), json.null();
    json.close('}');
    return json.worth();
}

Document make_document() {
    Document document;
    Dice dice;
    for (std::size_t record = 0; record < records; ++record) {
        document.begins.push_back(document.text.size());
        document.worths.push_back(write_record(document.text, record, dice));
        document.text += '\n';
        assert(document.text.size() - document.begins.back() <= max_record_bytes);
    }
    document.begins.push_back(document.text.size());
    return document;
}

} // namespace

const Document& document() {
    static const Document the_document = make_document();
    return the_document;
}

} // namespace gil::json_document
