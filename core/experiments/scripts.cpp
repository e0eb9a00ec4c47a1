#include "core/experiments/scripts.h"

namespace gil {

namespace {

/// Puts the knobs' values where the template says {name}.
std::string fill(std::string text, const Knobs& knobs) {
    for (const Knob& knob : knobs.descriptions()) {
        const std::string mark = "{" + std::string(knob.name) + "}";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
            text.replace(at, mark.size(), knobs.text(knob.name));
        }
    }
    return text;
}

constexpr const char* cpu_bound_template = R"py(import asyncio, sys, time
import multiprocessing as mp
import threading

TASKS, WORKERS = {tasks}, {workers}

def work(n):
    return sum(i * i for i in range(n))

def share(n, i):
    for _ in range(i, TASKS, WORKERS):
        work(n)

def run_all(make, n):
    workers = [make(target=share, args=(n, i))
               for i in range(min(WORKERS, TASKS))]
    for w in workers: w.start()
    for w in workers: w.join()

def sequential(n):
    for _ in range(TASKS): work(n)

async def coroutine(n): work(n)

async def gather(n):
    await asyncio.gather(
        *(coroutine(n) for _ in range(TASKS)))

if __name__ == "__main__":
    mp.set_start_method("{start_method}")
    sys.setswitchinterval({switch_interval_ms} / 1000)
    start = time.perf_counter()
    work(1_000_000)
    per_turn = (time.perf_counter() - start) / 1e6
    n = int({work_ms} / 1000 / per_turn)
    for name, run in {
        "sequential": lambda: sequential(n),
        "threads": lambda: run_all(threading.Thread, n),
        "processes": lambda: run_all(mp.Process, n),
        "asyncio": lambda: asyncio.run(gather(n)),
    }.items():
        start = time.perf_counter()
        run()
        ms = 1000 * (time.perf_counter() - start)
        print(f"{name:10} {ms:8.1f} ms")
)py";

constexpr const char* io_bound_template = R"py(import asyncio, time
import multiprocessing as mp
import threading

TASKS, WORKERS = {tasks}, {workers}
WAIT = {wait_ms} / 1000

def share(i):
    for _ in range(i, TASKS, WORKERS):
        time.sleep(WAIT)  # releases the GIL

def run_all(make):
    workers = [make(target=share, args=(i,))
               for i in range(min(WORKERS, TASKS))]
    for w in workers: w.start()
    for w in workers: w.join()

def sequential():
    for _ in range(TASKS): time.sleep(WAIT)

async def gather():
    await asyncio.gather(
        *(asyncio.sleep(WAIT) for _ in range(TASKS)))

if __name__ == "__main__":
    for name, run in {
        "sequential": sequential,
        "threads": lambda: run_all(threading.Thread),
        "asyncio": lambda: asyncio.run(gather()),
        "processes": lambda: run_all(mp.Process),
    }.items():
        start = time.perf_counter()
        run()
        ms = 1000 * (time.perf_counter() - start)
        print(f"{name:10} {ms:8.1f} ms")
)py";

} // namespace

std::string cpu_bound_script(const Knobs& knobs) {
    return fill(cpu_bound_template, knobs);
}

std::string io_bound_script(const Knobs& knobs) {
    return fill(io_bound_template, knobs);
}

} // namespace gil
