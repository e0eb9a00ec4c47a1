#include "core/documents/report_markdown.h"

#include <algorithm>

#include "core/base/text.h"

namespace gil {

namespace {

constexpr std::size_t max_text = 4'000;

std::string heading(std::string_view level, std::string_view text) {
    return std::string(level) + " " + markdown_text(text) + "\n\n";
}

std::string table_row(std::initializer_list<std::string> cells) {
    std::string row = "|";
    for (const std::string& cell : cells) row += " " + cell + (cell.empty() ? "|" : " |");
    return row + "\n";
}

/// The table of verdicts at the top; each title leads to its section.
std::string overview(const ReportDocument& document) {
    std::string text = "| experiment | claim | verdict |\n|---|---|---|\n";
    for (const ReportEntry& entry : document.entries) {
        text += table_row({markdown_text(entry.experiment->id), markdown_text(entry.experiment->title),
                           "**" + std::string(verdict_word(entry)) + "**"});
    }
    return text + "\n";
}

std::string figures(const ReportEntry& entry) {
    const std::vector<FigureRow> rows = figure_rows(entry);
    if (rows.empty()) return {};
    std::string text = "| variant | | median | min to max | speed-up | GIL switches | waiting for the GIL | |\n"
                       "|---|---|---:|---:|---:|---:|---:|---|\n";
    for (const FigureRow& row : rows) {
        text += table_row({markdown_text(row.variant), row.origin, row.median, row.range, row.speedup, row.gil_switches,
                           row.gil_wait, markdown_text(row.note)});
    }
    return text + "\n";
}

std::string markdown_section(const ReportEntry& entry) {
    const Experiment& experiment = *entry.experiment;
    std::string text = heading("##", experiment.title);
    text += markdown_text(experiment.claim) + "\n\n";
    if (!entry.failure.empty()) {
        text += "**Failed.** " + markdown_text(entry.failure) + "\n\n";
    } else if (entry.measured) {
        const Verdict& verdict = entry.measured->verdict;
        text += "**" + markdown_text(verdict.headline) + "** " + markdown_text(verdict_why(*entry.measured)) + "\n\n";
    }
    text += figures(entry);
    // Indented, so that no text can end the block.
    text += "    " + printable(command_of(entry), max_text) + "\n\n";
    if (entry.measured) text += "Knobs: " + markdown_text(knobs_text(*entry.measured)) + "\n\n";
    return text;
}

} // namespace

std::string markdown_text(std::string_view text) {
    std::string safe;
    for (const char c : printable(text, max_text)) {
        if (std::string_view("\\`*_{}[]<>#|~!&$").find(c) != std::string_view::npos) safe += '\\';
        safe += c;
    }
    // Only at the beginning of a line would these start a list or underline a heading.
    if (!safe.empty() && (safe[0] == '-' || safe[0] == '+' || safe[0] == '=')) safe.insert(0, "\\");
    const std::size_t digits = std::min(safe.find_first_not_of("0123456789"), safe.size());
    if (digits > 0 && digits < safe.size() && (safe[digits] == '.' || safe[digits] == ')')) safe.insert(digits, "\\");
    return safe;
}

std::string report_markdown(const ReportDocument& document) {
    std::string text = "# GIL Playground: what holds on this machine\n\n";
    if (const Report* report = first_measured(document)) {
        const Machine& machine = report->machine;
        text += "- machine: " + markdown_text(machine.name) + ", " + cores_text(machine) + "\n";
        text += "- engine: " + markdown_text(report->engine) + "\n";
        text += "- repeats: " + repeats_text(repeats_in(*report)) + "\n";
    }
    text += "- date: " + markdown_text(document.date) + "\n- version: " + markdown_text(document.version) + "\n\n";
    text += claims_words(document) + "\n\n";
    text += overview(document);
    for (const ReportEntry& entry : document.entries) text += markdown_section(entry);
    return text +
           "Medians of runs that happened, variants interleaved after a warm-up. Simulated: the same scenario on "
           "a model of this machine, as it was calibrated before the runs.\n";
}

} // namespace gil
