#include "native/site/http_fields.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace gil::native {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The text before the next `separator`, trimmed; both are removed from `text`.
std::string_view take_until(std::string_view& text, char separator) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return trimmed(piece);
}

/// Whether a quality ("0", "0.000") says "never".
bool is_zero(std::string_view quality) {
    return quality.starts_with('0') && quality.find_first_of("123456789") == std::string_view::npos;
}

} // namespace

bool names_loopback(std::string_view host) {
    static constexpr std::array<std::string_view, 3> names{"127.0.0.1", "localhost", "[::1]"};
    return std::any_of(names.begin(), names.end(), [host](std::string_view name) {
        if (!same_word(host.substr(0, name.size()), name)) return false;
        const std::string_view port = host.substr(name.size());
        return port.empty() || (port.front() == ':' && std::all_of(port.begin() + 1, port.end(), is_digit));
    });
}

bool matches_tag(std::string_view field, std::string_view tag) {
    field = trimmed(field);
    if (field == "*") return true;
    // A tag may have commas in it, so the list is taken apart by its quotes.
    while (!field.empty()) {
        const std::size_t begin = field.find('"');
        if (begin == std::string_view::npos) return false;
        const std::size_t end = field.find('"', begin + 1);
        if (end == std::string_view::npos) return false;
        if (field.substr(begin, end - begin + 1) == tag) return true;
        field.remove_prefix(end + 1);
    }
    return false;
}

bool accepts_coding(std::string_view field, std::string_view coding) {
    std::optional<bool> any;
    while (!field.empty()) {
        std::string_view item = take_until(field, ',');
        const std::string_view name = take_until(item, ';');
        bool wanted = true;
        while (!item.empty()) {
            const std::string_view parameter = take_until(item, ';');
            if (parameter.size() > 2 && same_word(parameter.substr(0, 2), "q=")) wanted = !is_zero(parameter.substr(2));
        }
        if (same_word(name, coding)) return wanted;
        if (name == "*") any = wanted;
    }
    return any.value_or(false);
}

std::string percent_encoded(std::string_view path) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (plain.find(c) != std::string_view::npos) {
            text += c;
        } else {
            text += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return text;
}

} // namespace gil::native
