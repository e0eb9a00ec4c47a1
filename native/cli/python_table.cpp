#include "native/cli/python_table.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/text.h"
#include "core/experiments/experiment.h"
#include "native/cli/table_text.h"

namespace gil::native {

namespace {

/// "CPython 3.13.5" is "3.13.5", without a GIL "3.13.5t", others keep their name; a second one of a name is numbered.
std::vector<std::string> labels_of(std::span<const CpythonAnswer> pythons) {
    std::vector<std::string> labels;
    for (const CpythonAnswer& python : pythons) {
        const PythonInterpreter& interpreter = python.interpreter;
        std::string label = interpreter.version + (interpreter.gil.value_or(true) ? "" : "t");
        if (interpreter.implementation != "CPython") label = interpreter.implementation + " " + label;
        const auto same = std::count_if(labels.begin(), labels.end(), [&](const std::string& other) {
            return other == label || other.starts_with(label + " (");
        });
        labels.push_back(same == 0 ? label : label + " (" + std::to_string(same + 1) + ")");
    }
    return labels;
}

class PythonTable {
  public:
    PythonTable(const Report& simulated, const Report& measured, std::span<const CpythonAnswer> pythons,
                const Terminal& terminal)
        : simulated_(simulated), measured_(measured), terminal_(terminal) {
        rows_ = {{"simulated", &simulated}, {"measured", &measured}};
        const std::vector<std::string> labels = labels_of(pythons);
        for (std::size_t i = 0; i < pythons.size(); ++i) rows_.push_back({labels[i], &pythons[i].report});
        for (const Row& row : rows_) label_width_ = std::max(label_width_, columns(row.label) + 2);
        for (const VariantReport& variant : measured.variants) {
            name_width_ = std::max(name_width_, label_of(variant).size() + 2);
        }
    }

    std::string text(std::span<const CpythonAnswer> pythons) {
        header(pythons);
        line(quiet(left("", name_width_ + label_width_) + right("median ms", number_width) +
                   right("speed-up", number_width) + right("/ simulated", number_width) +
                   right("/ measured", number_width)));
        for (const VariantReport& variant : measured_.variants) {
            for (const Row& row : rows_) add_row(variant, row);
        }
        line("");
        for (const Row& row : rows_) verdict(row);
        return text_;
    }

  private:
    static constexpr std::size_t number_width = 12;

    struct Row {
        std::string label;
        const Report* report;
    };

    [[nodiscard]] std::string plain(std::string_view words) const {
        return terminal_.unicode ? std::string(words) : to_ascii(words);
    }
    [[nodiscard]] std::string painted(const std::string& words, std::string_view colour) const {
        return terminal_.colour ? "\033[" + std::string(colour) + "m" + words + "\033[0m" : words;
    }
    [[nodiscard]] std::string quiet(const std::string& words) const { return painted(words, "2"); }
    void line(const std::string& words) { text_ += words + "\n"; }

    void header(std::span<const CpythonAnswer> pythons) {
        const Experiment* experiment = find_experiment(measured_.experiment);
        if (experiment != nullptr) line(painted(plain(experiment->title), "1"));
        std::string knobs = measured_.experiment;
        for (const auto& [name, value] : measured_.knobs.items()) {
            knobs +=
                " " + name + "=" + (value.is_string() ? value.get<std::string>() : plain_number(value.get<double>()));
        }
        text_ += quiet(wrapped(plain(printable(knobs, 400)), terminal_.width, 0));
        const std::string cores = cores_text(measured_.machine);
        line(quiet(plain(left("simulated", label_width_) + "this machine as calibrated, " + cores)));
        line(quiet(plain(left("measured", label_width_) + printable(measured_.engine))));
        for (std::size_t i = 0; i < pythons.size(); ++i) {
            line(quiet(plain(left(rows_[i + 2].label, label_width_) + describe(pythons[i].interpreter) + ", " +
                             printable(pythons[i].interpreter.path, 200))));
        }
        line("");
    }

    /// This wall time as a multiple of another report's, empty where there is none.
    static std::string ratio(const VariantReport& variant, const Report& report, const Report& other) {
        const VariantReport* base = &report == &other ? nullptr : find_variant(other, variant.name);
        if (base == nullptr || base->wall_ms.median <= 0) return {};
        return fixed_number(variant.wall_ms.median / base->wall_ms.median, 2);
    }

    /// What a variant is called here.
    [[nodiscard]] std::string label_of(const VariantReport& variant) const {
        const Experiment* experiment = find_experiment(measured_.experiment);
        return experiment == nullptr ? variant.name : variant_label(variant, experiment->axis);
    }

    void add_row(const VariantReport& variant, const Row& row) {
        const bool first = &row == &rows_.front();
        const std::string head =
            painted(left(first ? label_of(variant) : "", name_width_), "1") + quiet(left(row.label, label_width_));
        const auto& variants = row.report->variants;
        const auto found =
            std::find_if(variants.begin(), variants.end(), [&](const auto& v) { return v.name == variant.name; });
        if (found == variants.end()) return;
        if (!found->unavailable.empty()) {
            line(head + plain("  not run: " + printable(found->unavailable, 200)));
            return;
        }
        const std::string speedup = found->speedup > 0 ? fixed_number(found->speedup, 2) + " x" : "";
        line(head + right(ms_number(found->wall_ms.median), number_width) + right(speedup, number_width) +
             right(ratio(*found, *row.report, simulated_), number_width) +
             right(row.report == &simulated_ ? "" : ratio(*found, *row.report, measured_), number_width));
        observations(*found);
    }

    void observations(const VariantReport& variant) {
        std::string words;
        for (const Observation& seen : variant.median_run.observations) {
            words += (words.empty() ? "" : "; ") + observation_text(seen);
        }
        const auto margin = static_cast<int>(name_width_ + label_width_ + 2);
        if (!words.empty()) text_ += quiet(wrapped(plain(words), std::max(terminal_.width, margin + 40), margin));
    }

    void verdict(const Row& row) {
        struct Look {
            std::string_view sign;
            std::string_view ascii;
            std::string_view colour;
        };
        static constexpr std::array<Look, 3> looks{
            {{"✓", "[yes]", "1;32"}, {"✗", "[no]", "1;31"}, {"?", "[?]", "1;33"}}};
        const Verdict& judged = row.report->verdict;
        const Look& look = looks[static_cast<std::size_t>(judged.holds)];
        line(quiet(left(row.label, label_width_)) +
             painted(std::string(terminal_.unicode ? look.sign : look.ascii) + " " + plain(judged.headline),
                     look.colour));
        text_ += wrapped(plain(verdict_why(*row.report)), terminal_.width, static_cast<int>(label_width_));
    }

    const Report& simulated_;
    const Report& measured_;
    const Terminal& terminal_;
    std::vector<Row> rows_;
    std::size_t label_width_ = 0;
    std::size_t name_width_ = 0;
    std::string text_;
};

} // namespace

std::string python_table(const Report& simulated, const Report& measured, std::span<const CpythonAnswer> pythons,
                         const Terminal& terminal) {
    return PythonTable(simulated, measured, pythons, terminal).text(pythons);
}

} // namespace gil::native
