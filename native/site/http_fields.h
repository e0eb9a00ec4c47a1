// What the header fields of a request mean, as RFC 9110 has it. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace gil::native {

/// Whether a Host field names this computer alone: 127.0.0.1, localhost or [::1], with or without a port. A page of
/// another site that a name server sends here (DNS rebinding) names its own host.
[[nodiscard]] bool names_loopback(std::string_view host);

/// Whether an If-None-Match field has the entity tag `tag` ("\"abc\""): in a list, weak (W/) or not, or as "*".
[[nodiscard]] bool matches_tag(std::string_view field, std::string_view tag);

/// Whether an Accept-Encoding field takes `coding`: named with a quality above zero, or as "*".
[[nodiscard]] bool accepts_coding(std::string_view field, std::string_view coding);

/// A path as a redirect has it: "/a b" becomes "/a%20b".
[[nodiscard]] std::string percent_encoded(std::string_view path);

} // namespace gil::native
