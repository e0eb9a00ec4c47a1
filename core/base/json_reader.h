// Strict reading of JSON objects from outside: remembers which fields were asked for, keeps the first error with its
// path, and refuses fields nobody asked for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/text.h"

namespace gil {

/// Reads one object. Every reader call returns the fallback after the first error; ask `finish` once at the end.
class ObjectReader {
  public:
    /// `path` is what errors call the object ("tasks[2]"); empty for the top level. `json` must outlive the reader.
    ObjectReader(const Json& json, std::string path);

    [[nodiscard]] bool has(std::string_view field) const;
    double number(std::string_view field, double min, double max, double fallback);
    double required_number(std::string_view field, double min, double max);
    std::int64_t integer(std::string_view field, std::int64_t min, std::int64_t max, std::int64_t fallback);
    std::int64_t required_integer(std::string_view field, std::int64_t min, std::int64_t max);
    bool boolean(std::string_view field, bool fallback);
    std::string text(std::string_view field, std::string fallback, std::size_t max_bytes = 1000);
    std::string required_text(std::string_view field);
    /// A sub-object or array, nullptr when missing or of another type; required: missing is an error.
    const Json* object(std::string_view field, bool required);
    const Json* array(std::string_view field, bool required, std::size_t max_size);

    template<class Enum>
    Enum name(std::string_view field, std::span<const std::string_view> names, Enum fallback) {
        const std::string given = text(field, std::string(names[static_cast<std::size_t>(fallback)]));
        if (const auto found = enum_from<Enum>(given, names)) return *found;
        fail(field, "there is no \"" + printable(given) + "\"" + did_you_mean(given, names), one_of(names));
        return fallback;
    }

    /// Records an error at `field` of this object (the first one wins).
    void fail(std::string_view field, std::string what, std::string accepted);
    /// Takes over an error from a nested reader, whose place is already complete.
    void fail(const Error& error);
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::string path_of(std::string_view field) const;

    /// The first error; or an error for a field that nobody asked for; or nothing.
    Result<Nothing> finish();

  private:
    const Json* find(std::string_view field, bool required, std::string_view type);

    const Json& json_;
    std::string path_;
    std::vector<std::string> asked_;
    bool failed_ = false;
    Error error_;
};

} // namespace gil
