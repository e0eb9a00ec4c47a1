#include "core/measure/cost_calibration.h"

#include <algorithm>
#include <memory>

namespace gil {

namespace {

constexpr std::int64_t mib = 1 << 20;

Nanoseconds above(Nanoseconds value, Nanoseconds base) {
    return std::max<Nanoseconds>(0, value - base);
}

Nanoseconds time_in(const Lane& lane, State state) {
    Nanoseconds total = 0;
    for (const Interval& interval : lane.intervals) {
        if (interval.state == state) total += interval.length();
    }
    return total;
}

/// Time that the lanes of `run` spent in `state`, together.
Nanoseconds time_in(const Run& run, State state) {
    Nanoseconds total = 0;
    for (const Lane& lane : run.trace.lanes) total += time_in(lane, state);
    return total;
}

Scenario pool_scenario(ExecutionModel model, StartMethod method, int tasks, std::int64_t argument_bytes = 0) {
    Scenario scenario;
    scenario.model = model;
    scenario.workers = 1;
    scenario.start_method = method;
    for (int i = 0; i < tasks; ++i) {
        scenario.tasks.push_back({"probe", {}});
        scenario.tasks.back().argument_bytes = argument_bytes;
    }
    return scenario;
}

/// A pool's one task that is called with so many bytes.
Scenario sending(StartMethod method, std::int64_t bytes) {
    return pool_scenario(ExecutionModel::process_pool, method, 1, bytes);
}

/// Collects the probes; what several of them share is kept until the last has been read.
class CostProbes {
  public:
    explicit CostProbes(Machine& machine) : machine_(machine) {}

    /// What is added from now on is part of `group`.
    CostProbes& in(CostGroup group) {
        group_ = group;
        return *this;
    }

    /// The same piece of work on every core at once, and then on one alone: its worker has another piece. Both within
    /// one run, because a computer changes its speed from one moment to the next.
    void add_busy_cores(ExecutionModel model) {
        const auto pieces = [&machine = machine_, model] {
            const Compute piece{Kernel::sum_of_squares, 20 * millisecond};
            Scenario scenario = probe_scenario(model, machine.cores, {piece});
            scenario.tasks.front().steps = {piece, piece};
            return scenario;
        };
        add_contended(pieces, [&machine = machine_](const auto& runs) {
            std::vector<std::int64_t> taxes;
            for (const Run& run : runs) taxes.push_back(busy_tax_of(run, machine.cores));
            std::sort(taxes.begin(), taxes.end());
            // Not the median: where something else has a core for some of these runs, they tell of that. Nor more than
            // leaves the work of half a core less than all of them, for else fewer cores had been found.
            const std::int64_t most = 1'000'000 / (2 * machine.cores - 1);
            machine.busy_cores_tax_ppm = std::clamp<std::int64_t>(taxes[taxes.size() / 4], 0, most);
        });
    }

    void add_counters() {
        Machine& machine = machine_;
        const Scenario alone = probe_scenario(ExecutionModel::sequential, 1, {});
        add_turn(alone, {Counter::variable, turns, 1, false, false},
                 [&machine](Nanoseconds turn) { machine.increment = std::max<Nanoseconds>(1, turn); });
        add_turn(alone, {Counter::variable, turns, 1, false, true},
                 [&machine](Nanoseconds turn) { machine.function_call = above(turn, machine.increment); });
        add_turn(alone, {Counter::variable, turns, 1, true, false},
                 [&machine](Nanoseconds turn) { machine.lock_pair = above(turn, machine.increment); });
    }

    void add_shared_counters(StartMethod method) {
        Machine& machine = machine_;
        Scenario process = probe_scenario(ExecutionModel::processes, 1, {});
        process.start_method = method;
        add_turn(process, {Counter::value, turns, 1, false, false},
                 [&machine](Nanoseconds turn) { machine.shared_increment = std::max<Nanoseconds>(1, turn); });
        add_turn(process, {Counter::value, turns, 1, true, false},
                 [&machine](Nanoseconds turn) { machine.shared_lock_pair = above(turn, machine.shared_increment); });
    }

    /// Two threads, or two processes, that count at once: what a turn takes longer is the other core's access.
    void add_shared_access() {
        add_side_by_side(probe_scenario(ExecutionModel::free_threaded, 2, {}), Counter::variable,
                         &Machine::shared_access, &Machine::increment);
    }
    void add_shared_contention(StartMethod method) {
        Scenario pair = probe_scenario(ExecutionModel::processes, 2, {});
        pair.start_method = method;
        add_side_by_side(std::move(pair), Counter::value, &Machine::shared_contention, &Machine::shared_increment);
    }

    void add_thread_pool() {
        constexpr int tasks = 60;
        add(pool_scenario(ExecutionModel::thread_pool, StartMethod::fork, tasks), 3,
            [&machine = machine_](const auto& runs) {
                const Lane& parent = shortest_run(runs).trace.lanes.front();
                machine.pool_item = above(time_in(parent, State::running), machine.thread_start) / tasks;
            });
    }

    void add_coroutines() {
        constexpr int tasks = 100;
        Machine& machine = machine_;
        add(pool_scenario(ExecutionModel::asyncio, StartMethod::fork, 1), 3,
            [&machine](const auto& runs) { machine.loop_start = shortest_run(runs).trace.end; });
        add(pool_scenario(ExecutionModel::asyncio, StartMethod::fork, tasks), 3, [&machine](const auto& runs) {
            machine.loop_overhead = above(shortest_run(runs).trace.end, machine.loop_start) / (tasks - 1);
            machine.loop_start = above(machine.loop_start, machine.loop_overhead);
        });
    }

    /// Several processes that count under one lock: nearly always somebody sleeps on it, and hardly anything takes as
    /// long as waking each other.
    void add_wake_call(StartMethod method) {
        const auto turns_each = std::make_shared<std::int64_t>(0);
        const auto crowd = [&machine = machine_, method, turns_each] {
            *turns_each = crowd_turns(machine.shared_increment + machine.shared_lock_pair);
            Scenario scenario = crowd_of(ExecutionModel::processes, Counter::value, *turns_each);
            scenario.start_method = method;
            return scenario;
        };
        // Not the shortest run: with luck they hardly meet, which is not what is looked for.
        add_contended(crowd, [&machine = machine_, turns_each](const auto& runs) {
            const Run& typical = median_run(runs);
            const Nanoseconds each = time_in(typical, State::running) + time_in(typical, State::waiting_for_lock);
            const Nanoseconds turn = each / (crowd_size * crowd_size * *turns_each);
            machine.wake_call = above(untaxed(machine, turn, crowd_size), machine.shared_increment);
        });
    }

    /// The same for threads without a GIL.
    void add_lock_contention() {
        const auto turns_each = std::make_shared<std::int64_t>(0);
        const auto crowd = [&machine = machine_, turns_each] {
            *turns_each = crowd_turns(machine.increment + machine.lock_pair);
            return crowd_of(ExecutionModel::free_threaded, Counter::variable, *turns_each);
        };
        add_contended(crowd, [&machine = machine_, turns_each](const auto& runs) {
            const Nanoseconds turn = median_run(runs).trace.end / (crowd_size * *turns_each);
            machine.lock_contention = above(untaxed(machine, turn, crowd_size), machine.increment + machine.lock_pair);
        });
    }

    /// Each of these takes the difference between a pool with many items and one with few, so that starting it and
    /// first touches of memory do not count. The owner of the pool is what limits it: per item it submits, sends and
    /// receives.
    void add_messages(StartMethod method) {
        add_item_time(sending(method, 0), few_messages, 220, [&machine = machine_](PoolTimes times) {
            machine.message = above(times.item, machine.pool_item) / 2;
        });
    }

    void add_transfers(StartMethod method) {
        const auto start = std::make_shared<Nanoseconds>(0);
        add(pool_scenario(ExecutionModel::process_pool, method, few_messages), 5,
            [&machine = machine_, start](const auto& runs) {
                const Nanoseconds items = few_messages * (machine.pool_item + 2 * machine.message);
                *start = above(shortest_run(runs).trace.end, items);
            });
        add_item_time(sending(method, mib), 4, 16, [&machine = machine_, start](PoolTimes times) {
            const Nanoseconds packed = above(times.item, machine.pool_item + 2 * machine.message);
            machine.transfer_per_mib = above(packed, machine.copy_per_mib);
            // A worker has three times what its first item is called with at hand (simulator/process_pool.cpp).
            machine.fresh_per_mib = above(times.start, *start) / 3;
        });
    }

    void add_large_messages(StartMethod method) {
        add_item_time(sending(method, 4 * mib), 2, 8, [&machine = machine_](PoolTimes times) {
            const Nanoseconds packed = above(times.item, machine.pool_item + 2 * machine.message) / 4;
            machine.transfer_large_per_mib = above(packed, machine.copy_per_mib);
        });
    }

    /// Through memory that two processes share: what one core has written, another reads.
    void add_shared_copies(StartMethod method) {
        Scenario scenario = sending(method, 4 * mib);
        scenario.transport = Transport::shared_memory;
        add_item_time(scenario, 6, 18, [&machine = machine_](PoolTimes times) {
            machine.shared_copy_per_mib = above(times.item, machine.pool_item + 2 * machine.message) / 4;
        });
    }

    void add_copies() {
        constexpr int tasks = 9;
        Scenario copies = pool_scenario(ExecutionModel::subinterpreters, StartMethod::fork, tasks, mib);
        add(std::move(copies), 1, [&machine = machine_](const auto& runs) {
            std::vector<Nanoseconds> times; // out of one interpreter and into the other: two copies
            for (const Interval& interval : runs.front().trace.lanes.front().intervals) {
                if (interval.state == State::serialising) times.push_back(interval.length() / 2);
            }
            if (times.empty()) return machine.typical.add(CostGroup::copies);
            std::sort(times.begin(), times.end());
            machine.copy_per_mib = times[times.size() / 2];
        });
    }

    void add_interpreters() {
        constexpr int count = 4;
        add(probe_scenario(ExecutionModel::subinterpreters, count, {}), 5, [&machine = machine_](const auto& runs) {
            machine.interpreter_start = above(median_run(runs).trace.end / count, machine.thread_start);
        });
    }

    std::vector<CostProbe> take() { return std::move(probes_); }

  private:
    static constexpr std::int64_t turns = 50'000;
    static constexpr int crowd_size = 4;
    static constexpr int few_messages = 20;

    /// So many that the last of the crowd starts well before the end of the first: those that hardly meet wait for each
    /// other a tenth as long as those that go on and on.
    static std::int64_t crowd_turns(Nanoseconds alone) {
        constexpr Nanoseconds length = 4 * millisecond;
        return std::clamp<std::int64_t>(length / std::max<Nanoseconds>(1, alone), 1'000, 150'000);
    }

    static Scenario crowd_of(ExecutionModel model, Counter counter, std::int64_t turns_each) {
        return probe_scenario(model, crowd_size, {Increment{counter, turns_each, 1, true, false}});
    }

    /// The shortest time of a turn of `step`, which the one worker of `scenario` does.
    void add_turn(Scenario scenario, const Increment& step, std::function<void(Nanoseconds)> use) {
        scenario.tasks.front().steps = {step};
        add(std::move(scenario), 3, [use = std::move(use)](const auto& runs) {
            Nanoseconds best = time_in(runs.front(), State::running);
            for (const Run& run : runs) best = std::min(best, time_in(run, State::running));
            use(best / turns);
        });
    }

    void add(Scenario scenario, int repeats, std::function<void(const std::vector<Run>&)> use) {
        probes_.push_back({group_, {[scenario = std::move(scenario)] { return scenario; }, repeats, std::move(use)}});
    }

    /// A probe of workers that get in each other's way, which they do only where several run at once.
    void add_contended(std::function<Scenario()> scenario, std::function<void(const std::vector<Run>&)> use) {
        const auto judge = [&machine = machine_, group = group_, use = std::move(use)](const auto& runs) {
            if (machine.cores > 1) return use(runs);
            machine.typical.add(group);
        };
        probes_.push_back({group_, {std::move(scenario), 5, judge}});
    }

    void add_side_by_side(Scenario pair, Counter counter, Nanoseconds Machine::*extra, Nanoseconds Machine::*alone) {
        constexpr std::int64_t count = 200'000;
        for (Task& task : pair.tasks) task.steps = {Increment{counter, count, 1, false, false}};
        add_contended([pair = std::move(pair)] { return pair; },
                      [&machine = machine_, extra, alone](const auto& runs) {
                          const Nanoseconds turn = time_in(median_run(runs), State::running) / (2 * count);
                          machine.*extra = above(untaxed(machine, turn, 2), machine.*alone);
                      });
    }

    /// Of a run of add_busy_cores on `cores`: the longest of its lanes is that with another piece. CPU time where it is
    /// known, for who shares a core with another program is not slower for it.
    static std::int64_t busy_tax_of(const Run& run, int cores) {
        const auto count = static_cast<std::size_t>(cores);
        std::vector<Nanoseconds> times;
        for (const Lane& lane : run.trace.lanes) times.push_back(lane.cpu.value_or(time_in(lane, State::running)));
        if (times.size() < count) return 0;
        std::sort(times.begin(), times.end(), std::greater<>());
        const Nanoseconds together = times[count / 2];
        const Nanoseconds alone = times.front() - together;
        return alone > 0 ? (together - alone) * 1'000'000 / alone : 0;
    }

    /// What `busy` workers side by side took so long would take on a core beside idle ones.
    [[nodiscard]] static Nanoseconds untaxed(const Machine& machine, Nanoseconds time, int busy) {
        return time * 1'000'000 / (1'000'000 + busy_tax_ppm(machine, busy));
    }

    struct PoolTimes {
        Nanoseconds start = 0; ///< all that does not grow with the number of items
        Nanoseconds item = 0;
    };

    /// A pool with `few` of the first task of `scenario`, and with `many`.
    void add_item_time(const Scenario& scenario, std::size_t few, std::size_t many,
                       std::function<void(PoolTimes)> use) {
        const auto with_tasks = [&scenario](std::size_t count) {
            Scenario some = scenario;
            some.tasks.assign(count, scenario.tasks.front());
            return some;
        };
        const auto of_few = std::make_shared<Nanoseconds>(0);
        add(with_tasks(few), 5, [of_few](const auto& runs) { *of_few = shortest_run(runs).trace.end; });
        add(with_tasks(many), 5, [of_few, few, many, use = std::move(use)](const auto& runs) {
            if (*of_few <= 0) return;
            const auto more = static_cast<Nanoseconds>(many - few);
            const Nanoseconds item = above(shortest_run(runs).trace.end, *of_few) / more;
            use({above(*of_few, static_cast<Nanoseconds>(few) * item), item});
        });
    }

    Machine& machine_;
    std::vector<CostProbe> probes_;
    CostGroup group_ = CostGroup::cores;
};

} // namespace

Scenario probe_scenario(ExecutionModel model, int workers, const std::vector<Step>& steps) {
    Scenario scenario;
    scenario.model = model;
    scenario.workers = workers;
    for (int i = 0; i < workers; ++i) scenario.tasks.push_back({"probe", steps});
    return scenario;
}

const Run& shortest_run(const std::vector<Run>& runs) {
    return *std::min_element(runs.begin(), runs.end(),
                             [](const Run& a, const Run& b) { return a.trace.end < b.trace.end; });
}

const Run& median_run(const std::vector<Run>& runs) {
    std::vector<const Run*> sorted;
    for (const Run& run : runs) sorted.push_back(&run);
    std::sort(sorted.begin(), sorted.end(), [](const Run* a, const Run* b) { return a->trace.end < b->trace.end; });
    return *sorted[(sorted.size() - 1) / 2];
}

std::vector<CostProbe> cost_probes(Machine& machine, const Capabilities& here) {
    using enum CostGroup;
    CostProbes probes(machine);
    probes.in(cores).add_busy_cores(here.no_threads.empty() ? ExecutionModel::free_threaded
                                                            : ExecutionModel::processes);
    probes.in(counters).add_counters();
    probes.in(shared_access).add_shared_access();
    probes.in(contention).add_lock_contention();
    probes.in(executor).add_thread_pool();
    probes.in(event_loop).add_coroutines();
    probes.in(copies).add_copies();
    probes.in(interpreters).add_interpreters();
    for (const StartMethod method : {StartMethod::forkserver, StartMethod::spawn, StartMethod::fork}) {
        if (!here.no_start_method[static_cast<std::size_t>(method)].empty()) continue;
        probes.in(shared_counters).add_shared_counters(method);
        probes.in(shared_contention).add_shared_contention(method);
        probes.in(lock_wakes).add_wake_call(method);
        probes.in(messages).add_messages(method);
        probes.in(transfers).add_transfers(method);
        probes.in(large_transfers).add_large_messages(method);
        if (here.no_shared_blocks.empty()) probes.in(shared_blocks).add_shared_copies(method);
        break;
    }
    return probes.take();
}

} // namespace gil
