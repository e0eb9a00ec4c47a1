// What the kernels are checked against has to be right as well: published test vectors and a third implementation.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/base/json.h"
#include "core/kernels/chacha20_poly1305.h"
#include "core/kernels/json_document.h"
#include "core/kernels/network.h"

using namespace gil;

namespace {

std::vector<std::uint8_t> from_hex(std::string_view hex) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(digit(hex[i]) * 16 + digit(hex[i + 1])));
    }
    return bytes;
}

template<std::size_t count>
std::array<std::uint8_t, count> array_from(std::string_view hex) {
    std::array<std::uint8_t, count> result{};
    std::ranges::copy(from_hex(hex), result.begin());
    return result;
}

std::vector<std::uint8_t> bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

/// What a parsed value is worth, names of fields included, by nlohmann's parser.
std::uint64_t worth_of(const Json& value) {
    namespace worth = json_document::worth;
    if (value.is_null()) return worth::null;
    if (value.is_boolean()) return value.get<bool>() ? worth::yes : worth::no;
    if (value.is_number_integer()) return worth::number(value.get<std::int64_t>());
    if (value.is_number()) return worth::fraction(std::llround(value.get<double>() * 1000));
    if (value.is_string()) return worth::text(value.get<std::string>());
    std::uint64_t sum = 0;
    for (const auto& [name, item] : value.items()) sum += worth_of(item) + (value.is_object() ? worth::text(name) : 0);
    return sum;
}

} // namespace

TEST_CASE("ChaCha20Poly1305.the reference seals as RFC 8439, section 2.8.2") {
    const auto sealed = rfc8439::seal(
        array_from<32>("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
        array_from<12>("070000004041424344454647"),
        bytes_of(
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
            "would be it."),
        from_hex("50515253c0c1c2c3c4c5c6c7"));
    CHECK(sealed.text == from_hex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca96712"
                                  "82fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58"
                                  "fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116"));
    CHECK(sealed.tag == array_from<16>("1ae10b594f09e26a7e902ecbd0600691"));
}

TEST_CASE("ChaCha20Poly1305.the reference seals as RFC 8439, appendix A.5") {
    const std::string_view draft =
        "Internet-Drafts are draft documents valid for a maximum of six months and may be updated, replaced, or "
        "obsoleted by other documents at any time. It is inappropriate to use Internet-Drafts as reference material or "
        "to cite them other than as /\xE2\x80\x9Cwork in progress./\xE2\x80\x9D";
    const auto sealed = rfc8439::seal(
        array_from<32>("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0"),
        array_from<12>("000000000102030405060708"), bytes_of(draft), from_hex("f33388860000000000004e91"));
    REQUIRE(sealed.text.size() == 265);
    CHECK(std::vector(sealed.text.begin(), sealed.text.begin() + 16) == from_hex("64a0861575861af460f062c79be643bd"));
    CHECK(sealed.tag == array_from<16>("eead9d67890cbb22392336fea1851f38"));
}

TEST_CASE("JsonDocument.another parser comes to the same worth for each record") {
    const auto& document = json_document::document();
    REQUIRE(document.worths.size() == json_document::records);
    for (std::size_t record = 0; record < json_document::records; ++record) {
        const std::string_view line = document.line(record);
        INFO(line);
        REQUIRE(line.size() < json_document::max_record_bytes);
        const auto parsed = parse_json(line, "record");
        REQUIRE(parsed);
        CHECK(worth_of(parsed.value()) == document.worths[record]);
    }
    // The hard parts of JSON are there.
    for (const std::string_view part : {"\\u00fc", "\\ud83d", "\\\"", "\\\\", "\\n", "[]", "null", ":-"}) {
        INFO(part);
        CHECK(document.text.find(part) != std::string::npos);
    }
}

TEST_CASE("Network.the model learns") {
    const auto steps = network::reference_training();
    REQUIRE(steps.size() == network::steps);
    const auto loss_of_epoch = [&steps](std::size_t epoch) {
        std::int64_t loss = 0;
        for (std::size_t i = 0; i < network::batches; ++i) loss += steps[epoch * network::batches + i].loss;
        return loss;
    };
    CHECK(loss_of_epoch(7) > 0);
    CHECK(loss_of_epoch(1) < loss_of_epoch(0));
    CHECK(loss_of_epoch(7) * 3 < loss_of_epoch(0));
}
