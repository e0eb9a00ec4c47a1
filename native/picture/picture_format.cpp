#include "native/picture/picture_format.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gil::native {

namespace {

constexpr std::array<std::uint8_t, 8> png_signature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
const std::string cut_off = "the file is cut off";

std::uint32_t big_endian(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
    return value;
}

/// CRC-32 as PNG has it (appendix D of its specification).
std::uint32_t crc(std::span<const std::uint8_t> bytes) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> made;
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit) value = value & 1 ? 0xEDB88320u ^ value >> 1 : value >> 1;
            made[i] = value;
        }
        return made;
    }();
    std::uint32_t value = 0xFFFFFFFFu;
    for (const std::uint8_t byte : bytes) value = table[(value ^ byte) & 255] ^ value >> 8;
    return ~value;
}

} // namespace

bool is_png(std::span<const std::uint8_t> bytes) {
    return bytes.size() >= png_signature.size() &&
           std::equal(png_signature.begin(), png_signature.end(), bytes.begin());
}

bool is_jpeg(std::span<const std::uint8_t> bytes) {
    return bytes.size() >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

std::string fault_in_png(std::span<const std::uint8_t> bytes) {
    constexpr std::size_t around = 12; // length, type and sum
    std::size_t at = png_signature.size();
    while (bytes.size() - at >= around) {
        const std::size_t length = big_endian(bytes, at, 4);
        if (length > bytes.size() - at - around) return cut_off;
        const auto type_and_data = bytes.subspan(at + 4, 4 + length);
        if (crc(type_and_data) != big_endian(bytes, at + 8 + length, 4)) return "the file is damaged";
        if (std::memcmp(type_and_data.data(), "IEND", 4) == 0) return "";
        at += around + length;
    }
    return cut_off;
}

std::string fault_in_jpeg(std::span<const std::uint8_t> bytes) {
    constexpr std::uint8_t end_of_image = 0xD9;
    constexpr std::uint8_t start_of_scan = 0xDA;
    bool in_scan = false;
    std::size_t at = 2;
    while (at + 1 < bytes.size()) {
        const std::uint8_t marker = bytes[at + 1];
        // Within a scan 0 stands for a data byte of 0xFF, and restart markers (D0 to D7) are part of it. Elsewhere
        // 0xFF may be repeated before a marker.
        const bool plain = bytes[at] != 0xFF || marker == 0xFF || (in_scan && (marker == 0 || (marker & 0xF8) == 0xD0));
        if (plain) {
            if (!in_scan && bytes[at] != 0xFF) return "the file is damaged";
            ++at;
            continue;
        }
        if (marker == end_of_image) return "";
        if (at + 3 >= bytes.size()) return cut_off;
        in_scan = marker == start_of_scan;
        at += 2 + big_endian(bytes, at + 2, 2);
    }
    return cut_off;
}

} // namespace gil::native
