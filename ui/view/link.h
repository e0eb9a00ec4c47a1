// The page's state as text, as it stands in an address: "cpu-bound?tasks=4&work_ms=300&cores=8&view=threads".
// Pure; no ImGui.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gil::ui {

/// An address' parts as written; whether they mean anything is for the one who applies them.
struct Link {
    std::string experiment;
    std::vector<std::pair<std::string, std::string>> fields;
};

/// Undoes %XX and '+'; a '%' with no two hexadecimal digits behind it stands for itself.
[[nodiscard]] inline std::string percent_decoded(std::string_view text) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0) {
            plain += static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]));
            at += 2;
        } else {
            plain += text[at] == '+' ? ' ' : text[at];
        }
    }
    return plain;
}

[[nodiscard]] inline std::string percent_encoded(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string coded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~' || c == ':' || c == '@' || c == ',';
        if (plain) {
            coded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        coded += '%';
        coded += hex[byte >> 4];
        coded += hex[byte & 15];
    }
    return coded;
}

/// Never fails: a leading '#' or '/' and empty parts are skipped, a field without '=' has an empty value.
[[nodiscard]] inline Link parse_link(std::string_view text) {
    Link link;
    while (!text.empty() && (text.front() == '#' || text.front() == '/')) text.remove_prefix(1);
    const std::size_t question = text.find('?');
    link.experiment = percent_decoded(text.substr(0, question));
    if (question == std::string_view::npos) return link;
    text.remove_prefix(question + 1);
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view field = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (field.empty()) continue;
        const std::size_t equals = field.find('=');
        const std::string_view value = equals == std::string_view::npos ? "" : field.substr(equals + 1);
        link.fields.emplace_back(percent_decoded(field.substr(0, equals)), percent_decoded(value));
    }
    return link;
}

[[nodiscard]] inline std::string format_link(const Link& link) {
    std::string text = percent_encoded(link.experiment);
    char separator = '?';
    for (const auto& [name, value] : link.fields) {
        text += separator;
        text += percent_encoded(name) + "=" + percent_encoded(value);
        separator = '&';
    }
    return text;
}

} // namespace gil::ui
