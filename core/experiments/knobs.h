// What a reader can change: described once, used by sliders, --set, URLs and messages.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace gil {

enum class KnobKind : std::uint8_t { integer, real, choice };

struct Knob {
    std::string_view name;  ///< "work_ms": the same name wherever it means the same
    std::string_view title; ///< "work per task"
    std::string_view unit;  ///< "ms", or empty
    KnobKind kind = KnobKind::integer;
    double min = 0;
    double max = 0;
    double fallback = 0;                     ///< the default; an index into `choices` for a choice
    bool logarithmic = false;                ///< a slider moves by factors instead of steps
    std::vector<std::string_view> choices{}; ///< only for KnobKind::choice
    std::string_view help{};                 ///< one sentence
};

/// The values of one experiment's knobs. Always complete and in range. The knob descriptions must outlive it
/// (those of the experiment table do).
class Knobs {
  public:
    explicit Knobs(std::span<const Knob> knobs);

    /// Text from outside ("300", "spawn"). On an error nothing changes.
    Result<Nothing> set(std::string_view name, std::string_view text);
    /// A number from a slider: clamped to the range, rounded for integers; a choice takes its index. NaN is ignored.
    void set_number(std::string_view name, double value);
    /// Several at once from {"tasks": 4, "start_method": "spawn"}; all or nothing.
    Result<Nothing> set_all(const Json& object);
    void reset(std::string_view name);

    /// Asserts that there is such a knob.
    [[nodiscard]] double number(std::string_view name) const;
    [[nodiscard]] int integer(std::string_view name) const;
    [[nodiscard]] std::string_view choice(std::string_view name) const;

    /// "300", "0.5", "spawn": exactly what `set` would take back.
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] Json to_json() const;
    [[nodiscard]] std::span<const Knob> descriptions() const { return knobs_; }
    bool operator==(const Knobs& other) const { return values_ == other.values_; }

  private:
    [[nodiscard]] std::size_t index_of(std::string_view name) const;

    std::span<const Knob> knobs_;
    std::vector<double> values_;
};

} // namespace gil
