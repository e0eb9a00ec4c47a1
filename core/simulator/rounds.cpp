#include "core/simulator/rounds.h"

#include <algorithm>
#include <limits>

#include "core/simulator/simulation.h"

namespace gil::sim {

Nanoseconds Rounds::slice_ends(int thread, Nanoseconds now) {
    Cores& cores = simulation_.cores();
    const std::size_t threads = cores.running_.size() + cores.queue_.size();
    if (cores.queue_.empty() || !simulation_.takes_short_cuts()) {
        forget();
        return now;
    }
    // Every thread has had as many slices as there are cores after so many of them, at the latest.
    if (seen_ && (++slices_ % threads != 0 || thread != seen_->ended)) {
        if (slices_ > threads * cores.running_.size()) forget();
        return now;
    }
    auto present = picture(thread, now);
    if (!present) {
        forget();
        return now;
    }
    Nanoseconds later = now;
    if (seen_) {
        if (const std::int64_t rounds = sure_rounds(*present); rounds > 0) {
            later = now + rounds * (now - seen_->now);
            skip(*present, rounds);
            forget();
            return later;
        }
        if (slices_ < threads * cores.running_.size()) return now;
    }
    seen_ = std::move(present);
    slices_ = 0;
    return now;
}

bool Rounds::goes_on(int thread) const {
    return simulation_.cores().threads_[static_cast<std::size_t>(thread)].burst > 0 && !simulation_.counts(thread) &&
           !simulation_.gils().is_asked(thread);
}

std::optional<Rounds::Picture> Rounds::picture(int ended, Nanoseconds now) const {
    const Cores& cores = simulation_.cores();
    simulation_.events().spend(2 * (cores.running_.size() + cores.queue_.size()));
    Picture result;
    result.ended = ended;
    result.now = now;
    result.base = cores.threads_[static_cast<std::size_t>(cores.running_.front())].virtual_time;
    result.floor = cores.floor_ - result.base;
    const auto add = [&](int thread, std::vector<Standing>& list, bool runs) {
        const Cores::Thread& t = cores.threads_[static_cast<std::size_t>(thread)];
        const Nanoseconds virtual_time = t.virtual_time - result.base;
        list.push_back(runs ? Standing{thread, t.since - now, t.slice_until - now, virtual_time, t.slice_armed}
                            : Standing{thread, 0, 0, virtual_time, false});
        result.accounts.push_back({thread, t.cpu, t.burst});
        return goes_on(thread);
    };
    for (const int thread : cores.running_) {
        if (!add(thread, result.running, true)) return std::nullopt;
    }
    std::vector<Cores::Waiting> queue = cores.queue_;
    std::sort(queue.begin(), queue.end(), [](const auto& a, const auto& b) { return Cores::later(b, a); });
    for (const Cores::Waiting& waiting : queue) {
        if (!add(waiting.thread, result.queue, false)) return std::nullopt;
    }
    add_events(result);
    return result;
}

void Rounds::add_events(Picture& picture) const {
    std::vector<Event> own;
    picture.horizon = std::numeric_limits<Nanoseconds>::max();
    simulation_.events().spend(simulation_.events().pending().size() / 4);
    for (const Event& event : simulation_.events().pending()) {
        if (simulation_.is_stale(event)) continue;
        const bool ends_slice = event.kind == EventKind::slice_end;
        const bool ends_burst =
            event.kind == EventKind::burst_end && event.time == simulation_.cores().burst_until(event.thread);
        if (ends_slice || ends_burst) {
            own.push_back(event);
        } else {
            picture.horizon = std::min(picture.horizon, event.time);
        }
    }
    std::sort(own.begin(), own.end(), [](const Event& a, const Event& b) { return a.order < b.order; });
    for (const Event& event : own) picture.pending.emplace_back(event.kind, event.thread);
}

std::int64_t Rounds::sure_rounds(const Picture& present) const {
    const Picture& before = *seen_;
    if (present.ended != before.ended || present.floor != before.floor || present.running != before.running ||
        present.queue != before.queue || present.pending != before.pending) {
        return 0;
    }
    const Nanoseconds round = present.now - before.now;
    if (round <= 0 || present.horizon <= present.now) return 0;
    std::int64_t rounds = (present.horizon - present.now - 1) / round;
    for (std::size_t i = 0; i < present.accounts.size(); ++i) {
        const Nanoseconds work = before.accounts[i].burst - present.accounts[i].burst;
        if (work <= 0) return 0;
        // Two rounds are left over, so that no burst ends before its slice does.
        rounds = std::min(rounds, present.accounts[i].burst / work - 2);
    }
    return rounds;
}

void Rounds::skip(const Picture& present, std::int64_t rounds) {
    Cores& cores = simulation_.cores();
    const Nanoseconds time = rounds * (present.now - seen_->now);
    const Nanoseconds virtual_time = rounds * (present.base - seen_->base);
    for (std::size_t i = 0; i < present.accounts.size(); ++i) {
        const Account& before = seen_->accounts[i];
        const Account& after = present.accounts[i];
        Cores::Thread& t = cores.threads_[static_cast<std::size_t>(after.thread)];
        t.cpu += rounds * (after.cpu - before.cpu);
        t.burst -= rounds * (before.burst - after.burst);
        t.virtual_time += virtual_time;
        ++t.stamp; // the events of before are stale now
        if (!t.on_core) continue;
        t.since += time;
        t.slice_until += time;
        t.burst_until = t.since + cores.speed_.time_for(t.burst);
    }
    for (Cores::Waiting& waiting : cores.queue_) waiting.virtual_time += virtual_time;
    cores.floor_ += virtual_time;
    for (const auto& [kind, thread] : present.pending) {
        const Cores::Thread& t = cores.threads_[static_cast<std::size_t>(thread)];
        const Nanoseconds when = kind == EventKind::slice_end ? t.slice_until : t.burst_until;
        simulation_.events().push(when, kind, thread, t.stamp);
    }
}

} // namespace gil::sim
