#include "native/http/client_waits.h"

#include <algorithm>
#include <utility>

namespace gil::native {

ClientWaits::Ticket ClientWaits::begin(Nanoseconds now, Nanoseconds patience, End end) {
    return waits_.insert(waits_.end(), {now, now + patience, std::move(end)});
}

void ClientWaits::end(Ticket ticket, Why why) {
    const End end = std::move(ticket->end);
    waits_.erase(ticket);
    end(why);
}

void ClientWaits::end_overdue(Nanoseconds now) {
    const auto overdue = [now](const Wait& wait) { return wait.due <= now; };
    // From the beginning each time: an `end` may remove others, too.
    for (;;) {
        const auto found = std::find_if(waits_.begin(), waits_.end(), overdue);
        if (found == waits_.end()) return;
        end(found, Why::too_slow);
    }
}

bool ClientWaits::end_longest(Nanoseconds latest) {
    if (waits_.empty() || waits_.front().since > latest) return false;
    end(waits_.begin(), Why::room_needed);
    return true;
}

std::optional<Nanoseconds> ClientWaits::next_due() const {
    const auto first =
        std::min_element(waits_.begin(), waits_.end(), [](const Wait& a, const Wait& b) { return a.due < b.due; });
    return first == waits_.end() ? std::nullopt : std::optional(first->due);
}

} // namespace gil::native
