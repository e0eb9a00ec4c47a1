// How a command speaks: standard output, one line on standard error, the terminal.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace gil::native {

/// One line on standard error; the exit status for bad usage and bad input: 2.
int usage_error(const Error& error);
/// One line on standard error; the exit status of a run that failed: 1.
int run_error(const Error& error);

/// One line of progress on standard error, whether or not that is a terminal.
void print_progress(const std::string& line);

/// Writes to standard output. The exit status: 0, or 1 when it could not be written (silently when its reader left).
[[nodiscard]] int print_out(std::string_view text);

/// What standard output can show.
struct Terminal {
    bool colour = false;  ///< a terminal, and NO_COLOR is not set
    bool unicode = false; ///< the locale's encoding is UTF-8
    int width = 100;      ///< columns
};
[[nodiscard]] Terminal detect_terminal();

/// `text` with what is not ASCII replaced by its nearest look.
[[nodiscard]] std::string to_ascii(std::string_view text);

/// Breaks `text` at spaces so that no line is longer than `width`; every line begins with `indent` spaces.
[[nodiscard]] std::string wrapped(std::string_view text, int width, int indent);

} // namespace gil::native
