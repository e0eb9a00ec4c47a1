#include "core/machine/machine.h"

#include <algorithm>

#include "core/base/json_reader.h"
#include "core/base/text.h"

namespace gil {

namespace {

/// One duration of a Machine as a JSON field in microseconds.
struct Field {
    std::string_view name;
    Nanoseconds Machine::*member;
    double max_us;
    CostGroup group;
};

constexpr Field duration_fields[] = {
    {"thread_start_us", &Machine::thread_start, 1e6, CostGroup::threads},
    {"process_launch_us", &Machine::process_launch, 1e7, CostGroup::forkserver},
    {"pool_worker_start_us", &Machine::pool_worker_start, 1e7, CostGroup::executor},
    {"process_exit_us", &Machine::process_exit, 1e7, CostGroup::forkserver},
    {"wake_latency_us", &Machine::wake_latency, 1e6, CostGroup::threads},
    {"timer_slack_us", &Machine::timer_slack, 1e6, CostGroup::timer},
    {"io_overhead_us", &Machine::io_overhead, 1e6, CostGroup::timer},
    {"loop_start_us", &Machine::loop_start, 1e6, CostGroup::event_loop},
    {"loop_overhead_us", &Machine::loop_overhead, 1e6, CostGroup::event_loop},
    {"time_slice_us", &Machine::time_slice, 1e6, CostGroup::assumed},
    {"eval_check_us", &Machine::eval_check, 1e3, CostGroup::interpreter},
    {"pool_item_us", &Machine::pool_item, 1e6, CostGroup::executor},
    {"message_us", &Machine::message, 1e6, CostGroup::messages},
    {"transfer_per_mib_us", &Machine::transfer_per_mib, 1e6, CostGroup::transfers},
    {"transfer_large_per_mib_us", &Machine::transfer_large_per_mib, 1e6, CostGroup::large_transfers},
    {"copy_per_mib_us", &Machine::copy_per_mib, 1e6, CostGroup::copies},
    {"fresh_per_mib_us", &Machine::fresh_per_mib, 1e6, CostGroup::transfers},
    {"shared_fresh_per_mib_us", &Machine::shared_fresh_per_mib, 1e6, CostGroup::shared_blocks},
    {"shared_map_per_mib_us", &Machine::shared_map_per_mib, 1e6, CostGroup::shared_blocks},
    {"shared_copy_per_mib_us", &Machine::shared_copy_per_mib, 1e6, CostGroup::shared_blocks},
    {"shared_block_us", &Machine::shared_block, 1e6, CostGroup::shared_blocks},
    {"interpreter_start_us", &Machine::interpreter_start, 1e7, CostGroup::interpreters},
    {"increment_us", &Machine::increment, 1e3, CostGroup::counters},
    {"function_call_us", &Machine::function_call, 1e3, CostGroup::counters},
    {"lock_pair_us", &Machine::lock_pair, 1e3, CostGroup::counters},
    {"shared_increment_us", &Machine::shared_increment, 1e3, CostGroup::shared_counters},
    {"shared_lock_pair_us", &Machine::shared_lock_pair, 1e3, CostGroup::shared_counters},
    {"shared_contention_us", &Machine::shared_contention, 1e3, CostGroup::shared_contention},
    {"wake_call_us", &Machine::wake_call, 1e3, CostGroup::lock_wakes},
    {"lock_contention_us", &Machine::lock_contention, 1e3, CostGroup::contention},
    {"shared_access_us", &Machine::shared_access, 1e3, CostGroup::shared_access},
};

/// One share as a JSON field: 0.07 for 7 %.
struct Share {
    std::string_view name;
    std::int64_t Machine::*member;
    double max;
    CostGroup group;
};

constexpr Share share_fields[] = {
    {"free_threaded_tax", &Machine::free_threaded_tax_ppm, 10, CostGroup::interpreter},
    {"busy_cores_tax", &Machine::busy_cores_tax_ppm, 10, CostGroup::cores},
    {"file_cpu_share", &Machine::file_cpu_ppm, 1, CostGroup::files},
    {"database_cpu_share", &Machine::database_cpu_ppm, 1, CostGroup::databases},
};

constexpr std::string_view what_calibrated_needs =
    "all that was calibrated, the rest named in \"typical\", or no \"calibrated\"";

constexpr double to_us(Nanoseconds ns) {
    return static_cast<double>(ns) / 1e3;
}

std::string start_name(std::size_t method) {
    return "process_start_us." + std::string(to_string(static_cast<StartMethod>(method)));
}

/// `name` may be a path: "process_start_us.spawn".
bool has_cost(const Json& json, const std::string& name) {
    const std::size_t point = name.find('.');
    if (point == std::string::npos) return json.contains(name);
    const auto outer = json.find(name.substr(0, point));
    return outer != json.end() && outer->is_object() && outer->contains(name.substr(point + 1));
}

/// Calls `use` with the name and the group of every cost.
template<class Use>
void for_each_cost(const Use& use) {
    for (const Field& field : duration_fields) use(std::string(field.name), field.group);
    for (std::size_t i = 0; i < names_of<StartMethod>().size(); ++i)
        use(start_name(i), start_group(static_cast<StartMethod>(i)));
    for (const Share& share : share_fields) use(std::string(share.name), share.group);
}

/// The groups of the costs that `names` lists.
CostGroups groups_named(const Json& names, ObjectReader& reader) {
    CostGroups groups;
    for (const Json& each : names) {
        bool known = false;
        for_each_cost([&](const std::string& name, CostGroup group) {
            if (each != name) return;
            groups.add(group);
            known = true;
        });
        if (!known) reader.fail("typical", "names no cost: " + printable(each.dump()), "\"message_us\" and the like");
    }
    return groups;
}

/// What of a calibrated machine may be missing: costs that are typical anyway.
void require_costs(const Json& json, const Machine& machine, ObjectReader& reader) {
    for (const std::string_view always : {"name", "processors"}) {
        if (!reader.has(always)) reader.fail(always, "is missing", std::string(what_calibrated_needs));
    }
    const CostGroups missing = costs_missing_in(json).without(machine.typical);
    if (missing.empty()) return;
    bool told = false;
    for_each_cost([&](const std::string& name, CostGroup group) {
        if (told || !missing.contains(group) || has_cost(json, name)) return;
        reader.fail(name, "is missing", std::string(what_calibrated_needs));
        told = true;
    });
}

} // namespace

std::int64_t busy_tax_ppm(const Machine& machine, int busy) {
    const int beside = std::clamp(busy, 1, machine.cores) - 1;
    return beside > 0 ? machine.busy_cores_tax_ppm * beside / (machine.cores - 1) : 0;
}

std::string cores_text(const Machine& machine) {
    std::string text = counted(machine.cores, "core");
    if (machine.cores < machine.processors) text += " of " + counted(machine.processors, "processor");
    return machine.calibrated ? text + " (calibrated)" : text;
}

Json to_json(const Machine& machine) {
    Json json = {{"name", machine.name}, {"calibrated", machine.calibrated}, {"cores", machine.cores}};
    json["processors"] = machine.processors;
    for (const Field& field : duration_fields) json[std::string(field.name)] = to_us(machine.*field.member);
    Json starts = Json::object();
    for (std::size_t i = 0; i < machine.process_start.size(); ++i) {
        starts[std::string(to_string(static_cast<StartMethod>(i)))] = to_us(machine.process_start[i]);
    }
    json["process_start_us"] = std::move(starts);
    for (const Share& share : share_fields)
        json[std::string(share.name)] = static_cast<double>(machine.*share.member) / 1e6;
    if (!machine.calibrated) return json;
    Json& typical = json["typical"] = Json::array();
    for_each_cost([&](const std::string& name, CostGroup group) {
        if (machine.typical.contains(group)) typical.push_back(name);
    });
    return json;
}

CostGroups costs_missing_in(const Json& json) {
    CostGroups missing;
    for_each_cost([&](const std::string& name, CostGroup group) {
        if (!has_cost(json, name)) missing.add(group);
    });
    return missing;
}

Result<Machine> machine_from_json(const Json& json) {
    ObjectReader reader(json, {});
    Machine machine;
    machine.name = reader.text("name", machine.name, 200);
    machine.calibrated = reader.boolean("calibrated", false);
    CostGroups named;
    if (const Json* names = reader.array("typical", false, 100)) named = groups_named(*names, reader);
    if (named == CostGroups::all()) reader.fail("typical", "names all costs", "fewer, or no \"calibrated\"");
    if (machine.calibrated) machine.typical = named;
    if (machine.calibrated) require_costs(json, machine, reader);
    machine.cores = static_cast<int>(reader.required_integer("cores", 1, 1'024));
    machine.processors = static_cast<int>(reader.integer("processors", 0, 100'000, machine.processors));
    for (const Field& field : duration_fields) {
        machine.*field.member = from_ms(reader.number(field.name, 0, field.max_us, to_us(machine.*field.member)) / 1e3);
    }
    if (const Json* starts = reader.object("process_start_us", false)) {
        ObjectReader methods(*starts, "process_start_us");
        for (std::size_t i = 0; i < machine.process_start.size(); ++i) {
            Nanoseconds& start = machine.process_start[i];
            start = from_ms(methods.number(to_string(static_cast<StartMethod>(i)), 0, 6e7, to_us(start)) / 1e3);
        }
        if (auto end = methods.finish(); !end) reader.fail(end.error());
    }
    for (const Share& share : share_fields) {
        std::int64_t& ppm = machine.*share.member;
        ppm = static_cast<std::int64_t>(reader.number(share.name, 0, share.max, static_cast<double>(ppm) / 1e6) * 1e6 +
                                        0.5);
    }
    if (machine.time_slice < 100 * microsecond) machine.time_slice = 100 * microsecond;
    if (auto end = reader.finish(); !end) return end.error();
    return machine;
}

} // namespace gil
