// Python in a panel that is narrower than the file.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "core/cpython/python_script.h"
#include "ui/view/code_view.h"

using namespace gil;
using namespace gil::ui;

namespace {

/// The rows as they are seen; what is quiet stands in braces.
std::vector<std::string> rows(std::string_view text, std::size_t columns = 39) {
    const CodeView view = code_view(text, columns);
    std::vector<std::string> seen(static_cast<std::size_t>(view.rows));
    std::vector<std::size_t> quiet(seen.size(), std::string::npos);
    for (const CodePiece& piece : view.pieces) {
        std::string& row = seen.at(static_cast<std::size_t>(piece.row));
        CHECK(piece.column >= row.size());
        row.resize(piece.column, ' ');
        if (piece.quiet)
            quiet[static_cast<std::size_t>(piece.row)] =
                std::min(quiet[static_cast<std::size_t>(piece.row)], piece.column);
        row += piece.text;
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (quiet[i] != std::string::npos) seen[i] = seen[i].insert(quiet[i], 1, '{') + '}';
    }
    return seen;
}

using Rows = std::vector<std::string>;

} // namespace

TEST_CASE("CodeView.short lines stay as they are, of blank lines one is left") {
    CHECK(rows("import sys\n\n\ndef f(n):\n    return n\n") == Rows{"import sys", "", "def f(n):", "    return n"});
    CHECK(rows("").empty());
    CHECK(rows("x") == Rows{"x"});
}

TEST_CASE("CodeView.a long line goes on below, further in") {
    CHECK(rows("    with ThreadPoolExecutor(STARTED) as pool:\n        pass\n") ==
          Rows{"    with ThreadPoolExecutor(STARTED) ", "            as pool:", "        pass"});
    CHECK(rows("x = " + std::string(60, 'y')) ==
          Rows{"x = " + std::string(35, 'y'), "        " + std::string(25, 'y')});
}

TEST_CASE("CodeView.comments and docstrings are quiet") {
    CHECK(rows("# a\nx = 1  # b\n") == Rows{"{# a}", "x = 1  {# b}"});
    CHECK(rows("    time.sleep(seconds)  # lets go of the GIL\n") ==
          Rows{"    time.sleep(seconds)", "            {# lets go of the GIL}"});
    CHECK(rows("def f():\n    \"\"\"One.\"\"\"\n    x\n") == Rows{"def f():", "    {\"\"\"One.\"\"\"}", "    x"});
    CHECK(rows("\"\"\"One\n\ntwo.\n\"\"\"\nx\n") == Rows{"{\"\"\"One}", "", "{two.}", "{\"\"\"}", "x"});
}

TEST_CASE("CodeView.comments and docstrings are filled anew") {
    CHECK(rows("# Up to 3.9 the GIL may be lost between any two\n# bytecodes; since 3.10 only in calls.\nx\n") ==
          Rows{"{# Up to 3.9 the GIL may be lost between}", "{# any two bytecodes; since 3.10 only in}", "{# calls.}",
               "x"});
    CHECK(rows("    \"\"\"A blocking call lets go of the GIL, but getting it back takes long.\"\"\"\n") ==
          Rows{"    {\"\"\"A blocking call lets go of the}", "    {GIL, but getting it back takes}",
               "    {long.\"\"\"}"});
}

TEST_CASE("CodeView.a line breaks after a comma or before a word that joins, and not inside a text") {
    CHECK(rows("with ProcessPoolExecutor(STARTED, CONTEXT) as pool:\n") ==
          Rows{"with ProcessPoolExecutor(STARTED, ", "        CONTEXT) as pool:"});
    CHECK(rows("    return [work(n) for _ in range(TASKS + 1)]\n") ==
          Rows{"    return [work(n) ", "            for _ in range(TASKS + 1)]"});
    CHECK(rows("        raise OSError(\"a worker has failed here\")\n") ==
          Rows{"        raise OSError(", "                \"a worker has failed ", "                here\")"});
}

TEST_CASE("CodeView.no row is wider than the panel, and no word is lost") {
    const auto words_of = [](std::string text) {
        std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '#'; });
        return text;
    };
    for (const Experiment& experiment : experiments()) {
        const std::string script = python_script(experiment, Knobs(experiment.knobs));
        for (const std::size_t columns : {1u, 24u, 39u, 79u}) {
            INFO(experiment.id << " in " << columns);
            std::string all;
            for (const CodePiece& piece : code_view(script, columns).pieces) {
                CHECK(piece.column + piece.text.size() <= std::max<std::size_t>(columns, 24));
                all += piece.text;
            }
            CHECK(words_of(all) == words_of(script));
        }
    }
}
