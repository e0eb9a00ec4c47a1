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

// Lines stay below 39 columns: that is what the page's code panel shows without wrapping.
constexpr const char* cpu_bound_template = R"py(import asyncio, sys
import multiprocessing as mp
from threading import Thread
from time import perf_counter as now

TASKS, WORKERS = {tasks}, {workers}

def work(n):
    sum(i * i for i in range(n))

def share(n, i):
    for _ in range(i, TASKS, WORKERS):
        work(n)

def launch(make, n):
    ws = [make(target=share,
               args=(n, i))
          for i in range(WORKERS)]
    for w in ws: w.start()
    for w in ws: w.join()

def sequential(n):
    for _ in range(TASKS): work(n)

async def coroutine(n): work(n)

async def main(n):
    cs = [coroutine(n)
          for _ in range(TASKS)]
    await asyncio.gather(*cs)

def timed(name, run):
    start = now()
    run()
    ms = 1000 * (now() - start)
    print(f"{name:10} {ms:8.1f} ms")

if __name__ == "__main__":
    mp.set_start_method("{start_method}")
    interval = {switch_interval_ms} / 1000
    sys.setswitchinterval(interval)
    start = now()
    work(1_000_000)
    turn = (now() - start) / 1e6
    n = int({work_ms} / 1000 / turn)
    timed("sequential",
        lambda: sequential(n))
    timed("threads",
        lambda: launch(Thread, n))
    timed("processes",
        lambda: launch(mp.Process, n))
    timed("asyncio",
        lambda: asyncio.run(main(n)))
)py";

constexpr const char* io_bound_template = R"py(import asyncio, time
import multiprocessing as mp
from threading import Thread
from time import perf_counter as now

TASKS, WORKERS = {tasks}, {workers}
WAIT = {wait_ms} / 1000

def share(i):
    for _ in range(i, TASKS, WORKERS):
        # sleep releases the GIL
        time.sleep(WAIT)

def launch(make):
    ws = [make(target=share,
               args=(i,))
          for i in range(WORKERS)]
    for w in ws: w.start()
    for w in ws: w.join()

def sequential():
    for _ in range(TASKS):
        time.sleep(WAIT)

async def main():
    cs = [asyncio.sleep(WAIT)
          for _ in range(TASKS)]
    await asyncio.gather(*cs)

def timed(name, run):
    start = now()
    run()
    ms = 1000 * (now() - start)
    print(f"{name:10} {ms:8.1f} ms")

if __name__ == "__main__":
    timed("sequential", sequential)
    timed("threads",
        lambda: launch(Thread))
    timed("asyncio",
        lambda: asyncio.run(main()))
    timed("processes",
        lambda: launch(mp.Process))
)py";

} // namespace

std::string cpu_bound_script(const Knobs& knobs) {
    return fill(cpu_bound_template, knobs);
}

std::string io_bound_script(const Knobs& knobs) {
    return fill(io_bound_template, knobs);
}

} // namespace gil
