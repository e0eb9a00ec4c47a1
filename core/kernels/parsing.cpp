#include "core/kernels/parsing.h"

#include <rapidjson/reader.h>

#include <array>
#include <cstring>

#include "core/kernels/json_document.h"
#include "core/kernels/turns.h"

namespace gil {

namespace {

using namespace json_document;

/// RapidJSON tells it what it reads.
struct Adder {
    std::uint64_t sum = 0;

    bool add(std::uint64_t worth) {
        sum += worth;
        return true;
    }
    bool Null() { return add(worth::null); }
    bool Bool(bool value) { return add(value ? worth::yes : worth::no); }
    bool Int(int value) { return add(worth::number(value)); }
    bool Uint(unsigned value) { return add(worth::number(value)); }
    bool Int64(std::int64_t value) { return add(worth::number(value)); }
    bool Uint64(std::uint64_t value) { return add(value); }
    bool Double(double value) {
        return add(worth::fraction(static_cast<std::int64_t>(value * 1000 + (value < 0 ? -0.5 : 0.5))));
    }
    bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
    bool String(const char* bytes, rapidjson::SizeType length, bool) {
        return add(worth::text(std::string_view(bytes, length)));
    }
    bool Key(const char* bytes, rapidjson::SizeType length, bool copy) { return String(bytes, length, copy); }
    bool StartObject() { return true; }
    bool EndObject(rapidjson::SizeType) { return true; }
    bool StartArray() { return true; }
    bool EndArray(rapidjson::SizeType) { return true; }
};

/// Copies the line, as reading it from a file would, and parses it in place, which needs no memory.
[[gnu::noinline]] std::uint64_t parse(std::string_view line) {
    std::array<char, max_record_bytes> buffer;
    std::memcpy(buffer.data(), line.data(), line.size());
    buffer[line.size()] = '\0';
    rapidjson::InsituStringStream stream(buffer.data());
    rapidjson::Reader reader;
    Adder adder;
    return reader.Parse<rapidjson::kParseInsituFlag>(stream, adder) ? adder.sum : 0;
}

} // namespace

bool parsing(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
             const std::atomic<std::uint32_t>& breaker) {
    const Document& text = document();
    return run_turns(state, stop, turns_per_check, breaker, [&text](std::uint64_t turn) {
        return parse(text.line(static_cast<std::size_t>(turn % records)));
    });
}

std::uint64_t parsing_expected(std::uint64_t turns) {
    static const PeriodSums sums(document().worths);
    return sums.after(turns);
}

} // namespace gil
