// gilplay run all: every experiment, one document.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "core/documents/report_document.h"
#include "native/cli/session.h"

namespace gil::native {

/// Answers a request; the text stands before its progress. EngineSession::ask, or a stand-in of a test.
using AskEngine = std::function<EngineAnswer(const Request&, const std::string& label)>;

/// Measures each experiment with its default knobs and simulates it on the machine that was measured. An experiment
/// that fails is in the document with the reason, and the others still run. `say` is told which one comes and how it
/// ended, a line each. When it is interrupted, `interrupted` is the exit status, and the document has what had been
/// measured by then; nothing when that is nothing.
[[nodiscard]] std::optional<ReportDocument> run_experiments(std::span<const Experiment> table, int repeats,
                                                            const AskEngine& ask,
                                                            const std::function<void(const std::string&)>& say,
                                                            int& interrupted);

/// The command: `out` empty writes Markdown to standard output, otherwise its ending (.md, .html) decides. The exit
/// status: 1 when an experiment failed.
[[nodiscard]] int run_all(std::span<const Experiment> table, const std::optional<std::string>& out, int repeats);

} // namespace gil::native
