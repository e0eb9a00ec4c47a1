// The pieces that the equivalent Python scripts are made of. In each, $name$ stands for a knob's value and $NAME$ for
// another piece. Where a reader looks first, lines stay below 40 columns: that is what the page's code panel shows
// without wrapping.
#pragma once

#include <span>
#include <string_view>

namespace gil::python {

/// The part of a script that only its experiment has; it ends with what is to be timed (VARIANTS, or SERIES and SWEEP)
/// and with prepare(), which returns the arguments for all of them.
struct Template {
    std::string_view experiment; ///< id
    std::string_view kernel;     ///< what computes where the experiment has no such knob
    std::string_view text;
};

[[nodiscard]] std::span<const Template> lock_templates();
[[nodiscard]] std::span<const Template> waiting_templates();
[[nodiscard]] std::span<const Template> process_templates();
[[nodiscard]] std::span<const Template> choosing_templates();
[[nodiscard]] std::span<const Template> isolation_templates();

/// $KERNEL$: defines work(n), n turns of the kernel in pure Python or in C code that keeps the GIL.
[[nodiscard]] std::string_view kernel(std::string_view name);

/// $WAIT$: defines wait(how) and, for an event loop, wait_async(how). `name` is a value of the knob `io`.
[[nodiscard]] std::string_view wait(std::string_view name);
/// Defines how_to_wait(ms), which makes the `how`.
[[nodiscard]] std::string_view wait_tools(std::string_view name);

/// $LAUNCH$: defines launch(make, ...), which starts a Thread or Process per worker and joins them.
[[nodiscard]] std::string_view launch();

/// What all that follows needs to import.
[[nodiscard]] std::string_view imports();
/// Defines how_often(ms, run): calibration.
[[nodiscard]] std::string_view calibration();
/// Defines turns_for(ms), for work(n).
[[nodiscard]] std::string_view turns();

/// Times, prints and answers --json: what every script ends with.
[[nodiscard]] std::string_view measuring();

} // namespace gil::python
