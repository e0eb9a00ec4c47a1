#include "core/simulator/locks.h"

#include <algorithm>

#include "core/simulator/simulation.h"

namespace gil::sim {

namespace {

constexpr int shared_locks = 2; ///< of the Value and of the Array; every domain's own ones follow
constexpr int locks_of_domain = limits::max_locks + 1;

/// Increments under a lock by threads that may run at once.
std::int64_t locked_increments(const Scenario& scenario) {
    switch (scenario.model) {
    case ExecutionModel::processes:
    case ExecutionModel::process_pool:
    case ExecutionModel::hybrid:
    case ExecutionModel::subinterpreters:
    case ExecutionModel::free_threaded:
        break;
    default:
        return 0; // one GIL: they come one after another
    }
    std::int64_t total = 0;
    for (const Task& task : scenario.tasks) {
        for (const Step& step : task.steps) {
            const auto* increment = std::get_if<Increment>(&step);
            if (increment != nullptr && increment->locked) total += increment->count;
        }
    }
    return total;
}

} // namespace

Locks::Locks(Simulation& simulation) : simulation_(simulation) {
    constexpr std::int64_t looked_at_singly = 10'000;
    grain_ = std::max<std::int64_t>(1, locked_increments(simulation.scenario()) / looked_at_singly);
}

int Locks::number(int domain, int lock) {
    return shared_locks + domain * locks_of_domain + lock;
}

int Locks::number(int domain, Counter counter) {
    if (counter == Counter::variable) return number(domain, limits::max_locks);
    return counter == Counter::value ? 0 : 1;
}

Locks::Lock& Locks::at(int lock) {
    const auto index = static_cast<std::size_t>(lock);
    if (index >= locks_.size()) locks_.resize(index + 1);
    return locks_[index];
}

bool Locks::calls_at_every_release() const {
    return simulation_.scenario().model != ExecutionModel::free_threaded && simulation_.machine().cores > 1;
}

bool Locks::try_take(int number, int thread) {
    Lock& lock = at(number);
    if (lock.arriving == thread) lock.arriving = nobody;
    if (lock.owner != nobody) return lock.owner == thread;
    Counting& counting = simulation_.counting();
    simulation_.events().spend(lock.streakers.size());
    for (const int streaker : lock.streakers) {
        if (counting.holds_lock(streaker)) return false;
    }
    lock.owner = thread;
    for (const int streaker : lock.streakers) counting.lock_taken(streaker);
    return true;
}

void Locks::park(int number, int thread, bool again) {
    Lock& lock = at(number);
    lock.parked.insert(again ? lock.parked.begin() : lock.parked.end(), thread);
    for (const int streaker : lock.streakers) simulation_.counting().crowd(streaker);
}

Nanoseconds Locks::release(int number) {
    Lock& lock = at(number);
    const bool crowded = is_crowded(number);
    lock.owner = nobody;
    const bool woke = wake_one(lock);
    return woke || (crowded && calls_at_every_release()) ? simulation_.machine().wake_call : 0;
}

void Locks::begin_streak(int number, int thread) {
    Lock& lock = at(number);
    lock.owner = nobody;
    lock.streakers.push_back(thread);
    for (const int streaker : lock.streakers) simulation_.counting().plan_streak(streaker);
}

void Locks::end_streak(int number, int thread, bool held) {
    Lock& lock = at(number);
    std::erase(lock.streakers, thread);
    if (held && lock.owner == nobody) {
        lock.owner = thread;
        return;
    }
    if (lock.owner != nobody) return;
    wake_one(lock);
    for (const int streaker : lock.streakers) simulation_.counting().plan_streak(streaker);
}

Nanoseconds Locks::latency_of(const Lock& lock) {
    const Nanoseconds latency = simulation_.random().around(simulation_.machine().wake_latency);
    return lock.streakers.empty() ? latency : latency * grain_;
}

bool Locks::wake_one(Lock& lock) {
    if (lock.parked.empty() || lock.arriving != nobody) return false;
    lock.arriving = lock.parked.front();
    lock.parked.erase(lock.parked.begin());
    simulation_.wake(lock.arriving, latency_of(lock));
    return true;
}

void Locks::wake_first(int number, Nanoseconds until_release) {
    Lock& lock = at(number);
    lock.arriving = lock.parked.front();
    lock.parked.erase(lock.parked.begin());
    simulation_.wake(lock.arriving, until_release + latency_of(lock));
}

void Locks::release_all(int thread) {
    const int first = number(simulation_.place(thread).domain, 0);
    for (int lock = first; lock < first + limits::max_locks; ++lock) {
        if (is_held_by(lock, thread)) release(lock);
    }
}

void Locks::died(int thread) {
    for (Lock& lock : locks_) {
        std::erase(lock.parked, thread);
        const bool had = lock.owner == thread || lock.arriving == thread;
        if (lock.owner == thread) lock.owner = nobody;
        if (lock.arriving == thread) lock.arriving = nobody;
        // A real semaphore would stay taken for ever, and the others asleep with it.
        if (had && lock.owner == nobody && lock.streakers.empty()) wake_one(lock);
    }
}

} // namespace gil::sim
