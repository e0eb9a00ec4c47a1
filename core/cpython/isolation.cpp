// isolation: what a failure in a thread or in a process takes with it.
#include <array>

#include "core/cpython/parts.h"

namespace gil::python {

namespace {

constexpr std::string_view isolation = R"py(import ctypes, multiprocessing, os
import subprocess, sys
from concurrent.futures import \
    ProcessPoolExecutor
from functools import partial
from threading import Thread

TASKS = $tasks$
CONTEXT = multiprocessing.get_context(
    "forkserver")

def fail(how):
    if how == "exception":
        raise ValueError("the task "
            "failed on purpose")
    if how == "abort":
        os.abort()
    # writes where nothing is its own
    ctypes.memset(8, 0, 1)

$KERNEL$
def task(i, n, how):
    # the second one fails, and soon
    if i == 1:
        work(n // 20)
        fail(how)
    work(n)
    os.write(1, b"survived\n")

def workers(make, n, how):
    ws = [make(target=task,
               args=(i, n, how))
          for i in range(TASKS)]
    for w in ws: w.start()
    for w in ws: w.join()
    return ws

def threads(n, how):
    workers(Thread, n, how)

def processes(n, how):
    ps = workers(CONTEXT.Process,
                 n, how)
    for i, p in enumerate(ps, 1):
        print("exit code of process",
              i, p.exitcode)

def process_pool(n, how):
    with ProcessPoolExecutor(
            TASKS, CONTEXT) as pool:
        sent = [pool.submit(
                    task, i, n, how)
                for i in range(TASKS)]
    for f in sent:
        e = f.exception()
        kind = type(e).__name__
        print("error", f"{kind}: {e}"
              if e else "")

PARTS = {"threads": threads,
         "processes": processes,
         "process_pool": process_pool}

def program(part, n):
    # a program of its own: this one
    # lives on and sees how it ends
    ended = subprocess.run(
        [sys.executable, __file__,
         "--part", part, str(n)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL)
    said = ended.stdout.splitlines()
    seen = {
        "exit code":
            (ended.returncode, 0),
        "survivors":
            (said.count("survived"),
             TASKS)}
    for s in said:
        if s.startswith("exit code"):
            name, _, code = \
                s.rpartition(" ")
            seen[name] = (int(code), 0)
    errors = [line[6:] for line in said
        if line.startswith("error ")]
    if any(errors):
        seen["task_errors"] = errors
        seen["error"] = next(
            filter(None, errors))
    return seen

VARIANTS = {
    name: partial(program, name)
    for name in (
        "threads:exception",
        "threads:abort",
        "threads:stray_write",
        "processes:abort",
        "processes:stray_write",
        "process_pool:abort")}
NEEDS_GIL = False

def prepare():
    return [turns_for(40)]

if (__name__ == "__main__"
        and "--part" in sys.argv):
    try:  # no core files
        import resource
        resource.setrlimit(
            resource.RLIMIT_CORE,
            (0, 0))
    except ImportError:
        pass
    model, how = sys.argv[2].split(":")
    PARTS[model](int(sys.argv[3]), how)
    sys.exit()
)py";

} // namespace

std::span<const Template> isolation_templates() {
    static constexpr std::array<Template, 1> templates{{{"isolation", "sum_of_squares", isolation}}};
    return templates;
}

} // namespace gil::python
