// The equivalent Python of an experiment: standard library only, runs as it is in CPython 3.9 to 3.14, times itself.
#pragma once

#include <string>
#include <string_view>

#include "core/experiments/experiment.h"
#include "core/experiments/knobs.h"

namespace gil {

/// The script for these knobs. Without arguments it prints a table; with `--json` one document that
/// cpython_report.h reads. `--repeats N` and `--variants a,b` are taken too. Pure; any thread.
[[nodiscard]] std::string python_script(const Experiment& experiment, const Knobs& knobs);

/// The first part of a script: what the experiment is about. What only measures and prints comes after it.
[[nodiscard]] std::string_view python_essentials(std::string_view script);

/// A script that prints what this CPython's threads, processes and messages cost: fields of a Machine as JSON (see
/// machine.h), times in microseconds. Takes a few seconds. Static.
[[nodiscard]] std::string_view python_cost_script();

} // namespace gil
