// The one JSON type of the project: keeps the order of fields as written.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace gil {

using Json = nlohmann::ordered_json;

inline constexpr std::size_t max_json_bytes = 64u << 20;
inline constexpr int max_json_depth = 64;

/// Parses text from outside. Refuses bad syntax, bad UTF-8, more than 64 levels of nesting and more than `max_bytes`,
/// each with line and column where there is one. `name` is what the error calls the text. Never throws.
[[nodiscard]] Result<Json> parse_json(std::string_view text, std::string_view name,
                                      std::size_t max_bytes = max_json_bytes);

/// The same for MessagePack. Refuses deep nesting before it can exhaust the stack.
[[nodiscard]] Result<Json> parse_msgpack(std::span<const std::uint8_t> bytes, std::string_view name,
                                         std::size_t max_bytes = max_json_bytes);

/// MessagePack of a message between our own programs, and back. Refuses more than max_json_bytes and anything that is
/// not MessagePack.
[[nodiscard]] std::vector<std::uint8_t> to_bytes(const Json& json);
[[nodiscard]] Result<Json> from_bytes(std::span<const std::uint8_t> bytes);

/// Text of `json`; bytes that are not UTF-8 become U+FFFD, so this never throws. indent < 0: one line.
[[nodiscard]] std::string dump_json(const Json& json, int indent = -1);

} // namespace gil
