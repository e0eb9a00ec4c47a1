// What a parent and its child processes tell each other, as bytes: nothing else crosses the border. The first byte says
// which message it is. What is counted in microseconds (items of a pool, queue data) is raw bytes, the rest
// MessagePack.
//
// A run must not pay for its own record: a child that has done its work says so and keeps its report until the parent
// closes the line, which it does when all of them are done.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/measure/payload.h"
#include "core/measure/speeds.h"
#include "core/scenario/scenario.h"
#include "core/trace/run.h"

namespace gil {

enum class ChildMessage : std::uint8_t {
    job,      ///< parent: the first message
    argument, ///< parent: a task's argument, serialised
    start,    ///< parent: all arguments have been said
    items,    ///< parent: tasks for a worker of a pool
    stop,     ///< parent: no more items will come
    begun,    ///< child: the first own instruction (time of Host::now()); only where the job asks for it
    results,  ///< child: what a pool's items gave
    result,   ///< child: what a task returned, serialised
    put,      ///< child: data that a task put into the parent's queue
    done,     ///< child: its work is done
    report,   ///< child: lanes, outputs, observations; its last message
    error,    ///< child: it could not do its job, in words; its last message
};

/// What a child is to do. The program comes with it, as a module that is imported; arguments follow by themselves.
struct ChildJob {
    int worker = 0;       ///< index, for lane names and interpreter numbers
    bool is_pool = false; ///< stays for items until its parent says stop
    bool says_begun = false;
    bool whole_run = false;        ///< measures the scenario as a run of its own; the report holds all its lanes
    Scenario scenario;             ///< sequential, or a model with threads; in a pool all tasks there may ever be
    std::vector<int> task_indices; ///< what the trace calls the tasks
    Speeds speeds;
};

/// One piece of work for a pool's worker: steps of a task, and what it is called with.
struct ChildItem {
    std::uint32_t task = 0;
    std::string function; ///< its name, by which the worker finds it
    std::uint32_t first_step = 0;
    std::uint32_t step_count = 0; ///< 0: to the end
    std::uint64_t argument_bytes = 0;
    std::uint64_t result_bytes = 0; ///< that it is to return
    std::uint64_t block_offset = 0; ///< where its data lies in the shared block, if there is one
};

struct ItemResult {
    std::uint32_t task = 0;
    TaskOutput output;
    std::uint64_t result_bytes = 0; ///< that follow as data
};

struct ChildReport {
    std::vector<Lane> lanes; ///< in times of Host::now(); relative to the run when it is a whole one
    std::vector<TaskOutput> outputs;
    std::vector<Observation> observations;
    Nanoseconds end = 0; ///< of a whole run
    std::uint64_t bytes_serialised = 0;
};

/// Empty bytes have no kind: that is an Error.
[[nodiscard]] Result<ChildMessage> kind_of(std::span<const std::uint8_t> message);

[[nodiscard]] Bytes encode(const ChildJob& job);
[[nodiscard]] Bytes encode(const ChildReport& report);
[[nodiscard]] Bytes encode_begun(Nanoseconds time);
/// Of a message that says nothing but its kind.
[[nodiscard]] Bytes encode_kind(ChildMessage kind);
[[nodiscard]] Bytes encode_error(const std::string& words);
/// The data is copied behind the header: this copy is the serialising that a run pays for.
[[nodiscard]] Bytes encode_data(ChildMessage kind, std::uint32_t task, std::span<const std::uint8_t> data);
[[nodiscard]] Bytes encode_items(std::span<const ChildItem> items, std::span<const std::span<const std::uint8_t>> data);
[[nodiscard]] Bytes encode_results(std::span<const ItemResult> results,
                                   std::span<const std::span<const std::uint8_t>> data);

[[nodiscard]] Result<ChildJob> decode_job(std::span<const std::uint8_t> message);
[[nodiscard]] Result<ChildReport> decode_report(std::span<const std::uint8_t> message);
[[nodiscard]] Result<Nanoseconds> decode_begun(std::span<const std::uint8_t> message);
[[nodiscard]] std::string decode_error(std::span<const std::uint8_t> message);

struct Data {
    std::uint32_t task = 0;              ///< its number in the whole run
    std::span<const std::uint8_t> bytes; ///< into the message
};
[[nodiscard]] Result<Data> decode_data(std::span<const std::uint8_t> message);

struct Items {
    std::vector<ChildItem> items;
    std::vector<std::span<const std::uint8_t>> data; ///< into the message, one per item
};
[[nodiscard]] Result<Items> decode_items(std::span<const std::uint8_t> message);

struct Results {
    std::vector<ItemResult> results;
    std::vector<std::span<const std::uint8_t>> data;
};
[[nodiscard]] Result<Results> decode_results(std::span<const std::uint8_t> message);

} // namespace gil
