"""Calibrates, times and prints: what each experiment ends with.

    python3 EXPERIMENT.py [--repeats N] [--variants A,B] [--json]

Worker processes import the experiment's file and this one again, so what only
the first process needs is imported where it is needed.
"""
import sys
from functools import partial
from time import perf_counter


def turns_for(do, ms):
    """The n for which do(n) takes so long, by the best of five."""
    def spent(n):
        start = perf_counter()
        do(n)
        return 1000 * (perf_counter() - start)

    n, took = 1, 0
    while took < min(ms, 5):
        n *= 2
        took = spent(n)
    n = max(1, int(n * min(ms, 200) / took))
    took = min(spent(n) for _ in range(5))
    return max(1, round(n * ms / took))


def has_gil():
    ask = getattr(sys, "_is_gil_enabled", None)
    return ask() if ask else True


def why_not(name, call, needs_gil):
    """Why a variant cannot run here; "" when it can."""
    if isinstance(call, str):
        return call
    model = name.partition(":")[0].partition("@")[0]
    if model == "free_threaded" and has_gil():
        return "needs a Python built without the GIL"
    if model == "subinterpreters" and sys.version_info < (3, 14):
        return "InterpreterPoolExecutor needs Python 3.14"
    shares = model in ("threads", "thread_pool") or name == "hybrid:threads"
    if shares and needs_gil and not has_gil():
        return "this Python has no GIL"
    return ""


def plan_of(variants, sweep, series):
    """Every variant: its name, what to call, its place in a sweep."""
    plan = [(f"{name}@{x}", partial(call, x), {"series": name, "x": x})
            for name, call in series.items() for x in sweep]
    return plan + [(name, call, {}) for name, call in variants.items()]


def cpu_ms():
    """Of this process and of the children that it has waited for."""
    try:
        from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
    except ImportError:
        return None
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(1000 * (u.ru_utime + u.ru_stime) for u in used)


def counts_cpu(name, start_method):
    # the children of a forkserver are not ours to wait for
    ours = start_method != "forkserver"
    return ours or not name.startswith(("process", "hybrid"))


def timed(call, job):
    """Wall time, CPU time, and what else the variant has seen."""
    cpu, start = cpu_ms(), perf_counter()
    seen = call(*job)
    wall = 1000 * (perf_counter() - start)
    if cpu is not None:
        cpu = max(0, cpu_ms() - cpu)
    return wall, cpu, seen or {}


def measure(plan, prepare, repeats, needs_gil, start_method):
    rows = []
    for name, call, place in plan:
        row = {"name": name, **place}
        reason = why_not(name, call, needs_gil)
        if reason:
            row["unavailable"] = reason
        rows.append((row, call, []))
    job = prepare()
    # A B C A B C, so that a disturbance hits all of them; first a warm-up
    for _ in range(repeats + 1):
        for row, call, runs in rows:
            if "unavailable" in row or "error" in row:
                continue
            try:
                runs.append(timed(call, job))
            except Exception as error:
                row["error"] = f"{type(error).__name__}: {error}"
    return [result_of(row, runs[1:], start_method) for row, _, runs in rows]


def result_of(row, runs, start_method):
    row["wall_ms"], row["observations"] = [], []
    if "error" in row or not runs:
        return row
    row["wall_ms"] = [wall for wall, _, _ in runs]
    # what else is told is that of the median run
    median = sorted(runs, key=lambda run: run[0])[(len(runs) - 1) // 2]
    _, cpu, seen = median
    if cpu is not None and counts_cpu(row["name"], start_method):
        row["cpu_ms"] = cpu
    row["task_errors"] = seen.pop("task_errors", [])
    for name, value in seen.items():
        if isinstance(value, str):
            said = {"text": value}
        else:
            said = {"value": value[0], "expected": value[1]}
        row["observations"].append({"name": name, **said})
    return row


def line_of(row):
    walls = sorted(row["wall_ms"])
    if walls:
        text = f"{walls[(len(walls) - 1) // 2]:10.2f} ms"
    else:
        text = row.get("unavailable") or row.get("error", "")
    for seen in row["observations"]:
        text += f"  {seen['name']}: {seen.get('text') or seen['value']}"
    return f"{row['name']:36} {text}"


def options_for(plan):
    """The command line; its --variants as a plan."""
    import argparse

    lines = {name: name.partition("@")[0] for name, _, _ in plan}
    known = ", ".join(dict.fromkeys(lines.values()))
    parser = argparse.ArgumentParser(usage="%(prog)s [options]")
    parser.add_argument("--repeats", type=int, default=3, metavar="N",
                        help="counted runs of every variant")
    parser.add_argument("--variants", default="", metavar="A,B",
                        help="only these of " + known)
    parser.add_argument("--json", action="store_true",
                        help="print one JSON document")
    given = parser.parse_args()
    if not 1 <= given.repeats <= 100:
        parser.error("--repeats: 1 to 100")
    wanted = [name for name in given.variants.split(",") if name]
    for name in wanted:
        if name not in lines and name not in lines.values():
            parser.error(f"--variants: no {name!r}; there are {known}")
    if wanted:
        plan = [each for each in plan
                if each[0] in wanted or lines[each[0]] in wanted]
    return given, plan


def run(variants, prepare, *, sweep=(), series=None, needs_gil=True,
        start_method=None):
    """Measures variants with the arguments that prepare() returns.

    Those of `series` get a value of `sweep` before them. A variant that is a
    text instead of a function says why it cannot run. What a variant returns
    is told as {name: (value, expected)} or {name: text}. `needs_gil` says
    that threads mean nothing in a Python without a GIL, `start_method` how
    processes are made.
    """
    import json
    import platform

    given, plan = options_for(plan_of(variants, sweep, series or {}))
    rows = measure(plan, prepare, given.repeats, needs_gil, start_method)
    version = platform.python_version()
    kind = platform.python_implementation()
    if given.json:
        print(json.dumps({"python": version, "implementation": kind,
                          "gil": has_gil(), "variants": rows}))
    else:
        lock = "with a GIL" if has_gil() else "without a GIL"
        print(f"{kind} {version} {lock}, medians of wall times")
        for row in rows:
            print(line_of(row))
