#include "core/documents/report_html.h"

#include "core/base/text.h"
#include "core/documents/report_svg.h"

namespace gil {

namespace {

constexpr std::string_view style_sheet = R"css(
:root {
  --background: #ffffff; --panel: #f6f7f9; --line: #dfe3e8; --text: #16202c; --quiet: #5b6775;
  --accent: #0b62c4; --simulated: #a9c8ea; --whisker: #16202c;
  --s1: #d55e00; --s2: #b05f94; --s3: #2a9d8f; --s4: #5b6775;
  --good: #1c7a35; --good-back: #e8f4ea; --bad: #b3261e; --bad-back: #fdeeec;
  --unsure: #755700; --unsure-back: #f8f2de;
}
@media (prefers-color-scheme: dark) {
  :root {
    --background: #11161d; --panel: #1a212b; --line: #2c3642; --text: #e8edf3; --quiet: #94a1b0;
    --accent: #6db3ff; --simulated: #33506f; --whisker: #e8edf3;
    --s1: #d55e00; --s2: #cc79a7; --s3: #2a9d8f; --s4: #94a1b0;
    --good: #7fd493; --good-back: #16301d; --bad: #ff9d92; --bad-back: #3a1b1b;
    --unsure: #e8cf74; --unsure-back: #2f2916;
  }
}
body {
  margin: 0; padding: 24px 16px 64px; background: var(--background); color: var(--text);
  font: 14px/1.5 Inter, system-ui, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere;
}
main { max-width: 880px; margin: 0 auto; }
h1, h2 { font-size: 23px; line-height: 1.25; font-weight: 600; margin: 0 0 8px; }
section { border-top: 1px solid var(--line); margin-top: 40px; padding-top: 24px; }
a { color: var(--accent); }
p { margin: 0 0 16px; }
.quiet { color: var(--quiet); }
.verdict { border-radius: 6px; padding: 8px 16px; margin: 0 0 24px; }
.verdict b { display: block; }
.holds { background: var(--good-back); color: var(--good); }
.does-not-hold, .failed { background: var(--bad-back); color: var(--bad); }
.cannot-be-judged { background: var(--unsure-back); color: var(--unsure); }
.verdict span { color: var(--text); }
ul.overview { list-style: none; margin: 0; padding: 0; }
ul.overview li { display: flex; gap: 16px; align-items: baseline; padding: 8px 0; border-bottom: 1px solid var(--line); }
ul.overview a { flex: 1; text-decoration: none; }
ul.overview b { border-radius: 6px; padding: 0 8px; font-size: 13px; white-space: nowrap; }
code, .name, .figure, .tick, td.number { font-family: "JetBrains Mono", ui-monospace, Menlo, Consolas, monospace; }
code { font-size: 13px; }
.legend { color: var(--quiet); font-size: 13px; margin: 0 0 8px; }
.legend span { margin-right: 16px; white-space: nowrap; }
.chart { display: block; margin: 0 0 24px; overflow: visible; }
.chart text { fill: var(--text); font-size: 13px; }
.chart text.tick, .chart text.quiet { fill: var(--quiet); font-size: 12px; }
.chart .figure { text-anchor: end; }
.chart .middle { text-anchor: middle; }
.simulated { fill: var(--simulated); }
.measured { fill: var(--accent); }
.whisker { stroke: var(--whisker); stroke-width: 1; }
.grid { stroke: var(--line); stroke-width: 1; }
.solid { stroke-width: 2; }
.dashed { stroke-width: 1.5; stroke-dasharray: 5 4; opacity: 0.6; }
.s0 { stroke: var(--accent); } .s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); }
.s3 { stroke: var(--s3); } .s4 { stroke: var(--s4); }
.point.s0 { fill: var(--accent); } .point.s1 { fill: var(--s1); } .point.s2 { fill: var(--s2); }
.point.s3 { fill: var(--s3); } .point.s4 { fill: var(--s4); }
.point { stroke: none; }
.wide { overflow-x: auto; background: var(--panel); border-radius: 6px; padding: 8px 16px; margin: 0 0 16px; }
summary { color: var(--quiet); cursor: pointer; }
table { border-collapse: collapse; font-size: 13px; overflow-wrap: normal; }
th { text-align: left; font-weight: 600; color: var(--quiet); }
th, td { padding: 4px 12px 4px 0; white-space: nowrap; }
th.number, td.number { text-align: right; }
td.note { white-space: normal; padding-left: 16px; }
tr.of-simulated td { color: var(--quiet); }
)css";

std::string element(std::string_view tag, std::string_view kind, std::string_view text) {
    std::string html = "<" + std::string(tag);
    if (!kind.empty()) html += " class=\"" + std::string(kind) + "\"";
    return html + ">" + html_text(text) + "</" + std::string(tag) + ">";
}

/// A sentence; what stands between backticks is code.
std::string prose(std::string_view text) {
    std::string html;
    bool is_code = false;
    for (const char c : html_text(text)) {
        if (c != '`') {
            html += c;
            continue;
        }
        html += is_code ? "</code>" : "<code>";
        is_code = !is_code;
    }
    return is_code ? html + "</code>" : html;
}

/// "does-not-hold"
std::string class_of(const ReportEntry& entry) {
    std::string name(verdict_word(entry));
    for (char& c : name) {
        if (c == ' ') c = '-';
    }
    return name;
}

std::string head(const ReportDocument& document) {
    std::string html = "<h1>GIL Playground: what holds on this machine</h1>\n<p class=\"quiet\">";
    if (const Report* report = first_measured(document)) {
        const Machine& machine = report->machine;
        html += html_text(machine.name) + ", " + cores_text(machine) + " · " + html_text(report->engine) + " · " +
                repeats_text(repeats_in(*report)) + " · ";
    }
    html += html_text(document.date) + " · " + html_text(document.version) + "</p>\n";
    html += "<p>" + html_text(claims_words(document)) + "</p>\n<ul class=\"overview\">\n";
    for (const ReportEntry& entry : document.entries) {
        html += "<li><a href=\"#" + html_text(entry.experiment->id) + "\">" + html_text(entry.experiment->title) +
                "</a>" + element("b", class_of(entry), verdict_word(entry)) + "</li>\n";
    }
    return html + "</ul>\n";
}

std::string verdict(const ReportEntry& entry) {
    const std::string headline = entry.measured ? entry.measured->verdict.headline : "Failed.";
    const std::string why = entry.measured ? verdict_why(*entry.measured) : entry.failure;
    return "<div class=\"verdict " + class_of(entry) + "\">" + element("b", "", headline) + "<span>" + prose(why) +
           "</span></div>\n";
}

std::string table(const ReportEntry& entry) {
    const std::vector<FigureRow> rows = figure_rows(entry);
    if (rows.empty()) return {};
    // Of a sweep the chart says more than its many rows.
    std::string html =
        entry.experiment->axis.title.empty() ? "<details class=\"wide\" open=\"open\">" : "<details class=\"wide\">";
    html += "<summary>All figures</summary><table>\n<tr><th>variant</th><th></th><th class=\"number\">median</th>"
            "<th class=\"number\">min to max</th><th class=\"number\">speed-up</th>"
            "<th class=\"number\">GIL switches</th><th class=\"number\">waiting for the GIL</th></tr>\n";
    for (const FigureRow& row : rows) {
        html += "<tr class=\"of-" + html_text(row.origin) + "\">" + element("td", "", row.variant) +
                element("td", "", row.origin);
        for (const std::string* figure : {&row.median, &row.range, &row.speedup, &row.gil_switches, &row.gil_wait}) {
            html += element("td", "number", *figure);
        }
        html += "</tr>\n";
        if (row.note.empty()) continue;
        html += "<tr class=\"of-" + html_text(row.origin) + "\"><td class=\"note\" colspan=\"7\">" +
                html_text(row.note) + "</td></tr>\n";
    }
    return html + "</table></details>\n";
}

std::string section(const ReportEntry& entry) {
    const Experiment& experiment = *entry.experiment;
    std::string html = "<section id=\"" + html_text(experiment.id) + "\">\n" + element("h2", "", experiment.title) +
                       "\n" + "<p>" + prose(experiment.claim) + "</p>\n";
    html += verdict(entry) + lines_svg(entry) + bars_svg(entry) + table(entry);
    if (entry.measured) html += element("p", "quiet", "Knobs: " + knobs_text(*entry.measured)) + "\n";
    return html + "<p>" + prose(experiment.why) + "</p>\n<p>" + element("code", "", command_of(entry)) +
           "</p>\n</section>\n";
}

} // namespace

std::string report_html(const ReportDocument& document) {
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                       "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                       "<title>GIL Playground: what holds on this machine</title>\n<style>";
    html += std::string(style_sheet) + "</style>\n</head>\n<body>\n<main>\n" + head(document);
    for (const ReportEntry& entry : document.entries) html += section(entry);
    return html +
           "<p class=\"quiet\">Medians of runs that happened, variants interleaved after a warm-up. Simulated: the "
           "same scenario on a model of this machine, as it was calibrated before the runs.</p>\n"
           "</main>\n</body>\n</html>\n";
}

} // namespace gil
