// What every script ends with: calibration, timing, the table and the JSON that core/cpython_report reads.
#include "core/cpython/parts.h"

namespace gil::python {

namespace {

constexpr std::string_view launch_text = R"py(def launch(make, *job):
    ws = [make(target=share,
               args=(i, *job))
          for i in range(WORKERS)]
    for w in ws: w.start()
    for w in ws: w.join()
    if any(getattr(w, "exitcode", 0)
           for w in ws):
        raise OSError("worker failed")
)py";

constexpr std::string_view imports_text = R"py(import sys
from functools import partial
from time import perf_counter as now

)py";

constexpr std::string_view calibration_text = R"py(def how_often(ms, run):
    # the n for which run(n) takes so long, the best of five
    def spent(n):
        start = now()
        run(n)
        return 1000 * (now() - start)

    n, took = 1, 0
    while took < min(ms, 5):
        n, took = 2 * n, spent(2 * n)
    n = max(1, int(n * min(ms, 200) / took))
    took = min(spent(n) for _ in range(5))
    return max(1, round(n * ms / took))
)py";

constexpr std::string_view turns_text = R"py(def turns_for(ms):
    return how_often(ms, work)
)py";

constexpr std::string_view measuring_text = R"py(def has_gil():
    ask = getattr(sys, "_is_gil_enabled", None)
    return ask() if ask else True

def why_not(name, run):
    # why a variant cannot run here; "" when it can
    if isinstance(run, str): return run
    model = name.partition(":")[0].partition("@")[0]
    if model == "free_threaded" and has_gil():
        return "needs a Python built without the GIL"
    if model == "subinterpreters" and sys.version_info < (3, 14):
        return "InterpreterPoolExecutor needs Python 3.14"
    shares = model in ("threads", "thread_pool") or name == "hybrid:threads"
    if shares and globals().get("NEEDS_GIL", True) and not has_gil():
        return "this Python has no GIL"
    return ""

def plan():
    # name, what to call, what else there is to say about it
    parts = globals().get
    todo = []
    for name, run in parts("SERIES", {}).items():
        for x in SWEEP:
            todo.append((f"{name}@{x}", partial(run, x),
                         {"series": name, "x": x}))
    for name, run in parts("VARIANTS", {}).items():
        todo.append((name, run, {}))
    return todo

def cpu_ms():
    # of this process and of the children that it has waited for
    try:
        from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
    except ImportError:
        return None
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(1000 * (u.ru_utime + u.ru_stime) for u in used)

def counts_cpu(name):
    # the children of a forkserver are not ours to wait for
    ours = "$start_method$" != "forkserver"
    return ours or not name.startswith(("process", "hybrid"))

def once(run, job):
    cpu, start = cpu_ms(), now()
    seen = run(*job)
    wall = 1000 * (now() - start)
    if cpu is not None: cpu = max(0, cpu_ms() - cpu)
    return wall, cpu, seen or {}

def measure(repeats, wanted):
    rows = []
    for name, run, row in plan():
        if wanted and name not in wanted: continue
        row = {"name": name, **row}
        why = why_not(name, run)
        if why: row["unavailable"] = why
        rows.append((row, run, []))
    job = prepare()
    # A B C A B C, so that a disturbance hits all of them; first a warm-up
    for turn in range(repeats + 1):
        for row, run, runs in rows:
            if "unavailable" in row or "error" in row: continue
            try:
                runs.append(once(run, job))
            except Exception as error:
                row["error"] = f"{type(error).__name__}: {error}"
    return [result(row, runs[1:]) for row, _, runs in rows]

def result(row, runs):
    row["wall_ms"], row["observations"] = [], []
    if "error" in row or not runs: return row
    row["wall_ms"] = [wall for wall, _, _ in runs]
    # what else is told is that of the median run
    median = sorted(runs, key=lambda run: run[0])[(len(runs) - 1) // 2]
    _, cpu, seen = median
    if cpu is not None and counts_cpu(row["name"]): row["cpu_ms"] = cpu
    row["task_errors"] = seen.pop("task_errors", [])
    for name, value in seen.items():
        said = ({"text": value} if isinstance(value, str) else
                {"value": value[0], "expected": value[1]})
        row["observations"].append({"name": name, **said})
    return row

def line(row):
    walls = sorted(row["wall_ms"])
    text = row.get("unavailable") or row.get("error", "")
    if walls: text = f"{walls[(len(walls) - 1) // 2]:10.2f} ms"
    for seen in row["observations"]:
        text += f"  {seen['name']}: {seen.get('text') or seen['value']}"
    return f"{row['name']:36} {text}"

def options():
    import argparse
    known = [name for name, _, _ in plan()]
    lines = {name: name.partition("@")[0] for name in known}
    names = ", ".join(dict.fromkeys(lines.values()))
    parser = argparse.ArgumentParser(usage="%(prog)s [options]")
    parser.add_argument("--repeats", type=int, default=3, metavar="N",
                        help="counted runs of every variant")
    parser.add_argument("--variants", default="", metavar="A,B",
                        help="only these of " + names)
    parser.add_argument("--json", action="store_true",
                        help="print one JSON document")
    given = parser.parse_args()
    given.variants = [v for v in given.variants.split(",") if v]
    if not 1 <= given.repeats <= 100:
        parser.error("--repeats: 1 to 100")
    for name in given.variants:
        if name not in known and name not in lines.values():
            parser.error(f"--variants: no {name!r}; there are " + names)
    given.variants = [name for name in known if name in given.variants
                      or lines[name] in given.variants]
    return given

def main():
    import json, platform
    given = options()
    rows = measure(given.repeats, given.variants)
    version = platform.python_version()
    kind = platform.python_implementation()
    if given.json:
        print(json.dumps({"python": version, "implementation": kind,
                          "gil": has_gil(), "variants": rows}))
    else:
        gil = "with a GIL" if has_gil() else "without a GIL"
        print(f"{kind} {version} {gil}, medians of wall times")
        for row in rows: print(line(row))

if __name__ == "__main__":
    main()
)py";

} // namespace

std::string_view launch() {
    return launch_text;
}

std::string_view imports() {
    return imports_text;
}

std::string_view turns() {
    return turns_text;
}

std::string_view calibration() {
    return calibration_text;
}

std::string_view measuring() {
    return measuring_text;
}

} // namespace gil::python
