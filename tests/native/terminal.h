// A program on a terminal of its own, for what it only does there.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "native/base/posix.h"

namespace gil::native::test {

/// Started by the constructor, killed and reaped by the destructor. Main thread.
class OnTerminal {
  public:
    OnTerminal(const std::string& path, const std::vector<std::string>& arguments);
    ~OnTerminal();
    OnTerminal(const OnTerminal&) = delete;
    OnTerminal& operator=(const OnTerminal&) = delete;

    void type(const std::string& text);

    /// What it said since the last call, up to and with `words`; everything until its end when it never says them.
    /// Gives up after 20 s of silence.
    [[nodiscard]] std::string until(const std::string& words);

    /// Its exit status, or 128 + signal; `said` is everything until its end.
    [[nodiscard]] int finish(std::string& said);

  private:
    UniqueFd master_;
    pid_t pid_ = -1;
};

} // namespace gil::native::test
