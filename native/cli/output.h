// How a command speaks: standard output, one line on standard error, the trace file, the terminal.
#pragma once

#include <string>
#include <string_view>

#include "core/report.h"
#include "core/result.h"
#include "native/posix.h"

namespace gil::native {

/// One line on standard error; the exit status for bad usage and bad input: 2.
int usage_error(const Error& error);
/// One line on standard error; the exit status of a run that failed: 1.
int run_error(const Error& error);

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

/// The file of --trace: opened before the run, so that a bad path is known at once.
class TraceFile {
  public:
    /// Opens or creates `path` without changing what is in it.
    [[nodiscard]] static Result<TraceFile> open(const std::string& path);
    TraceFile(TraceFile&& other) noexcept;
    TraceFile& operator=(TraceFile&&) = delete;
    /// Removes the file again if it was created here and never written.
    ~TraceFile();

    [[nodiscard]] Result<Nothing> write(const Report& report);

  private:
    TraceFile(std::string path, UniqueFd fd, bool created)
        : path_(std::move(path)), fd_(std::move(fd)), created_(created) {}

    std::string path_;
    UniqueFd fd_;
    bool created_ = false;
};

} // namespace gil::native
