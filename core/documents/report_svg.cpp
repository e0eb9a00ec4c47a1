#include "core/documents/report_svg.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/text.h"
#include "core/experiments/judging.h"

namespace gil {

namespace {

std::string px(double value) {
    return plain_number(std::round(value * 10) / 10);
}

std::string share(double value) {
    return fixed_number(100 * std::clamp(value, 0.0, 1.0), 2) + "%";
}

std::string text_at(const std::string& x, double y, std::string_view kind, std::string_view words) {
    return "<text x=\"" + x + "\" y=\"" + px(y) + "\" class=\"" + std::string(kind) + "\">" + html_text(words) +
           "</text>";
}

std::string line_from(const std::string& x1, double y1, const std::string& x2, double y2, std::string_view kind) {
    return "<line x1=\"" + x1 + "\" y1=\"" + px(y1) + "\" x2=\"" + x2 + "\" y2=\"" + px(y2) + "\" class=\"" +
           std::string(kind) + "\"/>";
}

std::string svg_start(double height, const std::string& label) {
    return "<svg class=\"chart\" role=\"img\" width=\"100%\" height=\"" + px(height) + "\" aria-label=\"" +
           html_text(label) + "\">";
}

// --- bars ---

constexpr double row_height = 46;

std::string bar(double y, double height, double of_longest, std::string_view kind) {
    return "<rect x=\"0\" y=\"" + px(y) + "\" width=\"" + share(of_longest) + "\" height=\"" + px(height) +
           "\" rx=\"2\" class=\"" + std::string(kind) + "\"/>";
}

std::string whisker(const Spread& spread, double longest, double y) {
    if (spread.samples < 2 || spread.max <= spread.min) return {};
    const std::string low = share(spread.min / longest);
    const std::string high = share(spread.max / longest);
    return line_from(low, y, high, y, "whisker") + line_from(low, y - 4, low, y + 4, "whisker") +
           line_from(high, y - 4, high, y + 4, "whisker");
}

std::string figures_of(const VariantReport& variant) {
    std::string text = time_text(variant.wall_ms.median);
    if (variant.speedup > 0) text += ", " + factor_text(variant.speedup);
    return text;
}

std::string bar_row(const VariantReport& variant, const VariantReport* simulated, double longest, double top) {
    std::string row = text_at("0", top + 13, "name", variant.name);
    if (!variant.unavailable.empty()) {
        row += text_at("100%", top + 13, "figure quiet", "did not run");
    } else {
        row += text_at("100%", top + 13, "figure", figures_of(variant));
    }
    if (simulated != nullptr) row += bar(top + 19, 5, simulated->wall_ms.median / longest, "simulated");
    if (variant.unavailable.empty()) {
        row += bar(top + 26, 12, variant.wall_ms.median / longest, "measured");
        row += whisker(variant.wall_ms, longest, top + 32);
    }
    return row;
}

// --- lines ---

constexpr double plot_top = 18;
constexpr double plot_bottom = 250;
constexpr double chart_height = 306;
constexpr double plot_left = 0.05; // shares of the width
constexpr double plot_right = 0.95;
constexpr std::size_t styles = 5; ///< how many series are told apart by colour and shape

/// Where a value stands between the smallest and the largest, 0 to 1.
struct Scale {
    double low = 0;
    double high = 1;
    bool logarithmic = false;

    [[nodiscard]] double position(double value) const {
        if (!(high > low)) return 0.5;
        return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
    }
};

struct Line {
    std::string series;
    Origin origin = Origin::measured;
    std::vector<const VariantReport*> points; ///< by x
};

std::vector<Line> lines_of(const Report& report) {
    std::vector<Line> lines;
    for (const VariantReport& variant : report.variants) {
        if (variant.series.empty() || !variant.unavailable.empty()) continue;
        auto line = std::find_if(lines.begin(), lines.end(), [&](const Line& l) { return l.series == variant.series; });
        if (line == lines.end()) line = lines.insert(lines.end(), {variant.series, report.origin, {}});
        line->points.push_back(&variant);
    }
    for (Line& line : lines) {
        std::sort(line.points.begin(), line.points.end(),
                  [](const VariantReport* a, const VariantReport* b) { return a->x < b->x; });
    }
    return lines;
}

std::vector<double> decades(double low, double high) {
    std::vector<double> ticks;
    for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10) {
        if (decade >= low) ticks.push_back(decade);
    }
    return ticks;
}

/// Four or five round numbers from 0 on.
std::vector<double> round_steps(double high) {
    if (!(high > 0)) return {0};
    const double rough = high / 4;
    const double decade = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * decade;
    for (const double factor : {5.0, 2.0, 1.0}) {
        if (factor * decade >= rough) step = factor * decade;
    }
    std::vector<double> ticks;
    for (double tick = 0; tick <= high * 1.0001; tick += step) ticks.push_back(tick);
    return ticks;
}

/// A point's shape around 0,0, so that series differ in more than their colour.
std::string_view shape_of(std::size_t style) {
    static constexpr std::array<std::string_view, styles> shapes{"M-4 0A4 4 0 1 0 4 0A4 4 0 1 0-4 0Z", "M-4-4H4V4H-4Z",
                                                                 "M0-5L5 4H-5Z", "M0-5.5L5.5 0L0 5.5L-5.5 0Z",
                                                                 "M0 5L5-4H-5Z"};
    return shapes[style];
}

class LineChart {
  public:
    explicit LineChart(const ReportEntry& entry) : axis_(entry.experiment->axis) {
        if (entry.measured) measured_ = lines_of(*entry.measured);
        if (entry.simulated) simulated_ = lines_of(*entry.simulated);
        for (const auto* lines : {&measured_, &simulated_}) {
            for (const Line& line : *lines) include(line);
        }
        x_.logarithmic = axis_.logarithmic && x_.low > 0;
        y_.logarithmic = axis_.wall_logarithmic && y_.low > 0;
        if (!y_.logarithmic) {
            y_.low = 0;
        } else { // whole decades, so that at least two of them are written there
            y_.low = std::pow(10, std::floor(std::log10(y_.low)));
            y_.high = std::max(y_.high, 10 * y_.low);
        }
    }

    [[nodiscard]] bool empty() const { return xs_.empty(); }

    std::string svg() {
        std::string text = legend() + svg_start(chart_height, "Wall time by " + std::string(axis_.title));
        text += grid();
        for (const Line& line : simulated_) text += segments(line, "dashed");
        for (const Line& line : measured_) text += segments(line, "solid") + points(line);
        return text + "</svg>\n";
    }

  private:
    void include(const Line& line) {
        if (std::find(series_.begin(), series_.end(), line.series) == series_.end()) series_.push_back(line.series);
        for (const VariantReport* point : line.points) {
            const double top = std::max(point->wall_ms.median, point->wall_ms.max);
            const double bottom = point->wall_ms.samples > 1 ? point->wall_ms.min : point->wall_ms.median;
            if (xs_.empty()) {
                x_ = {point->x, point->x};
                y_ = {bottom, top};
            }
            x_ = {std::min(x_.low, point->x), std::max(x_.high, point->x)};
            y_ = {std::min(y_.low, bottom), std::max(y_.high, top)};
            if (std::find(xs_.begin(), xs_.end(), point->x) == xs_.end()) xs_.push_back(point->x);
        }
    }

    [[nodiscard]] std::string style_of(const std::string& series) const {
        const auto index = std::find(series_.begin(), series_.end(), series) - series_.begin();
        return "s" + std::to_string(static_cast<std::size_t>(index) % styles);
    }
    /// Spreads at the same x stand side by side.
    [[nodiscard]] double beside_of(const std::string& series) const {
        constexpr double distance = 3;
        const auto index = std::find(series_.begin(), series_.end(), series) - series_.begin();
        return distance * (static_cast<double>(index) - (static_cast<double>(series_.size()) - 1) / 2);
    }
    [[nodiscard]] std::string_view shape_of_series(const std::string& series) const {
        const auto index = std::find(series_.begin(), series_.end(), series) - series_.begin();
        return shape_of(static_cast<std::size_t>(index) % styles);
    }
    [[nodiscard]] std::string x_at(double x) const {
        return share(plot_left + (plot_right - plot_left) * x_.position(x));
    }
    [[nodiscard]] double y_at(double y) const {
        return plot_bottom - (plot_bottom - plot_top) * std::clamp(y_.position(y), 0.0, 1.0);
    }

    [[nodiscard]] std::string legend() const {
        std::string text = "<p class=\"legend\">";
        for (const std::string& series : series_) {
            text +=
                "<span><svg width=\"14\" height=\"12\" aria-hidden=\"true\"><path transform=\"translate(7 6)\" d=\"" +
                std::string(shape_of_series(series)) + "\" class=\"point " + style_of(series) + "\"/></svg> " +
                html_text(series) + "</span> ";
        }
        return text + "<span>with points: measured; dashed: simulated</span></p>";
    }

    [[nodiscard]] std::string grid() const {
        std::string text;
        std::vector<double> ticks = y_.logarithmic ? decades(y_.low, y_.high) : round_steps(y_.high);
        for (const double tick : ticks) {
            text += line_from("0", y_at(tick), "100%", y_at(tick), "grid");
            text += text_at("0", y_at(tick) - 4, "tick", plain_number(tick) + " ms");
        }
        for (const double x : xs_)
            text += text_at(x_at(x), plot_bottom + 18, "tick middle", axis_value_text(x, axis_.unit));
        std::string title(axis_.title);
        if (!axis_.unit.empty() && axis_.unit != "bytes") title += ", " + std::string(axis_.unit);
        if (x_.logarithmic) title += " (logarithmic)";
        text += text_at("50%", plot_bottom + 36, "quiet middle", title);
        return text + text_at("50%", plot_bottom + 52, "quiet middle",
                              std::string("wall time upwards, ms") + (y_.logarithmic ? " (logarithmic)" : ""));
    }

    [[nodiscard]] std::string segments(const Line& line, std::string_view kind) const {
        std::string text;
        for (std::size_t i = 1; i < line.points.size(); ++i) {
            const VariantReport& from = *line.points[i - 1];
            const VariantReport& to = *line.points[i];
            text += line_from(x_at(from.x), y_at(from.wall_ms.median), x_at(to.x), y_at(to.wall_ms.median),
                              std::string(kind) + " " + style_of(line.series));
        }
        return text;
    }

    [[nodiscard]] std::string points(const Line& line) const {
        std::string text;
        const std::string beside = px(beside_of(line.series));
        for (const VariantReport* point : line.points) {
            const std::string x = x_at(point->x);
            const Spread& spread = point->wall_ms;
            if (spread.samples > 1) {
                text +=
                    "<svg x=\"" + x + "\" overflow=\"visible\">" +
                    line_from(beside, y_at(spread.min), beside, y_at(spread.max), "solid " + style_of(line.series)) +
                    "</svg>";
            }
            const std::string words = line.series + " at " + axis_value_text(point->x, axis_.unit) + ": " +
                                      std::string(to_string(line.origin)) + " " + time_text(spread.median);
            text += "<svg x=\"" + x + "\" y=\"" + px(y_at(spread.median)) + "\" overflow=\"visible\"><path d=\"" +
                    std::string(shape_of_series(line.series)) + "\" class=\"point " + style_of(line.series) +
                    "\"><title>" + html_text(words) + "</title></path></svg>";
        }
        return text;
    }

    const Axis& axis_;
    std::vector<Line> measured_;
    std::vector<Line> simulated_;
    std::vector<std::string> series_;
    std::vector<double> xs_;
    Scale x_;
    Scale y_;
};

} // namespace

std::string bars_svg(const ReportEntry& entry) {
    if (!entry.measured) return {};
    std::vector<const VariantReport*> shown;
    double longest = 0;
    for (const VariantReport& variant : entry.measured->variants) {
        if (!variant.series.empty()) continue;
        shown.push_back(&variant);
        longest = std::max(longest, std::max(variant.wall_ms.median, variant.wall_ms.max));
        const VariantReport* simulated = entry.simulated ? find_variant(*entry.simulated, variant.name) : nullptr;
        if (simulated != nullptr) longest = std::max(longest, simulated->wall_ms.median);
    }
    if (shown.empty()) return {};
    if (longest <= 0) longest = 1;
    std::string svg =
        "<p class=\"legend\"><span><svg width=\"14\" height=\"12\" aria-hidden=\"true\">" +
        std::string("<rect y=\"3\" width=\"14\" height=\"5\" class=\"simulated\"/></svg> simulated</span> ") +
        "<span><svg width=\"14\" height=\"12\" aria-hidden=\"true\"><rect width=\"14\" height=\"12\" "
        "class=\"measured\"/></svg> measured, from the fastest to the slowest run</span></p>";
    svg += svg_start(row_height * static_cast<double>(shown.size()), "Wall time of each variant");
    double top = 0;
    for (const VariantReport* variant : shown) {
        const VariantReport* simulated = entry.simulated ? find_variant(*entry.simulated, variant->name) : nullptr;
        svg += bar_row(*variant, simulated, longest, top);
        top += row_height;
    }
    return svg + "</svg>\n";
}

std::string lines_svg(const ReportEntry& entry) {
    if (entry.experiment->axis.title.empty()) return {};
    LineChart chart(entry);
    return chart.empty() ? std::string() : chart.svg();
}

std::string html_text(std::string_view text) {
    constexpr std::size_t longest = 4'000;
    std::string safe;
    for (const char c : printable(text, longest)) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default:
            safe += c;
        }
    }
    return safe;
}

} // namespace gil
