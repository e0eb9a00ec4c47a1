#include "core/trace/run_message.h"

namespace gil {

namespace {

constexpr std::size_t fields_per_entry = 4;
constexpr std::size_t max_observations = 1'000;

/// The array, when it holds whole entries of the kinds that `kinds` lists ('n' number, 't' text); else nullptr.
const Json* read_entries(ObjectReader& reader, std::string_view field, std::size_t max_entries,
                         std::string_view kinds) {
    const Json* array = reader.array(field, true, fields_per_entry * max_entries);
    if (array == nullptr) return nullptr;
    bool right = array->size() % fields_per_entry == 0;
    for (std::size_t i = 0; right && i < array->size(); ++i) {
        const bool text = kinds[i % fields_per_entry] == 't';
        right = text ? (*array)[i].is_string() : (*array)[i].is_number_integer();
    }
    if (right) return array;
    reader.fail(field, "is not what this program writes", {});
    return nullptr;
}

} // namespace

Json to_message(const std::vector<TaskOutput>& outputs) {
    Json json = Json::array();
    for (const TaskOutput& output : outputs) {
        json.push_back(output.turns);
        json.push_back(output.checksum);
        json.push_back(output.bytes);
        json.push_back(output.error);
    }
    return json;
}

Json to_message(const std::vector<Observation>& observations) {
    Json json = Json::array();
    for (const Observation& observation : observations) {
        json.push_back(observation.name);
        json.push_back(observation.value);
        json.push_back(observation.expected);
        json.push_back(observation.text);
    }
    return json;
}

std::vector<TaskOutput> read_outputs(ObjectReader& reader, std::string_view field) {
    std::vector<TaskOutput> outputs;
    const Json* json = read_entries(reader, field, limits::max_tasks, "nnnt");
    for (std::size_t i = 0; json != nullptr && i < json->size(); i += fields_per_entry) {
        outputs.push_back({(*json)[i].get<std::uint64_t>(), (*json)[i + 1].get<std::uint64_t>(),
                           (*json)[i + 2].get<std::uint64_t>(), (*json)[i + 3].get<std::string>()});
    }
    return outputs;
}

std::vector<Observation> read_observations(ObjectReader& reader, std::string_view field) {
    std::vector<Observation> observations;
    const Json* json = read_entries(reader, field, max_observations, "tnnt");
    for (std::size_t i = 0; json != nullptr && i < json->size(); i += fields_per_entry) {
        observations.push_back({(*json)[i].get<std::string>(), (*json)[i + 1].get<std::int64_t>(),
                                (*json)[i + 2].get<std::int64_t>(), (*json)[i + 3].get<std::string>()});
    }
    return observations;
}

} // namespace gil
