// Whether an engine that owes an answer has been silent for longer than it should.
#pragma once

#include <string>

#include "core/base/units.h"

namespace gil {

/// How long an engine may say nothing. A thread that measures cannot speak, so what it told about how long that will
/// take comes on top.
struct SilenceLimits {
    Nanoseconds told = 5 * second;             ///< then the reader is told
    Nanoseconds stopped = 60 * second;         ///< one that the platform calls stopped is ended
    Nanoseconds longest = 24 * 3'600 * second; ///< no limit is longer
};

/// Times come from one monotonic clock; the caller tells them, and takes what has arrived before it looks: so a front
/// end that slept itself does not blame the engine.
class Silence {
  public:
    explicit Silence(SilenceLimits limits = {}) : limits_(limits) {}

    /// Something was asked of the engine, or it spoke. What it does now may take `expected` without a word.
    void heard(Nanoseconds now, Nanoseconds expected = 0);
    /// Nothing is owed any more.
    void over() { owed_ = false; }
    [[nodiscard]] bool owed() const { return owed_; }

    struct Finding {
        std::string words; ///< "the engine has said nothing for 5 s", in steps of 5 s; empty: that is no wonder yet
        bool lost = false; ///< it has to be ended, and `words` say why
    };
    /// `stopped`: the platform says that the engine does not run.
    [[nodiscard]] Finding look(Nanoseconds now, bool stopped);

    /// How often to look.
    [[nodiscard]] Nanoseconds period() const;

  private:
    SilenceLimits limits_;
    bool owed_ = false;
    bool stopped_ = false;
    Nanoseconds heard_at_ = 0;
    Nanoseconds stopped_at_ = 0; ///< when it was seen to be stopped
    Nanoseconds expected_ = 0;
};

} // namespace gil
