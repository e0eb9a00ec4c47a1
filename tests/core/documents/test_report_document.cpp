// The document of `gilplay run all`, as Markdown and as a page. What comes from outside must stay text in both.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include "core/documents/report_html.h"
#include "core/documents/report_markdown.h"
#include "core/documents/report_svg.h"
#include "core/engine/simulate_report.h"

using namespace gil;

namespace {

const std::string hostile =
    "</title></svg><script>alert('x')</script>\"><img src=x onerror=\"y\">&amp;|`a`*b*_c_[d](e)\n"
    "# heading\n\x1b[31m\xff -->]]>";

/// Words of the hostile text that must be there, in whatever escaped form.
bool mentions_hostile(const std::string& text) {
    return text.find("alert") != std::string::npos;
}

VariantReport variant_called(std::string name, double ms) {
    VariantReport variant;
    variant.name = std::move(name);
    variant.wall_samples_ms = {ms, ms * 0.9, ms * 1.2};
    variant.wall_ms = spread_of(variant.wall_samples_ms);
    variant.speedup = 2;
    return variant;
}

VariantReport point(std::string series, double x, double ms) {
    VariantReport variant = variant_called(series + "@" + std::to_string(x), ms);
    variant.series = std::move(series);
    variant.x = x;
    return variant;
}

Report report_of(std::vector<VariantReport> variants) {
    Report report;
    report.experiment = "cpu-bound";
    report.knobs = {{"tasks", 4}};
    report.origin = Origin::measured;
    report.engine = "native";
    report.variants = std::move(variants);
    report.verdict = {Holds::yes, "Holds on this machine.", "It was 2.00× as fast."};
    return report;
}

Experiment sweep() {
    Experiment experiment = *find_experiment("cpu-bound");
    experiment.axis = {"work per task", "ms"};
    return experiment;
}

ReportEntry entry_of(const Experiment& experiment, Report measured) {
    Report simulated = measured;
    simulated.origin = Origin::simulated;
    return {&experiment, std::move(measured), std::move(simulated), {}};
}

ReportDocument document_of(std::vector<ReportEntry> entries) {
    return {"gilplay 1.2.3", "2025-09-10 14:03 +0200", std::move(entries)};
}

/// Everywhere that text from outside can stand.
ReportDocument hostile_document(const Experiment& experiment) {
    Report report = report_of({variant_called(hostile, 5), point(hostile, 1, 5), point(hostile, 2, 7)});
    report.knobs = {{hostile, hostile}};
    report.engine = hostile;
    report.machine.name = hostile;
    report.verdict = {Holds::no, hostile, hostile};
    report.variants[0].median_run.observations = {{hostile, 1, 2, ""}, {hostile, 0, 0, hostile}};
    report.variants.push_back(variant_called("absent", 0));
    report.variants.back().unavailable = hostile;
    ReportDocument document = document_of({entry_of(experiment, report), {&experiment, {}, {}, hostile}});
    document.version = hostile;
    document.date = hostile;
    return document;
}

/// What is wrong with a page: a tag that is not closed, or one that the page has no business with. Empty: nothing.
std::string fault_of_page(const std::string& html) {
    static const std::set<std::string> known{"html", "head",  "meta",    "title",   "style", "body", "main", "section",
                                             "h1",   "h2",    "p",       "div",     "span",  "b",    "code", "a",
                                             "ul",   "li",    "details", "summary", "svg",   "rect", "line", "text",
                                             "path", "table", "tr",      "th",      "td"};
    std::vector<std::string> open;
    for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
        const std::size_t end = html.find('>', at);
        if (end == std::string::npos) return "a tag has no end";
        const std::string tag = html.substr(at + 1, end - at - 1);
        if (tag == "!DOCTYPE html") continue;
        const bool closing = tag.starts_with('/');
        const std::string name = tag.substr(closing ? 1 : 0, tag.find(' ') - (closing ? 1 : 0));
        const std::string bare = name.ends_with('/') ? name.substr(0, name.size() - 1) : name;
        if (!known.contains(bare)) return "there is a <" + bare + ">";
        if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "odd quotes in <" + tag + ">";
        if (closing) {
            if (open.empty() || open.back() != bare) return "</" + bare + "> closes nothing";
            open.pop_back();
        } else if (!tag.ends_with('/')) {
            open.push_back(bare);
        }
    }
    return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

} // namespace

TEST_CASE("Report document.every experiment makes a sound page and Markdown") {
    std::vector<ReportEntry> entries;
    for (const Experiment& experiment : experiments()) {
        const Knobs knobs(experiment.knobs);
        Report report = simulate_experiment(experiment, knobs, experiment.make(knobs), Machine{});
        ReportEntry entry{&experiment, report, report, {}};
        entry.measured->origin = Origin::measured;
        entry.measured->engine = "a test";
        entries.push_back(std::move(entry));
    }
    const ReportDocument document = document_of(std::move(entries));
    const std::string html = report_html(document);
    const std::string markdown = report_markdown(document);
    CHECK(fault_of_page(html) == "");
    CHECK(count_of(html, "<section ") == experiments().size());
    CHECK(count_of(markdown, "\n## ") == experiments().size());
    for (const Experiment& experiment : experiments()) {
        INFO(experiment.id);
        CHECK(html.find(html_text(experiment.title)) != std::string::npos);
        CHECK(markdown.find(markdown_text(experiment.claim)) != std::string::npos);
        CHECK(markdown.find("    gilplay run " + std::string(experiment.id) + " --repeats 1\n") != std::string::npos);
    }
    // Nothing from elsewhere, nothing that runs.
    for (const char* bad :
         {"http:", "https:", "url(", "@import", "<script", "javascript:", "onload", "nan%", "\"nan", "inf%", "\"inf"}) {
        INFO(bad);
        CHECK(html.find(bad) == std::string::npos);
    }
}

TEST_CASE("Report document.hostile text stays text on the page") {
    for (const Experiment& experiment : {*find_experiment("cpu-bound"), sweep()}) {
        const std::string html = report_html(hostile_document(experiment));
        CHECK(fault_of_page(html) == "");
        CHECK(mentions_hostile(html));
        CHECK(html.find("<script") == std::string::npos);
        CHECK(html.find("<img") == std::string::npos);
        CHECK(html.find('\x1b') == std::string::npos);
        CHECK(html.find('\xff') == std::string::npos);
        CHECK(html.find("onerror=\"") == std::string::npos);
    }
}

TEST_CASE("Report document.the check of pages finds what it should") {
    CHECK(fault_of_page("<p>x</p>") == "");
    CHECK(fault_of_page("<p>x") == "<p> is not closed");
    CHECK(fault_of_page("<p>x</div>") == "</div> closes nothing");
    CHECK(fault_of_page("<p><script>x</script></p>") == "there is a <script>");
    CHECK(fault_of_page("<p class=\"a>x</p>") == "odd quotes in <p class=\"a>");
}

TEST_CASE("Report document.hostile text stays text in Markdown") {
    const std::string markdown = report_markdown(hostile_document(*find_experiment("cpu-bound")));
    CHECK(mentions_hostile(markdown));
    CHECK(markdown.find('\x1b') == std::string::npos);
    CHECK(markdown.find('\xff') == std::string::npos);
    CHECK(count_of(markdown, "\n# ") == 0);
    for (std::size_t at = 0; at < markdown.size();) {
        const std::size_t end = std::min(markdown.find('\n', at), markdown.size());
        const std::string line = markdown.substr(at, end - at);
        at = end + 1;
        // In an indented block nothing is markup.
        if (line.starts_with("    ")) continue;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const bool escaped = i > 0 && line[i - 1] == '\\';
            INFO(line);
            if (std::string_view("<`[_#&").find(line[i]) == std::string_view::npos) continue;
            if (line[i] == '#' && line.find_first_not_of('#') < 3 && i < line.find(' ')) continue;
            CHECK(escaped);
        }
    }
    // A row of a table has as many cells as its head.
    std::size_t cells = 0;
    for (std::size_t at = markdown.find("| variant "); at < markdown.size() && markdown[at] == '|';) {
        const std::string line = markdown.substr(at, markdown.find('\n', at) - at);
        const std::size_t bars = count_of(line, "|") - count_of(line, "\\|");
        if (cells == 0) cells = bars;
        CHECK(bars == cells);
        at += line.size() + 1;
    }
    CHECK(cells == 9);
}

TEST_CASE("Report document.single characters are escaped") {
    CHECK(html_text("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c&#39;");
    CHECK(markdown_text("a*b|c") == "a\\*b\\|c");
    CHECK(markdown_text("- no list") == "\\- no list");
    CHECK(markdown_text("1. no list") == "1\\. no list");
    CHECK(markdown_text("12 tasks") == "12 tasks");
    CHECK(markdown_text("two\nlines") == "two?lines");
}

TEST_CASE("Report document.an experiment that failed says why and the counts are right") {
    const Experiment& experiment = *find_experiment("cpu-bound");
    Report refuted = report_of({variant_called("sequential", 5)});
    refuted.verdict.holds = Holds::no;
    const ReportDocument document = document_of({entry_of(experiment, report_of({variant_called("sequential", 5)})),
                                                 entry_of(experiment, report_of({variant_called("sequential", 5)})),
                                                 entry_of(experiment, refuted),
                                                 {&experiment, {}, {}, "the engine died"}});
    CHECK(verdict_counts(document) == "2 hold, 1 does not hold, 1 failed");
    for (const std::string& text : {report_html(document), report_markdown(document)}) {
        CHECK(text.find("the engine died") != std::string::npos);
        CHECK(text.find("2 hold, 1 does not hold, 1 failed") != std::string::npos);
        CHECK(text.find("gilplay 1.2.3") != std::string::npos);
        CHECK(text.find("2025") != std::string::npos);
    }
    CHECK(report_markdown(document_of({{&experiment, {}, {}, "x"}})).find("engine:") == std::string::npos);
}

TEST_CASE("Report document.how often it ran is told, and is in the command that does it again") {
    const Experiment& experiment = *find_experiment("cpu-bound");
    Report report = report_of({variant_called("sequential", 5)});
    CHECK(command_of(entry_of(experiment, report)) == "gilplay run cpu-bound");
    for (const std::string& text : {report_html(document_of({entry_of(experiment, report)})),
                                    report_markdown(document_of({entry_of(experiment, report)}))}) {
        CHECK(text.find("medians of 3 runs") != std::string::npos);
    }
    report.variants.front().wall_ms = spread_of(std::vector<double>{5});
    CHECK(command_of(entry_of(experiment, report)) == "gilplay run cpu-bound --repeats 1");
    for (const std::string& text : {report_html(document_of({entry_of(experiment, report)})),
                                    report_markdown(document_of({entry_of(experiment, report)}))}) {
        CHECK(text.find("one run each (no spread)") != std::string::npos);
        CHECK(text.find("gilplay run cpu-bound --repeats 1") != std::string::npos);
    }
}

TEST_CASE("Report document.bars are shares of the longest run, with a whisker") {
    const Experiment& experiment = *find_experiment("cpu-bound");
    const std::string svg =
        bars_svg(entry_of(experiment, report_of({variant_called("sequential", 100), variant_called("threads", 60)})));
    // The longest run took 120 ms.
    CHECK(svg.find("width=\"83.33%\" height=\"12\"") != std::string::npos);
    CHECK(svg.find("width=\"50.00%\" height=\"12\"") != std::string::npos);
    CHECK(svg.find("width=\"50.00%\" height=\"5\"") != std::string::npos);
    CHECK(count_of(svg, "class=\"whisker\"") == 6);
    CHECK(svg.find("100 ms, 2.00×") != std::string::npos);
    CHECK(bars_svg({&experiment, {}, {}, "failed"}).empty());
}

TEST_CASE("Report document.a sweep has a line per series and a point per x") {
    const Experiment experiment = sweep();
    Report report = report_of({point("threads", 10, 100), point("threads", 1, 10), point("threads", 0.1, 1),
                               point("pool", 1, 5), point("pool", 10, 50), variant_called("sequential", 7)});
    const std::string svg = lines_svg(entry_of(experiment, report));
    CHECK(count_of(svg, "<title>") == 5);
    CHECK(count_of(svg, "class=\"dashed s0\"") == 2);
    CHECK(count_of(svg, "class=\"dashed s1\"") == 1);
    CHECK(svg.find("threads at 0.1: measured 1.00 ms") != std::string::npos);
    CHECK(svg.find("work per task, ms (logarithmic)") != std::string::npos);
    // x is logarithmic: 1 stands in the middle between 0.1 and 10.
    CHECK(svg.find("<svg x=\"50.00%\"") != std::string::npos);
    // Spreads of two series at the same x stand side by side.
    CHECK(svg.find("<svg x=\"50.00%\" overflow=\"visible\"><line x1=\"-1.5\"") != std::string::npos);
    CHECK(svg.find("<svg x=\"50.00%\" overflow=\"visible\"><line x1=\"1.5\"") != std::string::npos);
    // What belongs to no series has a bar.
    CHECK(count_of(bars_svg(entry_of(experiment, report)), "class=\"name\"") == 1);
    CHECK(lines_svg(entry_of(*find_experiment("cpu-bound"), report)).empty());

    report.variants = {point("only", 3, 0)};
    CHECK(fault_of_page(lines_svg(entry_of(experiment, report))) == "");
    CHECK(lines_svg(entry_of(experiment, report)).find("nan") == std::string::npos);
    CHECK(lines_svg(entry_of(experiment, report)).find("inf") == std::string::npos);
}
