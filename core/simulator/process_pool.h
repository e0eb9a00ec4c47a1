// ProcessPoolExecutor's workers and what its owner has to do for them (concurrent/futures/process.py).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "core/simulator/costs.h"
#include "core/simulator/outcome.h"
#include "core/simulator/shared_places.h"
#include "core/simulator/simulation.h"
#include "core/simulator/steps.h"

namespace gil::sim {

/// What is submitted at once: a chunk of whole tasks, or one step of a task.
struct PoolItem {
    std::vector<int> tasks;
    std::optional<std::size_t> step; ///< only this one
    int owner = none;                ///< who waits for it, in the owner's words
    bool has_argument = true;        ///< the tasks' data go along
    bool has_result = true;
    int place = none; ///< in the shared block, from its sending on
};

/// The owner is one thread that plays executor, manager and feeder: it submits, starts processes, serialises items into
/// the call queue, restores results. It asks for this work with plan_work and gets it done in its own time.
class ProcessPool : public Program {
  public:
    /// `finished`: the item's results are in, or never will be; only then do its tasks count as settled.
    ProcessPool(Simulation& simulation, Outcome& outcome, std::function<void(const PoolItem&)> finished);
    /// Before anything else: the thread that owns the pool.
    void set_owner(int thread) { owner_ = thread; }

    void submit(PoolItem item);
    /// True when the owner has something to do, which is then planned; the owner comes to `mark` afterwards and calls
    /// did_work.
    bool plan_work(int mark);
    void did_work();
    /// Whom the work at hand is for (PoolItem::owner).
    [[nodiscard]] int work_is_for() const { return work_.item.owner; }
    /// When a worker last found nothing to do: once all is done, the pool cannot be left before.
    [[nodiscard]] Nanoseconds last_idle() const { return last_idle_; }
    [[nodiscard]] bool has_workers() const { return !workers_.empty(); }
    /// Every worker is ended.
    void kill_workers();

    void next(int thread) override;
    void reached(int thread, int number, std::int64_t amount) override;

  private:
    enum Mark : int { item_done, message_sent };

    struct Worker {
        int thread = none;
        std::optional<PoolItem> item;
        std::size_t begun = 0; ///< of the item's tasks
        Position position;
        std::vector<int> failed; ///< of the item's tasks, by an exception
        Memory memory;
    };
    /// Bytes that the tasks of an item are called with and return.
    struct Data {
        std::int64_t argument = 0;
        std::int64_t result = 0;
    };
    enum class Job : std::uint8_t { nothing, launch, send, receive_result, receive_message, notice_death };
    struct Work {
        Job job = Job::nothing;
        PoolItem item;
        std::vector<int> failed;
        std::int64_t bytes = 0;
    };

    Worker& worker(int thread);
    [[nodiscard]] std::size_t most_workers() const;
    [[nodiscard]] const Task& task(int index) const {
        return simulation_.scenario().tasks[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] Data data_of(const PoolItem& item) const;
    [[nodiscard]] bool shares_memory() const { return simulation_.scenario().transport == Transport::shared_memory; }
    [[nodiscard]] Nanoseconds reach(int process, const PoolItem& item, SharedPlaces::Half half);
    [[nodiscard]] Nanoseconds cost_of(Work& work);
    [[nodiscard]] Nanoseconds cost_of_sending(PoolItem& item);
    [[nodiscard]] Nanoseconds cost_of_taking(Worker& worker);
    [[nodiscard]] Nanoseconds cost_of_answering(Worker& worker);
    std::optional<Work> next_work();
    void launch();
    void send();
    void receive_result();
    void break_down();
    void take_item(Worker& worker);
    void begin_task(Worker& worker);
    void answer(Worker& worker);
    void crash(int thread, Failure failure);

    Simulation& simulation_;
    Outcome& outcome_;
    std::function<void(const PoolItem&)> finished_;
    Steps steps_;
    int owner_ = none;
    std::vector<Worker> workers_;
    std::deque<PoolItem> submitted_;  ///< not yet in the call queue
    std::deque<PoolItem> call_queue_; ///< serialised, not yet taken
    std::deque<int> sleepers_;        ///< workers that are blocked until there is an item
    std::deque<Work> inbox_;          ///< what workers have sent and the owner has not received
    Work work_;                       ///< what the owner is doing
    std::size_t launches_due_ = 0;
    SharedPlaces places_;
    Nanoseconds last_idle_ = 0;
    std::size_t idle_ = 0; ///< results received that no submit has made use of (_idle_worker_semaphore)
    bool forked_ = false;  ///< all workers were ordered at the first submit
    bool has_died_ = false;
    bool is_broken_ = false;
};

} // namespace gil::sim
