#include "core/engine/silence.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/scenario/patience.h"

namespace gil {

namespace {

/// Other programs, or a computer that is slower than it was when it was calibrated, make a step longer.
constexpr std::int64_t times_expected = 3;

std::string seconds_text(Nanoseconds duration) {
    return plain_number(static_cast<double>(duration / millisecond) / 1e3) + " s";
}

} // namespace

void Silence::heard(Nanoseconds now, Nanoseconds expected) {
    owed_ = true;
    heard_at_ = now;
    expected_ = expected;
}

Silence::Finding Silence::look(Nanoseconds now, bool stopped) {
    if (stopped && !stopped_) stopped_at_ = now;
    // What it could not do meanwhile it does now.
    if (!stopped && stopped_) heard_at_ = std::min(now, heard_at_ + (now - stopped_at_));
    stopped_ = stopped;
    if (!owed_) return {};
    if (stopped) {
        const Nanoseconds limit = std::min(limits_.stopped, limits_.longest);
        const Nanoseconds silent = now - std::max(stopped_at_, heard_at_);
        if (silent < limits_.told) return {};
        if (silent < limit) {
            return {"the engine has been stopped from outside for " +
                        seconds_text(silent / limits_.told * limits_.told),
                    false};
        }
        return {"the engine was stopped from outside and did not go on within " + seconds_text(limit), true};
    }
    // Workers have their own limit, which the engine tells of: so twice as long.
    const Nanoseconds limit = 2 * std::min(patience_for(expected_), limits_.longest) + limits_.told;
    const Nanoseconds silent = now - heard_at_;
    if (silent >= limit) return {"the engine " + silent_words(limit), true};
    if (silent < std::min(times_expected * expected_, limits_.longest) + limits_.told) return {};
    return {"the engine has said nothing for " + seconds_text(silent / limits_.told * limits_.told), false};
}

Nanoseconds Silence::period() const {
    return std::min(second, limits_.told / 4);
}

} // namespace gil
