// `gilplay serve` as a process of its own, over a small site in a folder that goes away with it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/units.h"

namespace gil::native::test {

class ServedSite {
  public:
    struct Options {
        std::vector<std::string> arguments{}; ///< after "serve --site FOLDER"
        std::vector<int> ignored{};           ///< signals that it ignores from its start, as under nohup
        unsigned descriptors = 0;             ///< the limit of open ones; 0: as it is here
    };

    /// Returns when it has told its address; fails the running test when it does not.
    ServedSite() : ServedSite(Options{}) {}
    explicit ServedSite(const Options& options);
    /// Ends it.
    ~ServedSite();
    ServedSite(const ServedSite&) = delete;
    ServedSite& operator=(const ServedSite&) = delete;

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] std::string root() const { return folder_ + "/site"; }

    /// Its exit status (128 + signal) when it ends by this signal in time.
    [[nodiscard]] std::optional<int> ended_by(int signal, Nanoseconds patience);
    [[nodiscard]] bool is_running() const;

    /// Of its memory what is resident, and the most that ever was, in KiB.
    [[nodiscard]] long resident() const { return memory("VmRSS:"); }
    [[nodiscard]] long most_resident() const { return memory("VmHWM:"); }

  private:
    struct Nobody {};
    /// What the other constructor delegates to, so that one that fails leaves no process and no folder either.
    explicit ServedSite(Nobody) {}
    [[nodiscard]] long memory(const std::string& name) const;

    std::string folder_;
    pid_t pid_ = -1;
    int port_ = 0;
};

} // namespace gil::native::test
