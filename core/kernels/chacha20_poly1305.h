// ChaCha20 and Poly1305 as RFC 8439 describes them, written for clarity: what the encryption kernel is checked against.
// Not for secrets: it is neither fast nor free of timing differences.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace gil::rfc8439 {

using Key = std::array<std::uint8_t, 32>;
using Nonce = std::array<std::uint8_t, 12>;
using Tag = std::array<std::uint8_t, 16>;

struct Sealed {
    std::vector<std::uint8_t> text;
    Tag tag{};
};

/// AEAD_CHACHA20_POLY1305 (section 2.8).
[[nodiscard]] Sealed seal(const Key& key, const Nonce& nonce, std::span<const std::uint8_t> text,
                          std::span<const std::uint8_t> additional);

} // namespace gil::rfc8439
