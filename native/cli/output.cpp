#include "native/cli/output.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <utility>

#include "core/base/text.h"
#include "native/base/posix.h"

namespace gil::native {

namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void print_error(const Error& error) {
    const std::string line = "gilplay: " + printable(error.line(), 600) + "\n";
    (void)write_all(STDERR_FILENO, bytes_of(line));
}

} // namespace

int usage_error(const Error& error) {
    print_error(error);
    return 2;
}

int run_error(const Error& error) {
    print_error(error);
    return 1;
}

void print_progress(const std::string& line) {
    (void)write_all(STDERR_FILENO, bytes_of(printable(line, 600) + "\n"));
}

int print_out(std::string_view text) {
    if (write_all(STDOUT_FILENO, bytes_of(text))) return 0;
    // A reader that has left (`| head`) is no news.
    return errno == EPIPE ? 1 : run_error(system_error("standard output", "cannot be written", errno));
}

Terminal detect_terminal() {
    Terminal terminal;
    std::setlocale(LC_CTYPE, "");
    terminal.unicode = std::string_view(::nl_langinfo(CODESET)) == "UTF-8";
    if (::isatty(STDOUT_FILENO) == 0) return terminal;
    const char* no_colour = std::getenv("NO_COLOR");
    const char* kind = std::getenv("TERM");
    terminal.colour = !(no_colour && *no_colour) && kind && std::string_view(kind) != "dumb";
    winsize size{};
    const char* columns = std::getenv("COLUMNS");
    const double told = number_of(columns != nullptr ? columns : "");
    if (told >= 1 && told <= 1'000) terminal.width = static_cast<int>(std::clamp(told, 40.0, 160.0));
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        terminal.width = std::clamp<int>(size.ws_col, 40, 160);
    }
    return terminal;
}

std::string to_ascii(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> looks{{
        {"×", "x"},
        {"–", "-"},
        {"—", "-"},
        {"−", "-"},
        {"’", "'"},
        {"‘", "'"},
        {"“", "\""},
        {"”", "\""},
        {"µ", "u"},
        {"…", "..."},
        {"→", "->"},
        {"≤", "<="},
        {"≥", ">="},
        {" ", " "},
    }};
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            plain += text[at++];
            continue;
        }
        const auto found = std::find_if(looks.begin(), looks.end(),
                                        [&](const auto& look) { return text.substr(at).starts_with(look.first); });
        plain += found == looks.end() ? "?" : found->second;
        at += found == looks.end() ? 1 : found->first.size();
        while (found == looks.end() && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    }
    return plain;
}

std::string wrapped(std::string_view text, int width, int indent) {
    const std::string margin(static_cast<std::size_t>(indent), ' ');
    std::string lines = margin;
    int column = indent;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        // Columns, not bytes: continuation bytes of UTF-8 take no room.
        const auto length = static_cast<int>(std::count_if(
            word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
        if (column > indent && column + 1 + length > width) {
            lines += "\n" + margin;
            column = indent;
        } else if (column > indent) {
            lines += ' ';
            ++column;
        }
        lines += word;
        column += length;
    }
    return lines + "\n";
}

} // namespace gil::native
