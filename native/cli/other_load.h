// How much of the processors other programs have: what is measured beside them is too slow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/units.h"

namespace gil::native {

/// Ticks that all processors together have worked since boot, for whomever (a virtual machine's host took "steal"),
/// from the first line of /proc/stat; nullopt when `text` is not such a file.
[[nodiscard]] std::optional<std::int64_t> busy_ticks(std::string_view text);

/// Watches from its construction on. One thread; does not block.
class OtherLoad {
  public:
    OtherLoad();

    /// Processors that others than this process and its children had since then, on average: 0.8 of 2. Children count
    /// as others until they have been waited for. nullopt where the system does not tell (it is read from /proc).
    [[nodiscard]] std::optional<double> processors() const;

    /// "other programs had 0.8 of 2 processors", when `wanted` processors were not there for us; else empty.
    [[nodiscard]] std::string words(int wanted) const;

  private:
    std::optional<std::int64_t> busy_;
    Nanoseconds own_;
    Nanoseconds begin_;
};

/// How many processors are switched on.
[[nodiscard]] int online_processors();

} // namespace gil::native
