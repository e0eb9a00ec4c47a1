#include "core/report/report_csv.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gil {

namespace {

/// A column is a field of the --json document, so that both say exactly the same.
struct Column {
    const char* name;
    const char* path; ///< in the variant; empty: in the document
    const char* document_path = "";
};

constexpr std::array columns{
    Column{"name", "/name"},
    Column{"series", "/series"},
    Column{"x", "/x"},
    Column{"origin", "", "/origin"},
    Column{"median_ms", "/wall_ms/median"},
    Column{"min_ms", "/wall_ms/min"},
    Column{"max_ms", "/wall_ms/max"},
    Column{"samples", "/wall_ms/samples"},
    Column{"speedup", "/speedup"},
    Column{"gil_switches", "/gil_switches"},
    Column{"gil_wait_ms", "/gil_wait_ms"},
    Column{"gil_busy", "/gil_busy"},
    Column{"cpu_ms", "/cpu_ms"},
    Column{"starting_ms", "/starting_ms"},
    Column{"running_ms", "/running_ms"},
    Column{"native_ms", "/native_ms"},
    Column{"io_wait_ms", "/io_wait_ms"},
    Column{"lock_wait_ms", "/lock_wait_ms"},
    Column{"serialising_ms", "/serialising_ms"},
    Column{"bytes_serialised", "/bytes_serialised"},
    Column{"dropped_intervals", "/dropped_intervals"},
    Column{"outputs_ok", "/outputs_ok"},
    Column{"model", "/model"},
    Column{"workers", "/workers"},
    Column{"tasks", "/tasks"},
    Column{"experiment", "", "/experiment"},
    Column{"stopped", "/stopped/why"},
    Column{"unavailable", "/unavailable"},
};

std::string field_at(const Json& json, const char* path) {
    // By hand: with libc++ every use of json_pointer warns.
    const Json* at = &json;
    for (std::string_view rest = path; !rest.empty();) {
        const std::size_t end = std::min(rest.find('/', 1), rest.size());
        const auto found = at->find(rest.substr(1, end - 1));
        if (found == at->end()) return {};
        at = &*found;
        rest.remove_prefix(end);
    }
    if (at->is_null()) return {};
    return at->is_string() ? at->get<std::string>() : dump_json(*at);
}

void add_rows(const Report& report, std::string& csv) {
    const Json document = to_json(report);
    for (const Json& variant : document["variants"]) {
        std::string separator;
        for (const Column& column : columns) {
            csv += separator;
            csv += csv_field(*column.path != '\0' ? field_at(variant, column.path)
                                                  : field_at(document, column.document_path));
            separator = ",";
        }
        csv += "\r\n";
    }
}

} // namespace

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string field = "\"";
    for (const char c : text) {
        if (c == '"') field += '"';
        field += c;
    }
    return field + "\"";
}

std::string report_csv(const Report& report, const Report* simulated) {
    std::string csv;
    for (const Column& column : columns) csv += (csv.empty() ? "" : ",") + std::string(column.name);
    csv += "\r\n";
    add_rows(report, csv);
    if (simulated != nullptr) add_rows(*simulated, csv);
    return csv;
}

} // namespace gil
