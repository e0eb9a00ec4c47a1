#include "core/simulator/shared_places.h"

#include "core/simulator/costs.h"

namespace gil::sim {

int SharedPlaces::take() {
    if (free_.empty()) {
        places_.emplace_back();
        return static_cast<int>(places_.size()) - 1;
    }
    const int place = free_.back();
    free_.pop_back();
    return place;
}

void SharedPlaces::give_back(int place) {
    free_.push_back(place);
}

Nanoseconds SharedPlaces::reach(const Machine& machine, int process, int place, Half half, std::int64_t bytes) {
    if (bytes <= 0) return 0;
    Users& users = places_[static_cast<std::size_t>(place)][static_cast<std::size_t>(half)];
    const auto user = static_cast<std::size_t>(process);
    const bool fresh = users.empty();
    if (users.size() <= user) users.resize(user + 1);
    if (users[user]) return 0;
    users[user] = true;
    return for_bytes(fresh ? machine.shared_fresh_per_mib : machine.shared_map_per_mib, bytes);
}

} // namespace gil::sim
