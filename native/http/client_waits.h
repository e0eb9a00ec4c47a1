// The clients that a server waits for: each must send its request, or take its answer, within a time. One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <optional>

#include "core/base/units.h"

namespace gil::native {

/// Whom a server waits for, the longest first. A server that has no room for a new client ends who has kept it waiting
/// longest, so that those who connect and stay silent never shut out the others.
class ClientWaits {
    struct Wait;

  public:
    enum class Why { too_slow, room_needed };
    /// Ends the connection that is waited for. It may begin and leave other waits; its own is over already.
    using End = std::function<void(Why)>;
    using Ticket = std::list<Wait>::iterator;

    /// From `now` on a client is waited for, at most for `patience`. The ticket is good until leave() or `end`.
    [[nodiscard]] Ticket begin(Nanoseconds now, Nanoseconds patience, End end);
    /// The client has done its part.
    void leave(Ticket ticket) { waits_.erase(ticket); }

    /// Ends all whose time is over.
    void end_overdue(Nanoseconds now);
    /// Ends who has been waited for longest, if that began at `latest` or before; false: there is none.
    bool end_longest(Nanoseconds latest);

    /// When end_overdue() has something to do; nothing while nobody is waited for.
    [[nodiscard]] std::optional<Nanoseconds> next_due() const;
    [[nodiscard]] std::size_t count() const { return waits_.size(); }

  private:
    struct Wait {
        Nanoseconds since = 0;
        Nanoseconds due = 0;
        End end;
    };

    void end(Ticket ticket, Why why);

    std::list<Wait> waits_; ///< by `since`
};

} // namespace gil::native
