// cpu-bound, gil-release, lock, free-threading.
#include <array>

#include "core/cpython/parts.h"

namespace gil::python {

namespace {

constexpr std::string_view cpu_bound = R"py(import multiprocessing, sys
from threading import Thread

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
CONTEXT = multiprocessing.get_context(
    "$start_method$")

$KERNEL$
def share(i, n):
    # worker i's share of the tasks
    for _ in range(i, TASKS, WORKERS):
        work(n)

$LAUNCH$
def sequential(n):
    for _ in range(TASKS): work(n)

def threads(n):
    launch(Thread, n)

def processes(n):
    launch(CONTEXT.Process, n)

def subinterpreters(n):
    from concurrent.futures import (
        InterpreterPoolExecutor as IPE)
    with IPE(WORKERS) as pool:
        list(pool.map(share,
            range(WORKERS),
            [n] * WORKERS))

def run_asyncio(n):
    import asyncio
    async def task(): work(n)
    async def main():
        await asyncio.gather(*[
            task()
            for _ in range(TASKS)])
    asyncio.run(main())

VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "processes": processes,
    "subinterpreters": subinterpreters,
    "free_threaded": threads,
    "asyncio": run_asyncio,
}

def prepare():
    sys.setswitchinterval(
        $switch_interval_ms$ / 1000)
    return [turns_for($work_ms$)]
)py";

constexpr std::string_view gil_release = R"py(import hashlib, sys, time
from threading import Thread
from time import perf_counter as now

REQUESTS = $requests$
NEIGHBOURS = $neighbours$
SWITCH_MS = $switch_interval_ms$
NATIVE_MS = $native_ms$
CALLS = 3 + (REQUESTS //
             (NEIGHBOURS + 1))

$KERNEL$
def requests(late, ended):
    # a blocking call of 1 ms lets go
    # of the GIL, then wants it back
    for _ in range(REQUESTS):
        start = now()
        time.sleep(0.001)
        took = now() - start
        if not ended:
            late.append(took - 0.001)

def alone(*sizes):
    late = []
    requests(late, [])
    return percentiles(late)

def beside(neighbour):
    late, ended = [], []
    def compute():
        neighbour()
        ended.append(now())
    ts = [Thread(target=requests,
                 args=(late, ended))]
    ts += [Thread(target=compute)
           for _ in range(NEIGHBOURS)]
    for t in ts: t.start()
    for t in ts: t.join()
    return percentiles(late)

def percentiles(late):
    late = sorted(late) or [0]
    def at(percent):
        last = len(late) - 1
        i = len(late) * percent // 100
        us = 1e6 * late[min(i, last)]
        return round(us), 0
    return {
        "median latency us": at(50),
        "p95 latency us": at(95)}

def computing(n, m, data):
    return beside(lambda: work(n))

def keeping(n, m, data):
    # sum of a range: C code to the end
    return beside(lambda: [
        sum(range(m))
        for _ in range(CALLS)])

def releasing(n, m, data):
    # hashlib lets go of the GIL
    return beside(lambda: [
        hashlib.sha256(data)
        for _ in range(CALLS)])

VARIANTS = {
    "threads:alone": alone,
    "threads:beside": computing,
    "threads:native_keeps": keeping,
    "threads:native_releases":
        releasing,
    "free_threaded": computing,
}

def prepare():
    sys.setswitchinterval(
        SWITCH_MS / 1000)
    ms = REQUESTS * (1 + SWITCH_MS)
    size = how_often(NATIVE_MS,
        lambda n: hashlib.sha256(
            bytes(n)))
    return (turns_for(ms * 1.25),
        how_often(NATIVE_MS,
            lambda n: sum(range(n))),
        bytes(size))
)py";

constexpr std::string_view lock = R"py(import sys
from threading import Lock, Thread

WORKERS = $workers$
INCREMENTS = $increments$

counter = 0
lock = Lock()

def plain():
    global counter
    for _ in range(INCREMENTS):
        counter += 1

def one():
    return 1

def with_call():
    # a call between load and store
    global counter
    for _ in range(INCREMENTS):
        counter += one()

def with_lock():
    global counter
    for _ in range(INCREMENTS):
        with lock:
            counter += 1

def count(target):
    global counter
    counter = 0
    ts = [Thread(target=target)
          for _ in range(WORKERS)]
    for t in ts: t.start()
    for t in ts: t.join()
    return {"counter": (counter,
        WORKERS * INCREMENTS)}

# Up to 3.9 the GIL may be lost between
# any two bytecodes; since 3.10 only in
# calls and where a loop jumps back.
NEW = sys.version_info >= (3, 10)

VARIANTS = {
    "threads:3.9":
        "only up to Python 3.9" if NEW
        else lambda: count(plain),
    "threads:3.10":
        (lambda: count(plain)) if NEW
        else "only since Python 3.10",
    "threads:call":
        lambda: count(with_call),
    "free_threaded":
        lambda: count(plain),
    "threads:locked":
        lambda: count(with_lock),
    "free_threaded:locked":
        lambda: count(with_lock),
}

def prepare():
    sys.setswitchinterval(
        $switch_interval_ms$ / 1000)
    return []
)py";

constexpr std::string_view free_threading = R"py(from threading import Thread

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
INCREMENTS = $increments$

$KERNEL$
counter = 0

def share(i, n):
    # worker i's share of the tasks
    for _ in range(i, TASKS, WORKERS):
        work(n)

def add(i):
    # all workers want one object
    global counter
    for _ in range(i, TASKS, WORKERS):
        for _ in range(INCREMENTS):
            counter += 1

def launch(target, *job):
    ts = [Thread(target=target,
                 args=(i, *job))
          for i in range(WORKERS)]
    for t in ts: t.start()
    for t in ts: t.join()

def sequential(n):
    for _ in range(TASKS): work(n)

def threads(n):
    launch(share, n)

def shared(n):
    global counter
    counter = 0
    launch(add)
    return {"counter":
        (counter, TASKS * INCREMENTS)}

VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "free_threaded": threads,
    "threads:shared": shared,
    "free_threaded:shared": shared,
}

def prepare():
    return [turns_for($work_ms$)]
)py";

} // namespace

std::span<const Template> lock_templates() {
    static constexpr std::array<Template, 4> templates{{
        {"cpu-bound", "sum_of_squares", cpu_bound},
        {"gil-release", "sum_of_squares", gil_release},
        {"lock", "sum_of_squares", lock},
        {"free-threading", "sum_of_squares", free_threading},
    }};
    return templates;
}

} // namespace gil::python
