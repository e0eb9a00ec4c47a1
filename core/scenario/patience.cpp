#include "core/scenario/patience.h"

#include <algorithm>

#include "core/base/text.h"

namespace gil {

namespace {

constexpr Nanoseconds at_least = 60 * second;
constexpr Nanoseconds at_most = 24 * 3'600 * second;
constexpr std::int64_t times_longer = 20;
/// Under a lock that many others want, on a slow computer.
constexpr Nanoseconds increment = microsecond;

Nanoseconds total_increments(const Scenario& scenario) {
    Nanoseconds total = 0;
    for (const Task& task : scenario.tasks) {
        for (const Step& step : task.steps) {
            if (const auto* counting = std::get_if<Increment>(&step)) {
                total = std::min(at_most, total + std::min(at_most / increment, counting->count) * increment);
            }
        }
    }
    return total;
}

} // namespace

Nanoseconds asked_of(const Scenario& scenario) {
    return std::min(at_most, total_work(scenario)) + std::min(at_most, total_wait(scenario)) +
           total_increments(scenario);
}

Nanoseconds patience_for(Nanoseconds asked) {
    return std::min(at_most, at_least + times_longer * asked);
}

Nanoseconds patience_with(const Scenario& scenario) {
    return patience_for(asked_of(scenario));
}

namespace {

std::string seconds_words(Nanoseconds duration) {
    return plain_number(static_cast<double>(duration / millisecond) / 1e3) + " s";
}

} // namespace

std::string lost_words(Nanoseconds patience) {
    return "did not end within " + seconds_words(patience) + ": it may have been stopped or ended from outside";
}

std::string silent_words(Nanoseconds patience) {
    return "did not answer within " + seconds_words(patience) + ": it may have been stopped from outside";
}

} // namespace gil
