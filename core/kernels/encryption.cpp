#include "core/kernels/encryption.h"

#include <bearssl_block.h>

#include <array>
#include <span>

#include "core/kernels/chacha20_poly1305.h"
#include "core/kernels/turns.h"

namespace gil {

namespace {

constexpr std::size_t messages = 64;
constexpr std::size_t message_bytes = 128;

using Message = std::array<std::uint8_t, message_bytes>;

struct Letters {
    rfc8439::Key key;
    std::array<Message, messages> texts;
};

Letters make_letters() {
    Letters letters;
    for (std::size_t i = 0; i < letters.key.size(); ++i) letters.key[i] = static_cast<std::uint8_t>(0x80 + i);
    std::uint64_t random = 1;
    for (Message& text : letters.texts) {
        for (std::uint8_t& byte : text) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            byte = static_cast<std::uint8_t>(random >> 56);
        }
    }
    return letters;
}

const Letters& the_letters() {
    static const Letters letters = make_letters();
    return letters;
}

/// The number of the message; a key must never meet the same nonce with two texts.
rfc8439::Nonce nonce_of(std::size_t message) {
    return {static_cast<std::uint8_t>(message), 'g', 'i', 'l'};
}

/// Sum of the bytes as little-endian numbers of 64 bits; there is a multiple of 8 of them.
std::uint64_t sum_of(std::span<const std::uint8_t> bytes) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += std::uint64_t{bytes[i]} << (i % 8 * 8);
    return sum;
}

[[gnu::noinline]] std::uint64_t encrypt(const Letters& letters, std::size_t message) {
    const rfc8439::Nonce nonce = nonce_of(message);
    Message text = letters.texts[message];
    rfc8439::Tag tag;
    br_poly1305_ctmul_run(letters.key.data(), nonce.data(), text.data(), text.size(), nonce.data(), nonce.size(),
                          tag.data(), br_chacha20_ct_run, 1);
    return sum_of(text) + sum_of(tag);
}

std::vector<std::uint64_t> message_sums() {
    const Letters& letters = the_letters();
    std::vector<std::uint64_t> sums;
    for (std::size_t message = 0; message < messages; ++message) {
        const rfc8439::Nonce nonce = nonce_of(message);
        const rfc8439::Sealed sealed = rfc8439::seal(letters.key, nonce, letters.texts[message], nonce);
        sums.push_back(sum_of(sealed.text) + sum_of(sealed.tag));
    }
    return sums;
}

} // namespace

bool encryption(KernelState& state, std::uint64_t stop, std::uint32_t turns_per_check,
                const std::atomic<std::uint32_t>& breaker) {
    const Letters& letters = the_letters();
    return run_turns(state, stop, turns_per_check, breaker, [&letters](std::uint64_t turn) {
        return encrypt(letters, static_cast<std::size_t>(turn % messages));
    });
}

std::uint64_t encryption_expected(std::uint64_t turns) {
    static const PeriodSums sums(message_sums());
    return sums.after(turns);
}

} // namespace gil
