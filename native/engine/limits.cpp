#include "native/engine/limits.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace gil::native {

Limits limits_from_environment() {
    Limits limits;
    const char* set = std::getenv("GILPLAY_LIMIT_MS");
    const std::string_view text = set != nullptr ? set : "";
    std::int64_t ms = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (whole && ms >= 1 && ms <= 3'600'000) limits.longest = ms * millisecond;
    return limits;
}

} // namespace gil::native
