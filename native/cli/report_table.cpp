#include "native/cli/report_table.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/text.h"
#include "core/experiments/experiment.h"
#include "native/cli/table_text.h"

namespace gil::native {

namespace {

constexpr std::string_view bold = "1";
constexpr std::string_view quiet = "2";
constexpr std::string_view accent = "34";
constexpr std::string_view good = "1;32";
constexpr std::string_view bad = "1;31";
constexpr std::string_view open_question = "1;33";

/// The simulated bar: thin, in whole columns.
std::string thin_bar_text(double share, int width, bool unicode) {
    const auto filled = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width));
    std::string bar;
    for (int i = 0; i < std::max(filled, share > 0 ? 1 : 0); ++i) bar += unicode ? "─" : "-";
    return bar + std::string(static_cast<std::size_t>(std::max(width - std::max(filled, share > 0 ? 1 : 0), 0)), ' ');
}

class Table {
  public:
    Table(const Report& report, const Report* simulated, const Terminal& terminal)
        : report_(report), simulated_(simulated), terminal_(terminal) {
        if (const Experiment* experiment = find_experiment(report.experiment)) axis_ = experiment->axis;
        for (const VariantReport& variant : report.variants) {
            name_width_ = std::max({name_width_, variant.series.size(), label_of(variant).size()});
        }
        for (const Report* source : {&report, simulated}) {
            if (!source) continue;
            for (const VariantReport& variant : source->variants) longest_ = std::max(longest_, variant.wall_ms.max);
        }
        std::size_t fixed =
            name_width_ + 2 + label_width + median_width + range_width_ + speedup_width_ + switches_width_;
        if (static_cast<int>(fixed) + 8 > terminal.width) { // long names: bars tell more than that column
            fixed -= switches_width_;
            switches_width_ = 0;
        }
        bar_width_ = std::clamp(terminal.width - static_cast<int>(fixed), 8, 60);
    }

    std::string text() {
        header();
        line(painted(left("", name_width_ + 2 + label_width) + left("wall time", static_cast<std::size_t>(bar_width_)) +
                         right("median ms", median_width) + right("min to max", range_width_) +
                         right("speed-up", speedup_width_) +
                         (switches_width_ > 0 ? right(roomy_ ? "GIL switches" : "switches", switches_width_) : ""),
                     quiet));
        std::string_view series;
        for (const VariantReport& variant : report_.variants) {
            if (!variant.series.empty() && variant.series != series) line(painted(variant.series, bold));
            series = variant.series;
            row(variant, report_.origin);
            const VariantReport* other = simulated_ ? find_variant(*simulated_, variant.name) : nullptr;
            if (other) row(*other, simulated_->origin);
        }
        const Experiment* experiment = find_experiment(report_.experiment);
        if (experiment && !experiment->about_variants.empty()) {
            text_ += painted(wrapped(plain(experiment->about_variants), terminal_.width, 0), quiet);
        }
        line("");
        verdict();
        return text_;
    }

  private:
    static constexpr std::size_t label_width = 10;
    static constexpr std::size_t median_width = 11;

    [[nodiscard]] std::string plain(std::string_view words) const {
        return terminal_.unicode ? std::string(words) : to_ascii(words);
    }
    [[nodiscard]] std::string painted(const std::string& words, std::string_view colour) const {
        return terminal_.colour ? "\033[" + std::string(colour) + "m" + words + "\033[0m" : words;
    }
    void line(const std::string& words) { text_ += words + "\n"; }

    void header() {
        const Experiment* experiment = find_experiment(report_.experiment);
        const std::string title = experiment ? std::string(experiment->title) : "Scenario";
        line(painted(plain(title), bold));
        std::string knobs = report_.experiment;
        for (const auto& [name, value] : report_.knobs.items()) {
            const std::string text = value.is_string()   ? value.get<std::string>()
                                     : value.is_number() ? plain_number(value.get<double>())
                                                         : dump_json(value);
            knobs += " " + name + "=" + text;
        }
        text_ += painted(wrapped(plain(printable(knobs, 400)), terminal_.width, 0), quiet);
        const Machine& machine = report_.machine;
        const std::string cores = cores_text(machine);
        if (report_.origin == Origin::simulated) {
            line(painted(plain("simulated: " + printable(machine.name) + ", " + cores), quiet));
        } else {
            line(painted(plain(std::string(to_string(report_.origin)) + ": " + printable(report_.engine) + ", " +
                               cores + ", " + repeats_text(repeats_in(report_))),
                         quiet));
            if (simulated_) line(painted("simulated: the same scenario on this machine as calibrated", quiet));
        }
        line("");
    }

    /// The points of a sweep stand below the name of their line.
    [[nodiscard]] std::string label_of(const VariantReport& variant) const {
        if (variant.series.empty()) return variant.name;
        return "  " + axis_value_words(variant.x, axis_.unit, axis_.title);
    }

    void row(const VariantReport& variant, Origin origin) {
        const bool main = origin == report_.origin;
        const std::string cell = left(main ? label_of(variant) : "", name_width_) + "  ";
        const std::string name = variant.series.empty() ? painted(cell, bold) : cell;
        const std::string label = left(std::string(to_string(origin)), label_width);
        if (!variant.unavailable.empty()) {
            line(name + label +
                 plain((has_failed(variant) ? "" : "not run here: ") + printable(variant.unavailable, 200)));
            return;
        }
        const double share = longest_ > 0 ? variant.wall_ms.median / longest_ : 0;
        const std::string bar =
            main ? bar_text(share, bar_width_, terminal_.unicode) : thin_bar_text(share, bar_width_, terminal_.unicode);
        const bool spread = variant.wall_ms.samples > 1;
        const std::string range =
            spread ? ms_number(variant.wall_ms.min) + " to " + ms_number(variant.wall_ms.max) : std::string();
        const std::string speedup = variant.speedup > 0 ? fixed_number(variant.speedup, 2) + " x" : "";
        const bool tells_switches = switches_width_ > 0 && knows_trace(variant, origin);
        const std::string switches = tells_switches ? std::to_string(variant.metrics.gil_switches) : std::string();
        const std::string figures = right(ms_number(variant.wall_ms.median), median_width) +
                                    right(range, range_width_) + right(speedup, speedup_width_) +
                                    right(switches, switches_width_);
        line(name + painted(label, quiet) + painted(bar, main ? accent : quiet) +
             (main ? figures : painted(figures, quiet)));
        if (variant.median_run.stop) {
            text_ += painted(wrapped(plain("until it was " + stop_text(variant)), terminal_.width, 4), bad);
        }
        if (!variant.outputs_ok) line(painted("    wrong result: a run did not do all of its work", bad));
    }

    void verdict() {
        struct Look {
            std::string_view sign;
            std::string_view ascii;
            std::string_view words;
            std::string_view colour;
        };
        static constexpr std::array<Look, 3> looks{{{"✓", "[yes]", "holds", good},
                                                    {"✗", "[no]", "does not hold", bad},
                                                    {"?", "[?]", "cannot be told", open_question}}};
        const Verdict& judged = report_.verdict;
        // A scenario claims nothing: its sentence says what happened.
        if (find_experiment(report_.experiment)) {
            const Look& look = looks[static_cast<std::size_t>(judged.holds)];
            const std::string words = judged.headline.empty() ? std::string(look.words) : judged.headline;
            line(painted(std::string(terminal_.unicode ? look.sign : look.ascii) + " " + plain(words), look.colour));
        } else if (!judged.headline.empty()) {
            line(plain(judged.headline));
        }
        if (!judged.why.empty()) text_ += wrapped(plain(verdict_why(report_)), terminal_.width, 0);
    }

    const Report& report_;
    const Report* simulated_;
    const Terminal& terminal_;
    const bool roomy_ = terminal_.width >= 90; ///< otherwise everything fits into 80 columns
    const std::size_t range_width_ = roomy_ ? 18 : 16;
    const std::size_t speedup_width_ = roomy_ ? 10 : 9;
    std::size_t switches_width_ = roomy_ ? 14 : 10;
    Axis axis_;
    std::size_t name_width_ = 0;
    double longest_ = 0;
    int bar_width_ = 0;
    std::string text_;
};

} // namespace

std::string bar_text(double share, int width, bool unicode) {
    static constexpr std::array<std::string_view, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    share = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
    if (!unicode) {
        const auto filled = std::max(static_cast<std::size_t>(std::lround(share * width)), std::size_t{share > 0});
        return std::string(filled, '#') + std::string(static_cast<std::size_t>(width) - filled, ' ');
    }
    const auto parts = std::max(std::lround(share * width * 8), share > 0 ? 1L : 0L);
    std::string bar;
    for (long i = 0; i < parts / 8; ++i) bar += "█";
    bar += eighths[static_cast<std::size_t>(parts % 8)];
    const long used = (parts + 7) / 8;
    return bar + std::string(static_cast<std::size_t>(width - used), ' ');
}

std::string report_table(const Report& report, const Report* simulated, const Terminal& terminal) {
    return Table(report, simulated, terminal).text();
}

} // namespace gil::native
