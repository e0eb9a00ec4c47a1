// gilplay as an ordinary user has it: what limits a user's processes and threads does not bind root, whom tests often
// run as.
#pragma once

#include <string>
#include <vector>

#include "tests/native/support.h"

namespace gil::native::test {

/// Sanitizers have threads and memory of their own, so limits of either say nothing about ours.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif
#else
inline constexpr bool is_sanitized = false;
#endif

/// A user who has no other process, with a folder of their own that the built programs are copied to: the build may lie
/// where others cannot enter. Not root: whoever runs the tests, with all the processes they have.
class OrdinaryUser {
  public:
    OrdinaryUser();
    ~OrdinaryUser();
    OrdinaryUser(const OrdinaryUser&) = delete;
    OrdinaryUser& operator=(const OrdinaryUser&) = delete;

    /// Empty, or why there is no such user here.
    [[nodiscard]] const std::string& missing() const { return missing_; }
    /// Writable for that user.
    [[nodiscard]] const std::string& folder() const { return folder_; }

    /// gilplay in a shell that has run `before` ("ulimit -u 3"), with these words behind it.
    [[nodiscard]] Finished run(const std::string& before, const std::string& words) const;
    /// The words of that as a command, for OnTerminal. The first is the path of a program.
    [[nodiscard]] std::vector<std::string> command(const std::string& before, const std::string& words) const;

  private:
    std::string folder_;
    std::string missing_;
};

} // namespace gil::native::test
