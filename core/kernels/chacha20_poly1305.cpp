#include "core/kernels/chacha20_poly1305.h"

#include <bit>

namespace gil::rfc8439 {

namespace {

using Block = std::array<std::uint8_t, 64>;

std::uint32_t word_at(const std::uint8_t* bytes) {
    return static_cast<std::uint32_t>(bytes[0] | bytes[1] << 8 | bytes[2] << 16) | static_cast<std::uint32_t>(bytes[3])
                                                                                       << 24;
}

/// Section 2.3: the key stream of one block.
Block key_stream(const Key& key, const Nonce& nonce, std::uint32_t counter) {
    std::array<std::uint32_t, 16> start = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (std::size_t i = 0; i < 8; ++i) start[4 + i] = word_at(key.data() + 4 * i);
    start[12] = counter;
    for (std::size_t i = 0; i < 3; ++i) start[13 + i] = word_at(nonce.data() + 4 * i);
    auto x = start;
    const auto quarter = [&x](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
        const auto step = [&x](std::size_t to, std::size_t from, std::size_t turned, int by) {
            x[to] += x[from];
            x[turned] = std::rotl(x[turned] ^ x[to], by);
        };
        step(a, b, d, 16);
        step(c, d, b, 12);
        step(a, b, d, 8);
        step(c, d, b, 7);
    };
    for (int round = 0; round < 10; ++round) {
        for (std::size_t i = 0; i < 4; ++i) quarter(i, 4 + i, 8 + i, 12 + i);
        for (std::size_t i = 0; i < 4; ++i) quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    Block block;
    for (std::size_t i = 0; i < 64; ++i) block[i] = static_cast<std::uint8_t>((x[i / 4] + start[i / 4]) >> (i % 4 * 8));
    return block;
}

/// A number below 2^136 in base 256, least digit first; digits may be larger for a moment.
using Number = std::array<std::uint32_t, 17>;

/// Makes digits of digits again; what is above 2^130 comes back at the bottom, five-fold (2^130 = 5 modulo the prime).
void carry(Number& a) {
    std::uint32_t over = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        over += a[i];
        a[i] = over & 255;
        over >>= 8;
    }
    over += a[16];
    a[16] = over & 3;
    over = 5 * (over >> 2);
    for (std::size_t i = 0; i < 16; ++i) {
        over += a[i];
        a[i] = over & 255;
        over >>= 8;
    }
    a[16] += over;
}

Number multiplied(const Number& a, const Number& b) {
    Number result{};
    for (std::size_t i = 0; i < 17; ++i) {
        for (std::size_t j = 0; j < 17; ++j) {
            // 2^136 is 320 modulo 2^130 - 5.
            const std::uint32_t factor = i + j < 17 ? 1 : 320;
            result[(i + j) % 17] += a[i] * b[j] * factor;
        }
    }
    carry(result);
    return result;
}

/// Section 2.5, over a message whose length is a multiple of 16.
Tag authenticate(const Block& one_time_key, std::span<const std::uint8_t> message) {
    Number r{};
    for (std::size_t i = 0; i < 16; ++i) r[i] = one_time_key[i];
    for (const std::size_t i : {3u, 7u, 11u, 15u}) r[i] &= 15;
    for (const std::size_t i : {4u, 8u, 12u}) r[i] &= 252;
    Number sum{};
    for (std::size_t at = 0; at < message.size(); at += 16) {
        for (std::size_t i = 0; i < 16; ++i) sum[i] += message[at + i];
        sum[16] += 1;
        sum = multiplied(sum, r);
    }
    carry(sum);
    // The sum is below twice the prime; take the prime off when adding five reaches 2^130.
    Number reduced = sum;
    reduced[0] += 5;
    for (std::size_t i = 0; i < 16; ++i) {
        reduced[i + 1] += reduced[i] >> 8;
        reduced[i] &= 255;
    }
    const Number& rest = reduced[16] >= 4 ? reduced : sum;
    Tag tag;
    std::uint32_t over = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        over += rest[i] + one_time_key[16 + i];
        tag[i] = static_cast<std::uint8_t>(over);
        over >>= 8;
    }
    return tag;
}

void append_padded(std::vector<std::uint8_t>& message, std::span<const std::uint8_t> bytes) {
    message.insert(message.end(), bytes.begin(), bytes.end());
    message.resize((message.size() + 15) / 16 * 16);
}

} // namespace

Sealed seal(const Key& key, const Nonce& nonce, std::span<const std::uint8_t> text,
            std::span<const std::uint8_t> additional) {
    Sealed sealed{{text.begin(), text.end()}, {}};
    std::uint32_t counter = 1;
    for (std::size_t at = 0; at < text.size(); at += 64) {
        const Block stream = key_stream(key, nonce, counter++);
        for (std::size_t i = 0; i < 64 && at + i < text.size(); ++i) sealed.text[at + i] ^= stream[i];
    }
    std::vector<std::uint8_t> message;
    append_padded(message, additional);
    append_padded(message, sealed.text);
    for (const std::uint64_t length : {additional.size(), text.size()}) {
        for (int i = 0; i < 8; ++i) message.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
    }
    sealed.tag = authenticate(key_stream(key, nonce, 0), message);
    return sealed;
}

} // namespace gil::rfc8439
