#include "native/cli/run_all.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "core/base/text.h"
#include "core/documents/report_html.h"
#include "core/documents/report_markdown.h"
#include "core/engine/simulate_report.h"
#include "native/cli/command_line.h"
#include "native/cli/files.h"
#include "native/cli/output.h"

namespace gil::native {

namespace {

std::string local_time() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::localtime_r(&now, &parts);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M %z", &parts)};
}

ReportEntry entry_from(const Experiment& experiment, EngineAnswer answer) {
    ReportEntry entry{&experiment, {}, {}, {}};
    auto* result = answer.event ? std::get_if<ResultEvent>(&*answer.event) : nullptr;
    const bool whole_or_stopped = answer.status == 0 || answer.status > 128;
    if (!whole_or_stopped || result == nullptr) {
        entry.failure = answer.status != 0 ? answer.error.line() : "the engine answered something else";
        return entry;
    }
    const Knobs knobs(experiment.knobs);
    entry.simulated = simulate_experiment(experiment, knobs, experiment.make(knobs), result->report.machine);
    entry.measured = std::move(result->report);
    return entry;
}

bool has_failure(const ReportEntry& entry) {
    return !entry.failure.empty() || (entry.measured && std::ranges::any_of(entry.measured->variants, has_failed));
}

bool is_html(const std::string& path) {
    return path.ends_with(".html") || path.ends_with(".htm");
}

} // namespace

std::optional<ReportDocument> run_experiments(std::span<const Experiment> table, int repeats, const AskEngine& ask,
                                              const std::function<void(const std::string&)>& say, int& interrupted) {
    ReportDocument document{version, local_time(), {}};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Experiment& experiment = table[i];
        const std::string place =
            std::to_string(i + 1) + " of " + std::to_string(table.size()) + ": " + std::string(experiment.id);
        say(place);
        EngineAnswer answer = ask(
            RunRequest{
                static_cast<int>(i) + 1, std::string(experiment.id), Knobs(experiment.knobs).to_json(), {}, repeats},
            place + ": ");
        if (answer.status > 128) {
            interrupted = answer.status;
            document.stopped = true;
            document.left_out = table.size() - i - (answer.event ? 1 : 0);
            if (answer.event) document.entries.push_back(entry_from(experiment, std::move(answer)));
            if (document.entries.empty()) return std::nullopt;
            return document;
        }
        document.entries.push_back(entry_from(experiment, std::move(answer)));
        const ReportEntry& entry = document.entries.back();
        say("    " + std::string(verdict_word(entry)) + (entry.failure.empty() ? "" : ": " + entry.failure));
        if (!entry.measured) continue;
        for (const VariantReport& variant : entry.measured->variants) {
            if (has_failed(variant)) say("    " + variant.name + ": " + printable(variant.unavailable, 200));
        }
    }
    return document;
}

int run_all(std::span<const Experiment> table, const std::optional<std::string>& out, int repeats) {
    std::optional<OutFile> file;
    if (out) {
        if (!out->ends_with(".md") && !is_html(*out)) {
            return usage_error(Error{option_place("--out", *out), "its ending does not say what to write",
                                     "a name that ends in .md or .html"});
        }
        auto opened = OutFile::open("--out", *out);
        if (!opened) return usage_error(opened.error());
        file.emplace(std::move(opened.value()));
    }
    int interrupted = 0;
    std::optional<ReportDocument> document;
    {
        EngineSession session;
        document = run_experiments(
            table, repeats,
            [&](const Request& request, const std::string& label) { return session.ask(request, label); },
            print_progress, interrupted);
    }
    const Error stopped{"", "interrupted" + std::string(document ? stopped_note : ""), ""};
    if (!document) {
        run_error(stopped);
        return interrupted;
    }
    const std::string text = out && is_html(*out) ? report_html(*document) : report_markdown(*document);
    if (file) {
        if (const auto written = file->write(text); !written) return run_error(written.error());
    } else if (const int status = print_out(text)) {
        return status;
    }
    if (document->stopped) {
        run_error(stopped);
        return interrupted;
    }
    return std::ranges::any_of(document->entries, has_failure) ? 1 : 0;
}

} // namespace gil::native
